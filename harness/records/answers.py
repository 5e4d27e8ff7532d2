"""What came back from a system."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from harness.records.json_value import Json


class FailureKind(StrEnum):
    """Why an answer holds no extraction. Each kind is counted; none leaves a denominator."""

    REFUSED = "refused"
    TRUNCATED = "truncated"
    EMPTY = "empty"
    UNPARSABLE = "unparsable"
    INVALID = "invalid"
    OVERSIZED = "oversized"
    TIMED_OUT = "timed out"
    RATE_LIMITED = "rate limited"
    ERROR = "error"
    INTERRUPTED = "interrupted"
    NOT_ANSWERED = "not answered"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One call and what came back, as the adapter saw it and before anybody looked at it.

    Attributes:
        raw: The answer as text, normally JSON. `None` when nothing came back.
        latency: Seconds from the call to its answer.
        input_tokens: As reported by the provider, cached ones included; `None` when it reported none.
        output_tokens: As reported by the provider, reasoning included; `None` when it reported none.
        finish_reason: As reported by the provider.
        failure: Why this attempt gave no extraction; `None` when it gave one.
        detail: The provider's or the validator's words about the failure.
        cached_input_tokens: How many of the input tokens the provider had in its cache.
        reasoning_tokens: How many of the output tokens the model thought with.
        cost: What the call cost, in US dollars; `None` when that is not known. A call that never reached a
            model costs 0.
    """

    raw: str | None
    latency: float
    input_tokens: int | None = None
    output_tokens: int | None = None
    finish_reason: str | None = None
    failure: FailureKind | None = None
    detail: str = ""
    cached_input_tokens: int | None = None
    reasoning_tokens: int | None = None
    cost: Decimal | None = None


class Source(StrEnum):
    """Where a response came from. Only what was asked cost anything in its run."""

    ASKED = "asked"
    CACHE = "cache"
    REPLAY = "replay"


@dataclass(frozen=True, slots=True)
class Response:
    """All attempts at one request, oldest first. The last one decides.

    Attributes:
        document: The document's id.
        trial: The request's trial.
        attempts: At least one.
        source: Where it came from.
    """

    document: str
    trial: int
    attempts: tuple[Attempt, ...]
    source: Source = Source.ASKED

    @property
    def failure(self) -> FailureKind | None:
        """Why there is no answer, as far as the adapter could tell; `None` when there is one."""
        return self.attempts[-1].failure


@dataclass(frozen=True, slots=True)
class Extraction:
    """What a system extracted from one document, still untyped: it may not fit the schema.

    Attributes:
        document: The document's id.
        trial: Which repeat this is, from 0.
        value: The extracted value.
    """

    document: str
    trial: int
    value: Json


@dataclass(frozen=True, slots=True)
class ExtractionFailure:
    """There is no extraction, and why. It scores as an empty prediction: every gold leaf is missing."""

    document: str
    trial: int
    kind: FailureKind
    detail: str = ""
