from __future__ import annotations

import pytest

from harness.records import Counts, DocumentScore, FactCounts, FailureKind, Verdict
from harness.verdicts.gate.curtailment import Curtailment, Expected
from harness.verdicts.gate.error_costs import Costs, ErrorCosts
from harness.verdicts.gate.rules import METRICS, parse_rule
from tests.unit.verdicts.gate_cases import score


def ten(documents: int, trials: int = 1, **more: ErrorCosts) -> Curtailment:
    """Documents of which gold has ten values of the field a, and one fact."""
    names = [f"d{at}" for at in range(documents)]
    return Curtailment({name: Expected({"a": 10}, 1) for name in names}, trials, lambda _: 1.0, **more)


def after(curtailment: Curtailment, *counts: tuple[int, ...]) -> Curtailment:
    for at, one in enumerate(counts):
        curtailment.add(score(f"d{at}", a=one))
    return curtailment


@pytest.mark.parametrize(
    ("rule", "counts", "decided"),
    [
        # 4 documents of 10 values: after two empty answers F1 is at most 2·20/(40+20).
        ("f1 >= 0.66", [(0, 0, 10), (0, 0, 10)], None),
        ("f1 >= 0.67", [(0, 0, 10), (0, 0, 10)], Verdict.FAIL),
        ("f1 >= 0.1", [(10,), (10,)], None),
        ("f1 of a >= 0.67", [(0, 0, 10), (0, 0, 10)], Verdict.FAIL),
        ("f1 of b >= 0.67", [(0, 0, 10), (0, 0, 10)], None),
        ("recall >= 0.5", [(10,), (10,)], Verdict.PASS),
        ("recall >= 0.51", [(10,), (10,)], None),
        ("recall >= 0.51", [(0, 0, 10), (0, 10)], Verdict.FAIL),
        ("precision >= 0.8", [(0, 10)], Verdict.FAIL),
        ("precision >= 0.7", [(0, 10)], None),
        ("edit_accuracy >= 0.7", [(0, 0, 10), (0, 0, 10)], Verdict.FAIL),
        ("over_generation <= 0.1", [(0, 0, 0, 10)], Verdict.FAIL),
        ("over_generation <= 0.5", [(10,), (10,), (10,)], None),
        ("under_generation <= 0.2", [(0, 0, 10)], Verdict.FAIL),
        ("under_generation <= 0.5", [(10,), (0, 10)], Verdict.PASS),
        ("null_specificity >= 0.9", [(0, 0, 0, 9)], None),
        ("exactly_right >= 0.9", [(9, 1)], Verdict.FAIL),
        ("exactly_right >= 0.75", [(9, 1)], None),
        ("exactly_right >= 0.25", [(10,)], Verdict.PASS),
        ("failure_rate <= 0.2", [(10,)], None),
        ("error_cost <= 2.4", [(0, 0, 10)], Verdict.FAIL),
        ("error_cost <= 2.5", [(0, 0, 10)], None),
        ("document_f1 >= 0.8", [(0, 0, 10)], Verdict.FAIL),
        ("document_f1 >= 0.75", [(0, 0, 10)], None),
        ("document_f1 >= 0.5", [(10,), (10,)], Verdict.PASS),
        ("document_f1 >= 0.51", [(10,), (10,)], None),
        ("macro_f1 >= 0.86", [(0, 0, 10)], Verdict.FAIL),
        ("macro_f1 >= 0.85", [(0, 0, 10)], None),
        ("lower(f1) >= 0.9", [(0, 0, 10)] * 3, None),
        ("f1 >= baseline - 0.1", [(0, 0, 10)] * 3, None),
        ("latency_p95 <= 0", [(0, 0, 10)] * 3, None),
        ("dollars_per_document <= 0", [(0, 0, 10)] * 3, None),
    ],
)
def test_a_rule_is_decided_as_soon_as_nothing_can_change_it(
    rule: str, counts: list[tuple[int, ...]], decided: Verdict | None
) -> None:
    assert after(ten(4), *counts).decided(parse_rule(rule)) is decided


@pytest.mark.parametrize("metric", sorted(METRICS))
def test_nothing_is_decided_before_the_first_answer(metric: str) -> None:
    sign = ">=" if METRICS[metric].more_is_better else "<="
    assert ten(4).decided(parse_rule(f"{metric} {sign} 0.5")) is None


def test_failures_and_facts() -> None:
    curtailment = ten(4)
    for at in range(2):
        curtailment.add(
            DocumentScore(
                f"d{at}", 0, {"a": Counts(missing=10)}, {"f": FactCounts(missing=1)}, failure=FailureKind.EMPTY
            )
        )
    for rule in ("failure_rate <= 0.49", "fact_recall >= 0.51", "fact_f1 >= 0.7", "exactly_right >= 0.51"):
        assert curtailment.decided(parse_rule(rule)) is Verdict.FAIL
    for rule in ("failure_rate <= 0.5", "fact_recall >= 0.5", "fact_f1 >= 0.6", "fact_precision >= 0.9"):
        assert curtailment.decided(parse_rule(rule)) is None


def test_one_failing_rule_decides_all_and_passing_takes_each() -> None:
    curtailment = after(ten(4), (10,), (10,))
    passing, failing, open_one = map(parse_rule, ("recall >= 0.5", "error_cost <= 2", "f1 >= 0.1"))
    assert curtailment.verdict([passing]) is Verdict.PASS
    assert curtailment.verdict([passing, open_one]) is None
    curtailment.add(score("d2", a=(0, 0, 10)))
    assert curtailment.verdict([passing, open_one, failing]) is Verdict.FAIL


def test_an_answer_counts_once_and_only_when_it_was_planned() -> None:
    curtailment = ten(2)
    for name, trial in (("d0", 0), ("d0", 0), ("d9", 0), ("d1", 1)):
        curtailment.add(score(name, trial, a=(0, 0, 10)))
    assert (curtailment.planned, curtailment.left) == (2, 1)
    assert curtailment.reach(parse_rule("recall >= 0.5")) == (0.0, 0.5)


def test_weights_and_costs_are_those_that_are_given() -> None:
    expected = {name: Expected({"a": 1, "b": 1}) for name in ("x", "y")}
    curtailment = Curtailment(
        expected, 1, {"a": 3.0, "b": 1.0}.__getitem__, ErrorCosts(Costs(), {"a": Costs(missed=7)})
    )
    curtailment.add(score("x", a=(0, 0, 1), b=(1,)))
    assert curtailment.reach(parse_rule("recall >= 0.5")) == (1 / 8, 5 / 8)
    assert curtailment.reach(parse_rule("error_cost <= 1")) == (3.5, float("inf"))
    assert curtailment.reach(parse_rule("error_cost of b <= 1")) == (0.0, float("inf"))


def test_a_document_of_unknown_size_leaves_everything_open_until_it_is_there() -> None:
    expected = {"x": Expected({"a": 10}), "y": Expected(known=False)}
    curtailment = Curtailment(expected, 1, lambda _: 1.0)
    curtailment.add(score("x", a=(0, 0, 10)))
    assert curtailment.decided(parse_rule("f1 >= 0.9")) is None
    assert curtailment.decided(parse_rule("exactly_right >= 0.9")) is Verdict.FAIL
    curtailment.add(score("y", a=(1,)))
    assert curtailment.decided(parse_rule("f1 >= 0.9")) is Verdict.FAIL
