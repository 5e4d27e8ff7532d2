from __future__ import annotations

from dataclasses import replace

import pytest

from harness.records import GateDecision, Signature, Verdict
from harness.reporting.gate.wording import counts_as, extent, flips_of, gate_report, headline, rule_report, why
from tests.unit.reporting.decisions import COMPARISON, FAILED, FIELD, OPEN, PASSED, decision


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (decision(PASSED), "The gate of invoices passes: the rule holds."),
        (decision(PASSED, PASSED, PASSED), "The gate of invoices passes: all 3 rules hold."),
        (decision(FAILED, PASSED), "The gate of invoices fails: 1 of 2 rules fails."),
        (decision(FAILED, FIELD, OPEN), "The gate of invoices fails: 2 of 3 rules fail, 1 is not settled."),
        (
            decision(OPEN, OPEN, counts_as=Verdict.PASS),
            "The gate of invoices is inconclusive: 2 of 2 rules are not settled; the policy lets that pass.",
        ),
    ],
)
def test_the_decision_in_a_sentence(one: GateDecision, said: str) -> None:
    assert headline(one) == said


@pytest.mark.parametrize(
    ("documents", "trials", "said"),
    [
        (None, None, "the lower bound is 0.74"),
        (1, None, "the lower bound is 0.74; 1 more document like these would settle it"),
        (2_627, None, "the lower bound is 0.74; 2,627 more documents like these would settle it"),
        (None, 1, "the lower bound is 0.74; 1 more trial of each document would settle it"),
        (
            12,
            3,
            "the lower bound is 0.74; "
            "12 more documents like these or 3 more trials of each document would settle it",
        ),
    ],
)
def test_what_would_settle_it_follows_the_reason(documents: int | None, trials: int | None, said: str) -> None:
    assert why(replace(OPEN, more_documents=documents, more_trials=trials)) == said


def test_how_much_was_judged() -> None:
    assert extent(decision(PASSED, documents=1, planned=1)) == "1 document"
    assert extent(decision(PASSED, documents=3, planned=40)) == "3 of 40 documents"


@pytest.mark.parametrize(
    ("one", "meaning"),
    [
        (decision(OPEN, counts_as=Verdict.PASS), Verdict.PASS),
        (decision(OPEN), Verdict.INCONCLUSIVE),
        (decision(OPEN, FAILED, signature=Signature((("inconclusive", "pass"),))), Verdict.PASS),
        (decision(OPEN, FAILED, signature=Signature(())), Verdict.INCONCLUSIVE),
        (decision(FAILED, counts_as=Verdict.FAIL), Verdict.FAIL),
        (decision(PASSED, OPEN), Verdict.PASS),
    ],
)
def test_what_a_rule_means_for_the_release(one: GateDecision, meaning: Verdict) -> None:
    assert counts_as(one, one.rules[0]) is meaning


def test_the_flips_of_a_rule() -> None:
    one = decision(FIELD)
    assert [flip.document for flip in flips_of(one)] == ["002_shop", "001_mill", "003_farm"]
    assert flips_of(one, "buyer") == ()
    assert len(flips_of(one, "items[].amount")) == 3
    assert flips_of(replace(one, comparison=None)) == ()


def test_the_whole_decision_as_text() -> None:
    one = decision(PASSED, FAILED, comparison=replace(COMPARISON, flipped_leaves=()), remarks=("Gold is old.",))
    assert gate_report(one) == (
        "The gate of invoices fails: 1 of 2 rules fails.\n"
        "rules v2 is 4.1 points of F1 worse than rules v1 (95 % interval 2.1 to 6.1, 40 documents).\n"
        "rules v2 (run 20260302-1200-ef01), 40 documents\n"
        "\n"
        "PASS: f1 >= 0.7\n"
        "  f1 is 0.771 (harness.toml:20)\n"
        "FAIL: f1 >= baseline - 0.02\n"
        "  f1 is 4.1 points under rules v1 (harness.toml:21)\n"
        "\n"
        "Gold is old."
    )
    assert "\nLost: 2 leaves\n" in gate_report(decision(PASSED))


def test_one_rule_as_text() -> None:
    assert rule_report(decision(PASSED, FIELD), FIELD) == (
        "it is 0.9 (harness.toml:23)\n\nThe gate of invoices fails: 1 of 2 rules fails."
    )
    assert rule_report(decision(FAILED), FAILED, most_flips=1).split("\n")[2:6] == [
        "Lost: 2 leaves",
        "  002_shop items[1].amount (gold/invoices/002_shop.yaml:12)",
        "    gold 3, before 8, after (not there)",
        "  (1 more)",
    ]
