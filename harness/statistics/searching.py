"""Search a number that is large enough."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


LARGEST = 1_000_000
"""No more than so many documents or trials are ever asked for."""


def first(enough: Callable[[int], bool], low: int, high: int) -> int | None:
    """The least number from `low` to `high` that is enough; `None` when none is.

    Every number above one that is enough is enough, too.

    >>> first(lambda number: number**2 >= 50, 1, 100)
    8
    """
    if not enough(high):
        return None
    while low < high:
        middle = (low + high) // 2
        if enough(middle):
            high = middle
        else:
            low = middle + 1
    return low
