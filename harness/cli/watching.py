"""Tell the user on standard error how far runs have come."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.reporting import run_progress

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import ExitStack

    from harness.records import Standing
    from harness.reporting import Progress


class Watcher:
    """A `harness.running.runs.Watch`.

    It shows nothing before it hears which runs there are, so that a refused command shows no progress.

    Args:
        stack: Ends the display.
        quiet: Show nothing.
    """

    def __init__(self, stack: ExitStack, *, quiet: bool) -> None:
        self._stack = stack
        self._quiet = quiet
        self._progress: Progress | None = None

    def begin(self, totals: Sequence[tuple[str, int]]) -> None:
        """Begin the display."""
        self._progress = self._stack.enter_context(run_progress(dict(totals), quiet=self._quiet))

    def stand(self, label: str, standing: Standing) -> None:
        """Show how far a run has come."""
        if self._progress is not None:
            self._progress.update(label, standing)

    def note(self, text: str) -> None:
        """Say something at once."""
        if self._progress is not None:
            self._progress.note(text)
