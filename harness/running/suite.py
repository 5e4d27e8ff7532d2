"""A suite made ready: schema compiled, gold checked, documents hashed. Nothing is asked before that."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.errors import DocumentError, UsageError
from harness.running.gold import load_gold, refuse_extra, require_labels
from harness.running.signature import scored_by
from harness.schema.compile import compile_model
from harness.schema.resolve import resolve
from harness.scoring.annotations import best
from harness.scoring.scorer import Scorer
from harness.suites.documents import document_paths, load_document
from harness.suites.gold import header_location, load_label
from harness.suites.places import quoted, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from pydantic import BaseModel

    from harness.records import Document, Json
    from harness.running.gold import Label
    from harness.suites.configuration import Configuration, SuiteConfig


@dataclass(frozen=True, slots=True)
class ReadySuite:
    """A suite whose every part was found and fits the others.

    Attributes:
        config: As it is configured.
        model: The model to extract.
        scorer: Scores by its plan.
        gold: Document id to label, of every document that the folder has.
        every: Document id to file, of every document that the folder has.
        paths: The same of the documents that are to be asked, in order.
        hashes: Document id to the SHA-256 of its bytes, likewise.
    """

    config: SuiteConfig
    model: type[BaseModel]
    scorer: Scorer
    gold: Mapping[str, Label]
    every: Mapping[str, Path]
    paths: Mapping[str, Path]
    hashes: Mapping[str, str]

    @property
    def scored_by(self) -> dict[str, str]:
        """What scores of this suite depend on; see `harness.running.signature`."""
        return scored_by(self.scorer.plan, self.hashes, self.gold)

    def document(self, name: str) -> Document:
        """One of the documents, read now.

        Raises:
            DocumentError: When it was changed or removed since the suite was made ready.
        """
        path = self.paths[name]
        document = load_document(path)
        if document.sha256 != self.hashes[name]:
            raise DocumentError("the document was changed during the run", where=shown(path), hint="run again")
        return document

    def documents(self) -> Iterator[Document]:
        """The documents, each read when it is asked for.

        Raises:
            DocumentError: As `document`, while iterating.
        """
        return map(self.document, self.paths)

    def plain_gold(self, document: str) -> Json:
        """The best reading of a document's gold, without annotations."""
        return best(self.gold[document].facts)


def ready(
    configuration: Configuration, suite: SuiteConfig, choose: Callable[[Sequence[str]], Sequence[str]]
) -> ReadySuite:
    """Load and check everything that a run needs but its systems and its prompt.

    Args:
        configuration: Where relative things start.
        suite: The suite.
        choose: Gives the ids of the documents to ask about, in order, of all that there are; what it gives and
            the folder has not is an error.

    Raises:
        SchemaError: When the schema cannot be found or scored.
        GoldError: When a label does not fit it, a document has no label, or a label no document.
        DocumentError: When there is no document, one cannot be read, or one is not the one that was labelled.
        UsageError: When no document is left.
    """
    model, scorer = compiled(suite.schema, str(configuration.root))
    every = {path.stem: path for path in document_paths(suite.documents)}
    gold = load_gold(suite.gold, scorer, model)
    require_labels(gold, every, suite.gold)
    refuse_extra(gold, every, suite.documents)
    chosen = choose(tuple(every))
    for name in chosen:
        if name not in every:
            raise DocumentError(
                f"the document {quoted(name)} is gone", where=shown(suite.documents), hint="bring it back"
            )
    if not chosen:
        raise UsageError("no document is left to ask about", where=shown(suite.documents))
    paths = {name: every[name] for name in chosen}
    hashes = {name: _checked_hash(path, gold[name]) for name, path in paths.items()}
    return ReadySuite(suite, model, scorer, gold, every, paths, hashes)


def compiled(target: str, root: str) -> tuple[type[BaseModel], Scorer]:
    """The model that a target names, and what scores it.

    Raises:
        SchemaError: When it cannot be found or scored.
    """
    model = resolve(target, root)
    return model, Scorer(compile_model(model))


def _checked_hash(path: Path, label: Label) -> str:
    digest = load_document(path).sha256
    if digest != label.sha256:
        raise DocumentError(
            f"the document is not the one that was labelled: its SHA-256 is {digest}",
            where=shown(path),
            hint=f"{header_location(load_label(label.path), 'sha256')} has {label.sha256}: restore the "
            "document, or look at what changed in it, label that and write the new SHA-256",
        )
    return digest
