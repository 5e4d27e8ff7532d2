"""Look a model up in the price list of the `genai-prices` library.

The list is the one that the installed version carries. Nothing is fetched: the library can update itself over
the network, and is never asked to.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from harness.running.money.rates import ZERO, Rates, Steps, flat

if TYPE_CHECKING:
    from decimal import Decimal

    from genai_prices.data_snapshot import DataSnapshot
    from genai_prices.types import ModelInfo, ModelPrice, Provider, TieredPrices

RatesAt = Callable[[datetime], Rates | None]
"""The rates of a model at a moment; `None` when they are not known."""

_PROVIDERS = {
    "azure_openai": "azure",
    "bedrock": "aws",
    "gemini": "google",
    "generative-ai": "google",
    "vertexai": "google",
    "xai": "x-ai",
}
"""The list's name of a provider, where it is another than the one that a model is asked by.

The library's own matching takes any name that contains "openai" for OpenAI; a wrong price is worse than none.
"""

_USUAL_TIERS = ("", "auto", "default")
_NOT_SEEN = ("output_citation_mtok",)
"""What is charged for, and no answer reports in a way that is recorded."""

_LONGEST_CALL = timedelta(hours=1)


def name_and_version() -> str:
    """What the list is called, for a signature and for messages."""
    from importlib.metadata import version

    return f"genai-prices {version('genai-prices')}"


def listed_rates(model: str, base_url: str | None = None, service_tier: str = "") -> RatesAt | None:
    """The rates of `provider/model`; `None` when the list does not have it.

    Args:
        model: As a user writes it. What follows the first slash is matched by the library, which knows the
            dated names of a model and its short ones.
        base_url: Where the model is asked when that is not its provider's own address. The list is then asked
            for the provider at that address; an address it does not know has no price.
        service_tier: The provider's tier of service; `""`, `auto` and `default` are the usual one.
    """
    from genai_prices.data_snapshot import get_snapshot

    found = _found(get_snapshot(), model, base_url)
    if found is None:
        return None
    provider, info = found
    if service_tier in _USUAL_TIERS:
        known: dict[int, Rates | None] = {}

        def usual(at: datetime) -> Rates | None:
            prices = info.get_prices(at)
            if id(prices) not in known:
                known[id(prices)] = _rates(prices)
            return known[id(prices)]

        return usual
    context = {"service_tier": service_tier}

    def in_tier(at: datetime) -> Rates | None:
        own = any(info is one for one in provider.models)
        variants = (info.price_variants or ()) if own else ()
        active = any(
            variant.when == context and (variant.constraint is None or variant.constraint.active(at))
            for variant in variants
        )
        return _rates(info.get_prices(at, context)) if active else None

    return in_tier


def dearest(rates_at: RatesAt, at: datetime, input_tokens: int, output_tokens: int) -> Decimal | None:
    """The most that a call begun now may cost: some prices change with the hour while it lasts."""
    amounts = [
        rates.at_most(input_tokens, output_tokens)
        for rates in (rates_at(at), rates_at(at + _LONGEST_CALL))
        if rates is not None
    ]
    return max(amounts, default=None)


def _found(snapshot: DataSnapshot, model: str, base_url: str | None) -> tuple[Provider, ModelInfo] | None:
    asked_by, _, name = model.partition("/")
    if asked_by == "litellm":
        # It routes by a provider's name inside the model's; without one, by the model's.
        inner, slash, _ = name.partition("/")
        if slash and inner in _PROVIDERS.keys() | {provider.id for provider in snapshot.providers}:
            return _found(snapshot, name, base_url)
    try:
        if base_url is not None:
            provider = snapshot.find_provider(None, None, base_url)
        elif asked_by == "litellm":
            provider = snapshot.find_provider(name.lower(), None, None)
        else:
            listed = _PROVIDERS.get(asked_by, asked_by)
            provider = next(one for one in snapshot.providers if one.id == listed)
        return snapshot.find_provider_model(name, provider, None, None)
    except (LookupError, StopIteration):
        return None


def _rates(prices: ModelPrice) -> Rates | None:
    """The rates of a list entry; `None` when it lacks a price of text, or has one that cannot be applied."""
    asked, answered = _steps(prices.input_mtok), _steps(prices.output_mtok)
    if asked is None or answered is None or any(getattr(prices, name) is not None for name in _NOT_SEEN):
        return None
    calls = _steps(prices.requests_kcount)
    return Rates(
        input=asked,
        output=answered,
        cached_input=_steps(prices.cache_read_mtok),
        reasoning=_steps(prices.output_reasoning_mtok),
        call=ZERO if calls is None else calls[0][1] / 1_000,
    )


def _steps(price: Decimal | TieredPrices | None) -> Steps | None:
    from genai_prices.types import TieredPrices

    if isinstance(price, TieredPrices):
        return (*flat(price.base), *((tier.start, tier.price) for tier in price.tiers))
    return None if price is None else flat(price)
