"""The tables that are printed, all in percent."""

from __future__ import annotations

from math import isnan, nan
from statistics import fmean
from typing import TYPE_CHECKING

from benchmarks.error_rates.cells import DIFFERENCES
from benchmarks.error_rates.populations import RARE
from benchmarks.error_rates.stopping import LOOKS, MARGIN
from benchmarks.error_rates.trying import together
from harness.reporting.tables import Column, Holds, Table, numbers

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from benchmarks.error_rates.cells import Cell
    from benchmarks.error_rates.stopping import Stopped
    from benchmarks.error_rates.trying import Rate, Tried

    Pick = Callable[[Tried], Rate]

_DOCUMENTS = Column("documents", Holds.NUMBER)


def all_tables(
    cells: Sequence[Cell], stopped: dict[int, list[Stopped]], peeked: tuple[int, Rate, Rate]
) -> tuple[Table, ...]:
    """Every table, in the order in which they are explained."""
    return (
        coverage(cells),
        plainly(cells),
        false_alarms(cells),
        power(cells),
        gate(cells),
        stopping(stopped, peeked),
    )


def coverage(cells: Sequence[Cell]) -> Table:
    """How often the 95 % interval has the truth in it."""
    names = ("F1", "least", "two systems", "least", "worse", "equal trials", "equal labels", "differences")
    rare = (f"F1 of {RARE}", "given", "its difference", "given")

    def row(cell: Cell) -> tuple[str, ...]:
        every = [*cell.rare_difference]
        return (
            str(cell.documents),
            _pooled(cell.single, _covered),
            _least(cell.single),
            _pooled(cell.systems, _covered),
            _least(cell.systems),
            _pooled(_all_worse(cell), _covered),
            _pooled(cell.equal_trials, _covered),
            _pooled(cell.equal_labels, _covered),
            _percent(_differences(cell, _covered)),
            _pooled(cell.rare, _covered),
            _pooled(cell.rare, _given),
            _pooled(every, _covered),
            _pooled(every, _given),
        )

    kinds = [rate for cell in cells for rate in _kinds(cell, _covered)]
    return Table(
        "Coverage of the 95 % interval; nominal: 95",
        (_DOCUMENTS, *numbers(*names, *rare)),
        tuple(map(row, cells)),
        notes=(
            "differences: the mean of the four kinds of pairs before it; least: the worst system or pair.",
            _monte_carlo([together([one.covered for one in cell.single]) for cell in cells] + kinds),
        ),
    )


def plainly(cells: Sequence[Cell]) -> Table:
    """The same of the interval that is not shipped."""
    names = ("F1", "least", "two systems", "worse", "equal trials", "equal labels", "differences")

    def row(cell: Cell) -> tuple[str, ...]:
        return (
            str(cell.documents),
            _pooled(cell.single, _plainly),
            _percent(min(one.plainly.share for one in cell.single)),
            _pooled(cell.systems, _plainly),
            _pooled(_all_worse(cell), _plainly),
            _pooled(cell.equal_trials, _plainly),
            _pooled(cell.equal_labels, _plainly),
            _percent(_differences(cell, _plainly)),
            _pooled(cell.rare, _plainly),
            _pooled(cell.rare_difference, _plainly),
        )

    return Table(
        "For comparison: coverage of value ± t(n − 1) · error",
        (_DOCUMENTS, *numbers(*names, f"F1 of {RARE}", "its difference")),
        tuple(map(row, cells)),
    )


def false_alarms(cells: Sequence[Cell]) -> Table:
    """How often a difference is seen where there is none."""
    names = ("p <= 0.05: trials", "labels", "better or worse: trials", "labels", "gate FAIL: trials", "labels")
    margin = DIFFERENCES[0]

    def failed(one: Tried) -> Rate:
        return one.failed[margin]

    picks = [(kind, pick) for pick in (_significant, _said, failed) for kind in ("trials", "labels")]

    def equal(cell: Cell, kind: str) -> list[Tried]:
        return cell.equal_trials if kind == "trials" else cell.equal_labels

    rates = [together([pick(one) for one in equal(cell, kind)]) for cell in cells for kind, pick in picks]
    return Table(
        "False alarms: no difference, and one is seen; nominal: 5",
        (_DOCUMENTS, *numbers(*names)),
        tuple(
            (str(cell.documents), *(_pooled(equal(cell, kind), pick) for kind, pick in picks)) for cell in cells
        ),
        notes=(
            f"The gate's rule is f1 >= baseline - {margin}.",
            _monte_carlo(rates),
        ),
    )


