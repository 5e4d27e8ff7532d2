from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from harness.records import DocumentScore, FailureKind, Verdict
from harness.verdicts.gate.curtailment import Curtailment, Expected
from harness.verdicts.gate.error_costs import Costs, ErrorCosts
from harness.verdicts.gate.gating import LEVEL
from harness.verdicts.gate.measures import Seen
from harness.verdicts.gate.reasons import of_difference
from harness.verdicts.gate.rules import parse_rule
from tests.unit.verdicts.gate_cases import FREE, decided, judged, policy, run_of, score

Run = list[DocumentScore]

# correct, incorrect, missing, spurious
MIXED = run_of((9, 1), (8, 2), (10, 0), (7, 3), (9, 0, 1), (8, 1, 1), (9, 1), (10, 0), (6, 4), (9, 1))
WORSE = run_of((5, 5), (4, 6), (6, 4), (3, 7), (5, 0, 5), (4, 1, 5), (5, 5), (6, 4), (2, 8), (5, 5))
FAILED = [replace(one, failure=FailureKind.EMPTY) for one in run_of(*[(0, 0, 10)] * 10)]


@pytest.mark.parametrize(
    ("rule", "verdict", "reason"),
    [
        ("f1 >= 0.8", "pass", "0.859 is at least 0.8"),
        ("f1 >= 0.9", "fail", "0.859 is below 0.9"),
        ("over_generation <= 0.1", "pass", "0.000 is at most 0.1"),
        ("under_generation <= 0.01", "fail", "0.020 is above 0.01"),
        ("f1 of a >= 0.8", "pass", "0.859 is at least 0.8"),
        ("exactly_right >= 0.2", "pass", "0.200 is at least 0.2"),
        ("failure_rate <= 0", "pass", "0.000 is at most 0"),
        ("latency_p95 <= 2", "pass", "2.000 s is at most 2 s"),
        ("latency_p50 <= 0.5", "fail", "1.000 s is above 0.5 s"),
        ("error_cost <= 1.5", "pass", "1.500 is at most 1.5"),
        ("error_cost of a <= 1.4", "fail", "1.500 is above 1.4"),
    ],
)
def test_a_value_passes_or_fails_by_itself(rule: str, verdict: str, reason: str) -> None:
    result = judged(rule, MIXED)
    assert (result.verdict, result.reason) == (verdict, reason)
    assert (result.more_documents, result.more_trials) == (None, None)


def test_a_value_just_below_its_limit_does_not_look_like_it() -> None:
    result = judged("f1 >= 0.85859", MIXED)
    assert (result.verdict, result.reason) == ("fail", "0.858586 is below 0.85859")


def test_rounding_takes_nothing_from_a_value() -> None:
    run = run_of(*[(1, 9)] * 3)  # 0.1 as 6/60
    assert judged("f1 >= 0.1", run).verdict is Verdict.PASS
    assert judged("f1 of a >= 0.1", run).verdict is Verdict.PASS


@pytest.mark.parametrize(
    ("rule", "verdict"),
    [("lower(f1) >= 0.7", "pass"), ("lower(f1) >= 0.95", "fail"), ("lower(f1) >= 0.85", "inconclusive")],
)
def test_a_bound_passes_fails_or_leaves_it_open(rule: str, verdict: str) -> None:
    result = judged(rule, MIXED)
    assert result.verdict == verdict
    assert result.seen.interval is not None
    assert result.seen.interval.level == LEVEL
    assert (result.more_documents is not None) == (verdict == "inconclusive")


def test_no_failure_in_five_documents_is_no_proof_of_none() -> None:
    five = MIXED[:5]
    result = judged("upper(failure_rate) <= 0.05", five)
    assert result.verdict is Verdict.INCONCLUSIVE
    assert result.seen.interval is not None
    assert round(result.seen.interval.high, 2) == 0.45
    assert result.more_documents == 59 - 5  # 1 − 0.05^(1/59) is the first below 0.05
    assert judged("upper(failure_rate) <= 0.5", five).verdict is Verdict.PASS
    assert judged("upper(failure_rate) <= 0", five).more_documents is None


