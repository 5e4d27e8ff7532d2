"""What a gate decides."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from harness.records.comparison import Comparison, Estimate, Side
from harness.records.signature import Signature


class Verdict(StrEnum):
    """What a rule, or all rules of a policy together, say of a release."""

    PASS = "pass"  # noqa: S105 - a verdict, no password
    FAIL = "fail"
    INCONCLUSIVE = "inconclusive"


@dataclass(frozen=True, slots=True)
class RuleResult:
    """One rule, judged.

    Attributes:
        rule: The rule as it is printed and read: `f1 >= baseline - 0.02`.
        verdict: What it says.
        seen: What was measured: the metric, or its difference to the baseline.
        reason: Why, in one sentence.
        path: The field that it is about; empty for the whole suite.
        more_documents: How many more documents like these would settle it; `None` when it is settled, or no
            number would.
        more_trials: How many more trials of each document would settle it; `None` when they would not.
        where: `harness.toml:12`, the line that states it; empty when it is from elsewhere.
    """

    rule: str
    verdict: Verdict
    seen: Estimate
    reason: str
    path: str = ""
    more_documents: int | None = None
    more_trials: int | None = None
    where: str = ""


@dataclass(frozen=True, slots=True)
class GateDecision:
    """All rules of a policy over one candidate.

    Attributes:
        suite: The suite's name.
        verdict: FAIL when a rule fails; else INCONCLUSIVE when one is; else PASS.
        counts_as: What that means for the release: an INCONCLUSIVE as the policy has it, PASS, FAIL or itself.
        rules: In the policy's order.
        candidate: What is to be released.
        comparison: The candidate beside the baseline; `None` when no rule names one.
        signature: What the decision depends on.
        documents: How many documents were judged.
        planned: How many there are; more than `documents` when asking stopped early.
        remarks: What a reader must know.
    """

    suite: str
    verdict: Verdict
    counts_as: Verdict
    rules: tuple[RuleResult, ...]
    candidate: Side
    comparison: Comparison | None
    signature: Signature
    documents: int
    planned: int
    remarks: tuple[str, ...] = ()
