from __future__ import annotations

import pytest

from harness.records import Verdict
from harness.verdicts.gate.policy import overall
from tests.unit.verdicts.gate_cases import policy

P, F, I = Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE  # noqa: E741


@pytest.mark.parametrize(
    ("verdicts", "together"), [((P, P), P), ((P, I), I), ((I, F), F), ((F, P), F), ((I,), I)]
)
def test_the_worst_verdict_decides(verdicts: tuple[Verdict, ...], together: Verdict) -> None:
    assert overall(verdicts) is together


def test_only_rules_against_the_baseline_need_one() -> None:
    assert not policy("f1 >= 0.5", "lower(f1) >= 0.4").needs_baseline
    assert policy("f1 >= 0.5", "f1 >= baseline - 0.1").needs_baseline
