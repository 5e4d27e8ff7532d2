"""A chat server inside the process: what it answers, and what it was asked."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import httpx2
from pydantic import BaseModel, Field

from harness.records import Document, Message, Prompt, Request
from harness.systems import Task
from harness.systems.base import CallFailedError, Exchange
from harness.systems.model.openai_chat import Endpoint, OpenAIChat

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from harness.records import Attempt
    from harness.systems.base import Called, T

KEY = "sk-verysecret0123456789"
PROMPT = Prompt(
    "v1",
    "ab" * 32,
    (Message("system", "Extract."), Message("user", "{{ document }}", template=True)),
)
REQUEST = Request(Document("d", "text", "cd" * 32), 2)

Reply = dict[str, Any] | list[Any] | bytes | httpx2.Response | Exception


class Thing(BaseModel):
    """A thing."""

    name: str
    count: int = Field(ge=0)


def completion(
    arguments: Any = None, *, content: Any = None, reason: str = "tool_calls", usage: Any = None, **message: Any
) -> dict[str, Any]:
    calls = None
    if arguments is not None:
        calls = [{"id": "c", "type": "function", "function": {"name": "Thing", "arguments": arguments}}]
    said = {"role": "assistant", "content": content, "tool_calls": calls, **message}
    return {
        "id": "x",
        "object": "chat.completion",
        "created": 0,
        "model": "m",
        "choices": [{"index": 0, "finish_reason": reason, "message": said}],
        "usage": usage,
    }


GOOD = completion('{"name": "a", "count": 1}')
BAD = completion(
    '{"name": "a", "count": -1}', usage={"prompt_tokens": 10, "completion_tokens": 3, "total_tokens": 13}
)


class Server:
    """Answers with the given replies in turn and keeps what it was asked."""

    def __init__(self, *replies: Reply) -> None:
        self.replies = list(replies)
        self.asked: list[dict[str, Any]] = []
        self.requests: list[httpx2.Request] = []

    async def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.requests.append(request)
        self.asked.append(json.loads(request.content))
        reply = self.replies.pop(0)
        if isinstance(reply, Exception):
            raise reply
        if isinstance(reply, bytes):
            return httpx2.Response(200, content=reply, headers={"content-type": "application/json"})
        return reply if isinstance(reply, httpx2.Response) else httpx2.Response(200, json=reply)


class Watched(Exchange):
    """An exchange that keeps what every call said besides its attempt."""

    def __init__(self) -> None:
        super().__init__()
        self.failed: list[CallFailedError] = []
        self.called: list[Called[Any]] = []
        self.sizes: list[int] = []

    async def call(self, once: Callable[[], Awaitable[Called[T]]], size: int = 0) -> T:
        self.sizes.append(size)

        async def watched() -> Called[T]:
            try:
                called = await once()
            except CallFailedError as failed:
                self.failed.append(failed)
                raise
            self.called.append(called)
            return called

        return await super().call(watched, size)


def endpoint(server: Callable[[httpx2.Request], Any], **parts: Any) -> Endpoint:
    transport = httpx2.MockTransport(server)
    chosen: dict[str, Any] = {"transport": transport, "strict": True} | parts
    return Endpoint("m", "http://model.invalid/v1", KEY, **chosen)


def exchanged(
    server: Server,
    *,
    schema: type[BaseModel] = Thing,
    prompt: Prompt | None = PROMPT,
    request: Request = REQUEST,
    **parts: Any,
) -> Watched:
    """What went to and fro when a new system was asked once."""

    async def once() -> Watched:
        system = OpenAIChat(endpoint(server, **parts), Task(schema, prompt), kind="test")
        exchange = Watched()
        try:
            await system.answer(request, exchange)
        finally:
            await system.close()
        return exchange

    return asyncio.run(once())


def attempts(server: Server, **parts: Any) -> list[Attempt]:
    return exchanged(server, **parts).attempts
