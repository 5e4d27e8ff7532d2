"""How wide the columns of a table are drawn on a terminal, so that numbers stay whole and text gives way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.reporting.tables import Holds
from harness.reporting.visible import encodable, visible, width_of

if TYPE_CHECKING:
    from harness.reporting.tables import Table

_LEAST = {Holds.TEXT: 12, Holds.NAME: 8, Holds.PATH: 16, Holds.VALUE: 12}
"""What a column can be narrowed to; numbers, verdicts and ids, which are copied, keep their longest cell's."""
_FOLDING = {Holds.NAME, Holds.PATH}
_GIVING = ({Holds.TEXT}, {Holds.VALUE}, _FOLDING)
"""Which columns give way first: words wrap well, a path in two pieces is hard to read."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How a table is drawn.

    Attributes:
        headers: One a column; long or short.
        widths: One a column.
        padding: Spaces behind a column, beside the one that always stands there.
        folds: Whether a name or a path is drawn in pieces.
    """

    headers: tuple[str, ...]
    widths: tuple[int, ...]
    padding: int
    folds: bool = False

    @property
    def width(self) -> int:
        """The whole table with what stands between its columns."""
        # Rich draws one character between columns and pads all but the last.
        return sum(self.widths) + (len(self.widths) - 1) * (self.padding + 1)


def fitted(table: Table, room: int, encoding: str) -> Layout:
    """The roomiest layout that fits; when none does, the narrowest that keeps every number whole.

    Args:
        table: The table.
        room: The width of the terminal.
        encoding: The terminal's: a character that it lacks is drawn as a longer escape.
    """
    long = tuple(column.name for column in table.columns)
    short = tuple(column.short or column.name for column in table.columns)
    for headers, padding, wrap in (
        (long, 1, False),
        (long, 1, True),
        (long, 0, True),
        (short, 1, True),
    ):
        layout = _layout(table, headers, padding, encoding, wrap=wrap)
        if layout.width <= room:
            return layout
    return _narrowed(table, _layout(table, short, 0, encoding, wrap=True), room, encoding)


def _layout(table: Table, headers: tuple[str, ...], padding: int, encoding: str, *, wrap: bool) -> Layout:
    widths = []
    for position, header in enumerate(headers):
        heads = header.split() if wrap else [header]
        widths.append(max(_widest(heads, encoding), _widest(_cells(table, position), encoding)))
    return Layout(headers, tuple(widths), padding)


def _narrowed(table: Table, layout: Layout, room: int, encoding: str) -> Layout:
    """Take from the columns that can give, the widest first, until the table fits."""
    widths = list(layout.widths)
    least = [
        min(width, max(_LEAST.get(column.holds, width), _head(header, encoding)))
        for column, header, width in zip(table.columns, layout.headers, widths, strict=True)
    ]
    excess = layout.width - room
    folds = False
    for kinds in _GIVING:
        giving = [position for position, column in enumerate(table.columns) if column.holds in kinds]
        while excess > 0 and (wider := [at for at in giving if widths[at] > least[at]]):
            widths[max(wider, key=widths.__getitem__)] -= 1
            excess -= 1
            folds = kinds is _FOLDING
    return Layout(layout.headers, tuple(widths), layout.padding, folds)


def _head(header: str, encoding: str) -> int:
    return _widest(header.split(), encoding)


def _cells(table: Table, position: int) -> list[str]:
    return [row[position] for row in (*table.rows, *table.totals)]


def _widest(texts: list[str], encoding: str) -> int:
    return max((width_of(encodable(visible(text), encoding)) for text in texts), default=1)
