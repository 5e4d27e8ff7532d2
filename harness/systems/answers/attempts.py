"""What came back from one call, written down before anybody parses it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from harness.records import Attempt, FailureKind
from harness.systems.answers.markdown_json import json_in
from harness.systems.answers.reading import first, look
from harness.systems.answers.redaction import without_keys, without_secret
from harness.systems.answers.stored_text import storable
from harness.systems.answers.usage import Usage, usage_of

if TYPE_CHECKING:
    from pydantic import BaseModel

LARGEST_ANSWER = 16 * 1024 * 1024
"""Bytes of UTF-8. A longer answer is counted as oversized and never parsed."""

KEPT_OF_OVERSIZED = 64 * 1024
"""Characters that are kept of an oversized answer, so that a person sees what it was."""

NO_TOOL_CALL = "answered in text instead of calling the tool"

LONGEST_DETAIL = 2_000

SETTLED = (FailureKind.REFUSED, FailureKind.TRUNCATED, FailureKind.OVERSIZED, FailureKind.UNPARSABLE)
"""Failures of the envelope that asking again with the error does not mend."""


def attempt_of(answer: object, *, latency: float, mode: str, tool: str = "", secret: str = "") -> Attempt:
    """The record of a chat completion, with the failure that its envelope shows.

    Nothing is assumed of its shape, because a server may leave out or mistype any part of it. Of several tool
    calls the first one counts, and of several choices too. Whether the answer fits the schema is not known
    yet: `judged` settles that.

    Args:
        answer: The decoded JSON.
        latency: Seconds.
        mode: One of the kind's modes: where the answer stands.
        tool: The name of the tool that was to be called.
        secret: The key; taken out of everything.
    """
    choice = first(look(answer, "choices"))
    message = look(choice, "message")
    calls = look(message, "tool_calls") if mode == "tools" else None
    raw = _arguments(calls)
    note = _odd_calls(calls, tool) if raw is not None else ""
    if raw is None:
        raw = _content(look(message, "content"))
        note = NO_TOOL_CALL if mode == "tools" and raw is not None and raw.strip() else ""
    if mode == "markdown_json" and raw is not None and not _bytes_exceed(raw, LARGEST_ANSWER):
        raw = json_in(raw)
    refusal = look(message, "refusal")
    return recorded(
        raw,
        latency,
        usage=usage_of(answer),
        finish_reason=look(choice, "finish_reason"),
        refusal=refusal if isinstance(refusal, str) and refusal else None,
        note=note,
        secret=secret,
    )


def recorded(
    raw: str | None,
    latency: float,
    *,
    usage: Usage,
    finish_reason: object,
    refusal: str | None = None,
    note: str = "",
    secret: str = "",
    known_shape: bool = True,
) -> Attempt:
    """The record of an answer of any provider.

    Args:
        raw: The answer; `None` when there is none.
        latency: Seconds.
        usage: Tokens.
        finish_reason: As reported.
        refusal: The model's words of refusal.
        note: Becomes the detail when nothing failed.
        secret: The key; taken out of everything.
        known_shape: Whether a missing answer is really missing, and not merely somewhere else.
    """
    failure, detail = _envelope_failure(raw, finish_reason, refusal)
    if failure is FailureKind.EMPTY and not known_shape:
        failure, detail = None, ""
    if failure is FailureKind.OVERSIZED and raw is not None:
        raw = raw[:KEPT_OF_OVERSIZED]
    return Attempt(
        None if raw is None else storable(without_secret(raw, secret)),
        latency,
        input_tokens=usage.input,
        output_tokens=usage.output,
        finish_reason=None
        if finish_reason is None
        else storable(without_secret(str(finish_reason)[:100], secret)),
        failure=failure,
        detail=storable(without_keys(detail, secret, at_most=LONGEST_DETAIL)) if detail else note,
        cached_input_tokens=usage.cached_input,
        reasoning_tokens=usage.reasoning,
    )


def oversized(head: bytes, size: int | None, *, latency: float, secret: str = "") -> Attempt:
    """The record of an answer that was not read to its end. `size` is its length in bytes, when it is known."""
    said = "more than is read" if size is None else f"{size:,} bytes"
    return Attempt(
        storable(without_secret(head[:KEPT_OF_OVERSIZED].decode("utf-8", "replace"), secret)),
        latency,
        failure=FailureKind.OVERSIZED,
        detail=f"an answer of {said}; at most {LARGEST_ANSWER:,} bytes are read",
    )


def _word(value: object, secret: str) -> str:
    return storable(without_secret(str(value), secret))[:100]


def _arguments(calls: object) -> str | None:
    """The arguments of the first tool call as text; `None` when there is none."""
    arguments = look(first(calls), "function", "arguments")
    if arguments is None or isinstance(arguments, str):
        return arguments
    return json.dumps(arguments, default=str)


def _odd_calls(calls: object, tool: str) -> str:
    """What is odd about tool calls that count all the same: the schema settles whether they answer."""
    notes = []
    if isinstance(calls, list) and len(calls) > 1:
        notes.append(f"called a tool {len(calls)} times; the first call counts")
    name = look(first(calls), "function", "name")
    if tool and name != tool:
        notes.append(f"called the tool {str(name)[:100]!r} instead of {tool!r}")
    return "; ".join(notes)


def _content(content: object) -> str | None:
    """Text, whether as a string or as a list of parts."""
    if isinstance(content, list):
        parts = [look(part, "text") for part in content]
        return "".join(part for part in parts if isinstance(part, str)) if parts else None
    return content if isinstance(content, str) else None


def _envelope_failure(raw: str | None, reason: object, refusal: str | None) -> tuple[FailureKind | None, str]:
    if refusal is not None:
        return FailureKind.REFUSED, refusal
    if reason in ("content_filter", "refusal", "SAFETY", "PROHIBITED_CONTENT", "RECITATION"):
        return FailureKind.REFUSED, "the provider's content filter ended the answer"
    if raw is not None and _bytes_exceed(raw, LARGEST_ANSWER):
        said = f"an answer of {len(raw):,} characters; at most {LARGEST_ANSWER:,} bytes are read"
        return FailureKind.OVERSIZED, said
    if reason in ("length", "max_tokens", "MAX_TOKENS"):
        return FailureKind.TRUNCATED, "the answer reached the token limit"
    if raw is None or not raw.strip():
        return FailureKind.EMPTY, "neither a tool call nor text"
    if not raw.isascii() and storable(raw) != raw:
        return FailureKind.UNPARSABLE, "the answer holds a lone surrogate, which no JSON text may"
    return None, ""


def judged(attempt: Attempt, schema: type[BaseModel], *, strict: bool) -> Attempt:
    """The attempt, with the failure that its answer shows: not JSON, or JSON that does not fit the schema.

    An attempt whose envelope already failed stays as it is. Text instead of a tool call is a failure even
    when it fits.
    """
    if attempt.failure is not None or attempt.raw is None:
        return attempt
    from pydantic import ValidationError

    words = [attempt.detail] if attempt.detail else []
    kind = FailureKind.INVALID
    try:
        # `None` leaves it to the schema, which may be strict about some of its fields.
        schema.model_validate_json(attempt.raw, strict=strict or None)
        if attempt.detail != NO_TOOL_CALL:
            return attempt
    except ValidationError as error:
        problems = error.errors(include_url=False, include_context=False, include_input=False)
        if problems[0]["type"] == "json_invalid":
            kind = FailureKind.UNPARSABLE
        words += [f"{_path(problem['loc'])}: {problem['msg']}" for problem in problems[:20]]
        if len(problems) > 20:
            words.append(f"and {len(problems) - 20} more")
    except Exception as error:  # noqa: BLE001 - a schema's own validators may raise anything
        words.append(f"{type(error).__name__}: {error}")
    return replace(attempt, failure=kind, detail=storable("; ".join(words))[:LONGEST_DETAIL])


def _path(location: tuple[Any, ...]) -> str:
    path = ""
    for step in location:
        path += f"[{step}]" if isinstance(step, int) else f".{step}"
    return path.lstrip(".") or "the answer"


def _bytes_exceed(text: str, limit: int) -> bool:
    """Whether the UTF-8 of a text is longer; encodes only what could be."""
    return len(text) > limit or (len(text) * 4 > limit and len(text.encode("utf-8", "surrogatepass")) > limit)
