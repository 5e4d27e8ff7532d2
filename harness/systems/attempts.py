"""What came back from one call, written down before anybody parses it."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from harness.records import Attempt, FailureKind
from harness.systems.stored_text import storable

if TYPE_CHECKING:
    from pydantic import BaseModel

LARGEST_ANSWER = 16 * 1024 * 1024
"""Bytes of UTF-8. A longer answer is counted as oversized and never parsed."""

KEPT_OF_OVERSIZED = 64 * 1024
"""Characters that are kept of an oversized answer, so that a person sees what it was."""

NO_TOOL_CALL = "answered in text instead of calling the tool"

_LONGEST_DETAIL = 2_000
_SECRET = re.compile(r"\b(?:sk|pk|rk|org|proj)-[\w*.-]{6,}|\bbearer\s+\S+", re.IGNORECASE)


def attempt_of(completion: object, *, latency: float) -> Attempt:
    """The record of a completion, with the failure that its envelope shows.

    Whether the answer fits the schema is not known yet: `judged` settles that. Nothing is assumed of the
    completion's shape, because a server may leave out or mistype any part of it.
    """
    choices = getattr(completion, "choices", None)
    usage = getattr(completion, "usage", None)
    asked, answered = (_count(getattr(usage, name, None)) for name in ("prompt_tokens", "completion_tokens"))
    if not isinstance(choices, list):
        return Attempt(
            None, latency, asked, answered, failure=FailureKind.ERROR, detail="no chat completion came back"
        )
    message = getattr(choices[0], "message", None) if choices else None
    reason = getattr(choices[0], "finish_reason", None) if choices else None
    raw, called = _answer(message)
    refusal = getattr(message, "refusal", None)
    failure, detail = _envelope_failure(raw, reason, refusal, called=called)
    if failure is FailureKind.OVERSIZED and raw is not None:
        raw = raw[:KEPT_OF_OVERSIZED]
    return Attempt(
        None if raw is None else storable(raw),
        latency,
        input_tokens=asked,
        output_tokens=answered,
        finish_reason=None if reason is None else storable(str(reason)),
        failure=failure,
        detail=storable(detail)[:_LONGEST_DETAIL],
    )


def _answer(message: object) -> tuple[str | None, bool]:
    """The arguments of the first tool call and True, else the content and False."""
    calls = getattr(message, "tool_calls", None)
    if isinstance(calls, list) and calls:
        arguments = getattr(getattr(calls[0], "function", None), "arguments", None)
        if arguments is not None:
            return arguments if isinstance(arguments, str) else json.dumps(arguments, default=str), True
    content = getattr(message, "content", None)
    return (content, False) if isinstance(content, str) else (None, False)


def _envelope_failure(
    raw: str | None, reason: object, refusal: object, *, called: bool
) -> tuple[FailureKind | None, str]:
    if refusal is not None:
        return FailureKind.REFUSED, str(refusal)
    if reason == "content_filter":
        return FailureKind.REFUSED, "the provider's content filter ended the answer"
    if raw is not None and _bytes_exceed(raw, LARGEST_ANSWER):
        return (
            FailureKind.OVERSIZED,
            f"an answer of {len(raw):,} characters; at most {LARGEST_ANSWER:,} bytes are read",
        )
    if reason == "length":
        return FailureKind.TRUNCATED, "the answer reached the token limit"
    if raw is None or not raw.strip():
        return FailureKind.EMPTY, "neither a tool call nor text"
    if storable(raw) != raw:
        return FailureKind.UNPARSABLE, "the answer holds a lone surrogate, which no JSON text may"
    return None, "" if called else NO_TOOL_CALL


def judged(attempt: Attempt, schema: type[BaseModel], *, strict: bool) -> Attempt:
    """An attempt that gave no extraction, with the reason: not JSON, or JSON that does not fit the schema.

    An attempt whose envelope already failed stays as it is.
    """
    if attempt.failure is not None or attempt.raw is None:
        return attempt
    from pydantic import ValidationError

    words = [attempt.detail] if attempt.detail else []
    kind = FailureKind.INVALID
    try:
        schema.model_validate_json(attempt.raw, strict=strict)
    except ValidationError as error:
        problems = error.errors(include_url=False, include_context=False, include_input=False)
        if problems[0]["type"] == "json_invalid":
            kind = FailureKind.UNPARSABLE
        words += [f"{_path(problem['loc'])}: {problem['msg']}" for problem in problems[:20]]
        if len(problems) > 20:
            words.append(f"and {len(problems) - 20} more")
    except Exception as error:  # noqa: BLE001 - a schema's own validators may raise anything
        words.append(f"{type(error).__name__}: {error}")
    return replace(attempt, failure=kind, detail=storable("; ".join(words))[:_LONGEST_DETAIL])


def failed_call(error: BaseException, *, latency: float, secret: str) -> Attempt:
    """The record of a call that raised: the provider's words, without anything that looks like a key."""
    cause = error.__cause__
    words = f"{type(error).__name__}: {error}" + (f" ({type(cause).__name__}: {cause})" if cause else "")
    if secret:
        words = words.replace(secret, "[key]")
    words = _SECRET.sub("[key]", words[: 4 * _LONGEST_DETAIL])
    return Attempt(None, latency, failure=FailureKind.ERROR, detail=storable(words)[:_LONGEST_DETAIL])


def _path(location: tuple[Any, ...]) -> str:
    path = ""
    for step in location:
        path += f"[{step}]" if isinstance(step, int) else f".{step}"
    return path.lstrip(".") or "the answer"


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _bytes_exceed(text: str, limit: int) -> bool:
    """Whether the UTF-8 of a text is longer; encodes only what could be."""
    return len(text) > limit or (len(text) * 4 > limit and len(text.encode("utf-8", "surrogatepass")) > limit)
