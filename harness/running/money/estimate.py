"""What a run will roughly ask and cost, before anything is asked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from harness.reporting.spending import dollars, tokens
from harness.running.money.rates import ZERO

if TYPE_CHECKING:
    from harness.running.money.prices import Pricing

CHARACTERS_A_TOKEN = 4
"""Of English; other languages take more tokens."""
ANSWER_TOKENS = (100, 1_500)
"""What an answer is taken to have, where no earlier run says more."""
CALLS_AN_ANSWER = (Decimal(1), Decimal("1.25"))
"""Without and with answers that do not fit the schema and are asked for again."""
SPREAD = (Decimal("0.75"), Decimal("1.25"))
"""How far a run may differ from earlier ones."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What earlier runs of the same system over the same suite came to.

    Attributes:
        answers: How many they asked for.
        calls: How many calls that took.
        output_tokens: What was answered in all of them.
    """

    answers: int
    calls: int
    output_tokens: int


@dataclass(frozen=True, slots=True)
class Estimate:
    """About what a run will ask and cost.

    Attributes:
        answers: How many answers are still to be asked for.
        reused: How many are there already, and cost nothing.
        calls: How many calls that takes, if none is made twice.
        tokens: How many tokens are asked in them.
        low: US dollars, if all goes well; `None` when the price is not known.
        high: US dollars, if it does not.
        assumption: What low and high take an answer to be.
        hint: What to do about a price that is not known; empty when it is.
    """

    answers: int
    reused: int
    calls: int
    tokens: int
    low: Decimal | None
    high: Decimal | None
    assumption: str
    hint: str = ""


def estimate(
    pricing: Pricing,
    documents: Iterable[int],
    *,
    prompt: int,
    schema: int,
    trials: int = 1,
    reused: int = 0,
    seen: Seen | None = None,
    most_answered: int | None = None,
) -> Estimate:
    """About what it takes to ask for every document.

    Answers that are there already are taken to be of the average size. A run without documents, or one that has
    every answer, costs 0.

    Args:
        pricing: What the model costs. It is not looked at when there is nothing to ask.
        documents: The characters of each document; read once.
        prompt: The characters of what goes around the document in every call.
        schema: The characters of the schema as it is sent with every call.
        trials: How often each document is asked about.
        reused: How many answers are there already.
        seen: What earlier runs came to; `None` to assume.
        most_answered: The parameter that bounds an answer's tokens; `None` when there is none.
    """
    count = characters = 0
    for size in documents:
        count += 1
        characters += size
    answers = max(count * trials - reused, 0)
    each = 0 if not count else -(-(characters + count * (prompt + schema)) // (count * CHARACTERS_A_TOKEN))
    lengths, ratios, assumption = _expected(seen, most_answered)
    costs: list[Decimal | None] = [ZERO, ZERO]
    if answers:
        amounts = [pricing.of(each, length) for length in lengths]
        costs = [
            None if amount is None else amount * ratio * answers
            for amount, ratio in zip(amounts, ratios, strict=True)
        ]
    calls = round(answers * ratios[0])
    return Estimate(
        answers=answers,
        reused=reused,
        calls=calls,
        tokens=each * calls,
        low=costs[0],
        high=costs[1],
        assumption=assumption,
        hint=pricing.how_to_price if None in costs else "",
    )


def _expected(seen: Seen | None, most_answered: int | None) -> tuple[list[int], tuple[Decimal, Decimal], str]:
    """Low and high: the tokens of an answer, and the calls that one takes; and where that is from."""
    if seen is not None and seen.answers > 0 and seen.calls > 0:
        mean = Decimal(seen.output_tokens) / seen.calls
        lengths, ratios = [round(mean * spread) for spread in SPREAD], (Decimal(seen.calls) / seen.answers,) * 2
        assumption = f"as {_counted(seen.answers, 'earlier answer')} took, give or take a quarter"
    else:
        lengths, ratios, assumption = list(ANSWER_TOKENS), CALLS_AN_ANSWER, ""
    if most_answered is not None:
        lengths = [min(length, most_answered) for length in lengths]
    between = " to ".join(f"{length:,}" for length in sorted(set(lengths)))
    return lengths, ratios, assumption or f"if an answer takes {between} tokens, which is a guess"


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def estimate_line(name: str, guess: Estimate) -> str:
    """An estimate in one line for a person.

    Args:
        name: The system.
        guess: Its estimate.
    """
    kept = f"{_counted(guess.reused, 'answer')} there already" if guess.reused else ""
    if not guess.answers:
        return f"{name}: nothing to ask" + (f", {kept}" if kept else "")
    if guess.low is None or guess.high is None:
        cost = f"the cost is not known: {guess.hint}"
    elif not guess.high:
        cost = "costs nothing"
    elif guess.low == guess.high:
        cost = f"about {dollars(guess.low)} {guess.assumption}"
    else:
        cost = f"about {dollars(guess.low)} to {dollars(guess.high)} {guess.assumption}"
    asked = f"about {_counted(guess.calls, 'call')}, about {tokens(guess.tokens)} asked"
    return f"{name}: " + "; ".join(filter(None, (asked, cost, f"{kept}, at no cost" if kept else "")))
