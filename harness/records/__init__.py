"""Every frozen record that crosses from one room to another, in the order in which data flows.

`Document → Request → Response → Extraction | ExtractionFailure → Outcome* → DocumentScore → Comparison →
GateDecision`
"""

from __future__ import annotations

from harness.records.answers import Attempt, Extraction, ExtractionFailure, FailureKind, Response, Source
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
from harness.records.counts import Counts, DocumentScore, FactCounts, GroundingCounts
from harness.records.gate import GateDecision, RuleResult, Verdict
from harness.records.json_value import Json
from harness.records.limits import Limits, Price, Standing
from harness.records.outcomes import Outcome, OutcomeKind, Presence
from harness.records.questions import Document, Fingerprint, Message, Prompt, Request, Role
from harness.records.signature import Signature

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
