from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from genai_prices import Usage
from genai_prices.data_snapshot import get_snapshot
from hypothesis import given
from hypothesis import strategies as st

from harness.records import Attempt, FailureKind, Price
from harness.running.money.prices import Pricing, free, price_of

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
OWN = {"openai/mine": Price(Decimal("0.25"), Decimal(2), Decimal("0.025"))}


def noon() -> datetime:
    return NOON


def listed(model: str, **options: Any) -> Pricing:
    return price_of(model, {}, clock=noon, **options)


def attempt(asked: int | None = 1_000, answered: int | None = 100, **fields: Any) -> Attempt:
    return Attempt("{}", 1.0, asked, answered, **fields)


def test_own_prices_are_exact() -> None:
    pricing = price_of("openai/mine", OWN)
    assert pricing.cost(attempt(1, 0)) == Decimal("0.00000025")
    assert pricing.cost(attempt(1_000_000, 1_000_000)) == Decimal("2.25")
    assert pricing.cost(attempt(1_000, 10, cached_input_tokens=999)) == Decimal("0.000045225")
    assert (pricing.known, pricing.free, pricing.origin) == (True, False, "harness.toml")


def test_cached_tokens_cost_as_much_as_others_where_no_price_says_otherwise() -> None:
    pricing = price_of("a/b", {"a/b": Price(Decimal(1), Decimal(1))})
    assert pricing.cost(attempt(1_000, 0, cached_input_tokens=500)) == Decimal("0.001")


def test_reasoning_is_part_of_what_was_answered() -> None:
    pricing = price_of("openai/mine", OWN)
    assert pricing.cost(attempt(reasoning_tokens=90)) == pricing.cost(attempt())


def test_own_prices_win_over_the_list_and_over_being_local() -> None:
    own = {"openai/gpt-5-mini": Price(Decimal(7), Decimal(7))}
    for local in (False, True):
        pricing = price_of("openai/gpt-5-mini", own, local=local)
        assert pricing.cost(attempt(1_000_000, 0)) == 7


def test_what_this_machine_serves_is_free_whatever_came_back() -> None:
    for pricing in (free(), price_of("openai/gpt-5-mini", {}, local=True)):
        for one in (attempt(), attempt(None, None), attempt(None, None, failure=FailureKind.TIMED_OUT)):
            assert pricing.cost(one) == 0
        assert pricing.known
        assert pricing.free


def test_the_list_is_not_loaded_for_what_does_not_need_it() -> None:
    code = """if True:
        import sys
        from decimal import Decimal
        from harness.records import Attempt, Price
        from harness.running.money.prices import free, price_of
        one = Attempt("{}", 1.0, 5, 5)
        free().cost(one)
        free().at_most(5, 5)
        price_of("a/b", {"a/b": Price(Decimal(1), Decimal(1))}).cost(one)
        listed = price_of("openai/gpt-5-mini", {})
        assert "genai_prices" not in sys.modules
        assert listed.cost(one)
        assert "genai_prices" in sys.modules
        import threading
        assert threading.active_count() == 1
    """
    subprocess.run([sys.executable, "-c", code], check=True)


SAME = (
    ("openai/gpt-5-mini", "openai", "gpt-5-mini"),
    ("openai/gpt-5-mini-2025-08-07", "openai", "gpt-5-mini"),
    ("openrouter/openai/gpt-5-mini", "openrouter", "openai/gpt-5-mini"),
    ("azure_openai/gpt-5-mini", "azure", "gpt-5-mini"),
    ("litellm/openai/gpt-5-mini", "openai", "gpt-5-mini"),
    ("litellm/gpt-5-mini", "openai", "gpt-5-mini"),
    ("xai/grok-3", "x-ai", "grok-3"),
    ("gemini/gemini-2.5-pro", "google", "gemini-2.5-pro"),
    ("vertexai/gemini-2.5-flash", "google", "gemini-2.5-flash"),
    ("anthropic/claude-sonnet-4-5", "anthropic", "claude-sonnet-4-5"),
    ("deepseek/deepseek-chat", "deepseek", "deepseek-chat"),
    ("perplexity/sonar", "perplexity", "sonar"),
)
SIZES = ((0, 0, 0), (1, 1, 0), (199_999, 5, 100), (200_001, 5_000, 100_000), (1_000_003, 77, 1_000_003))


@pytest.mark.parametrize(("model", "provider", "name"), SAME)
@pytest.mark.parametrize(("asked", "answered", "cached"), SIZES)
def test_listed_prices_are_the_librarys(
    model: str, provider: str, name: str, asked: int, answered: int, cached: int
) -> None:
    usage = Usage(input_tokens=asked, output_tokens=answered, cache_read_tokens=cached)
    theirs = get_snapshot().calc(usage, name, provider, None, NOON).total_price
    assert listed(model).cost(attempt(asked, answered, cached_input_tokens=cached)) == theirs
    assert theirs or not asked


def test_a_price_has_a_name() -> None:
    assert listed("openai/gpt-5-mini").origin.startswith("genai-prices ")


def test_tiers_apply_to_the_whole_call() -> None:
    pricing = listed("gemini/gemini-2.5-pro")
    below, above = pricing.of(200_000, 0), pricing.of(200_001, 0)
    assert below is not None
    assert above is not None
    assert above > below * Decimal("1.5")


