"""Ceilings on what is begun in a minute."""

from __future__ import annotations

from collections import deque

MINUTE = 60.0


class Ceiling:
    """At most so much in any minute, to the letter: a window slides over what was begun.

    An amount above the ceiling itself goes when nothing else is in the window; it could never go otherwise.

    Args:
        most: The ceiling; `None` for none.

    >>> calls = Ceiling(2)
    >>> calls.take(1, now=0.0), calls.take(1, now=10.0)
    (None, None)
    >>> calls.wait(1, now=15.0)
    45.0
    """

    def __init__(self, most: int | None) -> None:
        self._most = most
        self._window: deque[tuple[float, int]] = deque()
        self._sum = 0

    def wait(self, amount: int, now: float) -> float:
        """Seconds until an amount may be taken; 0 when it may be now."""
        if self._most is None:
            return 0.0
        self._forget(now)
        over = self._sum + amount - self._most
        wait = 0.0
        for began, taken in self._window:
            if over <= 0:
                break
            over -= taken
            wait = began + MINUTE - now
        return wait

    def take(self, amount: int, now: float) -> None:
        """Count an amount as begun now."""
        if self._most is not None:
            self._window.append((now, amount))
            self._sum += amount

    def _forget(self, now: float) -> None:
        while self._window and self._window[0][0] + MINUTE <= now:
            self._sum -= self._window.popleft()[1]
