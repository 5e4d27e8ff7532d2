"""Rows of any kind, such as the runs of a store."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.reporting.figures import NOT_DEFINED, score
from harness.reporting.tables import Column, Holds, Table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def run_table(
    rows: Sequence[Mapping[str, object]],
    columns: Sequence[str],
    *,
    title: str = "Runs",
    empty: str = "",
    ids: Sequence[str] = (),
) -> Table:
    """A table of mappings: floats as metrics, `None` as n/a, columns of numbers to the right.

    Args:
        rows: One mapping a row; a key that it lacks prints as an empty cell.
        columns: The keys to show, in order; an underscore prints as a space.
        title: What the rows are.
        empty: What to say when there is no row.
        ids: The keys whose values are copied, and never drawn in pieces.
    """
    shaped = tuple(
        Column(name, Holds.ID) if name in ids else _column(name, [row.get(name) for row in rows])
        for name in columns
    )
    cells = tuple(tuple(_cell(row[name]) if name in row else "" for name in columns) for row in rows)
    return Table(title, shaped, cells, notes=(empty,) if empty and not rows else ())


def _column(name: str, values: Sequence[object]) -> Column:
    present = [value for value in values if value is not None]
    numeric = bool(present) and all(
        isinstance(value, int | float) and not isinstance(value, bool) for value in present
    )
    return Column(name.replace("_", " "), Holds.NUMBER if numeric else Holds.NAME)


def _cell(value: object) -> str:
    if value is None:
        return NOT_DEFINED
    if isinstance(value, bool):
        return "yes" if value else "no"
    return score(value) if isinstance(value, float) else str(value)
