"""How far a run has come: a live bar for each system on a terminal, a line now and then anywhere else."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal, Protocol

from harness.reporting.tally import Tally
from harness.reporting.terminal import Pipe, draws, open_console, print_lines
from harness.reporting.visible import encodable, visible

if TYPE_CHECKING:
    from rich.console import Console
    from rich.live import Live
    from rich.text import Text

    from harness.records import Standing

DRAWN_A_SECOND = 10
SECONDS_BETWEEN_LINES = 30.0
"""Of all systems together, where there is no terminal."""
_LONGEST_NAME = 30
_BARS = ((100, 24), (60, 10), (0, 0))
"""How many columns a terminal has at least, and how long its bars are then."""


class Update(Protocol):
    """Says how far a system has come."""

    def __call__(self, name: str, standing: Standing) -> None:
        """Take the newest standing of a system.

        Args:
            name: The system's name.
            standing: How far it has come. The first one with something in flight starts the system's clock.
        """
        ...


class Progress:
    """Takes what is told of a run, and shows nothing.

    Args:
        totals: System name to the number of answers it is to give.
        clock: Gives seconds that never go back.
    """

    def __init__(self, totals: Mapping[str, int], clock: Callable[[], float]) -> None:
        self._tallies = {name: Tally(total) for name, total in totals.items()}
        self._clock = clock

    def update(self, name: str, standing: Standing) -> None:
        """Take the newest standing of a system. Cheap enough to be called with every change.

        Raises:
            KeyError: When the system is not among those that were named at the beginning.
        """
        self._tallies[name].take(standing, self._clock())

    def note(self, text: str) -> None:
        """Say something that is not about one system; on a terminal it stands above the bars."""


class _Lines(Progress):
    """A line for each system at its end, and now and then how far those that go on have come."""

    def __init__(self, totals: Mapping[str, int], clock: Callable[[], float], console: Console | Pipe) -> None:
        super().__init__(totals, clock)
        self._console = console
        self._due = clock() + SECONDS_BETWEEN_LINES
        self._open = dict(self._tallies)
        for name, tally in self._tallies.items():
            print_lines(f"{name}: {tally.total:,} to answer", console)

    def update(self, name: str, standing: Standing) -> None:
        now = self._clock()
        tally = self._tallies[name]
        tally.take(standing, now)
        if name in self._open and tally.over:
            self._end(name)
        elif now >= self._due:
            # One line at most, for the system that is speaking: a log is read by its last lines.
            self._due = now + SECONDS_BETWEEN_LINES
            print_lines(f"{_answered(name, tally)}, {tally.going(now)}", self._console)

    def note(self, text: str) -> None:
        print_lines(text, self._console)

    def close(self) -> None:
        for name in list(self._open):
            self._end(name)

    def _end(self, name: str) -> None:
        tally = self._open.pop(name)
        print_lines(f"{_answered(name, tally)}, {tally.summary()}", self._console)


class _Bars(Progress):
    """A bar for each system, drawn by a thread of its own, so that an update costs next to nothing."""

    def __init__(self, totals: Mapping[str, int], clock: Callable[[], float], console: Console) -> None:
        super().__init__(totals, clock)
        self._console = console
        self._names = [encodable(visible(name), console.encoding) for name in totals]
        whole = console.encoding.lower().startswith("utf")
        self._full, self._empty = "━─" if whole else "=-"
        self._overflow: Literal["ellipsis", "crop"] = "ellipsis" if whole else "crop"

    def note(self, text: str) -> None:
        print_lines(text, self._console)

    def live(self) -> Live:
        from rich.live import Live

        return Live(
            console=self._console,
            get_renderable=self._drawn,
            refresh_per_second=DRAWN_A_SECOND,
            redirect_stdout=False,
            redirect_stderr=False,
        )

    def _drawn(self) -> Text:
        from rich.text import Text

        now, width = self._clock(), self._console.width
        counts = [f"{tally.standing.done:,}/{tally.total:,}" for tally in self._tallies.values()]
        longest = min(max(map(len, self._names), default=0), _LONGEST_NAME, width // 3)
        bar = next(cells for columns, cells in _BARS if width >= columns)
        rows = []
        for name, count, tally in zip(self._names, counts, self._tallies.values(), strict=True):
            row = Text(name)
            row.truncate(longest, overflow=self._overflow, pad=True)
            row.append(" ")
            filled = bar if not tally.total else min(bar, bar * tally.standing.done // tally.total)
            row.append(self._full * filled, "green")
            row.append(self._empty * (bar - filled), "dim")
            words = tally.summary() if tally.over else tally.going(now)
            row.append(f"{' ' if bar else ''}{count:>{max(map(len, counts))}} ")
            row.append(encodable(visible(words), self._console.encoding))
            row.truncate(width, overflow=self._overflow)
            rows.append(row)
        return Text("\n", no_wrap=True, overflow="crop").join(rows)


@contextmanager
def run_progress(
    totals: Mapping[str, int],
    *,
    quiet: bool = False,
    console: Console | Pipe | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> Iterator[Progress]:
    """Show how far each system has come, on standard error.

    Args:
        totals: System name to the number of answers it is to give.
        quiet: Show nothing, and no notes.
        console: Where to show it instead; for tests.
        clock: Gives seconds that never go back; for tests.

    Yields:
        What takes the standings and the notes. A system that is stopped keeps its last standing.
    """
    if quiet:
        yield Progress(totals, clock)
        return
    console = console or open_console(stderr=True)
    if draws(console):
        bars = _Bars(totals, clock, console)
        with bars.live():
            yield bars
        return
    lines = _Lines(totals, clock, console)
    try:
        yield lines
    finally:
        lines.close()


def _answered(name: str, tally: Tally) -> str:
    return f"{name}: {tally.standing.done:,}/{tally.total:,} answered"