def test_all_right_in_five_documents_is_no_proof_of_always() -> None:
    perfect = run_of(*[(10,)] * 5)
    for rule in ("lower(exactly_right) >= 0.9", "lower(f1) >= 0.9", "lower(f1 of a) >= 0.9"):
        result = judged(rule, perfect)
        assert (result.verdict, result.seen.value) == (Verdict.INCONCLUSIVE, 1.0)
        assert result.more_documents is not None


def test_the_same_cost_everywhere_says_nothing_about_other_documents() -> None:
    result = judged("upper(error_cost) <= 5", run_of(*[(10,)] * 8))
    assert result.verdict is Verdict.INCONCLUSIVE
    assert "every document costs the same" in result.reason
    assert judged("upper(error_cost) <= 5", MIXED).verdict is Verdict.PASS


@pytest.mark.parametrize("documents", [1, 2, 4])
def test_few_documents_have_values_and_no_bounds(documents: int) -> None:
    run = MIXED[:documents]
    assert judged("f1 >= 0.8", run).verdict is Verdict.PASS
    result = judged("lower(f1) >= 0.1", run)
    assert result.verdict is Verdict.INCONCLUSIVE
    assert "bounds need at least 5" in result.reason
    assert result.more_documents == (None if documents == 1 else 5 - documents)
    assert judged("f1 >= baseline - 0.1", run, WORSE[:documents]).verdict is Verdict.INCONCLUSIVE


@pytest.mark.parametrize(
    ("rule", "candidate", "baseline", "verdict", "words"),
    [
        ("f1 >= baseline - 0.1", MIXED, WORSE, "pass", "not worse"),
        ("f1 >= baseline - 0", MIXED, WORSE, "pass", "not worse"),
        ("f1 >= baseline - 0.1", WORSE, MIXED, "fail", "worse by at least"),
        ("f1 >= baseline - 0.9", WORSE, MIXED, "pass", "worse by at most"),
        ("f1 of a >= baseline - 0.1", WORSE, MIXED, "fail", "worse by at least"),
        ("under_generation <= baseline + 0.5", WORSE, MIXED, "pass", "worse by at most"),
        ("exactly_right >= baseline - 0.02", WORSE, MIXED, "inconclusive", "any difference from"),
        ("failure_rate <= baseline + 0.1", FAILED, MIXED, "fail", "worse by at least"),
        ("error_cost <= baseline + 1", WORSE, MIXED, "fail", "worse by at least"),
        ("error_cost <= baseline + 9", WORSE, MIXED, "pass", "worse by at most"),
    ],
)
def test_a_margin_is_held_against_the_bounds_of_the_difference(
    rule: str, candidate: Run, baseline: Run, verdict: str, words: str
) -> None:
    result = judged(rule, candidate, baseline)
    assert result.verdict == verdict
    assert words in result.reason


@pytest.mark.parametrize(
    ("rule", "low", "high", "said"),
    [
        ("f1 >= baseline - 0.05", -0.0501, 0.042, "from -0.0501 to +0.042 is possible, the limit -0.05 among"),
        ("f1 >= baseline - 0.05", -0.1, -0.04996, "from -0.100 to -0.04996 is possible, the limit -0.05 among"),
        ("f1 >= baseline", -0.00004, 0.02, "from -0.00004 to +0.020 is possible, and a margin of 0"),
        ("error_cost <= baseline + 3", 2.9999, 4.0, "from +2.9999 to +4.000 is possible, the limit +3 among"),
    ],
)
def test_the_bounds_of_a_difference_do_not_look_like_its_limit(
    rule: str, low: float, high: float, said: str
) -> None:
    reason = of_difference(parse_rule(rule), Seen(0.0, low, high), Verdict.INCONCLUSIVE)
    assert reason.startswith(f"any difference {said}")


def test_a_difference_between_its_bounds_is_open_and_says_what_would_settle_it() -> None:
    other = run_of((9, 1), (9, 1), (9, 1), (8, 2), (8, 0, 2), (8, 1, 1), (10, 0), (9, 1), (7, 3), (8, 2))
    result = judged("f1 >= baseline - 0.02", MIXED, other)
    assert result.verdict is Verdict.INCONCLUSIVE
    assert result.seen.interval is not None
    assert result.seen.interval.low < -0.02 < result.seen.interval.high
    assert result.more_documents is not None
    assert result.more_documents > 0
    assert result.reason == "any difference from -0.074 to +0.049 is possible, the limit -0.02 among them"
    zero = judged("f1 >= baseline - 0", MIXED, other)
    assert zero.verdict is Verdict.INCONCLUSIVE
    assert "a margin of 0 passes only what is shown to be better" in zero.reason


