"""What the server sends: a completion, or what a fault makes of it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from tests.servers.faults import PAID, Fault
from tests.servers.questions import Question
from tests.servers.request_log import Usage

HUGE = 20 * 1024 * 1024
HALF_WAY = 0.5

_ERRORS: dict[Fault, tuple[int, dict[str, str | None]]] = {
    Fault.SLOW_DOWN: (429, {"message": "Rate limit reached for requests", "code": "rate_limit_exceeded"}),
    Fault.SLOW_DOWN_SILENTLY: (429, {"message": "Rate limit reached", "code": "rate_limit_exceeded"}),
    Fault.BROKEN: (500, {"message": "The server had an error while processing your request"}),
    Fault.OVERLOADED: (503, {"message": "The engine is currently overloaded, please try again later"}),
    Fault.ERROR_IN_200: (200, {"message": "The upstream provider returned an error", "code": "502"}),
    Fault.WRONG_KEY: (401, {"message": "Incorrect API key provided", "code": "invalid_api_key"}),
    Fault.NO_MONEY: (
        429,
        {"message": "You exceeded your current quota, please check your plan", "code": "insufficient_quota"},
    ),
    Fault.NO_MODEL: (404, {"message": "The model does not exist", "code": "model_not_found"}),
    Fault.BAD_SCHEMA: (
        400,
        {
            "message": "Invalid schema for function 'Report': 'additionalProperties' is required",
            "code": "invalid_function_parameters",
            "param": "tools[0].function.parameters",
        },
    ),
    Fault.TOO_LONG: (
        400,
        {
            "message": "This model's maximum context length is 8192 tokens. Your messages have 9000 tokens.",
            "code": "context_length_exceeded",
            "param": "messages",
        },
    ),
}


@dataclass(frozen=True)
class Reply:
    """What goes over the wire.

    Attributes:
        status: The status code.
        body: The body.
        usage: What the completion in it says of its tokens; `None` when it says nothing.
        kind: The content type.
    """

    status: int
    body: bytes
    usage: Usage | None = None
    kind: str = "application/json"


def error_reply(status: int, **words: str | None) -> Reply:
    """An error in OpenAI's form."""
    error = {"message": "", "type": "invalid_request_error", "param": None, "code": None, **words}
    return Reply(status, json.dumps({"error": error}).encode())


def reply_to(question: Question, answer: str, fault: Fault) -> Reply:
    """The reply to a question.

    Args:
        question: What is asked.
        answer: The right answer, as JSON.
        fault: What is to go wrong. Of `DROPPED`, `HALF` and `SILENCE` this is what would have been sent.
    """
    if fault in _ERRORS:
        status, words = _ERRORS[fault]
        return error_reply(status, **words)
    if fault is Fault.HTML:
        return Reply(200, b"<!doctype html><html><body>Please sign in</body></html>", kind="text/html")
    answer = _spoiled(answer, fault)
    usage = Usage(
        input=question.input_tokens,
        output=8 + min(len(answer), 4_096) // 4,
        cached=question.input_tokens // 2,
        reasoning=len(answer) % 7,
    )
    message, reason = _message(question, answer)
    if fault is Fault.REFUSAL:
        message, reason = {"role": "assistant", "content": None, "refusal": "I cannot help with that."}, "stop"
    elif fault is Fault.LENGTH:
        reason = "length"
    elif fault is Fault.TWICE and "tool_calls" in message:
        (call,) = message["tool_calls"]
        message["tool_calls"] = [call, {**call, "id": "call_2"}]
    completion: dict[str, Any] = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1_700_000_000,
        "model": question.model,
        "choices": [{"index": 0, "finish_reason": reason, "message": message}],
        "usage": {
            "prompt_tokens": usage.input,
            "completion_tokens": usage.output,
            "total_tokens": usage.input + usage.output,
            "prompt_tokens_details": {"cached_tokens": usage.cached},
            "completion_tokens_details": {"reasoning_tokens": usage.reasoning},
        },
    }
    if fault is Fault.NO_CHOICES:
        completion["choices"] = []
    told = fault is not Fault.NO_USAGE
    if not told:
        del completion["usage"]
    return Reply(200, json.dumps(completion).encode(), usage if told and fault in PAID else None)


def _message(question: Question, answer: str) -> tuple[dict[str, Any], str]:
    """The assistant's message with an answer in it, and the finish reason."""
    if question.tool is None:
        content = f"```json\n{answer}\n```" if question.fenced else answer
        return {"role": "assistant", "content": content}, "stop"
    call = {"id": "call_1", "type": "function", "function": {"name": question.tool, "arguments": answer}}
    return {"role": "assistant", "content": None, "tool_calls": [call]}, "tool_calls"


def _spoiled(answer: str, fault: Fault) -> str:
    match fault:
        case Fault.NOT_JSON:
            return answer[:-1] + ", oops"
        case Fault.LENGTH:
            return answer[: len(answer) // 2]
        case Fault.WRONG_TYPE:
            return json.dumps({key: {"nobody": ["asked for this"]} for key in json.loads(answer)})
        case Fault.HUGE:
            return json.dumps({"title": "a" * HUGE})
        case _:
            return answer
