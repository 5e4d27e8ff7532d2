"""The gold of a suite, kept small: a run holds the gold of every document, and its documents one at a time."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.errors import GoldError
from harness.records import Extraction
from harness.scoring.annotations import ANY, OPTIONAL
from harness.suites.fitting import compact, misfits
from harness.suites.gold import load_labels, location
from harness.suites.places import quoted, shown

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from pydantic import BaseModel

    from harness.records import Json
    from harness.scoring.scorer import Scorer
    from harness.suites.gold import LabelFile

_NAMED = 5


@dataclass(frozen=True, slots=True)
class Label:
    """The gold of one document.

    Attributes:
        folder: Where the label file is.
        file: Its name.
        sha256: The digest of the document's bytes when it was labelled.
        written: The facts as JSON, their annotations included.
    """

    folder: Path
    file: str
    sha256: str
    written: bytes

    @property
    def path(self) -> Path:
        """The label file."""
        return self.folder / self.file

    @property
    def facts(self) -> Json:
        """The facts, annotations included; a new value each time."""
        value: Json = json.loads(self.written.decode())
        return value


def load_gold(folder: Path, scorer: Scorer, model: type[BaseModel]) -> dict[str, Label]:
    """The labels of a folder by document id, each checked to fit the schema.

    Args:
        folder: The folder of label files.
        scorer: Scores by the plan that the labels are to fit.
        model: The model of that plan.

    Raises:
        GoldError: With file and line, at the first thing that does not fit.
    """
    gold = {}
    for label in load_labels(folder):
        written = compact(label.facts)
        for misfit in misfits(scorer.plan, model, label.facts, written):
            raise misfit.as_error(location(label, misfit.path))
        if ANY in written or OPTIONAL in written:
            _refuse_combinations(label, scorer)
        gold[label.document_id] = Label(folder, label.path.name, label.sha256, written.encode())
    return gold


def _refuse_combinations(label: LabelFile, scorer: Scorer) -> None:
    """Have the scorer read the gold once before anything is asked: afterwards it would be too late."""
    try:
        scorer.score(label.facts, Extraction(label.document_id, 0, None))
    except GoldError as error:
        raise GoldError(f"{error.where}: {error.seen}", where=location(label), hint=error.hint) from None


def require_labels(gold: Mapping[str, Label], documents: Collection[str], folder: Path) -> None:
    """Check that every document has a label.

    Raises:
        GoldError: Naming the documents that have none.
    """
    lacking = sorted(set(documents) - gold.keys())
    if lacking:
        raise GoldError(
            f"there is no label of {_listed(lacking)}",
            where=shown(folder),
            hint="label it (`harness gold new` prints an empty label), or take it out of the documents",
        )


def refuse_extra(gold: Mapping[str, Label], documents: Collection[str], folder: Path) -> None:
    """Check that every label has a document.

    Raises:
        GoldError: Naming the documents that are labelled and not in the suite.
    """
    extra = sorted(gold.keys() - set(documents))
    if extra:
        raise GoldError(
            f"there is a label of {_listed(extra)}, and no such document in {shown(folder)}",
            where=shown(gold[extra[0]].path),
            hint="restore the document, or move the label out of this folder",
        )


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(quoted(name) for name in names[:_NAMED]) + more
