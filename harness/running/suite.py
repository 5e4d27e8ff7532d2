"""A suite made ready: schema compiled, gold checked, documents found. Nothing is asked before that."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.errors import DocumentError, UsageError
from harness.records import Document
from harness.running.gold import load_gold, refuse_extra, require_labels
from harness.running.signature import scored_by
from harness.schema.compile import compile_model
from harness.schema.resolve import resolve
from harness.scoring.annotations import best
from harness.scoring.scorer import Scorer
from harness.suites.documents import document_files, load_document
from harness.suites.gold import header_location, load_label
from harness.suites.places import quoted, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from pydantic import BaseModel

    from harness.records import Json
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
        files: Document id to file name, likewise.
        asked: The ids of the documents that are to be asked, in order.
    """

    config: SuiteConfig
    model: type[BaseModel]
    scorer: Scorer
    gold: Mapping[str, Label]
    files: Mapping[str, str]
    asked: Sequence[str]

    @property
    def scored_by(self) -> dict[str, str]:
        """What scores of this suite depend on; see `harness.running.signature`."""
        hashes = {name: self.gold[name].sha256 for name in self.asked}
        return scored_by(self.scorer.plan, hashes, self.gold)

    def path(self, name: str) -> Path:
        """The file of a document."""
        return self.config.documents / self.files[name]

    def sizes(self) -> Iterator[int]:
        """The bytes of each of the documents."""
        return (self.path(name).stat().st_size for name in self.asked)

    def unread(self, name: str) -> Document:
        """One of the documents as far as an answer depends on it, without its text: nothing is read."""
        return Document(name, "", self.gold[name].sha256)

    def document(self, name: str) -> Document:
        """One of the documents, read now.

        Raises:
            DocumentError: When it was changed or removed since the suite was made ready.
        """
        path = self.path(name)
        document = load_document(path)
        if document.sha256 != self.gold[name].sha256:
            raise DocumentError("the document was changed during the run", where=shown(path), hint="run again")
        return document

    def documents(self) -> Iterator[Document]:
        """The documents, each read when it is asked for and checked to be the one that was labelled.

        Raises:
            DocumentError: While iterating, when it is not, or cannot be read.
        """
        for name in self.asked:
            document = load_document(self.path(name))
            if document.sha256 != self.gold[name].sha256:
                raise _another(self.path(name), document, self.gold[name])
            yield document

    def plain_gold(self, document: str) -> Json:
        """The best reading of a document's gold, without annotations."""
        return best(self.gold[document].facts)


def ready(
    configuration: Configuration, suite: SuiteConfig, choose: Callable[[Sequence[str]], Sequence[str]]
) -> ReadySuite:
    """Load and check everything that a run needs but its systems, its prompt and its documents.

    The documents are found, and not read: `ReadySuite.documents` checks them.

    Args:
        configuration: Where relative things start.
        suite: The suite.
        choose: Gives the ids of the documents to ask about, in order, of all that there are; what it gives and
            the folder has not is an error.

    Raises:
        SchemaError: When the schema cannot be found or scored.
        GoldError: When a label does not fit it, a document has no label, or a label no document.
        DocumentError: When there is no document, or one is not there that is to be asked about.
        UsageError: When no document is left.
    """
    model, scorer = compiled(suite.schema, str(configuration.root))
    files = document_files(suite.documents)
    gold = load_gold(suite.gold, scorer, model)
    require_labels(gold, files, suite.gold)
    refuse_extra(gold, files, suite.documents)
    chosen = choose(tuple(files))
    for name in chosen:
        if name not in files:
            raise DocumentError(
                f"the document {quoted(name)} is gone", where=shown(suite.documents), hint="bring it back"
            )
    if not chosen:
        raise UsageError("no document is left to ask about", where=shown(suite.documents))
    return ReadySuite(suite, model, scorer, gold, files, chosen)


def compiled(target: str, root: str) -> tuple[type[BaseModel], Scorer]:
    """The model that a target names, and what scores it.

    Raises:
        SchemaError: When it cannot be found or scored.
    """
    model = resolve(target, root)
    return model, Scorer(compile_model(model))


def _another(path: Path, document: Document, label: Label) -> DocumentError:
    return DocumentError(
        f"the document is not the one that was labelled: its SHA-256 is {document.sha256}",
        where=shown(path),
        hint=f"{header_location(load_label(label.path), 'sha256')} has {label.sha256}: restore the "
        "document, or look at what changed in it, label that and write the new SHA-256",
    )
