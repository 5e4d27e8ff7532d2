"""What each document of a run adds to every metric, as an array."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.records import FactCounts
from harness.scoring import metrics

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from harness.records import DocumentScore
    from harness.statistics.arrays import Floats, Integers

OUTCOMES = ("correct", "incorrect", "missing", "spurious", "absent")
"""The outcomes of a field that have columns."""

FACTS = ("correct", "incorrect", "missing", "spurious")
"""The outcomes of facts that have columns, a wrong fact being an incorrect one."""

DOCUMENT = ("f1", "defined", "right", "documents", "failed")
"""The columns about the document as a whole: its mean F1, 1 where that is defined, the share of its trials that
are exactly right, 1, and the share of its trials that failed."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Which column is what: first the outcomes, each a column a path; then the facts; then the document.

    Attributes:
        paths: The field paths, in the order of the schema.
        weights: The weight of each.
    """

    paths: tuple[str, ...]
    weights: tuple[float, ...]

    @classmethod
    def of(cls, paths: Iterable[str], weights: Mapping[str, float]) -> Layout:
        """The layout for these paths; a path without a weight weighs 1."""
        every = tuple(paths)
        return cls(every, tuple(weights.get(path, 1.0) for path in every))

    @property
    def columns(self) -> int:
        """How many columns there are."""
        return self.facts + len(FACTS) + len(DOCUMENT)

    def outcome(self, name: str) -> slice:
        """The columns of an outcome, one a path."""
        start = OUTCOMES.index(name) * len(self.paths)
        return slice(start, start + len(self.paths))

    @property
    def facts(self) -> int:
        """Where the facts begin."""
        return len(OUTCOMES) * len(self.paths)

    def fact(self, name: str) -> int:
        """The column of an outcome of facts."""
        return self.facts + FACTS.index(name)

    def document(self, name: str) -> int:
        """A column about the document as a whole."""
        return self.facts + len(FACTS) + DOCUMENT.index(name)


@dataclass(frozen=True, slots=True, eq=False)
class RunSums:
    """A run as an array.

    Attributes:
        layout: Which column is what.
        documents: The ids, sorted: a row each.
        sums: (documents, columns): what each document adds, its trials averaged.
        trials: How many trials each document has.
        right: How many of them are exactly right.
    """

    layout: Layout
    documents: tuple[str, ...]
    sums: Floats
    trials: Integers
    right: Integers


@dataclass(frozen=True, slots=True, eq=False)
class TrialRows:
    """A run as an array with a row a trial.

    Attributes:
        documents: The ids, sorted.
        rows: (scores, columns): what each trial adds.
        document: (scores,): the position of its document.
    """

    documents: tuple[str, ...]
    rows: Floats
    document: Integers


def paths_in(order: Sequence[str], *runs: Iterable[DocumentScore]) -> tuple[str, ...]:
    """The paths that anything touched in any of the runs: first those of `order`, then the others by name."""
    found = {path for run in runs for score in run for path in score.leaves}
    known = tuple(path for path in order if path in found)
    return (*known, *sorted(found.difference(known)))


def run_sums(
    scores: Iterable[DocumentScore], layout: Layout, documents: Iterable[str] | None = None
) -> RunSums:
    """Add up the scores of a run by document.

    Args:
        scores: One a document and trial, in any order.
        layout: Which paths and weights to use; a path of the scores that it lacks is left out.
        documents: Which documents to use; all that have scores when it is not given.

    Raises:
        ValueError: A document that was asked for has no score.
    """
    import numpy as np

    rows = trial_rows(scores, layout, documents)
    trials = np.bincount(rows.document, minlength=len(rows.documents))
    sums = np.zeros((len(rows.documents), layout.columns))
    np.add.at(sums, rows.document, rows.rows)
    right = sums[:, layout.document("right")].astype(np.int64)
    sums /= trials[:, None]
    f1, defined = layout.document("f1"), layout.document("defined")
    # The mean of the trials for which it is defined.
    sums[:, f1] /= np.where(sums[:, defined] > 0, sums[:, defined], 1.0)
    sums[:, defined] = sums[:, defined] > 0
    return RunSums(layout, rows.documents, sums, trials, right)


def trial_rows(
    scores: Iterable[DocumentScore], layout: Layout, documents: Iterable[str] | None = None
) -> TrialRows:
    """What every trial adds, for how much trials differ.

    Args:
        scores: One a document and trial, in any order.
        layout: Which paths and weights to use; a path of the scores that it lacks is left out.
        documents: Which documents to use; all that have scores when it is not given.

    Raises:
        ValueError: A document that was asked for has no score.
    """
    import numpy as np

    wanted = None if documents is None else frozenset(documents)
    # In a stated order, so that the same scores give the same numbers to the last bit.
    chosen = sorted(
        (score for score in scores if wanted is None or score.document in wanted),
        key=lambda score: (score.document, score.trial),
    )
    ids = tuple(sorted({score.document for score in chosen}))
    if wanted is not None and len(ids) < len(wanted):
        raise ValueError(f"There is no score of {', '.join(sorted(wanted.difference(ids)))}")
    numbers = {document: number for number, document in enumerate(ids)}
    at = {path: position for position, path in enumerate(layout.paths)}
    rows = np.zeros((len(chosen), layout.columns))
    for row, score in zip(rows, chosen, strict=True):
        _fill(row, score, layout, at)
    return TrialRows(ids, rows, np.array([numbers[score.document] for score in chosen], dtype=np.int64))


def _fill(row: Floats, score: DocumentScore, layout: Layout, at: Mapping[str, int]) -> None:
    known = [(at[path], counts) for path, counts in score.leaves.items() if path in at]
    step = len(layout.paths)
    for position, counts in known:
        row[position : layout.facts : step] = counts[: len(OUTCOMES)]
    facts = FactCounts()
    for found in score.facts.values():
        facts = facts.plus(found)
    row[layout.facts : layout.facts + len(FACTS)] = facts
    f1 = metrics.f1(metrics.weighted((counts, layout.weights[position]) for position, counts in known))
    document = (f1 or 0.0, f1 is not None, score.exactly_right, 1.0, score.failure is not None)
    row[layout.document(DOCUMENT[0]) :] = document