@pytest.mark.parametrize("documents", [1, 3, 10])
@pytest.mark.parametrize(
    "rule",
    [
        "f1 >= baseline - 0",
        "exactly_right >= baseline - 0",
        "failure_rate <= baseline + 0",
        "f1 of b >= baseline",
    ],
)
def test_identical_runs_pass_with_any_margin_and_any_number(documents: int, rule: str) -> None:
    result = judged(rule, MIXED[:documents], MIXED[:documents])
    assert result.verdict is Verdict.PASS
    assert "the same in every document" in result.reason


def test_a_field_that_no_document_changed_in_passes_while_others_changed() -> None:
    before = [score(f"d{at}", a=(9, 1), b=(5, 1)) for at in range(4)]
    after = [score(f"d{at}", a=(5, 5), b=(5, 1)) for at in range(4)]
    result = judged("f1 of b >= baseline - 0", after, before)
    assert (result.verdict, result.seen.value) == (Verdict.PASS, 0.0)
    assert result.reason == "no document changed in it"
    assert judged("f1 of a >= baseline - 0", after, before).verdict is Verdict.INCONCLUSIVE


@pytest.mark.parametrize(
    ("rule", "run", "words"),
    [
        ("f1 of b >= 0.1", MIXED, "no document has anything to say about b"),
        ("lower(f1 of b) >= 0.1", MIXED, "no document has anything to say about b"),
        ("f1 >= 0.1", run_of(*[(0, 0, 0, 0, 3)] * 6), "neither gold nor any answer has a value"),
        ("precision >= 0.1", FAILED, "no answer has a value"),
        ("recall >= 0.1", run_of(*[(0, 0, 0, 1)] * 6), "gold has no value"),
        ("fact_f1 >= 0.1", MIXED, "neither gold nor any answer has a fact"),
        ("null_specificity >= 0.1", MIXED, "gold leaves nothing open"),
    ],
)
def test_what_is_not_defined_is_inconclusive(rule: str, run: Run, words: str) -> None:
    result = judged(rule, run)
    assert (result.verdict, result.seen.value, result.more_documents) == (Verdict.INCONCLUSIVE, None, None)
    assert words in result.reason


def test_a_field_absent_from_every_document_is_no_difference_either() -> None:
    result = judged("f1 of b >= baseline - 0.5", MIXED, WORSE)
    assert (result.verdict, result.seen.value) == (Verdict.INCONCLUSIVE, None)


def test_a_field_that_no_document_has_costs_nothing() -> None:
    assert judged("error_cost of b <= 0", MIXED).verdict is Verdict.PASS


def test_when_every_answer_failed_what_is_missed_counts() -> None:
    assert judged("f1 >= 0.01", FAILED).verdict is Verdict.FAIL
    assert judged("failure_rate <= 0.5", FAILED).verdict is Verdict.FAIL
    assert judged("upper(failure_rate) <= 0.5", FAILED).verdict is Verdict.FAIL
    assert judged("error_cost <= 9", FAILED).verdict is Verdict.FAIL


def test_costs_weigh_the_kinds_of_mistakes() -> None:
    costs = ErrorCosts(Costs(invented=5, missed=1, wrong=3), {"b": Costs(invented=50)})
    run = [score(f"d{at}", a=(0, 1, 1, 1), b=(0, 0, 0, 1)) for at in range(5)]
    assert judged("error_cost <= 59", run, costs=costs).verdict is Verdict.PASS
    assert judged("error_cost <= 58.9", run, costs=costs).verdict is Verdict.FAIL
    assert judged("error_cost of b <= 50", run, costs=costs).verdict is Verdict.PASS


