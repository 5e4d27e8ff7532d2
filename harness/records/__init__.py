"""Every frozen record that crosses from one room to another, in the order in which data flows.

`Document → Request → Response → Extraction | ExtractionFailure → Outcome* → DocumentScore → Comparison →
GateDecision`
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.records.answers import Attempt, Extraction, ExtractionFailure, FailureKind, Response, Source
from harness.records.counts import Counts, DocumentScore, FactCounts, GroundingCounts
from harness.records.json_value import Json
from harness.records.limits import Limits, Price, Standing
from harness.records.outcomes import Outcome, OutcomeKind, Presence
from harness.records.questions import Document, Fingerprint, Message, Prompt, Request, Role
from harness.records.signature import Signature

if TYPE_CHECKING:
    from harness.records.comparison import (
        Comparison,
        Difference,
        DocumentFlip,
        Estimate,
        Expense,
        Interval,
        LeafFlip,
        Side,
        Stability,
    )
    from harness.records.gate import GateDecision, RuleResult, Verdict

_LATER = {
    "Comparison": "comparison",
    "Difference": "comparison",
    "DocumentFlip": "comparison",
    "Estimate": "comparison",
    "Expense": "comparison",
    "GateDecision": "gate",
    "Interval": "comparison",
    "LeafFlip": "comparison",
    "RuleResult": "gate",
    "Side": "comparison",
    "Stability": "comparison",
    "Verdict": "gate",
}
"""What most commands have no use for, and the file that it is imported from when it is first used."""

__all__ = [
    "Attempt",
    "Comparison",
    "Counts",
    "Difference",
    "Document",
    "DocumentFlip",
    "DocumentScore",
    "Estimate",
    "Expense",
    "Extraction",
    "ExtractionFailure",
    "FactCounts",
    "FailureKind",
    "Fingerprint",
    "GateDecision",
    "GroundingCounts",
    "Interval",
    "Json",
    "LeafFlip",
    "Limits",
    "Message",
    "Outcome",
    "OutcomeKind",
    "Presence",
    "Price",
    "Prompt",
    "Request",
    "Response",
    "Role",
    "RuleResult",
    "Side",
    "Signature",
    "Source",
    "Stability",
    "Standing",
    "Verdict",
]


def __getattr__(name: str) -> Any:
    """Import what compares and decides from its file."""
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_LATER[name]}"), name)
