"""Metrics: thin functions over counts. 0/0 is `None`, never 0 and never NaN.

They take `Counts`, or weighted counts of the same shape; the formulas are those of MUC-5 (Chinchor and
Sundheim 1993) as DESIGN names them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from harness.records import Counts


class Weighted(NamedTuple):
    """Counts times weights; the same outcomes as `Counts`."""

    correct: float = 0.0
    incorrect: float = 0.0
    missing: float = 0.0
    spurious: float = 0.0
    absent: float = 0.0

    @property
    def possible(self) -> float:
        """The weight of what gold has."""
        return self.correct + self.incorrect + self.missing

    @property
    def actual(self) -> float:
        """The weight of what was predicted."""
        return self.correct + self.incorrect + self.spurious


def weighted(counts: Iterable[tuple[Counts, float]]) -> Weighted:
    """The sum of counts times weights."""
    totals = [0.0] * len(Weighted._fields)
    for one, weight in counts:
        for position, count in enumerate(one[: len(totals)]):
            if count:
                totals[position] += weight * count
    return Weighted(*totals)


def _ratio(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def precision(counts: Counts | Weighted) -> float | None:
    """Correct / actual: how much of what was predicted is right."""
    return _ratio(counts.correct, counts.actual)


def recall(counts: Counts | Weighted) -> float | None:
    """Correct / possible: how much of gold was found."""
    return _ratio(counts.correct, counts.possible)


def f1(counts: Counts | Weighted) -> float | None:
    """2 · correct / (possible + actual), from counts, never from rounded precision and recall.

    >>> from harness.records import Counts
    >>> f1(Counts(correct=2, incorrect=1, missing=1)), f1(Counts(absent=3))
    (0.5714285714285714, None)
    """
    return _ratio(2 * counts.correct, counts.possible + counts.actual)


def edit_accuracy(counts: Counts | Weighted) -> float | None:
    """Correct / (correct + incorrect + missing + spurious): the share that a person need not edit."""
    return _ratio(counts.correct, counts.possible + counts.spurious)


def over_generation(counts: Counts | Weighted) -> float | None:
    """Spurious / actual: the share of what was predicted that gold does not have at all."""
    return _ratio(counts.spurious, counts.actual)


def under_generation(counts: Counts | Weighted) -> float | None:
    """Missing / possible: the share of gold of which nothing was predicted."""
    return _ratio(counts.missing, counts.possible)


def null_specificity(counts: Counts | Weighted) -> float | None:
    """Absent / (absent + spurious): how often silence was kept where gold is silent."""
    return _ratio(counts.absent, counts.absent + counts.spurious)


def mean(values: Iterable[float | None]) -> float | None:
    """The mean of the values that are defined; `None` when none is."""
    defined = [value for value in values if value is not None]
    return _ratio(sum(defined), len(defined))


METRICS = {
    "precision": precision,
    "recall": recall,
    "f1": f1,
    "edit_accuracy": edit_accuracy,
    "over_generation": over_generation,
    "under_generation": under_generation,
    "null_specificity": null_specificity,
}
"""Every metric of counts by its name."""

VERSION = "1"
"""Changes when a metric or the way of counting changes; two numbers of different versions do not compare."""
