"""What instructor asks a model, worked out once for all documents.

instructor builds its request anew for every call, and the tool schema takes most of that. Here it builds one
request around placeholders; every document's request is that one with its words in their places.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from harness.errors import SchemaError

if TYPE_CHECKING:
    from pydantic import BaseModel

Finish = Callable[[dict[str, Any]], dict[str, Any]]
"""Changes the arguments of a call before they are sent."""


class ReadyRequest:
    """A request with holes, for messages of given roles.

    Args:
        body: The request as JSON, with a placeholder in the place of each message's words.
        holes: The placeholders, by the position of their message.
    """

    def __init__(self, body: str, holes: Sequence[str]) -> None:
        parts = [body]
        order: list[int] = []
        for index, hole in enumerate(holes):
            at = next((number for number, part in enumerate(parts) if hole in part), None)
            if at is None:
                raise SchemaError(f"instructor leaves out message {index + 1} of the prompt")
            parts[at : at + 1] = parts[at].split(hole, 1)
            order.insert(at, index)
        self._parts = [part.encode("utf-8", "backslashreplace") for part in parts]
        self._order = order

    def body(self, messages: Sequence[Mapping[str, str]]) -> bytes:
        """The request for some messages, which have the roles that this one was made for."""
        pieces = [self._parts[0]]
        for index, part in zip(self._order, self._parts[1:], strict=True):
            words = json.dumps(messages[index]["content"], ensure_ascii=False)[1:-1]
            pieces += (words.encode("utf-8", "backslashreplace"), part)
        return b"".join(pieces)


async def ready_request(
    ask: Callable[[Callable[..., Awaitable[object]]], Callable[..., Awaitable[object]]],
    schema: type[BaseModel],
    roles: Sequence[str],
    arguments: Mapping[str, Any],
    finish: Finish,
) -> ReadyRequest:
    """Let instructor make the request for messages of these roles.

    Args:
        ask: Makes instructor's asking function around a function that makes the call.
        schema: The model to extract, prepared for instructor.
        roles: Who speaks, message by message.
        arguments: What else is sent.
        finish: Applied to the arguments that instructor makes.

    Raises:
        SchemaError: When instructor cannot make a request of the schema.
    """
    holes = [f"{uuid.uuid4().hex}{index}" for index in range(len(roles))]
    messages = [{"role": role, "content": hole} for role, hole in zip(roles, holes, strict=True)]
    made: list[dict[str, Any]] = []

    async def call(**sent: Any) -> object:
        made.append(sent)
        raise _Made

    try:
        await ask(call)(response_model=schema, messages=messages, max_retries=0, **arguments)
    except _Made:
        pass
    except Exception as error:
        hint = f"{type(error).__name__}: {error}"
        raise SchemaError("no tool can be made of the schema", where=schema.__name__, hint=hint) from error
    return ReadyRequest(dumped(finish(made[0])), holes)


def dumped(arguments: Mapping[str, Any]) -> str:
    """The arguments of a call as the body of its request."""
    sent = {name: value for name, value in arguments.items() if name != "extra_body"}
    sent |= arguments.get("extra_body") or {}
    return json.dumps(sent, ensure_ascii=False, separators=(",", ":"))


class _Made(BaseException):
    """The request is made, and there is no need to send it. instructor logs and wraps any `Exception`."""
