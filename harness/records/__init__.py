"""Every frozen record that crosses from one room to another, in the order in which data flows.

`Document → Request → Response → Extraction | ExtractionFailure → Outcome* → DocumentScore`
"""

from __future__ import annotations

from harness.records.answers import Attempt, Extraction, ExtractionFailure, FailureKind, Response, Source
from harness.records.counts import Counts, DocumentScore, FactCounts, GroundingCounts
from harness.records.json_value import Json
from harness.records.limits import Limits, Price, Standing
from harness.records.outcomes import Outcome, OutcomeKind, Presence
from harness.records.questions import Document, Fingerprint, Message, Prompt, Request, Role
from harness.records.signature import Signature

__all__ = [
    "Attempt",
    "Counts",
    "Document",
    "DocumentScore",
    "Extraction",
    "ExtractionFailure",
    "FactCounts",
    "FailureKind",
    "Fingerprint",
    "GroundingCounts",
    "Json",
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
    "Signature",
    "Source",
    "Standing",
]
