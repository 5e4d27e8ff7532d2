"""What responses cost, exactly."""

from __future__ import annotations

from decimal import Context, Decimal, Inexact, InvalidOperation
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from harness.records import Attempt

_DIGITS = 100  # of one cost, and zeros around them
_MOST_TOKENS = 2**53

EXACT = Context(prec=5 * _DIGITS, traps=[Inexact, InvalidOperation])
"""Adds and multiplies without rounding, or raises: Python's usual context rounds to 28 digits."""


class Spent(NamedTuple):
    """What one response came to, as its row keeps it; `cost` is `None` when no call has a known cost."""

    calls: int
    input_tokens: int
    cached_input_tokens: int
    output_tokens: int
    reasoning_tokens: int
    cost: str | None
    unpriced: int


def spent(attempts: tuple[Attempt, ...]) -> Spent:
    """The calls, tokens and dollars of attempts.

    Raises:
        ValueError: When a number of tokens or a cost is none that was ever charged.
    """
    asked = cached = answered = thought = unpriced = 0
    cost: Decimal | None = None
    for one in attempts:
        asked += one.input_tokens or 0
        cached += one.cached_input_tokens or 0
        answered += one.output_tokens or 0
        thought += one.reasoning_tokens or 0
        if one.cost is None:
            unpriced += 1
        else:
            cost = _checked(one.cost) if cost is None else EXACT.add(cost, _checked(one.cost))
    for count in (asked, cached, answered, thought):
        if not -_MOST_TOKENS < count < _MOST_TOKENS:
            raise ValueError(f"{count} is no number of tokens")
    return Spent(len(attempts), asked, cached, answered, thought, None if cost is None else str(cost), unpriced)


def _checked(cost: Decimal) -> Decimal:
    if not cost.is_finite() or abs(cost.adjusted()) > _DIGITS or len(str(cost)) > _DIGITS:
        raise ValueError(f"{str(cost)[:_DIGITS]} is no sum of money")
    return cost