def test_a_price_is_that_of_the_day() -> None:
    before = price_of("openai/o3", {}, clock=lambda: datetime(2025, 6, 9, tzinfo=UTC))
    after = price_of("openai/o3", {}, clock=lambda: datetime(2025, 6, 10, tzinfo=UTC))
    assert before.of(1_000_000, 0) == Decimal(10)
    assert after.of(1_000_000, 0) == Decimal(2)


def test_a_tier_of_service_has_its_own_price() -> None:
    usual = listed("openai/gpt-5-mini").of(1_000_000, 0)
    assert usual == Decimal("0.25")
    assert listed("openai/gpt-5-mini", service_tier="auto").of(1_000_000, 0) == usual
    assert listed("openai/gpt-5-mini", service_tier="flex").of(1_000_000, 0) == Decimal("0.125")
    assert listed("openai/gpt-5-mini", service_tier="gold").of(1_000_000, 0) is None


@pytest.mark.parametrize(
    "model",
    [
        "openai/my-finetune",
        "openai/ft:gpt-4o-mini:acme::x",
        "openai/text-embedding-3-small",
        "ollama/gpt-5-mini",
        "not-openai/gpt-5-mini",
        "gpt-5-mini",
        "openai/",
        "/",
        "",
        "litellm/",
        "perplexity/sonar-deep-research",
    ],
)
def test_an_unknown_price_is_said_and_never_nothing(model: str) -> None:
    pricing = listed(model)
    assert pricing.cost(attempt()) is None
    assert pricing.of(1, 1) is None
    assert pricing.at_most(1, 1) is None
    assert (pricing.known, pricing.free, pricing.origin) == (False, False, "not known")
    assert f'[prices."{model}"]' in pricing.how_to_price


@pytest.mark.parametrize(
    ("model", "base_url", "known"),
    [
        ("openai/gpt-5-mini", "https://api.openai.com/v1", True),
        ("openai/deepseek-chat", "https://api.deepseek.com", True),
        ("openai/gpt-5-mini", "https://gateway.example/v1", False),
        ("openai/gpt-5-mini", "http://localhost:8000/v1", False),
    ],
)
def test_another_address_is_another_provider(model: str, base_url: str, known: bool) -> None:
    assert listed(model, base_url=base_url).known is known


@pytest.mark.parametrize(
    ("one", "cost"),
    [
        (Attempt(None, 1.0, failure=FailureKind.ERROR, detail="401", cost=Decimal(0)), Decimal(0)),
        (Attempt(None, 1.0, 0, 0, failure=FailureKind.ERROR), Decimal(0)),
        (Attempt(None, 1.0, failure=FailureKind.ERROR), None),
        (Attempt(None, 1.0, failure=FailureKind.TIMED_OUT), None),
        (Attempt(None, 1.0, failure=FailureKind.INTERRUPTED), None),
        (Attempt(None, 1.0, failure=FailureKind.EMPTY), None),
        (Attempt('{"a', 1.0, failure=FailureKind.ERROR), None),
        (Attempt("", 1.0, failure=FailureKind.ERROR), None),
        (Attempt("{}", 1.0), None),
        (Attempt("{}", 1.0, 10, None), None),
        (Attempt("{}", 1.0, None, 10), None),
        (Attempt("{}", 1.0, 10, 10, cached_input_tokens=11), None),
        (Attempt("{}", 1.0, 10, 10, reasoning_tokens=11), None),
        (Attempt("{}", 1.0, -10, 10), None),
        (Attempt("{}", 1.0, 10, -1), None),
        (Attempt("{}", 1.0, 4, 1, failure=FailureKind.INVALID), Decimal("0.000003")),
        (Attempt(None, 1.0, 4, 1, failure=FailureKind.ERROR), Decimal("0.000003")),
        (Attempt(None, 1.0, 4, 1, failure=FailureKind.TIMED_OUT, cost=Decimal(0)), Decimal(0)),
    ],
)
def test_only_a_call_that_reached_no_model_costs_nothing_without_usage(
    one: Attempt, cost: Decimal | None
) -> None:
    assert price_of("openai/mine", OWN).cost(one) == cost


def test_a_call_that_reached_no_model_costs_nothing_even_without_a_price() -> None:
    turned_away = Attempt(None, 1.0, failure=FailureKind.ERROR, cost=Decimal(0))
    assert listed("openai/my-finetune").cost(turned_away) == 0


@given(
    asked=st.integers(0, 10**9),
    answered=st.integers(0, 10**9),
    cached=st.integers(0, 10**9),
    thought=st.integers(0, 10**9),
    model=st.sampled_from(
        ["gemini/gemini-2.5-pro", "perplexity/sonar", "deepseek/deepseek-chat", "openai/mine"]
    ),
)
def test_no_call_costs_more_than_at_most(
    asked: int, answered: int, cached: int, thought: int, model: str
) -> None:
    pricing = price_of(model, OWN, clock=noon)
    one = attempt(
        asked, answered, cached_input_tokens=min(asked, cached), reasoning_tokens=min(answered, thought)
    )
    cost, most = pricing.cost(one), pricing.at_most(asked, answered)
    assert cost is not None
    assert most is not None
    assert 0 <= cost <= most
