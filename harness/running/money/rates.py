"""What tokens cost, and the exact arithmetic of it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Context, Decimal, localcontext

Steps = tuple[tuple[int, Decimal], ...]
"""Dollars for a million tokens by the size of the call: (start, price), ascending, the first from -1.

A call that asks more tokens than `start` pays that price for all its tokens.
"""

ZERO = Decimal(0)
_MILLION = Decimal(1_000_000)
_EXACT = Context(prec=60)
"""Enough for every product of a price and a count; the division by a million only moves the point."""


@dataclass(frozen=True, slots=True)
class Rates:
    """What one model costs at one moment.

    Attributes:
        input: Of tokens asked.
        output: Of tokens answered.
        cached_input: Of asked tokens that the provider had in its cache; `None` for the price of `input`.
        reasoning: Of answered tokens that the model thought with; `None` for the price of `output`.
        call: Dollars for each call, whatever its size.
    """

    input: Steps
    output: Steps
    cached_input: Steps | None = None
    reasoning: Steps | None = None
    call: Decimal = ZERO

    def cost(
        self, input_tokens: int, output_tokens: int, cached_input_tokens: int = 0, reasoning_tokens: int = 0
    ) -> Decimal:
        """Dollars for one call. Cached tokens are part of those asked, reasoning of those answered."""
        asked = _at(self.input, input_tokens)
        answered = _at(self.output, input_tokens)
        cached = asked if self.cached_input is None else _at(self.cached_input, input_tokens)
        thought = answered if self.reasoning is None else _at(self.reasoning, input_tokens)
        with localcontext(_EXACT):
            tokens = (
                (input_tokens - cached_input_tokens) * asked
                + cached_input_tokens * cached
                + (output_tokens - reasoning_tokens) * answered
                + reasoning_tokens * thought
            )
            return tokens / _MILLION + self.call

    def at_most(self, input_tokens: int, output_tokens: int) -> Decimal:
        """The most that a call of no more than these tokens can cost, however they divide."""
        asked = max(_dearest(steps, input_tokens) for steps in (self.input, self.cached_input) if steps)
        answered = max(_dearest(steps, input_tokens) for steps in (self.output, self.reasoning) if steps)
        with localcontext(_EXACT):
            return (input_tokens * asked + output_tokens * answered) / _MILLION + self.call

    @property
    def nothing(self) -> bool:
        """Whether everything costs 0."""
        return not self.call and not any(
            price
            for steps in (self.input, self.output, self.cached_input, self.reasoning)
            for _, price in steps or ()
        )


def flat(price: Decimal) -> Steps:
    """One price for calls of any size."""
    return ((-1, price),)


def _at(steps: Steps, input_tokens: int) -> Decimal:
    if len(steps) == 1:
        return steps[0][1]
    return next(price for start, price in reversed(steps) if input_tokens > start)


def _dearest(steps: Steps, input_tokens: int) -> Decimal:
    return max(price for start, price in steps if input_tokens > start)
