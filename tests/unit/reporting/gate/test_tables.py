from __future__ import annotations

import json
from dataclasses import replace

import pytest

from harness.records import GateDecision, Signature, Verdict
from harness.reporting.gate.as_json import decision_as_json
from harness.reporting.gate.baseline import baseline_change
from harness.reporting.gate.tables import gate_sentence, gate_table, seen_text
from harness.reporting.json_results import json_text
from harness.reporting.plain import plain_text
from tests.unit.verdicts.gate_cases import decided, judged, policy, run_of

RUN = run_of((9, 1), (8, 2), (10, 0), (7, 3), (9, 0, 1), (8, 1, 1))
BEFORE = run_of((9, 1), (9, 1), (9, 1), (8, 2), (8, 0, 2), (9, 1))


def decision(*rules: str, inconclusive: Verdict | None = None) -> GateDecision:
    return decided(policy(*rules, inconclusive=inconclusive), RUN, BEFORE)


@pytest.mark.parametrize(
    ("rules", "sentence"),
    [
        (("f1 >= 0.5",), "PASS: the rule holds"),
        (("f1 >= 0.5", "recall >= 0.5"), "PASS: all 2 rules hold"),
        (("f1 >= 0.9", "recall >= 0.5"), "FAIL: 1 of 2 rules fails: f1 >= 0.9"),
        (
            tuple(f"f1 >= 0.9{at}" for at in range(1, 6)),
            "FAIL: 5 of 5 rules fail: f1 >= 0.91, f1 >= 0.92, f1 >= 0.93 and 2 more",
        ),
        (("lower(f1) >= 0.85",), "INCONCLUSIVE: 1 of 1 rule is not settled: lower(f1) >= 0.85"),
    ],
)
def test_the_decision_in_one_line(rules: tuple[str, ...], sentence: str) -> None:
    assert gate_sentence(decision(*rules)) == sentence


def test_what_the_policy_makes_of_it_is_said() -> None:
    told = gate_sentence(decision("lower(f1) >= 0.85", inconclusive=Verdict.PASS))
    assert told.endswith("; this policy counts that as PASS")


def test_a_row_a_rule_with_what_would_settle_it() -> None:
    table = gate_table(decision("f1 >= 0.5", "lower(f1) >= 0.85", "latency_p95 <= 2"))
    assert [row[:2] for row in table.rows] == [
        ("PASS", "f1 >= 0.5"),
        ("INCONCLUSIVE", "lower(f1) >= 0.85"),
        ("PASS", "latency_p95 <= 2"),
    ]
    assert table.rows[0][3] == "0.864 is at least 0.5"
    assert table.rows[1][3].endswith(" more documents like these would settle it")
    assert table.rows[2][2] == "2.000 s"
    assert table.notes[0] == "Judged on 6 documents, 1 trial each."


def test_a_difference_has_a_sign_and_its_bounds() -> None:
    text = seen_text(judged("f1 >= baseline - 0.02", RUN, BEFORE))
    assert text.startswith(("-0.0", "+0.0"))
    assert " to +" in text
    assert seen_text(judged("f1 of nowhere >= 0.5", RUN)) == "n/a"


def test_a_figure_just_beside_its_limit_does_not_look_like_it() -> None:
    assert seen_text(judged("f1 >= 0.86441", RUN)).startswith("0.864407 (")


def test_a_run_without_an_answer_is_not_said_to_have_trials() -> None:
    nothing = replace(decision("f1 >= 0.5"), documents=0, planned=40)
    assert gate_table(nothing).notes[0] == "Judged on 0 of 40 documents."


def test_a_hostile_field_does_not_reach_the_terminal() -> None:
    run = run_of(*[(1,)] * 5, path='"\\u001b[31m"')
    table = gate_table(decided(policy('f1 of "\\u001b[31m" >= 0.5'), run))
    assert "\x1b" not in plain_text(table)


def test_json_has_everything_and_no_nan() -> None:
    made = decision_as_json(decision("f1 >= 0.5", "f1 of nowhere >= 0.5", "f1 >= baseline - 0.3"))
    read = json.loads(json_text(made))
    assert [rule["verdict"] for rule in read["rules"]] == ["pass", "inconclusive", "pass"]
    assert read["rules"][0]["interval"]["level"] == 0.9
    assert (read["rules"][1]["value"], read["rules"][1]["interval"]) == (None, None)
    assert read["rules"][1]["path"] == "nowhere"
    assert read["candidate"]["run"] == "run-candidate"


def test_what_changes_with_the_baseline() -> None:
    old, new = Signature((("prompt", "v1"), ("gold", "g"))), Signature((("prompt", "v2"), ("gold", "g")))
    before: dict[str, float | None] = {"f1": 0.5, "fact_f1": None, "recall": 0.5}
    after: dict[str, float | None] = {"f1": 0.625, "fact_f1": 0.5, "recall": 0.5}
    table = baseline_change((before, old), (after, new), "Baseline main")
    assert table.rows == (
        ("f1", "0.500", "0.625", "+0.125"),
        ("fact_f1", "n/a", "0.500", "n/a"),
        ("recall", "0.500", "0.500", "+0.000"),
    )
    assert table.notes == ("Different: prompt.",)
    first = baseline_change(None, (after, new), "Baseline main")
    assert first.rows[0] == ("f1", "n/a", "0.625", "n/a")
    assert first.notes == ()
