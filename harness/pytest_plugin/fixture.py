"""What the fixture `harness_gate` does."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from harness.errors import HarnessError, UsageError
from harness.pytest_plugin.deciding import Question, decided
from harness.records import Verdict
from harness.reporting import error_text
from harness.reporting.gate.wording import gate_report
from harness.suites.configuration import find_configuration

if TYPE_CHECKING:
    from harness.records import GateDecision


def passed_gate(
    config: pytest.Config,
    place: str | Path,
    suite: str | None,
    system: str | None,
    *,
    prompt: str | None,
    trials: int,
    max_cost: Decimal | float | str | None,
) -> GateDecision:
    """The decision, when the release passes; else the test fails with what the gate says, or why it cannot.

    Args:
        config: Of the test session.
        place: The `harness.toml`, or the folder in or above which it is.
        suite: The suite's name; `None` for the only one.
        system: The system's name; `None` for the only one of the suite.
        prompt: The version of the suite's prompt; `None` for its own.
        trials: How often each document is asked.
        max_cost: US dollars that asking may cost at most.
    """
    __tracebackhide__ = True
    decision: GateDecision | HarnessError
    try:
        path = Path(place)
        path = find_configuration(path) if path.is_dir() else path
        question = Question.of(path, suite, system, max_cost=_dollars(max_cost), trials=trials, prompt=prompt)
        decision = decided(config, question)
    except HarnessError as error:
        decision = error
    if isinstance(decision, HarnessError):  # outside of the handler, or pytest prints the error twice
        pytest.fail(error_text(decision), pytrace=False)
    if decision.counts_as is not Verdict.PASS:
        pytest.fail(gate_report(decision), pytrace=False)
    return decision


def _dollars(amount: Decimal | float | str | None) -> Decimal | None:
    if amount is None:
        return None
    try:
        most = Decimal(str(amount))
    except InvalidOperation:
        most = Decimal("NaN")
    if not most.is_finite() or most < 0:
        raise UsageError(f"max_cost is {amount!r}", hint="give US dollars, such as 0.50")
    return most
