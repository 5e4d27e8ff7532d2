"""Turn records into bytes and back, to the letter.

The bytes are JSON in UTF-8, with lone surrogates let through as three bytes each. JSON's own escapes would not
do: reading them joins two lone surrogates into one character that was never there.
"""

from __future__ import annotations

import json
import zlib
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from harness.records import (
    Attempt,
    Counts,
    DocumentScore,
    FactCounts,
    FailureKind,
    GroundingCounts,
    Signature,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

_WRITER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))
_READER = json.JSONDecoder()


def encode(value: Any) -> bytes:
    """A JSON value as bytes.

    Raises:
        ValueError: When it holds NaN or an infinity: no file holds one.
        TypeError: When it holds something that is not JSON.
    """
    return _WRITER.encode(value).encode("utf-8", "surrogatepass")


def decode(data: bytes) -> Any:
    """The value of `encode`'s bytes.

    Raises:
        ValueError: When the bytes are not what `encode` makes.
    """
    return _READER.decode(data.decode("utf-8", "surrogatepass"))


def encode_attempts(attempts: tuple[Attempt, ...]) -> bytes:
    """The attempts of a response, each as an object of the fields that say something."""
    return encode([attempt_fields(attempt) for attempt in attempts])


def decode_attempts(data: bytes) -> tuple[Attempt, ...]:
    """The attempts of `encode_attempts`' bytes."""
    return tuple(attempt_of(fields) for fields in decode(data))


def encode_names(names: Sequence[str]) -> bytes:
    """Names as compressed bytes: those of a run's documents have much in common, and may be 100,000."""
    return zlib.compress(encode(list(names)))


def decode_names(data: bytes) -> tuple[str, ...]:
    """The names of `encode_names`' bytes.

    Raises:
        ValueError: When the bytes are not what `encode_names` makes.
    """
    try:
        return tuple(decode(zlib.decompress(data)))
    except zlib.error as failure:
        raise ValueError(str(failure)) from failure


def encode_signature(signature: Signature) -> bytes:
    """A signature as the list of its entries."""
    return encode(signature.entries)


def decode_signature(data: bytes) -> Signature:
    """The signature of `encode_signature`'s bytes."""
    return Signature(tuple((key, value) for key, value in decode(data)))


def encode_score(score: DocumentScore) -> bytes:
    """A score without its document and trial, its counts as lists in the order of their fields."""
    return encode(score_fields(score))


def score_fields(score: DocumentScore) -> dict[str, Any]:
    """A score without its document and trial as a JSON object, counts as lists in the order of their fields."""
    return {
        "leaves": dict(score.leaves),
        "facts": dict(score.facts),
        "grounding": score.grounding,
        "stray": score.stray,
        "failure": score.failure,
    }


def decode_score(document: str, trial: int, data: bytes) -> DocumentScore:
    """The score of `encode_score`'s bytes."""
    return score_of(document, trial, decode(data))


def score_of(document: str, trial: int, fields: dict[str, Any]) -> DocumentScore:
    """The score of `score_fields`' object."""
    return DocumentScore(
        document=document,
        trial=trial,
        leaves={path: Counts(*counts) for path, counts in fields["leaves"].items()},
        facts={path: FactCounts(*counts) for path, counts in fields["facts"].items()},
        grounding=GroundingCounts(*fields["grounding"]),
        stray=fields["stray"],
        failure=None if fields["failure"] is None else FailureKind(fields["failure"]),
    )


def attempt_fields(attempt: Attempt) -> dict[str, Any]:
    """An attempt as a JSON object. What is not known, and an empty detail, is left out: most rows are small."""
    fields: dict[str, Any] = {"raw": attempt.raw, "latency": attempt.latency}
    if attempt.input_tokens is not None:
        fields["input_tokens"] = attempt.input_tokens
    if attempt.output_tokens is not None:
        fields["output_tokens"] = attempt.output_tokens
    if attempt.finish_reason is not None:
        fields["finish_reason"] = attempt.finish_reason
    if attempt.failure is not None:
        fields["failure"] = attempt.failure.value
    if attempt.detail:
        fields["detail"] = attempt.detail
    if attempt.cached_input_tokens is not None:
        fields["cached_input_tokens"] = attempt.cached_input_tokens
    if attempt.reasoning_tokens is not None:
        fields["reasoning_tokens"] = attempt.reasoning_tokens
    if attempt.cost is not None:
        fields["cost"] = str(attempt.cost)
    return fields


def attempt_of(fields: dict[str, Any]) -> Attempt:
    """The attempt of `attempt_fields`' object; also of version 1, which wrote `null` for what is not known.

    Raises:
        TypeError: When it has other fields than an attempt, or lacks one.
        ValueError: When a kind of failure is not known.
    """
    failure, cost = fields.pop("failure", None), fields.pop("cost", None)
    if failure is None and cost is None:
        return Attempt(**fields)
    return Attempt(
        failure=None if failure is None else FailureKind(failure),
        cost=None if cost is None else Decimal(cost),
        **fields,
    )
