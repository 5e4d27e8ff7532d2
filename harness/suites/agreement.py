"""How far two label sets agree, measured with the scorer itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.errors import GoldError
from harness.paths import parse
from harness.records import Extraction
from harness.scoring.annotations import best, check
from harness.scoring.evaluation import Evaluation
from harness.scoring.scorer import Scorer
from harness.suites.gold import LabelFile, load_labels, location
from harness.suites.places import quoted, shown

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from harness.schema import Plan

_NAMED = 5


@dataclass(frozen=True, slots=True)
class Agreement:
    """The second label set, scored against the first.

    Attributes:
        lenient: The first's alternatives and optional facts count; the second stands at its best reading.
        strict: Both stand at their best reading, every optional fact counting as a fact.
        documents: How many documents both label.
    """

    lenient: Evaluation
    strict: Evaluation
    documents: int


def agree(plan: Plan, first: Path, second: Path) -> Agreement:
    """Compare two folders of label files.

    The schema hashes and the documents are not looked at: `check_gold` does that.

    Raises:
        GoldError: When a label file cannot be read, when an annotation is misspelled, or when the two sets do
            not label the same documents.
    """
    scorer = Scorer(plan)
    ours, theirs = _labels(first), _labels(second)
    _refuse_others(ours, theirs, first, second)
    lenient, strict = [], []
    for document, label in ours.items():
        predicted = Extraction(document, 0, best(theirs[document].facts))
        try:
            lenient.append(scorer.score(label.facts, predicted))
        except GoldError as error:
            raise GoldError(f"{error.where}: {error.seen}", where=location(label), hint=error.hint) from None
        strict.append(scorer.score(best(label.facts), predicted))
    return Agreement(Evaluation(plan, tuple(lenient)), Evaluation(plan, tuple(strict)), len(ours))


def _labels(folder: Path) -> Mapping[str, LabelFile]:
    labels = {label.document_id: label for label in load_labels(folder)}
    for label in labels.values():
        try:
            check(label.facts)
        except GoldError as error:
            path = tuple(step for step in parse(error.where) if isinstance(step, str | int))
            seen = f"{error.where}: {error.seen}"
            raise GoldError(seen, where=location(label, path), hint=error.hint) from None
    return labels


def _refuse_others(
    ours: Mapping[str, LabelFile], theirs: Mapping[str, LabelFile], first: Path, second: Path
) -> None:
    for here, there, folder in ((ours, theirs, second), (theirs, ours, first)):
        lacking = sorted(here.keys() - there.keys())
        if lacking:
            named = ", ".join(quoted(document) for document in lacking[:_NAMED])
            more = f" and {len(lacking) - _NAMED} more" if len(lacking) > _NAMED else ""
            raise GoldError(
                f"there is no label of {named}{more}, which the other set labels",
                where=shown(folder),
                hint="compare two folders that label the same documents",
            )
