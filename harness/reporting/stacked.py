"""Rows as blocks of lines, for a table of long values on a terminal that is too narrow for columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.reporting.tables import Holds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.text import Text

    from harness.reporting.tables import Column

_INDENT = "  "
_GAP = "   "
_HEADS = (Holds.PATH, Holds.VERDICT)


def block(cells: list[Text], columns: tuple[Column, ...], room: int) -> Iterator[Text]:
    """One row: where and what on a line of their own, then every other cell behind its column's name.

    Args:
        cells: The row's cells, safe and styled.
        columns: The table's columns.
        room: The width of the terminal; a cell goes to the next line rather than be broken.
    """
    from rich.text import Text

    pairs = list(zip(cells, columns, strict=True))
    yield Text(_GAP).join(cell for cell, column in pairs if column.holds in _HEADS)
    line = Text(_INDENT)
    for cell, column in pairs:
        if column.holds in _HEADS or not cell.plain:
            continue
        named = Text.assemble((f"{column.name} ", "dim"), cell)
        started = line.plain != _INDENT
        if started and line.cell_len + len(_GAP) + named.cell_len > room:
            yield line
            line, started = Text(_INDENT), False
        line = Text.assemble(line, _GAP if started else "", named)
    yield line