def test_money_of_unknown_amount_never_passes_a_ceiling_and_can_break_it() -> None:
    spent = replace(FREE, cost=Decimal("0.10"), unpriced=3)  # 10 answers: a cent each, and more
    open_one = judged("dollars_per_document <= 0.02", MIXED, expense=spent)
    assert (open_one.verdict, open_one.reason) == (
        Verdict.INCONCLUSIVE,
        "3 calls of unknown cost are not in it; give the model's price under [prices]",
    )
    assert judged("dollars_per_document <= 0.005", MIXED, expense=spent).verdict is Verdict.FAIL
    paid = replace(spent, unpriced=0)
    assert judged("dollars_per_document <= 0.01", MIXED, expense=paid).reason == "$0.0100 is at most $0.01"


def test_nothing_answered_has_no_latency() -> None:
    nothing = replace(FREE, answers=0, latency_p50=None, latency_p95=None)
    for rule in ("latency_p95 <= 5", "dollars_per_document <= 5"):
        result = judged(rule, MIXED, expense=nothing)
        assert (result.verdict, result.reason) == (Verdict.INCONCLUSIVE, "nothing was answered")


def test_more_trials_are_asked_for_where_trials_are_the_noise() -> None:
    def trials(*counts: tuple[tuple[int, int], ...]) -> Run:
        return [
            score(f"d{at}", trial, a=one) for at, both in enumerate(counts) for trial, one in enumerate(both)
        ]

    mixed = trials(*[((9, 1), (4, 6)), ((5, 5), (9, 1)), ((8, 2), (7, 3))] * 3)
    again = judged("lower(f1) >= 0.68", mixed)
    assert again.verdict is Verdict.INCONCLUSIVE
    assert again.more_trials is not None
    once = judged("lower(f1) >= 0.68", [one for one in mixed if one.trial == 0])
    assert once.more_trials is None


def test_the_worst_rule_decides_and_the_policy_says_what_open_means() -> None:
    assert decided(policy("f1 >= 0.5", "f1 >= 0.9"), MIXED).verdict is Verdict.FAIL
    for given, counts_as in ((None, Verdict.INCONCLUSIVE), (Verdict.PASS, Verdict.PASS)):
        decision = decided(policy("f1 >= 0.5", "lower(f1) >= 0.85", inconclusive=given), MIXED)
        assert (decision.verdict, decision.counts_as) == (Verdict.INCONCLUSIVE, counts_as)
    failing = decided(policy("f1 >= 0.9", inconclusive=Verdict.PASS), MIXED)
    assert failing.counts_as is Verdict.FAIL


def test_rules_keep_their_order_and_their_lines() -> None:
    decision = decided(policy("f1 of a >= 0.5", "f1 >= 0.9"), MIXED)
    assert [(one.rule, one.path, one.where) for one in decision.rules] == [
        ("f1 of a >= 0.5", "a", "harness.toml:3"),
        ("f1 >= 0.9", "", "harness.toml:4"),
    ]


def test_the_signature_has_the_policy_and_the_run() -> None:
    signature = decided(policy("f1 >= 0.5", "recall >= 0.1"), MIXED).signature
    assert signature.get("rules") == "f1 >= 0.5 and recall >= 0.1"
    assert (signature.get("candidate"), signature.get("gold")) == ("run-candidate", "g")


def test_a_run_without_all_answers_says_only_what_they_cannot_change() -> None:
    expected = {one.document: Expected({"a": 10}) for one in MIXED}
    curtailment = Curtailment(expected, 1, lambda _: 1.0)
    for one in MIXED[:6]:
        curtailment.add(one)
    stated = policy(
        "f1 >= 0.95", "f1 >= 0.8", "lower(f1) >= 0.99", "f1 >= baseline - 0", inconclusive=Verdict.PASS
    )
    decision = decided(stated, MIXED[:6], MIXED, curtailment=curtailment, planned=10)
    assert [str(one.verdict) for one in decision.rules] == ["fail", *["inconclusive"] * 3]
    assert "whatever the 4 open answers would say" in decision.rules[0].reason
    assert decision.rules[1].reason == "only 6 of 10 answers are there"
    assert (decision.documents, decision.planned) == (6, 10)
    undecided = decided(
        policy("f1 >= 0.8", inconclusive=Verdict.PASS), MIXED[:6], curtailment=curtailment, planned=10
    )
    assert undecided.counts_as is Verdict.INCONCLUSIVE, "money that ends is no way through the gate"
