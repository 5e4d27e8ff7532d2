"""Read an answer of any provider's SDK, for its record.

The shapes are OpenAI's (choices), Anthropic's (content blocks), Google's (candidates) and Cohere's (message).
An answer of another shape is recorded without its text; what instructor makes of it is put in later.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from harness.systems.answers.attempts import attempt_of, recorded
from harness.systems.answers.reading import first, look
from harness.systems.answers.usage import usage_of

if TYPE_CHECKING:
    from harness.records import Attempt


def attempt_of_any(answer: object, *, latency: float, secret: str) -> Attempt:
    """The record of an answer, with the failure that its envelope shows."""
    choices = look(answer, "choices")
    if isinstance(choices, list | tuple) and choices:
        called = look(first(choices), "message", "tool_calls")
        return attempt_of(answer, latency=latency, mode="tools" if called else "markdown_json", secret=secret)
    reason = look(answer, "stop_reason")
    blocks = look(answer, "content")
    if not isinstance(blocks, list | tuple):
        candidate = first(look(answer, "candidates"))
        reason = look(candidate, "finish_reason") if candidate is not None else look(answer, "finish_reason")
        blocks = look(candidate, "content", "parts") or look(answer, "message", "content")
    called_with = _arguments(look(answer, "message", "tool_calls"))
    raw = called_with if called_with is not None else _of_blocks(blocks)
    name = getattr(reason, "name", None) or reason
    return recorded(
        raw, latency, usage=usage_of(answer), finish_reason=name, secret=secret, known_shape=raw is not None
    )


def _of_blocks(blocks: object) -> str | None:
    """The arguments of the first tool call among some blocks, else their text, else nothing."""
    from harness.systems.answers.markdown_json import json_in

    if not isinstance(blocks, list | tuple):
        return None
    for block in blocks:
        called = look(block, "input") or look(block, "function_call", "args")
        if called is not None:
            return _dumped(called)
    texts = [text for text in (look(block, "text") for block in blocks) if isinstance(text, str)]
    return json_in("".join(texts)) if texts else None


def _arguments(calls: object) -> str | None:
    called = look(first(calls), "function", "arguments")
    return None if called is None else _dumped(called)


def _dumped(arguments: object) -> str:
    if isinstance(arguments, str):
        return arguments
    if isinstance(arguments, Mapping):
        arguments = dict(arguments)
    elif isinstance(arguments, Iterable):
        arguments = list(arguments)
    return json.dumps(arguments, ensure_ascii=False, default=str)
