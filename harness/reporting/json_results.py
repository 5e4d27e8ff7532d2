"""Results as plain dicts for JSON: floats unrounded, `None` where 0/0 stands, values whole."""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from harness.paths import render
from harness.reporting.grounding import readings
from harness.reporting.visible import whole_number
from harness.schema import Role, leaves, spelled
from harness.scoring import metrics
from harness.scoring.evaluation import Evaluation, weight_at

if TYPE_CHECKING:
    from harness.records import Counts, DocumentScore, FactCounts, Outcome
    from harness.schema import Plan

DEEPEST = 200
"""A value nested deeper is cut there: JSON writers and readers recurse."""
_LARGEST_DIGITS = 4_300
"""Python's readers of JSON refuse a longer whole number."""


def as_json(evaluation: Evaluation) -> dict[str, Any]:
    """Everything an evaluation says, from the headline down to each document."""
    plan = evaluation.plan
    compared = {
        render(leaf.path): spelled(leaf.comparison) for leaf in leaves(plan.root) if leaf.role is Role.GRADED
    }
    return {
        "schema": {"target": plan.target, "schema_hash": plan.schema_hash, "marks_hash": plan.marks_hash},
        "metrics_version": metrics.VERSION,
        "documents": evaluation.documents,
        "trials": evaluation.trials,
        "headline": {name: _finite(value) for name, value in evaluation.headline().items()},
        "counts": _counts(evaluation.totals),
        "fields": {
            path: {
                "comparator": compared.get(path),
                "weight": weight_at(plan.root, path),
                **_counts(counts),
                **_metrics(counts),
            }
            for path, counts in evaluation.fields.items()
        },
        "facts": {path: _facts(counts) for path, counts in evaluation.facts.items()},
        "grounding": {**evaluation.grounding._asdict(), "readings": readings(evaluation.grounding)},
        "failures": {str(kind): count for kind, count in evaluation.failures.items()},
        "stray": evaluation.stray,
        "scores": [_document(plan, score) for score in evaluation.scores],
    }


def outcome_as_json(outcome: Outcome) -> dict[str, Any]:
    """An outcome with its values whole; where each side stands is told apart."""
    fields = {field.name: getattr(outcome, field.name) for field in dataclasses.fields(outcome)}
    return {
        **fields,
        "kind": str(outcome.kind),
        "gold": json_value(outcome.gold),
        "predicted": json_value(outcome.predicted),
        "gold_presence": str(outcome.gold_presence),
        "predicted_presence": str(outcome.predicted_presence),
        "similarity": _finite(outcome.similarity),
    }


def json_value(value: object, depth: int = 0) -> Any:
    """A value that every JSON reader takes: NaN, infinities and numbers of thousands of digits become strings.

    >>> json_value({"a": [float("nan"), 1.5, (None,)]})
    {'a': ['NaN', 1.5, [None]]}
    """
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else json.dumps(value)
    if isinstance(value, int):
        digits = whole_number(value)
        return digits if digits.startswith(("0x", "-0x")) or len(digits) > _LARGEST_DIGITS else value
    if depth >= DEEPEST and isinstance(value, Mapping | Sequence):
        return f"nested deeper than {DEEPEST}"
    if isinstance(value, Mapping):
        return {str(key): json_value(item, depth + 1) for key, item in value.items()}
    if isinstance(value, Sequence):
        return [json_value(item, depth + 1) for item in value]
    return str(value)


def json_text(value: Any) -> str:
    """JSON in ASCII, indented: no control character or lone surrogate of a value reaches the terminal raw.

    Raises:
        ValueError: When a number is not finite.
    """
    return json.dumps(value, indent=2, ensure_ascii=True, allow_nan=False)


def _document(plan: Plan, score: DocumentScore) -> dict[str, Any]:
    alone = Evaluation(plan, (score,))
    return {
        "document": score.document,
        "trial": score.trial,
        "f1": _finite(alone.f1),
        "precision": _finite(alone.precision),
        "recall": _finite(alone.recall),
        "fact_f1": _finite(alone.fact_f1),
        "exactly_right": score.exactly_right,
        "failure": None if score.failure is None else str(score.failure),
        "stray": score.stray,
        **_counts(score.total),
    }


def _counts(counts: Counts) -> dict[str, int]:
    return {**counts._asdict(), "possible": counts.possible, "actual": counts.actual}


def _metrics(counts: Counts) -> dict[str, float | None]:
    return {name: _finite(metric(counts)) for name, metric in metrics.METRICS.items()}


def _facts(facts: FactCounts) -> dict[str, Any]:
    counts = facts.as_counts()
    return {
        **facts._asdict(),
        "precision": metrics.precision(counts),
        "recall": metrics.recall(counts),
        "f1": metrics.f1(counts),
    }


def _finite(value: float | None) -> float | None:
    """Weights near the largest float overflow; a file holds no NaN."""
    return value if value is not None and math.isfinite(value) else None
