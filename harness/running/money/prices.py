"""What the calls of a system cost: the user's own prices first, then the price list. Never a guess.

The price list is loaded when a price is asked for the first time, and not at all for what is free or priced by
the user.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

from harness.records import Attempt, Price
from harness.running.money.rates import ZERO, Rates, flat

if TYPE_CHECKING:
    from harness.running.money.price_list import RatesAt


class Pricing:
    """What one model costs.

    Args:
        model: `provider/model`, for messages.
        origin: Where the price is from.
        look_up: Finds the rates, when they are needed.
        clock: The moment, since prices change from day to day and some within a day.
    """

    def __init__(
        self,
        model: str,
        origin: Callable[[], str],
        look_up: Callable[[], RatesAt | None],
        clock: Callable[[], datetime],
    ) -> None:
        self.model = model
        self._origin = origin
        self._look_up = look_up
        self._clock = clock

    @cached_property
    def _rates_at(self) -> RatesAt:
        return self._look_up() or _unknown

    @property
    def origin(self) -> str:
        """Where the price is from, for a run's details; `not known` when there is none."""
        return self._origin() if self.known else "not known"

    @property
    def known(self) -> bool:
        """Whether the model has a price."""
        return self._rates_at(self._clock()) is not None

    @property
    def free(self) -> bool:
        """Whether the model is known to cost nothing."""
        rates = self._rates_at(self._clock())
        return rates is not None and rates.nothing

    @property
    def how_to_price(self) -> str:
        """What a user is to write for a model without a price."""
        return (
            f'add [prices."{self.model}"] to harness.toml, with input = … and output = … '
            f"in US dollars for a million tokens"
        )

    def cost(self, attempt: Attempt) -> Decimal | None:
        """US dollars that a call cost; `None` when that is not known.

        - A cost that the attempt already has is returned as it is: an adapter that knows that no model was
          reached says 0.
        - Without reported tokens it is not known: a call that was given up after a time-out, or broke off half
          way, may have been billed.
        - Reasoning tokens are part of the answered ones and cached tokens part of those asked; neither is
          counted twice. A report in which the part is greater than the whole, or one of the two is missing,
          says nothing that can be relied on: not known.
        """
        if attempt.cost is not None:
            return attempt.cost
        asked, answered = attempt.input_tokens, attempt.output_tokens
        rates = self._rates_at(self._clock())
        if rates is None or rates.nothing:
            return None if rates is None else ZERO
        cached, thought = attempt.cached_input_tokens or 0, attempt.reasoning_tokens or 0
        if asked is None or answered is None or not 0 <= cached <= asked or not 0 <= thought <= answered:
            return None
        return rates.cost(asked, answered, cached, thought)

    def of(self, input_tokens: int, output_tokens: int) -> Decimal | None:
        """US dollars for one call of so many tokens, none of them cached; `None` without a price."""
        rates = self._rates_at(self._clock())
        return None if rates is None else rates.cost(input_tokens, output_tokens)

    def at_most(self, input_tokens: int, output_tokens: int) -> Decimal | None:
        """The most that one call can cost that asks and answers no more than these; `None` without a price."""
        from harness.running.money.price_list import dearest

        return dearest(self._rates_at, self._clock(), input_tokens, output_tokens)


def utc_now() -> datetime:
    """The moment, in UTC."""
    return datetime.now(UTC)


def free(model: str = "") -> Pricing:
    """The pricing of what costs nothing: the offline systems, and a model that this machine serves."""
    rates = Rates(flat(ZERO), flat(ZERO))
    return Pricing(model, lambda: "costs nothing", lambda: lambda _: rates, utc_now)


def price_of(
    model: str,
    own: Mapping[str, Price],
    *,
    base_url: str | None = None,
    local: bool = False,
    service_tier: str = "",
    clock: Callable[[], datetime] = utc_now,
) -> Pricing:
    """The pricing of a model.

    Args:
        model: `provider/model`.
        own: The user's prices, by `provider/model`. They win, for a local model too: what answers on loopback
            may pass the question on to somebody who charges.
        base_url: Where the model is asked, when that is not its provider's own address.
        local: This machine serves the model, so that it costs nothing.
        service_tier: The call's parameter of that name.
        clock: Tells the moment; for tests.
    """
    price = own.get(model)
    if price is not None:
        rates = Rates(
            input=flat(price.input),
            output=flat(price.output),
            cached_input=None if price.cached_input is None else flat(price.cached_input),
        )
        return Pricing(model, lambda: "harness.toml", lambda: lambda _: rates, clock)
    if local:
        return free(model)

    def look_up() -> RatesAt | None:
        from harness.running.money.price_list import listed_rates

        return listed_rates(model, base_url, service_tier)

    def origin() -> str:
        from harness.running.money.price_list import name_and_version

        return name_and_version()

    return Pricing(model, origin, look_up, clock)


def _unknown(at: datetime) -> Rates | None:
    del at
    return None
