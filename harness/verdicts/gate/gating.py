"""Decide whether a run may be released: every rule of a policy, and all of them together.

- A rule on a value passes or fails by that value alone.
- A rule on a bound passes when the one-sided 95 % bound keeps the limit, fails when the other bound is beyond
  it, and is INCONCLUSIVE in between.
- A rule against the baseline passes when the bound of candidate − baseline is within the margin, fails when
  even the other bound is not, and is INCONCLUSIVE in between (non-inferiority). Where every document adds the
  same to the metric on both sides, nothing has changed: it passes with any margin and any number of documents.
- What is not defined is INCONCLUSIVE, and so is every rule that a run without all its answers leaves open.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from harness.records import Estimate, GateDecision, Interval, RuleResult, Side, Signature, Verdict
from harness.verdicts.gate import reasons
from harness.verdicts.gate.measures import difference, measured
from harness.verdicts.gate.policy import overall
from harness.verdicts.gate.rules import SLACK, Bound, Sort
from harness.version import VERSION

if TYPE_CHECKING:
    from harness.records import Comparison
    from harness.verdicts.gate.curtailment import Curtailment
    from harness.verdicts.gate.measures import GateSide, Seen
    from harness.verdicts.gate.policy import Policy, PolicyRule
    from harness.verdicts.gate.rules import Rule

LEVEL = 0.9
"""Of the interval that is shown: each of its ends is a one-sided 95 % bound, which is what rules look at."""


@dataclass(frozen=True, slots=True)
class Case:
    """What a gate decides about.

    Attributes:
        suite: The suite's name.
        side: The run that may be released.
        candidate: What it shows.
        planned: How many documents it is to have.
        baseline: What the baseline shows over the same documents; `None` when there is none.
        no_baseline: Why there is none; empty when there is one, or no rule needs one.
        curtailment: What the missing answers can still change; `None` when all are there.
        comparison: The candidate beside the baseline.
        remarks: What a reader must know.
    """

    suite: str
    side: Side
    candidate: GateSide
    planned: int
    baseline: GateSide | None = None
    no_baseline: str = ""
    curtailment: Curtailment | None = None
    comparison: Comparison | None = None
    remarks: tuple[str, ...] = field(default=())

    @property
    def identical(self) -> bool:
        """Whether every document adds the same to everything in both runs."""
        if self.baseline is None:
            return False
        ours, theirs = self.baseline.whole.sums, self.candidate.whole.sums
        return ours.shape == theirs.shape and bool((ours == theirs).all())


def decide(policy: Policy, case: Case) -> GateDecision:
    """Judge every rule of a policy.

    Args:
        policy: The rules, and what INCONCLUSIVE counts as.
        case: The runs.
    """
    results = tuple(_judged(one, policy, case) for one in policy.rules)
    verdict = overall(tuple(one.verdict for one in results))
    return GateDecision(
        suite=case.suite,
        verdict=verdict,
        counts_as=_counts_as(verdict, policy, case),
        rules=results,
        candidate=case.side,
        comparison=case.comparison,
        signature=_signature(policy, case),
        documents=len(case.candidate.whole.documents),
        planned=case.planned,
        remarks=case.remarks,
    )


def _counts_as(verdict: Verdict, policy: Policy, case: Case) -> Verdict:
    """What the policy makes of it. A run that lacks answers is never let through as undecided."""
    if verdict is not Verdict.INCONCLUSIVE:
        return verdict
    if policy.inconclusive is Verdict.PASS and case.curtailment is not None:
        return Verdict.INCONCLUSIVE
    return policy.inconclusive


def _judged(stated: PolicyRule, policy: Policy, case: Case) -> RuleResult:
    rule = stated.rule
    if case.curtailment is not None:
        result = _of_part(rule, policy, case, case.curtailment)
    elif rule.margin is not None:
        result = _against_baseline(rule, policy, case)
    else:
        result = _against_limit(rule, policy, case)
    return RuleResult(
        rule=str(rule),
        verdict=result.verdict,
        seen=result.seen,
        reason=result.reason,
        path=rule.path,
        more_documents=result.more_documents,
        more_trials=result.more_trials,
        where=stated.where,
    )


@dataclass(frozen=True, slots=True)
class _Result:
    verdict: Verdict
    seen: Estimate
    reason: str
    more_documents: int | None = None
    more_trials: int | None = None


def _against_limit(rule: Rule, policy: Policy, case: Case) -> _Result:
    seen = measured(rule, policy.costs, case.candidate)
    if seen.value is None:
        return _Result(Verdict.INCONCLUSIVE, Estimate(None), reasons.no_value(rule))
    if rule.measured.sort is Sort.EXPENSE:
        return _of_expense(rule, seen.value, case)
    if rule.bound is Bound.VALUE:
        verdict = _by_value(rule, seen.value)
        return _Result(verdict, _estimate(seen), reasons.of_value(rule, seen.value, verdict))
    return _by_bounds(rule, seen, reasons.limit_of(rule))


def _by_value(rule: Rule, value: float) -> Verdict:
    limit = rule.limit or 0.0
    kept = value >= limit - SLACK if rule.measured.more_is_better else value <= limit + SLACK
    return Verdict.PASS if kept else Verdict.FAIL


def _of_expense(rule: Rule, value: float, case: Case) -> _Result:
    verdict = _by_value(rule, value)
    reason = reasons.of_value(rule, value, verdict)
    unpriced = case.side.expense.unpriced if rule.metric == "dollars_per_document" else 0
    if unpriced and verdict is Verdict.PASS:
        calls = f"{unpriced:,} call{'' if unpriced == 1 else 's'}"
        reason = f"{calls} of unknown cost are not in it; give the model's price under [prices]"
        return _Result(Verdict.INCONCLUSIVE, Estimate(value), reason)
    return _Result(verdict, Estimate(value), reason)


def _against_baseline(rule: Rule, policy: Policy, case: Case) -> _Result:
    if case.baseline is None:
        reason = case.no_baseline or "there is no baseline"
        return _Result(Verdict.INCONCLUSIVE, Estimate(None), reason)
    seen = difference(rule, policy.costs, case.baseline, case.candidate)
    if case.identical or (seen.same and seen.value is not None):
        what = "the runs are the same in every document" if case.identical else "no document changed in it"
        return _Result(Verdict.PASS, Estimate(seen.value and 0.0), what)
    if seen.value is None:
        return _Result(Verdict.INCONCLUSIVE, Estimate(None), reasons.no_value(rule))
    return _by_bounds(rule, seen, reasons.limit_of(rule))


def _by_bounds(rule: Rule, seen: Seen, limit: float) -> _Result:
    told = reasons.of_bound if rule.margin is None else reasons.of_difference
    if seen.low is None or seen.high is None:
        documents = seen.more_documents(lambda low, high: _verdict(rule, low, high, limit) is not None)
        reason = reasons.no_bounds(rule, seen)
        return _Result(Verdict.INCONCLUSIVE, _estimate(seen), reason, documents)
    verdict = _verdict(rule, seen.low, seen.high, limit)
    if verdict is not None:
        return _Result(verdict, _estimate(seen), told(rule, seen, verdict))

    def settles(low: float, high: float) -> bool:
        return _verdict(rule, low, high, limit) is not None

    documents, trials = seen.more_documents(settles), seen.more_trials(settles)
    reason = told(rule, seen, Verdict.INCONCLUSIVE)
    return _Result(Verdict.INCONCLUSIVE, _estimate(seen), reason, documents, trials)


def _verdict(rule: Rule, low: float, high: float, limit: float) -> Verdict | None:
    """What the bounds say; `None` between them. A difference has to be beyond its limit, not on it."""
    if not rule.measured.more_is_better:
        low, high, limit = -high, -low, -limit
    if low > limit or (rule.margin is None and low >= limit - SLACK):
        return Verdict.PASS
    return Verdict.FAIL if high < limit - SLACK else None


def _of_part(rule: Rule, policy: Policy, case: Case, curtailment: Curtailment) -> _Result:
    """A rule over a run that lacks answers: what it must say whatever they are, or nothing."""
    decided = curtailment.decided(rule)
    seen = Estimate(None)
    if rule.margin is None and rule.measured.sort is not Sort.EXPENSE:
        seen = Estimate(measured(rule, policy.costs, case.candidate).value)
    if decided is None:
        done = curtailment.planned - curtailment.left
        reason = f"only {done:,} of {curtailment.planned:,} answers are there"
        return _Result(Verdict.INCONCLUSIVE, seen, reason)
    low, high = curtailment.reach(rule) or (0.0, 0.0)
    return _Result(decided, seen, reasons.of_reach(rule, low, high, decided, curtailment.left))


def _estimate(seen: Seen) -> Estimate:
    if seen.value is None or seen.low is None or seen.high is None:
        return Estimate(seen.value)
    return Estimate(seen.value, Interval(seen.low, seen.high, LEVEL))


def _signature(policy: Policy, case: Case) -> Signature:
    """The policy, what was judged, and what it was judged with."""
    entries = (
        [*case.side.signature.entries] if case.comparison is None else [*case.comparison.signature.entries]
    )
    known = {key for key, _ in entries}
    own = {
        "candidate": case.side.run,
        "rules": " and ".join(str(one.rule) for one in policy.rules),
        "inconclusive": str(policy.inconclusive),
        "bounds": "one-sided 0.95",
        "harness": VERSION,
    }
    return Signature((*entries, *((key, value) for key, value in own.items() if key not in known)))
