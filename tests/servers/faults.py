"""What can go wrong with an answer, and a plan of when it does."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum


class Fault(StrEnum):
    """What the server does instead of answering well."""

    NONE = "none"
    # The call fails, and the same call can go well later.
    SLOW_DOWN = "429 with Retry-After"
    SLOW_DOWN_SILENTLY = "429 without Retry-After"
    BROKEN = "500"
    OVERLOADED = "503"
    DROPPED = "the connection is dropped before the answer"
    HALF = "the answer stops half way"
    SILENCE = "no answer until the client gives up"
    HTML = "a page of HTML with status 200"
    ERROR_IN_200 = "an error object with status 200"
    # An answer comes, and is paid for.
    NOT_JSON = "arguments that are not JSON"
    WRONG_TYPE = "JSON that does not fit the schema"
    NO_CHOICES = "an empty list of choices"
    REFUSAL = "a refusal"
    LENGTH = "cut off at the token limit"
    HUGE = "20 MB"
    # An answer comes, and is good.
    TWICE = "the tool is called twice"
    NO_USAGE = "usage is missing"
    # No call can go well, or none for this document.
    WRONG_KEY = "401"
    NO_MONEY = "429 because the account is empty"
    NO_MODEL = "404"
    BAD_SCHEMA = "400 because of the schema"
    TOO_LONG = "400 because of the document's length"


PAID = frozenset(
    {
        Fault.NONE,
        Fault.NOT_JSON,
        Fault.WRONG_TYPE,
        Fault.NO_CHOICES,
        Fault.REFUSAL,
        Fault.LENGTH,
        Fault.HUGE,
        Fault.TWICE,
        Fault.NO_USAGE,
    }
)
"""Faults with which a whole completion is sent, which a provider would bill."""

PASSING = (
    Fault.SLOW_DOWN,
    Fault.SLOW_DOWN_SILENTLY,
    Fault.BROKEN,
    Fault.OVERLOADED,
    Fault.DROPPED,
    Fault.HALF,
)
"""Faults that pass when the same call is made again at once, without waiting for a time-out."""


@dataclass(frozen=True)
class Plan:
    """Which fault meets which request. It depends on the document and the attempt alone, never on the order.

    Attributes:
        seed: Another seed, other faults.
        shares: How much of all requests meets a fault; the rest is answered well.
        scripts: The faults of a document's first attempts, before shares; the last one stays for all further
            attempts. A document that is named here takes no part in the shares.
        longest_wait: Seconds; what `Retry-After` says is between 0 and this.
    """

    seed: int = 0
    shares: Mapping[Fault, float] = field(default_factory=dict)
    scripts: Mapping[str, Sequence[Fault]] = field(default_factory=dict)
    longest_wait: float = 0.05

    def __post_init__(self) -> None:
        assert sum(self.shares.values()) <= 1.0, "the shares sum to more than 1"

    def fault(self, document: str, attempt: int) -> Fault:
        """The fault of a document's attempt; attempts count from 1."""
        script = self.scripts.get(document)
        if script is not None:
            return script[min(attempt, len(script)) - 1]
        drawn = self._drawn("fault", document, attempt)
        for fault, share in self.shares.items():
            if drawn < share:
                return fault
            drawn -= share
        return Fault.NONE

    def retry_after(self, document: str, attempt: int) -> float:
        """Seconds for the header."""
        return round(self.longest_wait * self._drawn("wait", document, attempt), 3)

    def _drawn(self, what: str, document: str, attempt: int) -> float:
        digest = hashlib.sha256(f"{self.seed}\0{what}\0{document}\0{attempt}".encode()).digest()
        return int.from_bytes(digest[:8], "big") / 2**64


def evenly(faults: Sequence[Fault], share: float) -> dict[Fault, float]:
    """Every one of these faults as often as the others, all together a share of the requests."""
    return {fault: share / len(faults) for fault in faults}
