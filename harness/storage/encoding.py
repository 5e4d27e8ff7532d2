"""Turn records into bytes and back, to the letter.

The bytes are JSON in UTF-8, with lone surrogates let through as three bytes each. JSON's own escapes would not
do: reading them joins two lone surrogates into one character that was never there.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from harness.records import (
    Attempt,
    Counts,
    DocumentScore,
    FactCounts,
    FailureKind,
    GroundingCounts,
    Signature,
)


def encode(value: Any) -> bytes:
    """A JSON value as bytes.

    Raises:
        ValueError: When it holds NaN or an infinity: no file holds one.
        TypeError: When it holds something that is not JSON.
    """
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.encode("utf-8", "surrogatepass")


def decode(data: bytes) -> Any:
    """The value of `encode`'s bytes.

    Raises:
        ValueError: When the bytes are not what `encode` makes.
    """
    return json.loads(data.decode("utf-8", "surrogatepass"))


def encode_attempts(attempts: tuple[Attempt, ...]) -> bytes:
    """The attempts of a response, each as an object of its fields."""
    return encode([asdict(attempt) for attempt in attempts])


def decode_attempts(data: bytes) -> tuple[Attempt, ...]:
    """The attempts of `encode_attempts`' bytes."""
    return tuple(_attempt(fields) for fields in decode(data))


def encode_signature(signature: Signature) -> bytes:
    """A signature as the list of its entries."""
    return encode(signature.entries)


def decode_signature(data: bytes) -> Signature:
    """The signature of `encode_signature`'s bytes."""
    return Signature(tuple((key, value) for key, value in decode(data)))


def encode_score(score: DocumentScore) -> bytes:
    """A score without its document and trial, its counts as lists in the order of their fields."""
    return encode(
        {
            "leaves": dict(score.leaves),
            "facts": dict(score.facts),
            "grounding": score.grounding,
            "stray": score.stray,
            "failure": score.failure,
        }
    )


def decode_score(document: str, trial: int, data: bytes) -> DocumentScore:
    """The score of `encode_score`'s bytes."""
    fields = decode(data)
    return DocumentScore(
        document=document,
        trial=trial,
        leaves={path: Counts(*counts) for path, counts in fields["leaves"].items()},
        facts={path: FactCounts(*counts) for path, counts in fields["facts"].items()},
        grounding=GroundingCounts(*fields["grounding"]),
        stray=fields["stray"],
        failure=None if fields["failure"] is None else FailureKind(fields["failure"]),
    )


def _attempt(fields: dict[str, Any]) -> Attempt:
    failure = fields.pop("failure")
    return Attempt(failure=None if failure is None else FailureKind(failure), **fields)
