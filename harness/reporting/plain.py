"""Tables as plain aligned text: what a pipe, a log or a file gets. Nothing is wrapped and nothing cut."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.reporting.visible import encodable, visible, width_of

if TYPE_CHECKING:
    from harness.reporting.tables import Column, Row, Table

_GAP = "  "
_EMPTY = "-"
"""Stands in an empty cell, so that every line has the same number of columns."""


def plain_text(table: Table, encoding: str = "utf-8") -> str:
    """A table without colour or boxes, its columns two spaces apart, every line ended.

    >>> from harness.reporting.tables import Column, Table, numbers
    >>> table = Table("Runs", (Column("run"), *numbers("F1")), (("a", "0.5"), ("bcd", "0.75")))
    >>> print(plain_text(table), end="")
    Runs
    run    F1
    a     0.5
    bcd  0.75
    """

    def safe(text: str) -> str:
        return encodable(visible(text), encoding)

    header = tuple(column.name for column in table.columns)
    body = [tuple(cell or _EMPTY for cell in row) for row in (*table.rows, *table.totals)]
    cells = [tuple(map(safe, row)) for row in (header, *body)]
    lines = [safe(table.title), *_aligned(cells, table.columns)]
    if table.notes:
        lines += ["", *map(safe, table.notes)]
    return "".join(f"{line}\n" for line in lines)


def _aligned(rows: list[Row], kinds: tuple[Column, ...]) -> list[str]:
    widths = [max(map(width_of, cells)) for cells in zip(*rows, strict=True)]
    lines = []
    for row in rows:
        padded = []
        for cell, column, width in zip(row, kinds, widths, strict=True):
            space = " " * (width - width_of(cell))
            padded.append(space + cell if column.right else cell + space)
        lines.append(_GAP.join(padded).rstrip())
    return lines
