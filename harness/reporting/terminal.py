"""Print tables and notes: drawn and coloured on a terminal, plain aligned text anywhere else.

Rich is imported when something is drawn, not before.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, TypeGuard

from harness.reporting.plain import plain_text
from harness.reporting.stacked import block
from harness.reporting.tables import Holds
from harness.reporting.visible import encodable, visible
from harness.reporting.widths import fitted

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import IO

    from rich.console import Console, ConsoleOptions, RenderResult
    from rich.table import Table as Drawn
    from rich.text import Text

    from harness.reporting.tables import Column, Table
    from harness.reporting.widths import Layout

_VERDICTS = {
    "correct": "green",
    "incorrect": "red",
    "missing": "yellow",
    "spurious": "magenta",
    "absent": "dim",
    "ungraded": "dim",
    "PASS": "green",
    "FAIL": "bold red",
    "INCONCLUSIVE": "yellow",
    "lost": "red",
    "gained": "green",
}
_FAINT = ("0", "n/a")
_ASK_FOR_COLOUR = ("FORCE_COLOR", "TTY_COMPATIBLE")
"""What Rich takes for a terminal that is none, where one of these environment variables is set."""


class Pipe:
    """Where text goes that is not drawn: a pipe, a log, a file.

    Args:
        file: It; `None` for a stream that was closed before the program began, and takes nothing.
    """

    def __init__(self, file: IO[str] | None) -> None:
        self._file = file
        self.encoding: str = getattr(file, "encoding", None) or "utf-8"

    def out(self, text: str, *, end: str = "\n", highlight: bool = False) -> None:  # noqa: ARG002 - as of Rich
        """Write text as it is."""
        if self._file is not None:
            self._file.write(f"{text}{end}")
            self._file.flush()


def open_console(*, stderr: bool = False, file: IO[str] | None = None) -> Console | Pipe:
    """Where to print; a terminal's console interprets no markup and follows NO_COLOR.

    Args:
        stderr: Write to standard error instead of standard output.
        file: Write here instead of either.
    """
    file = file or (sys.stderr if stderr else sys.stdout)
    if file is None or (not file.isatty() and not any(map(os.environ.get, _ASK_FOR_COLOUR))):
        return Pipe(file)
    from rich.console import Console

    return Console(file=file, markup=False, emoji=False, highlight=False)


def draws(console: Console | Pipe) -> TypeGuard[Console]:
    """Whether this console gets colour and boxes: a terminal that knows more than to print letters."""
    return not isinstance(console, Pipe) and console.is_terminal and not console.is_dumb_terminal


def print_tables(tables: Iterable[Table], console: Console | Pipe) -> None:
    """Print tables with an empty line between them."""
    for position, table in enumerate(tables):
        if position:
            console.out("")
        print_table(table, console)


def print_table(table: Table, console: Console | Pipe) -> None:
    """Print a table: its title, its rows, its totals and its notes."""
    if not draws(console):
        console.out(plain_text(table, console.encoding), end="", highlight=False)
        return
    layout = fitted(table, console.width, console.encoding)
    console.print(_text(table.title, "bold", console))
    if layout.folds and any(column.holds is Holds.VALUE for column in table.columns):
        _print_blocks(table, console)
    else:
        console.print(_AtLeast(_drawn(table, layout, console), layout.width), crop=False)
    if table.notes:
        console.print()
    for note in table.notes:
        console.print(_text(note, "dim", console))


def print_lines(text: str, console: Console | Pipe, *, style: str = "") -> None:
    """Print text whose line ends are meant, every line made safe; only a terminal wraps and sees the style."""
    for line in text.split("\n"):
        if draws(console):
            console.print(_text(line, style, console))
        else:
            console.out(encodable(visible(line), console.encoding), highlight=False)


def _print_blocks(table: Table, console: Console) -> None:
    for row in (*table.rows, *table.totals):
        cells = [_cell(cell, column, console) for cell, column in zip(row, table.columns, strict=True)]
        for line in block(cells, table.columns, console.width):
            console.print(line)


class _AtLeast:
    """A table that never gets less room than its numbers need, however narrow the terminal."""

    def __init__(self, drawn: Drawn, width: int) -> None:
        self._drawn = drawn
        self._width = width

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield from console.render(self._drawn, options.update(width=max(self._width, options.max_width)))


def _drawn(table: Table, layout: Layout, console: Console) -> Drawn:
    from rich import box
    from rich.table import Table as Drawn

    drawn = Drawn(
        box=box.HORIZONTALS,
        show_edge=False,
        padding=(0, layout.padding, 0, 0),
        pad_edge=False,
        border_style="dim",
    )
    for column, header, width in zip(table.columns, layout.headers, layout.widths, strict=True):
        drawn.add_column(
            _text(header, "bold", console),
            justify="right" if column.right else "left",
            vertical="top",
            width=width,
            overflow="fold",
        )
    for position, row in enumerate(table.rows):
        style = "bold" if position in table.strong else ""
        cells = (_cell(cell, column, console) for cell, column in zip(row, table.columns, strict=True))
        drawn.add_row(*cells, style=style)
    if table.totals:
        drawn.add_section()
    for row in table.totals:
        drawn.add_row(*(_text(cell, "", console) for cell in row), style="bold")
    return drawn


def _cell(cell: str, column: Column, console: Console) -> Text:
    text = _text(cell, "", console)
    if column.holds is Holds.VERDICT:
        text.stylize(_VERDICTS.get(cell, ""))
    elif column.holds is Holds.NUMBER and cell in _FAINT:
        text.stylize("dim")
    elif column.holds is Holds.PATH:
        # The name of the field is what the eye looks for; where it stands repeats from row to row.
        text.stylize("dim", 0, text.plain.rfind(".") + 1)
    return text


def _text(text: str, style: str, console: Console) -> Text:
    from rich.text import Text

    return Text(encodable(visible(text), console.encoding), style=style)
