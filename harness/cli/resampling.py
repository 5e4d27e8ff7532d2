"""Tell the user at a terminal how far a long computation has come."""

from __future__ import annotations

import time
from types import TracebackType
from typing import TYPE_CHECKING, Self

from harness.reporting.terminal import Pipe, draws, open_console

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.console import Console
    from rich.status import Status

SILENT = 1.0
"""Seconds before anything is shown: a short computation needs no progress."""


class Resampling:
    """Shows one line on standard error while it is a terminal, and nothing before a second has gone.

    Args:
        console: Where to show it instead; for tests.
        clock: Gives seconds that never go back; for tests.
    """

    def __init__(
        self, console: Console | Pipe | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._console = console
        self._clock = clock
        self._began = clock()
        self._status: Status | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._status is not None:
            self._status.stop()

    def __call__(self, what: str, done: int, total: int) -> None:
        """Take how far it has come; cheap until it is shown."""
        if self._clock() - self._began < SILENT:
            return
        console = self._console = self._console or open_console(stderr=True)
        if not draws(console):
            return
        text = f"{what}: {done:,} of {total:,}"
        if self._status is None:
            self._status = console.status(text, spinner="line")
            self._status.start()
        else:
            self._status.update(text)
