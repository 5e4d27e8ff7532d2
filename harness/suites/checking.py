"""Check the label files of a suite: all of them, and all that is wrong with each."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from harness.errors import DocumentError, GoldError, HarnessError
from harness.records import Extraction
from harness.schema import Role
from harness.scoring.annotations import best
from harness.scoring.grounding import Located, Locator
from harness.scoring.scorer import Scorer
from harness.suites.agreement import Agreement, agree
from harness.suites.annotated_paths import PlacedLeaf, placed, printed
from harness.suites.documents import document_paths, load_document
from harness.suites.duplicates import duplicates
from harness.suites.fitting import misfits
from harness.suites.gold import LabelFile, header_location, label_paths, load_label, location
from harness.suites.places import quoted, shown, suggestion
from harness.suites.skeleton import label_skeleton
from harness.suites.support import unsupported

if TYPE_CHECKING:
    from pathlib import Path

    from pydantic import BaseModel

    from harness.records import Document, Json
    from harness.schema import Plan
    from harness.suites.places import KeyPath

__all__ = [
    "Agreement",
    "GoldProblem",
    "GoldReport",
    "UnsupportedValue",
    "agree",
    "check_gold",
    "label_skeleton",
]


@dataclass(frozen=True, slots=True)
class GoldProblem:
    """Something that a label file must not say.

    Attributes:
        where: File and line.
        path: The field path; empty for a problem of the file as a whole.
        seen: What was found.
        hint: What to do; empty when that is plain.
    """

    where: str
    path: str
    seen: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class UnsupportedValue:
    """A graded value that no quote of its fact shows; for a person to look at.

    Attributes:
        where: File and line.
        path: The field path.
        value: The value, as text.
    """

    where: str
    path: str
    value: str


@dataclass(frozen=True, slots=True)
class GoldReport:
    """What a check of label files found.

    Attributes:
        files: How many label files there are, broken ones included.
        facts: How many facts (items of lists of models) the readable ones hold, at their best reading.
        leaves: How many graded values they hold, likewise.
        problems: What is wrong, file by file.
        unsupported: What a person should look at.
    """

    files: int
    facts: int
    leaves: int
    problems: tuple[GoldProblem, ...]
    unsupported: tuple[UnsupportedValue, ...]


def check_gold(plan: Plan, model: type[BaseModel], labels_folder: Path, documents_folder: Path) -> GoldReport:
    """Check every label file of a folder against the schema and the documents.

    Args:
        plan: The compiled model.
        model: The model.
        labels_folder: The folder of label files.
        documents_folder: The folder of documents. Each needs a label, and each label its document.

    Returns:
        All problems of all files. A file that cannot be read at all is one problem.

    Raises:
        GoldError: When the labels folder is missing or holds no label file.
        DocumentError: When the documents folder is missing or holds no document.
    """
    documents = {path.name: path for path in document_paths(documents_folder)}
    check = _Check(plan, model, Scorer(plan), documents)
    paths = label_paths(labels_folder)
    for path in paths:
        check.file(path)
    for name in documents.keys() - check.labelled.keys():
        check.problems.append(
            GoldProblem(shown(labels_folder), "", f"the document {quoted(name)} has no label file", _NEW)
        )
    return GoldReport(len(paths), check.facts, check.leaves, tuple(check.problems), tuple(check.unsupported))


_NEW = "label it (`harness gold new` prints an empty label), or take the document out of the suite"


@dataclass(slots=True)
class _Check:
    plan: Plan
    model: type[BaseModel]
    scorer: Scorer
    documents: dict[str, Path]
    labelled: dict[str, str] = field(default_factory=dict)
    facts: int = 0
    leaves: int = 0
    problems: list[GoldProblem] = field(default_factory=list)
    unsupported: list[UnsupportedValue] = field(default_factory=list)

    def file(self, path: Path) -> None:
        try:
            label = load_label(path)
        except GoldError as error:
            self.refuse(error)
            # A label that cannot be read labels nothing, yet it is there: say it once.
            self.labelled |= {name: shown(path) for name, at in self.documents.items() if at.stem == path.stem}
            return
        self.twice(label)
        document = self.document(label)
        self.schema(label)
        self.fit(label)
        if document is not None:
            self.quotes(label, document)

    def refuse(self, error: HarnessError, where: str = "") -> None:
        self.problems.append(GoldProblem(where or error.where, "", error.seen, error.hint))

    def at(self, label: LabelFile, path: KeyPath, seen: str, hint: str = "") -> None:
        self.problems.append(GoldProblem(location(label, path), printed(path), seen, hint))

    def header(self, label: LabelFile, key: str, seen: str, hint: str) -> None:
        self.problems.append(GoldProblem(header_location(label, key), "", seen, hint))

    def twice(self, label: LabelFile) -> None:
        here = header_location(label, "document")
        first = self.labelled.setdefault(label.document, here)
        if first != here:
            seen = f"the document {quoted(label.document)} is labelled twice"
            self.header(label, "document", seen, f"it is labelled in {first} too; keep one of the two")

    def document(self, label: LabelFile) -> Document | None:
        path = self.documents.get(label.document)
        if path is None:
            seen = f"the suite has no document {quoted(label.document)}"
            self.header(label, "document", seen, suggestion(label.document, self.documents))
            return None
        try:
            document = load_document(path)
        except DocumentError as error:
            self.refuse(error)
            return None
        if document.sha256 != label.sha256:
            seen = f"{quoted(label.document)} is not what was labelled: its SHA-256 is {document.sha256}"
            hint = "restore the document; or look at what changed in it, label that, and write this SHA-256"
            self.header(label, "sha256", seen, hint)
        return document

    def schema(self, label: LabelFile) -> None:
        if label.schema_hash != self.plan.schema_hash:
            seen = f"the label is for the schema {quoted(label.schema_hash)}, not for {self.plan.schema_hash}"
            hint = f"look at what changed in {self.plan.target}, label it, and write {self.plan.schema_hash}"
            self.header(label, "schema", seen, hint)

    def fit(self, label: LabelFile) -> None:
        found = misfits(self.plan, self.model, label.facts)
        for misfit in found:
            self.at(label, misfit.path, misfit.seen, misfit.hint)
        plain = best(label.facts)
        prediction = Extraction(label.document_id, 0, plain)
        try:
            self.scorer.score(label.facts, prediction)
            score = self.scorer.score(plain, prediction)
        except GoldError as error:
            self.problems.append(GoldProblem(location(label), error.where, error.seen, error.hint))
            return
        self.leaves += score.total.possible
        self.facts += sum(counts.as_counts().possible for counts in score.facts.values())
        for path, first in duplicates(self.plan, label.facts):
            self.at(label, path, f"the same fact stands at {printed(first)}", _ONE_ENTRY)

    def quotes(self, label: LabelFile, document: Document) -> None:
        locator = Locator(document.text)
        for one in placed(self.plan.root, label.facts):
            if isinstance(one, PlacedLeaf) and one.leaf.role is Role.EVIDENCE and isinstance(one.value, str):
                self.quote(label, one.path, one.value, locator)
        for value in unsupported(self.plan, label.facts, document.text):
            self.unsupported.append(
                UnsupportedValue(location(label, value.path), printed(value.path), _text(value.value))
            )

    def quote(self, label: LabelFile, path: KeyPath, quote: str, locator: Locator) -> None:
        if not quote.strip():
            self.at(label, path, "the quote is empty", "copy the words that support the fact, or remove it")
            return
        place = locator.locate(quote)
        if place is Located.FUZZY:
            seen = f"the document has nearly this quote, not to the letter: {quoted(quote)}"
            self.at(label, path, seen, "copy it again: quotation marks, dashes, spaces and misspellings too")
        elif place is Located.INVENTED:
            self.at(
                label, path, f"the document has no such quote: {quoted(quote)}", "copy it from the document"
            )


_ONE_ENTRY = "one fact is one entry: remove one, or correct what tells them apart"


def _text(value: Json) -> str:
    return value if isinstance(value, str) else str(value)
