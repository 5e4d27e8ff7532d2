"""How many documents and trials it would take to see a difference, by how far those at hand differ.

The more documents differ in what two systems make of them, the more of them are needed. That spread is measured
on the runs at hand, and is itself unsure. Its 95 % range is that of the variance of a normal sample; real
documents have longer tails, so that the range is the least that must be allowed for.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.statistics.intervals import jackknife, paired_jackknife
from harness.statistics.power import (
    POWER,
    documents_needed,
    fewest_documents,
    least_detectable,
    power,
    trials_needed,
)
from harness.statistics.spread import Spread, spread, trial_noise
from harness.verdicts.comparison.wording import documents_text, points
from harness.verdicts.measures import headline_measure
from harness.verdicts.sums import run_sums, trial_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from harness.records import DocumentScore
    from harness.verdicts.sums import Layout

METRIC = "f1"
DIFFERENCES = (0.01, 0.02, 0.03, 0.05, 0.10)
"""Differences that are asked about when none is named."""
TRIALS = (1, 3, 5, 10)
"""Numbers of trials that are asked about, besides those at hand."""
RANGE = 0.95
"""The confidence of the range of the spread."""
FARTHEST = 20_000
"""No curve goes to more documents."""
FEW = 20
"""With fewer documents power is promised too high."""
ALIKE = "No document differs more between the two than the others do"
"""Why nothing is known: the runs are the same, or all documents changed alike."""
_NOTHING = 1e-18
"""What rounding may leave of a variance of 0."""


@dataclass(frozen=True, slots=True)
class Range:
    """A number, and what it may be as the spread is unsure.

    Attributes:
        value: `None` when no number would do.
        low: With the least spread that the documents allow.
        high: With the largest.
    """

    value: int | None
    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class Needed:
    """What it takes to see one difference.

    Attributes:
        difference: Of F1, between 0 and 1.
        power: How often the documents and trials at hand show it; `None` when nothing is known.
        documents: How many documents do so as often as is wanted, with as many trials as at hand; likewise.
        with_trials: Number of trials to how many documents do; empty when that cannot be known.
        trials: How many trials the documents at hand need; `None` when no number would do, or nobody can know.
    """

    difference: float
    power: float | None
    documents: Range | None
    with_trials: tuple[tuple[int, int | None], ...]
    trials: int | None


@dataclass(frozen=True, slots=True)
class Curve:
    """How often a difference is seen.

    Attributes:
        difference: Of F1.
        documents: Numbers of documents, rising.
        power: For each of them.
        low: The same with the largest spread that the documents at hand allow.
        high: With the least.
    """

    difference: float
    documents: tuple[int, ...]
    power: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class PowerReport:
    """What it takes to see differences.

    Attributes:
        title: One sentence on top.
        labels: What the spread was measured on: two runs, or one against itself.
        runs: Their ids.
        documents: How many documents they have.
        trials: How many trials each document has, in the run that has fewer.
        wanted: How often a difference is to be seen.
        spread: The variance of what a document adds to the difference of F1.
        error: The standard error of the difference, with the documents and trials at hand.
        detectable: The least difference that the documents at hand show as often as is wanted; `None` for none.
        rows: One a difference.
        curves: The same, to draw; none when nothing is known.
        remarks: What cannot be known.
    """

    title: str
    labels: tuple[str, ...]
    runs: tuple[str, ...]
    documents: int
    trials: int
    wanted: float
    spread: Spread
    error: float
    detectable: float | None
    rows: tuple[Needed, ...]
    curves: tuple[Curve, ...]
    remarks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Basis:
    """How far documents differ, from the runs at hand.

    Attributes:
        spread: The variance of what a document adds to the difference, by documents and by trials.
        documents: How many documents have anything to say about it.
        trials: How many trials each has.
    """

    spread: Spread
    documents: int
    trials: int

    @property
    def variance(self) -> float:
        """With the trials at hand."""
        return self.spread.at(self.trials)

    @property
    def tells(self) -> bool:
        """Whether documents differ at all; where none does, nothing is known about how far others will."""
        return self.variance > _NOTHING


def basis_of_two(
    baseline: Sequence[DocumentScore], candidate: Sequence[DocumentScore], layout: Layout
) -> Basis | None:
    """The spread of the difference of two runs over the same documents; `None` when F1 is undefined."""
    measure = headline_measure(layout)
    at = measure.at(METRIC)
    sides = [run_sums(scores, layout) for scores in (baseline, candidate)]
    found = paired_jackknife(sides[0].sums, sides[1].sums, measure)
    rows = [trial_rows(scores, layout) for scores in (baseline, candidate)]
    parts = spread(found, at, *(trial_noise(one.rows, one.document, measure) for one in rows))
    trials = min(int(side.trials.min()) for side in sides)
    return _basis(parts, int(found.documents[at]), trials)


def basis_of_one(scores: Sequence[DocumentScore], layout: Layout) -> Basis | None:
    """The spread between two runs of the same system, from the trials of one.

    They differ by luck alone, so that all of it is of the trials: the least that any two systems differ by.

    Returns:
        `None` when no document has two trials, or F1 is undefined.
    """
    measure = headline_measure(layout)
    at = measure.at(METRIC)
    side = run_sums(scores, layout)
    rows = trial_rows(scores, layout)
    found = jackknife(side.sums, measure)
    parts = spread(found, at, trial_noise(rows.rows, rows.document, measure))
    if parts is None or parts.trials is None:
        return None
    of_luck = Spread(documents=0.0, trials=2 * parts.trials)
    return _basis(of_luck, int(found.documents[at]), int(side.trials.min()))


def needed(
    basis: Basis,
    *,
    labels: tuple[str, ...],
    runs: tuple[str, ...],
    differences: Sequence[float] = DIFFERENCES,
    wanted: float = POWER,
    remarks: tuple[str, ...] = (),
) -> PowerReport:
    """What it takes to see differences of F1.

    Args:
        basis: How far documents differ.
        labels: What it was measured on.
        runs: Their ids.
        differences: Which ones, at least one, above 0.
        wanted: How often they are to be seen, between 0 and 1.
        remarks: What a reader must know.
    """
    detectable: float | None = None
    curves: tuple[Curve, ...] = ()
    asked = sorted(set(differences))
    rows = tuple(_row(basis, difference, wanted) for difference in asked)
    if basis.tells:
        detectable = least_detectable(basis.variance, basis.documents, wanted)
        numbers = _numbers(basis, asked[0], wanted)
        curves = tuple(_curve(basis, difference, numbers) for difference in asked)
    return PowerReport(
        title=_title(basis, detectable, wanted, labels),
        labels=labels,
        runs=runs,
        documents=basis.documents,
        trials=basis.trials,
        wanted=wanted,
        spread=basis.spread,
        error=math.sqrt(basis.variance / basis.documents),
        detectable=detectable,
        rows=rows,
        curves=curves,
        remarks=(*remarks, *_unknown(basis), *_few(basis, rows)),
    )


def spread_range(documents: int, level: float = RANGE) -> tuple[float, float]:
    """What a variance that was measured on so many documents may really be, as a share of what was measured.

    Args:
        documents: At least 2.
        level: The confidence.

    >>> [round(end, 2) for end in spread_range(5)], [round(end, 2) for end in spread_range(100)]
    ([0.36, 8.26], [0.77, 1.35])
    """
    from scipy.special import chdtri

    freedom, tail = documents - 1, (1 - level) / 2
    return float(freedom / chdtri(freedom, tail)), float(freedom / chdtri(freedom, 1 - tail))


def _title(basis: Basis, detectable: float | None, wanted: float, labels: tuple[str, ...]) -> str:
    extent = documents_text(basis.documents)
    beside = f"{labels[1]} beside {labels[0]}" if len(labels) > 1 else f"{labels[0]} beside itself"
    if basis.documents < fewest_documents():
        return f"{extent} can show no difference of F1 at all ({beside})"
    if detectable is None:
        return f"{extent} do not tell what difference of F1 they could show ({beside})"
    trials = "1 trial" if basis.trials == 1 else f"{basis.trials} trials"
    return (
        f"{extent} with {trials} each show a difference of F1 from {points(detectable)} points on, "
        f"{100 * wanted:g} % of the time ({beside})"
    )


def _basis(parts: Spread | None, documents: int, trials: int) -> Basis | None:
    if parts is None or documents < 2 or not math.isfinite(parts.at(1)):
        return None
    return Basis(parts, documents, trials)


def _row(basis: Basis, difference: float, wanted: float) -> Needed:
    if not basis.tells:
        return Needed(difference, None, None, (), None)
    low, high = spread_range(basis.documents)
    numbers = () if basis.spread.trials is None else tuple(sorted({*TRIALS, basis.trials}))
    return Needed(
        difference=difference,
        power=power(basis.variance, basis.documents, difference),
        documents=Range(
            *(documents_needed(factor * basis.variance, difference, wanted) for factor in (1.0, low, high))
        ),
        with_trials=tuple(
            (number, documents_needed(basis.spread.at(number), difference, wanted)) for number in numbers
        ),
        trials=trials_needed(basis.spread, basis.documents, difference, wanted),
    )


def _curve(basis: Basis, difference: float, numbers: tuple[int, ...]) -> Curve:
    least, most = spread_range(basis.documents)

    def at(factor: float) -> tuple[float, ...]:
        return tuple(power(factor * basis.variance, number, difference) for number in numbers)

    return Curve(difference, numbers, at(1.0), at(most), at(least))


def _numbers(basis: Basis, difference: float, wanted: float) -> tuple[int, ...]:
    """Numbers of documents at equal distances of their logarithms, from the fewest that show anything."""
    enough = documents_needed(basis.variance, difference, wanted) or FARTHEST
    last = min(FARTHEST, max(4 * basis.documents, 2 * enough, 100))
    first = fewest_documents()
    steps = 60
    rising = {round(first * (last / first) ** (step / steps)) for step in range(steps + 1)}
    return tuple(sorted(rising | ({basis.documents} if basis.documents > first else set())))


def _unknown(basis: Basis) -> tuple[str, ...]:
    said = []
    if basis.tells:
        low, high = (math.sqrt(end) for end in spread_range(basis.documents))
        said.append(
            f"{documents_text(basis.documents)} leave the spread itself unsure: it may be {low:.2f} to "
            f"{high:.2f} times as large (95 %), or more where few documents differ much. Hence the ranges."
        )
    if basis.documents < fewest_documents():
        said.append(f"Fewer than {fewest_documents()} documents can show no difference at all (p above 0.05).")
    if not basis.tells:
        said.append(f"{ALIKE}, so nothing is known about how far documents differ.")
        return tuple(said)
    if basis.spread.trials is None:
        said.append("With one trial a document nobody can tell what more trials would help.")
    return tuple(said)


def _few(basis: Basis, rows: Sequence[Needed]) -> tuple[str, ...]:
    """That power is promised too high where few documents are at hand, or foretold to be enough."""
    foretold = [number for row in rows for _, number in row.with_trials]
    for row in rows:
        if row.documents is not None:
            foretold += [row.documents.value, row.documents.low, row.documents.high]
    least = min([basis.documents, *(number for number in foretold if number is not None)])
    if not basis.tells or least >= FEW:
        return ()
    return (
        f"Below {FEW} documents power is promised too high: in a simulation of 10 documents that differ by 10 "
        "points, 20.6 % was foretold and 10.7 % was seen.",
    )
