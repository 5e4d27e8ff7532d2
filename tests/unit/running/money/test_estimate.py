from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.records import Price
from harness.running.money.estimate import Seen, estimate, estimate_line
from harness.running.money.prices import free, price_of

PRICED = price_of("a/b", {"a/b": Price(Decimal(1), Decimal(10))})
UNPRICED = price_of("a/c", {})


def test_a_first_run_is_estimated_from_sizes_and_stated_assumptions() -> None:
    guess = estimate(PRICED, [4_000, 8_000], prompt=1_000, schema=1_000, trials=5, reused=2)
    assert (guess.answers, guess.reused, guess.calls, guess.tokens) == (8, 2, 8, 16_000)
    assert guess.low == 8 * (2_000 + 100 * 10) / Decimal(1_000_000)
    assert guess.high == 8 * Decimal("1.25") * (2_000 + 1_500 * 10) / Decimal(1_000_000)
    assert estimate_line("gpt", guess) == (
        "gpt: about 8 calls, about 16.0k tokens asked; about $0.0240 to $0.1700 if an answer takes 100 to "
        "1,500 tokens, which is a guess; 2 answers there already, at no cost"
    )


def test_a_later_run_is_estimated_from_earlier_ones() -> None:
    seen = Seen(answers=50, calls=60, output_tokens=12_000)
    guess = estimate(PRICED, [4_000] * 100, prompt=0, schema=0, seen=seen)
    assert guess.calls == 120
    assert guess.low == 120 * (1_000 + 150 * 10) / Decimal(1_000_000)
    assert guess.high == 120 * (1_000 + 250 * 10) / Decimal(1_000_000)
    assert estimate_line("gpt", guess) == (
        "gpt: about 120 calls, about 120k tokens asked; "
        "about $0.3000 to $0.4200 as 50 earlier answers took, give or take a quarter"
    )


@pytest.mark.parametrize("seen", [Seen(0, 0, 0), Seen(5, 0, 0), Seen(0, 5, 5)])
def test_earlier_runs_without_answers_say_nothing(seen: Seen) -> None:
    assert estimate(PRICED, [40], prompt=0, schema=0, seen=seen) == estimate(PRICED, [40], prompt=0, schema=0)


def test_an_answer_is_no_longer_than_its_bound() -> None:
    guess = estimate(PRICED, [40], prompt=0, schema=0, most_answered=50)
    assert guess.low == (10 + 500) / Decimal(1_000_000)
    assert "takes 50 tokens," in guess.assumption


def test_an_unknown_price_is_said() -> None:
    guess = estimate(UNPRICED, [4_000], prompt=0, schema=0)
    assert (guess.low, guess.high) == (None, None)
    line = estimate_line("gpt", guess)
    assert line.startswith(
        'gpt: about 1 call, about 1.0k tokens asked; the cost is not known: add [prices."a/c"]'
    )


def test_what_is_free_costs_nothing() -> None:
    guess = estimate(free(), [4_000], prompt=0, schema=0)
    assert estimate_line("rules", guess) == "rules: about 1 call, about 1.0k tokens asked; costs nothing"


@pytest.mark.parametrize(("documents", "reused"), [([], 0), ([4_000] * 3, 3), ([4_000], 7)])
def test_where_nothing_is_asked_nothing_is_looked_up(documents: list[int], reused: int) -> None:
    guess = estimate(UNPRICED, documents, prompt=9, schema=9, reused=reused)
    assert (guess.answers, guess.calls, guess.tokens, guess.hint) == (0, 0, 0, "")
    assert guess.low == guess.high == Decimal(0)
    there = f", {reused} answers there already" if reused else ""
    assert estimate_line("gpt", guess) == f"gpt: nothing to ask{there}"


@given(
    documents=st.lists(st.integers(0, 10**6), max_size=20),
    trials=st.integers(1, 5),
    reused=st.integers(0, 100),
    bound=st.none() | st.integers(0, 5_000),
    seen=st.none() | st.builds(Seen, st.integers(0, 99), st.integers(0, 999), st.integers(0, 10**6)),
)
def test_low_is_never_above_high(
    documents: list[int], trials: int, reused: int, bound: int | None, seen: Seen | None
) -> None:
    guess = estimate(
        PRICED, documents, prompt=10, schema=10, trials=trials, reused=reused, most_answered=bound, seen=seen
    )
    assert guess.low is not None
    assert guess.high is not None
    assert 0 <= guess.low <= guess.high
    assert "\n" not in estimate_line("gpt", guess)
