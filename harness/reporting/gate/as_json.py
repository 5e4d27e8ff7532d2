"""A gate's decision for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.reporting.comparison.as_json import comparison_as_json, side_as_json
from harness.reporting.gate.tables import gate_sentence

if TYPE_CHECKING:
    from harness.records import GateDecision, RuleResult


def decision_as_json(decision: GateDecision) -> dict[str, Any]:
    """Everything that a gate says: unrounded, `null` where something is not defined."""
    return {
        "suite": decision.suite,
        "sentence": gate_sentence(decision),
        "verdict": str(decision.verdict),
        "counts_as": str(decision.counts_as),
        "rules": [_rule(one) for one in decision.rules],
        "documents": decision.documents,
        "planned": decision.planned,
        "candidate": side_as_json(decision.candidate),
        "comparison": None if decision.comparison is None else comparison_as_json(decision.comparison),
        "signature": dict(decision.signature.entries),
        "remarks": list(decision.remarks),
    }


def _rule(result: RuleResult) -> dict[str, Any]:
    interval = result.seen.interval
    return {
        "rule": result.rule,
        "path": result.path or None,
        "verdict": str(result.verdict),
        "value": result.seen.value,
        "interval": None
        if interval is None
        else {"low": interval.low, "high": interval.high, "level": interval.level},
        "reason": result.reason,
        "more_documents": result.more_documents,
        "more_trials": result.more_trials,
        "where": result.where or None,
    }
