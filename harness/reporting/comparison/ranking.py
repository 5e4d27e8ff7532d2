"""Several runs as a leaderboard on which those that cannot be told apart share a rank."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.reporting.comparison.tables import name_of
from harness.reporting.figures import NOT_DEFINED, number_of, score
from harness.reporting.tables import Column, Holds, Table, numbers
from harness.verdicts.comparison.wording import interval_text, p_text, points, shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from harness.records import Comparison, Interval
    from harness.verdicts.comparison.ranking import Ranking

_SAYS = {1: "better", -1: "worse", 0: "can't tell"}


def ranking_table(ranking: Ranking) -> Table:
    """The runs, the highest F1 first, each with how far it is from the one above."""
    pairs = {(pair.upper, pair.lower): pair.difference for pair in ranking.pairs}
    rows = []
    for position, place in enumerate(ranking.places):
        above = pairs.get((position - 1, position))
        rows.append(
            (
                "" if place.rank is None else str(place.rank),
                name_of(place.side),
                score(place.f1.value),
                _shares(place.f1.interval),
                "" if above is None else p_text(above.adjusted_p),
                place.side.run,
            )
        )
    columns = (
        Column("#", Holds.NUMBER),
        Column("system", Holds.NAME),
        *numbers("F1", "95 % interval", "p to above"),
        Column("run", Holds.ID),
    )
    notes = (
        "Those that share a rank cannot be told apart: a new one begins where each above "
        "is shown better than each below.",
        f"p to above: beside the line above, adjusted for all {number_of(len(ranking.pairs), 'pair')} (Holm).",
    )
    strong = frozenset(position for position, place in enumerate(ranking.places) if place.rank == 1)
    return Table("Leaderboard", columns, tuple(rows), notes=notes, strong=strong)


def beside_first(comparisons: Sequence[Comparison]) -> Table:
    """The run that was named first beside each other one.

    Args:
        comparisons: At least one; all have the same baseline.
    """
    rows = []
    for one in comparisons:
        change, bounds = one.headline.difference.value, one.headline.difference.interval
        rows.append(
            (
                name_of(one.candidate),
                score(one.headline.candidate.value),
                NOT_DEFINED if change is None else points(change, sign=True),
                NOT_DEFINED if bounds is None else interval_text(bounds, sign=True),
                p_text(one.headline.p),
                "the same" if one.identical else _SAYS[shown(one.headline)],
            )
        )
    first = comparisons[0]
    columns = (
        Column("system", Holds.NAME),
        *numbers("F1", "points", "95 % interval", "p"),
        Column("is"),
    )
    notes = (
        f"points: of F1, above {name_of(first.baseline)} ({score(first.headline.baseline.value)}); each asked "
        "on its own.",
        "`harness compare` with two of these shows every metric, field, document and leaf.",
    )
    return Table(f"Beside {name_of(first.baseline)}", columns, tuple(rows), notes=notes)


def _shares(interval: Interval | None) -> str:
    return NOT_DEFINED if interval is None else f"{score(interval.low)} to {score(interval.high)}"
