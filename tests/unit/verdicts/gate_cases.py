"""Runs and policies in a line or two, for tests of the gate."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from harness.records import (
    Counts,
    DocumentScore,
    Expense,
    FailureKind,
    GateDecision,
    RuleResult,
    Side,
    Signature,
    Stability,
    Verdict,
)
from harness.verdicts.gate.curtailment import Curtailment
from harness.verdicts.gate.error_costs import ErrorCosts
from harness.verdicts.gate.gating import Case, decide
from harness.verdicts.gate.measures import GateSide
from harness.verdicts.gate.policy import Policy, PolicyRule
from harness.verdicts.gate.rules import parse_rule
from harness.verdicts.sums import Layout, paths_in

FREE = Expense(10, Decimal(0), 0, 0, 0, 1.0, 2.0)


def score(
    document: str, trial: int = 0, *, failure: FailureKind | None = None, **paths: Sequence[int]
) -> DocumentScore:
    """Path to (correct, incorrect, missing, spurious, absent), trailing zeros left out."""
    leaves = {path: Counts(*counts) for path, counts in paths.items()}
    return DocumentScore(document, trial, leaves, failure=failure)


def run_of(*counts: Sequence[int], path: str = "a") -> list[DocumentScore]:
    """One document each, with these counts of one field."""
    return [DocumentScore(f"d{at:03}", 0, {path: Counts(*one)}) for at, one in enumerate(counts)]


def policy(*rules: str, costs: ErrorCosts | None = None, inconclusive: Verdict | None = None) -> Policy:
    return Policy(
        tuple(PolicyRule(parse_rule(rule), f"harness.toml:{at + 3}") for at, rule in enumerate(rules)),
        inconclusive=inconclusive or Verdict.INCONCLUSIVE,
        costs=costs or ErrorCosts(),
    )


def side_of(name: str = "candidate", expense: Expense = FREE) -> Side:
    return Side(name, f"run-{name}", "2026-01-01", Signature((("gold", "g"),)), Stability(1, None), expense)


def decided(
    stated: Policy,
    candidate: Sequence[DocumentScore],
    baseline: Sequence[DocumentScore] | None = None,
    *,
    expense: Expense = FREE,
    curtailment: Curtailment | None = None,
    planned: int | None = None,
    weights: dict[str, float] | None = None,
) -> GateDecision:
    layout = Layout.of(paths_in([], candidate, baseline or ()), weights or {})
    ours = GateSide.of(candidate, layout, expense)
    return decide(
        stated,
        Case(
            suite="s",
            side=side_of(expense=expense),
            candidate=ours,
            planned=planned or len(ours.whole.documents),
            baseline=None if baseline is None else GateSide.of(baseline, layout, FREE),
            curtailment=curtailment,
        ),
    )


def judged(
    rule: str,
    candidate: Sequence[DocumentScore],
    baseline: Sequence[DocumentScore] | None = None,
    *,
    expense: Expense = FREE,
    costs: ErrorCosts | None = None,
) -> RuleResult:
    """What one rule says."""
    (result,) = decided(policy(rule, costs=costs), candidate, baseline, expense=expense).rules
    return result


def verdicts(results: Iterable[RuleResult]) -> list[str]:
    return [str(one.verdict) for one in results]
