"""Which documents of a suite a run is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.errors import UsageError
from harness.suites.places import quoted, suggestion

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def chosen(
    *, limit: int | None = None, leave_out: Sequence[str] = ()
) -> Callable[[Sequence[str]], Sequence[str]]:
    """A choice of documents for `ready`: all but some, and of those the first so many.

    >>> chosen(limit=2, leave_out=["b"])(["a", "b", "c", "d"])
    ['a', 'c']

    Raises:
        UsageError: When the limit is below 1. From the choice, when there is no such document to leave out.
    """
    if limit is not None and limit < 1:
        raise UsageError(f"a limit of {limit} documents leaves nothing to ask", hint="give at least 1")

    def choose(every: Sequence[str]) -> Sequence[str]:
        for name in leave_out:
            if name not in every:
                raise UsageError(
                    f"there is no document {quoted(name)} to leave out", hint=suggestion(name, every)
                )
        left_out = set(leave_out)
        return [name for name in every if name not in left_out][:limit]

    return choose
