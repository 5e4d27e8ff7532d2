"""A comparison for programs: everything in it, unrounded, `null` where something is not defined."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.reporting.json_results import json_value, outcome_as_json
from harness.verdicts.comparison.sentence import ranking_sentence, sentence
from harness.verdicts.comparison.wording import shown

if TYPE_CHECKING:
    from harness.records import Comparison, Difference, DocumentFlip, Estimate, Expense, LeafFlip, Side
    from harness.verdicts.comparison.ranking import Ranking

_VERDICTS = {1: "better", -1: "worse", 0: "cannot tell"}


def comparison_as_json(comparison: Comparison) -> dict[str, Any]:
    """Everything that a comparison says."""
    return {
        "sentence": sentence(comparison),
        "verdict": _verdict(comparison),
        "baseline": side_as_json(comparison.baseline),
        "candidate": side_as_json(comparison.candidate),
        "documents": comparison.documents,
        "identical": comparison.identical,
        "headline": difference_as_json(comparison.headline),
        "metrics": [difference_as_json(one) for one in comparison.metrics],
        "fields": [difference_as_json(one) for one in comparison.fields],
        "flipped_documents": [_document(one) for one in comparison.flipped_documents],
        "flipped_leaves": [_leaf(one) for one in comparison.flipped_leaves],
        "noise": comparison.noise,
        "mcnemar_p": comparison.mcnemar_p,
        "least_p": comparison.least_p,
        "draws": comparison.draws,
        "exact": comparison.exact,
        "detectable": comparison.detectable,
        "signature": dict(comparison.signature.entries),
        "remarks": list(comparison.remarks),
    }


def ranking_as_json(ranking: Ranking) -> dict[str, Any]:
    """A leaderboard with every pair of it."""
    runs = [place.side.run for place in ranking.places]
    return {
        "sentence": ranking_sentence(ranking),
        "places": [
            {"rank": place.rank, **side_as_json(place.side), "f1": _estimate(place.f1)}
            for place in ranking.places
        ],
        "pairs": [
            {"upper": runs[pair.upper], "lower": runs[pair.lower], **difference_as_json(pair.difference)}
            for pair in ranking.pairs
        ],
        "signature": dict(ranking.signature.entries),
    }


def difference_as_json(one: Difference) -> dict[str, Any]:
    """One metric in two runs; values and bounds are shares, not points."""
    return {
        "metric": one.metric,
        "path": one.path or None,
        "baseline": _estimate(one.baseline),
        "candidate": _estimate(one.candidate),
        "difference": _estimate(one.difference),
        "documents": one.documents,
        "p": one.p,
        "adjusted_p": one.adjusted_p,
        "noisy": one.noisy,
        "verdict": _VERDICTS[shown(one)],
    }


def side_as_json(side: Side) -> dict[str, Any]:
    """One run of a comparison."""
    return {
        "label": side.label,
        "run": side.run,
        "created": side.created,
        "instrument": side.instrument,
        "signature": dict(side.signature.entries),
        "stability": {
            "trials": side.stability.trials,
            "right_in_all": side.stability.right_in_all,
            "pass_k": list(side.stability.pass_k),
            "flip_rate": side.stability.flip_rate,
        },
        "expense": _expense(side.expense),
    }


def _verdict(comparison: Comparison) -> str:
    return "identical" if comparison.identical else _VERDICTS[shown(comparison.headline)]


def _estimate(estimate: Estimate) -> dict[str, Any]:
    interval = estimate.interval
    return {
        "value": json_value(estimate.value),
        "interval": None
        if interval is None
        else {"low": interval.low, "high": interval.high, "level": interval.level},
    }


def _expense(expense: Expense) -> dict[str, Any]:
    """Dollars as text, since they are exact; `null` when no call has a known cost."""
    return {
        "answers": expense.answers,
        "cost": None if expense.unpriced and not expense.cost else f"{expense.cost:f}",
        "unpriced": expense.unpriced,
        "input_tokens": expense.input_tokens,
        "output_tokens": expense.output_tokens,
        "latency_p50": expense.latency_p50,
        "latency_p95": expense.latency_p95,
        "failures": {str(kind): count for kind, count in expense.failures},
    }


def _document(flip: DocumentFlip) -> dict[str, Any]:
    return {
        "document": flip.document,
        "baseline": flip.baseline,
        "candidate": flip.candidate,
        "was_right": flip.was_right,
        "is_right": flip.is_right,
        "change": flip.change,
        "was_failed": flip.was_failed,
        "is_failed": flip.is_failed,
    }


def _leaf(flip: LeafFlip) -> dict[str, Any]:
    return {
        "document": flip.document,
        "trial": flip.trial,
        "path": flip.path,
        "better": flip.better,
        "baseline": None if flip.baseline is None else outcome_as_json(flip.baseline),
        "candidate": None if flip.candidate is None else outcome_as_json(flip.candidate),
        "evidence": flip.evidence,
        "line": flip.line,
        "label": flip.label,
    }
