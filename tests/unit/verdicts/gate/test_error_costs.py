from __future__ import annotations

import pytest

from harness.records import Counts
from harness.verdicts.gate.error_costs import Costs, ErrorCosts
from harness.verdicts.sums import Layout, run_sums
from tests.unit.verdicts.gate_cases import score

# correct, incorrect, missing, spurious
A, B = Counts(9, 1, 2, 3), Counts(0, 0, 0, 1)
OWN = ErrorCosts(Costs(invented=5, missed=1, wrong=3), {"b": Costs(invented=10, missed=1, wrong=3)})


def test_each_mistake_costs_1_when_nothing_is_said() -> None:
    assert ErrorCosts().of({"a": A, "b": B}) == 7


def test_costs_by_kind_and_field() -> None:
    assert OWN.of({"a": A, "b": B}) == (3 * 5 + 2 * 1 + 1 * 3) + 10
    assert OWN.of({"a": A, "b": B}, "b") == 10
    assert OWN.of({"a": A}, "b") == 0


def test_the_column_averages_trials_inside_a_document() -> None:
    scores = [score("x", 0, a=A, b=B), score("x", 1, a=A), score("y", b=B)]
    run = run_sums(scores, Layout.of(("a", "b"), {"a": 7.0}))
    assert OWN.column(run).tolist() == pytest.approx([25, 10])
    assert OWN.column(run, "b").tolist() == pytest.approx([5, 10])