def power(cells: Sequence[Cell]) -> Table:
    """How often a difference is seen where there is one."""
    names = [name for difference in DIFFERENCES for name in (_points(difference), "foretold")]

    def row(cell: Cell) -> tuple[str, ...]:
        cut: list[str] = [str(cell.documents)]
        for difference in DIFFERENCES:
            found = cell.worse[difference]
            cut += [_pooled(found, _said), _percent(fmean(one.foretold for one in found))]
        return tuple(cut)

    rates = [together([one.said for one in found]) for cell in cells for found in cell.worse.values()]
    return Table(
        "Power: a true difference is called one",
        (_DOCUMENTS, *numbers(*names)),
        tuple(map(row, cells)),
        notes=(
            "foretold: what `harness power` says of the spread that these pairs have.",
            _monte_carlo(rates),
        ),
    )


def gate(cells: Sequence[Cell]) -> Table:
    """What `f1 >= baseline - margin` decides."""
    names = [
        name for margin in DIFFERENCES for name in (f"{_points(margin)}: worse by it", "lost leaves", "equal")
    ]

    def row(cell: Cell) -> tuple[str, ...]:
        cut: list[str] = [str(cell.documents)]
        for margin in DIFFERENCES:

            def passed(one: Tried, margin: float = margin) -> Rate:
                return one.passed[margin]

            found = cell.worse[margin]
            leaves = [one for one in found if "leaves" in one.name]
            cut += [_pooled(found, passed), _pooled(leaves, passed), _pooled(cell.equal_trials, passed)]
        return tuple(cut)

    rates = [
        together([one.passed[margin] for one in cell.worse[margin]]) for cell in cells for margin in DIFFERENCES
    ]
    return Table(
        "The gate: how often f1 >= baseline - margin says PASS",
        (_DOCUMENTS, *numbers(*names)),
        tuple(map(row, cells)),
        notes=(
            "worse by it: truly worse by exactly the margin; nominal: 5. lost leaves: of these, the pairs that",
            "lose leaves everywhere, not whole documents. equal: two trials of one system, which should pass.",
            _monte_carlo(rates),
        ),
    )


def stopping(stopped: dict[int, list[Stopped]], peeked: tuple[int, Rate, Rate]) -> Table:
    """What stopping early saves, and that it changes no verdict."""
    documents, once, often = peeked
    return Table(
        "Early stop: the gate is given the documents one by one",
        (_DOCUMENTS, Column("rule"), *numbers("runs", "other verdict", "FAIL", "asked of a FAIL")),
        tuple(
            (
                str(number),
                one.rule,
                str(one.other.of),
                str(one.other.hits),
                _percent(one.fail.share),
                _percent(one.asked),
            )
            for number, found in stopped.items()
            for one in found
        ),
        notes=(
            "other verdict: runs with another than that of all documents. asked of a FAIL: what it took.",
            f"What the gate does not do: look at the bounds every {LOOKS} documents, and stop at a PASS.",
            f"Of {documents} documents, one worse by exactly the margin, {_points(MARGIN)}, then passes "
            f"in {_percent(often.share)}, instead of {_percent(once.share)}.",
            _monte_carlo([once, often]),
        ),
    )


def _covered(one: Tried) -> Rate:
    return one.covered


def _plainly(one: Tried) -> Rate:
    return one.plainly


def _given(one: Tried) -> Rate:
    return one.given


def _significant(one: Tried) -> Rate:
    return one.significant


def _said(one: Tried) -> Rate:
    return one.said


def _all_worse(cell: Cell) -> list[Tried]:
    return [one for found in cell.worse.values() for one in found]


def _kinds(cell: Cell, pick: Pick) -> list[Rate]:
    kinds = (cell.systems, _all_worse(cell), cell.equal_trials, cell.equal_labels)
    return [together([pick(one) for one in kind]) for kind in kinds]


def _differences(cell: Cell, pick: Pick) -> float:
    return fmean(rate.share for rate in _kinds(cell, pick))


def _pooled(found: Sequence[Tried], pick: Pick) -> str:
    return _percent(together([pick(one) for one in found]).share)


def _least(found: Sequence[Tried]) -> str:
    return _percent(min((one.covered.share for one in found if one.covered.of), default=nan))


def _percent(share: float) -> str:
    return "" if isnan(share) else f"{100 * share:.1f}"


def _points(difference: float) -> str:
    return f"{100 * difference:g} points"


def _monte_carlo(rates: Sequence[Rate]) -> str:
    """The largest error among rates; of a rate that never happened, that of one in its number."""
    largest = max(max(rate.error, 1 / rate.of if rate.of else 0.0) for rate in rates)
    return f"Monte-Carlo standard error: at most {100 * largest:.1f}, of {_least_of(rates):,} draws or more."


def _least_of(rates: Sequence[Rate]) -> int:
    return min(rate.of for rate in rates)
