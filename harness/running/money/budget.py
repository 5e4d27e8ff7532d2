"""What one system may spend, and the most that one of its calls may cost.

What a call will cost is not known before it has ended. What the ceiling guarantees depends on how sure the most
is that it is taken to cost:

- With `max_completion_tokens` (or `max_tokens`) among the system's parameters, an answer has a length that the
  provider keeps to. Spending passes the ceiling only if a document takes more than twice the tokens that it was
  counted for, or if the price is wrong.
- Without, a call is taken to answer `ASSUMED_ANSWER` tokens, or to cost twice the dearest call so far where
  that is more. Longer answers can pass the ceiling, by what the calls in flight cost beyond their reservation
  and by no more: the next call is refused.

A call whose cost is never known (it timed out, or was cut off) counts for all that it had reserved.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from harness.errors import ConfigError
from harness.reporting.spending import dollars
from harness.running.money.rates import ZERO

if TYPE_CHECKING:
    from collections.abc import Mapping

    from harness.running.money.prices import Pricing
    from harness.running.money.purse import Purse, Reservation

ASSUMED_ANSWER = 8_192
"""Tokens that a call may answer, where no parameter bounds it and no dearer call was seen."""
INPUT_MARGIN = 2
"""How many times more tokens a document may take than it was counted for: counts are made without a model."""


class Budget:
    """What one system may spend: turns the size of a call into the most that it may cost.

    Args:
        pricing: What the system's model costs.
        purse: Where the money is from.
        most_answered: The parameter that bounds an answer's tokens; `None` when the system has none.
    """

    def __init__(self, pricing: Pricing, purse: Purse, *, most_answered: int | None = None) -> None:
        self._pricing = pricing
        self._purse = purse
        self._most_answered = most_answered
        self._dearest = ZERO

    def at_most(self, size: int) -> Decimal:
        """US dollars that a call of about so many tokens is taken to cost at most; 0 without a price."""
        answered = ASSUMED_ANSWER if self._most_answered is None else self._most_answered
        most = self._pricing.at_most(INPUT_MARGIN * size, answered) or ZERO
        return max(most, self._dearest * (2 if self._most_answered is None else 1))

    async def reserve(self, size: int) -> Reservation:
        """Keep room for a call; waits while calls in flight may give some back.

        Args:
            size: About how many tokens are asked.

        Raises:
            CostCeilingReached: When there is none and will be none.
        """
        return await self._purse.reserve(ZERO if self._purse.ceiling is None else self.at_most(size))

    def settle(self, reservation: Reservation, cost: Decimal | None) -> None:
        """Say what a call cost, `None` when nobody knows. Every reservation is settled, whatever happened."""
        if cost is not None and cost > self._dearest:
            self._dearest = cost
        self._purse.settle(reservation, cost)

    def presume(self, calls: int, size: int) -> None:
        """Count calls of unknown cost that an earlier part of the run made, of about so many tokens each."""
        if calls and self._purse.ceiling is not None:
            self._purse.presumed += calls * self.at_most(size)


def check_priced(pricings: Mapping[str, Pricing], ceiling: Decimal | None) -> None:
    """Refuse a ceiling over systems of which one has no price: nobody could tell when it is reached.

    Args:
        pricings: System name to its pricing.
        ceiling: US dollars; `None` for no ceiling, which needs no price.

    Raises:
        ConfigError: With the line to write for the first model that has no price.
    """
    if ceiling is None:
        return
    for name, pricing in pricings.items():
        if not pricing.known:
            raise ConfigError(
                f"the price of {pricing.model} is not known, so no ceiling of {dollars(ceiling)} can be held",
                where=f"system {name}",
                hint=pricing.how_to_price,
            )
