"""What changes when another run becomes the baseline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.reporting.figures import NOT_DEFINED, score
from harness.reporting.tables import Column, Holds, Table, numbers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from harness.records import Signature

    Summary = Mapping[str, float | None]


def baseline_change(
    before: tuple[Summary, Signature] | None, after: tuple[Summary, Signature], title: str
) -> Table:
    """The headline figures of both runs, as each was last scored, and what else is different.

    Args:
        before: The figures and the signature of the run that was the baseline; `None` when there was none.
        after: Those of the run that is the baseline now.
        title: What the table is called.
    """
    figures, signature = after
    earlier, what_it_was = before or ({}, None)
    rows = []
    for name, value in figures.items():
        old = earlier.get(name)
        change = NOT_DEFINED if old is None or value is None else f"{_rounded(value - old):+.3f}"
        rows.append((name, score(old), score(value), change))
    notes = []
    if what_it_was is not None:
        keys = [key for key, value in signature.entries if what_it_was.get(key) != value]
        notes.append(f"Different: {', '.join(keys)}." if keys else "Nothing else is different.")
    columns = (Column("metric", Holds.NAME), *numbers("before", "now", "change"))
    return Table(title, columns, tuple(rows), notes=tuple(notes), strong=frozenset({0}))


def _rounded(change: float) -> float:
    return round(change, 3) + 0.0
