"""A small schema, and evaluations of it made by the real scorer."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from typing import Annotated, Any

import pytest
from pydantic import BaseModel
from rich.console import Console

from harness.marks import Evidence, Records, Text, Ungraded, Weight
from harness.records import Extraction, ExtractionFailure, FailureKind, Outcome
from harness.schema import Plan
from harness.schema.compile import compile_model
from harness.scoring.evaluation import Evaluation
from harness.scoring.scorer import Scorer

TEXT = "Three bolts and nine long nails lie on the old wooden table."
GOLD: dict[str, Any] = {
    "title": "Stock",
    "parts": [
        {"name": "bolts", "amount": 3, "evidence": ["Three bolts"]},
        {"name": "nails", "amount": 9, "evidence": ["nine long nails"]},
    ],
}
MIXED: dict[str, Any] = {
    "title": "Stock",
    "note": "ungraded",
    "odd": 1,
    "parts": [
        {"name": "nails", "amount": 8, "evidence": ["nine long nails"]},
        {"name": "bolts", "amount": 3, "evidence": ["Three bolts"]},
        {"name": "tacks", "amount": 5, "evidence": ["five shiny brass tacks"]},
        {"name": "hinge"},
    ],
}


class Part(BaseModel):
    name: Annotated[str, Text(0.9), Weight(2)]
    amount: int | None = None
    evidence: Annotated[list[str], Evidence()] = []


class Stock(BaseModel):
    title: str
    note: Annotated[str | None, Ungraded()] = None
    parts: Annotated[list[Part], Records(keys=("name",))] = []


@pytest.fixture(scope="session")
def plan() -> Plan:
    return compile_model(Stock)


Evaluate = Callable[..., Evaluation]


@pytest.fixture(scope="session")
def evaluate(plan: Plan) -> Evaluate:
    """Evaluate answers, one a document: a value, or a kind of failure."""
    scorer = Scorer(plan)

    def of(*answers: Mapping[str, Any] | FailureKind, trials: int = 1) -> Evaluation:
        scores = []
        for position, answer in enumerate(answers):
            document, trial = f"d{position // trials}", position % trials
            prediction = (
                ExtractionFailure(document, trial, answer)
                if isinstance(answer, FailureKind)
                else Extraction(document, trial, answer)
            )
            scores.append(scorer.score(GOLD, prediction, TEXT))
        return Evaluation(plan, tuple(scores))

    return of


@pytest.fixture(scope="session")
def perfect(evaluate: Evaluate) -> Evaluation:
    return evaluate(*[GOLD] * 5)


@pytest.fixture(scope="session")
def mixed(evaluate: Evaluate) -> Evaluation:
    return evaluate(MIXED)


@pytest.fixture(scope="session")
def empty(evaluate: Evaluate) -> Evaluation:
    return evaluate()


@pytest.fixture(scope="session")
def outcomes(plan: Plan) -> tuple[Outcome, ...]:
    return Scorer(plan).explain(GOLD, Extraction("d0", 0, MIXED))


@pytest.fixture(autouse=True)
def no_wishes_for_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment of whoever runs the tests decides nothing."""
    for name in ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")


@pytest.fixture
def piped() -> Console:
    return Console(file=io.StringIO(), markup=False, emoji=False, highlight=False)


@pytest.fixture
def terminal() -> Callable[[int], Console]:
    """A colour terminal of some width."""

    def of(width: int) -> Console:
        return Console(
            file=io.StringIO(),
            force_terminal=True,
            width=width,
            color_system="truecolor",
            legacy_windows=False,
            markup=False,
            emoji=False,
            highlight=False,
        )

    return of
