"""How far a run has come: a bar for each system on a terminal, a line at the start and the end elsewhere."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from harness.reporting.figures import duration
from harness.reporting.terminal import draws, open_console, print_lines
from harness.reporting.visible import encodable, visible

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress, TaskID


class Update(Protocol):
    """Says that answers came in."""

    def __call__(self, name: str, done: int = 1, failed: int = 0) -> None:
        """Count answers of a system.

        Args:
            name: The system's name.
            done: How many more answers there are, failed ones included. 0 starts the system's clock.
            failed: How many of them are failures.
        """
        ...


@dataclass
class Tally:
    """How far one system has come.

    Attributes:
        total: How many answers it is to give.
        began: When it began, in seconds of a monotonic clock.
        last: When it last answered.
        done: How many answers it gave, failed ones included.
        failed: How many of them are failures.
    """

    total: int
    began: float
    last: float
    done: int = 0
    failed: int = 0

    @property
    def rate(self) -> str:
        """Answers a second, or seconds an answer when it is slow."""
        elapsed = self.last - self.began
        if not self.done or elapsed <= 0:
            return ""
        speed = self.done / elapsed
        return f"{speed:.1f}/s" if speed >= 1 else f"{duration(1 / speed)} each"


@contextmanager
def run_progress(
    totals: Mapping[str, int], *, quiet: bool = False, console: Console | None = None
) -> Iterator[Update]:
    """Show how far each system has come, on standard error.

    Args:
        totals: System name to the number of answers it is to give.
        quiet: Show nothing.
        console: Where to show it instead; for tests.

    Yields:
        The function to call when an answer came in; any thread may call it.
    """
    now = time.monotonic()
    tallies = {name: Tally(total, now, now) for name, total in totals.items()}
    if quiet:
        yield _counting(tallies)
        return
    console = console or open_console(stderr=True)
    if draws(console):
        with _bars(console) as bars:
            tasks = {
                name: bars.add_task(
                    encodable(visible(name), console.encoding), total=tally.total, failed=0, rate=""
                )
                for name, tally in tallies.items()
            }
            yield _counting(tallies, lambda name: _advance(bars, tasks[name], tallies[name]))
        return
    for name, tally in tallies.items():
        print_lines(f"{name}: {tally.total} to answer", console)
    try:
        yield _counting(tallies)
    finally:
        for name, tally in tallies.items():
            print_lines(_summary(name, tally), console)


def _counting(tallies: Mapping[str, Tally], shown: Callable[[str], None] | None = None) -> Update:
    lock = threading.Lock()

    def update(name: str, done: int = 1, failed: int = 0) -> None:
        tally = tallies[name]
        with lock:
            tally.last = time.monotonic()
            if not done and not tally.done:
                tally.began = tally.last
            tally.done += done
            tally.failed += failed
            if shown is not None:
                shown(name)

    return update


def _bars(console: Console) -> Progress:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=30),
        MofNCompleteColumn(),
        TextColumn("{task.fields[failed]} failed", markup=False),
        TextColumn("{task.fields[rate]}", markup=False),
        TimeElapsedColumn(),
        console=console,
    )


def _advance(bars: Progress, task: TaskID, tally: Tally) -> None:
    bars.update(task, completed=tally.done, failed=tally.failed, rate=tally.rate)


def _summary(name: str, tally: Tally) -> str:
    pace = f", {tally.rate}" if tally.rate else ""
    return (
        f"{name}: {tally.done}/{tally.total} answered, {tally.failed} failed{pace}, "
        f"{duration(tally.last - tally.began)}"
    )
