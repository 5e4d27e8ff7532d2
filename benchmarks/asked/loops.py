"""Loops that ask about documents, each in the same few workers, and nothing else."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

from benchmarks.asked.suite import PROMPT, Sheet, text_of

if TYPE_CHECKING:
    from openai import AsyncOpenAI

Ask = Callable[[str], Awaitable[object]]


async def put(ask: Ask, documents: int, concurrency: int) -> None:
    """Ask about every document, so many at once."""
    numbers = iter(range(documents))

    async def work() -> None:
        for number in numbers:
            await ask(text_of(number))

    await asyncio.gather(*(work() for _ in range(concurrency)))


def messages(text: str) -> list[dict[str, str]]:
    """What the harness would say, too."""
    return [
        {"role": "system", "content": PROMPT},
        {"role": "user", "content": f"<document>\n{text}</document>"},
    ]


def client(port: int) -> AsyncOpenAI:
    """A client as its documentation makes it, without its retries."""
    from openai import AsyncOpenAI

    return AsyncOpenAI(base_url=f"http://127.0.0.1:{port}/v1", api_key="none", max_retries=0)


@asynccontextmanager
async def bare_openai(port: int) -> AsyncIterator[Ask]:
    """The client alone: the tool's schema made once, the answer read as JSON."""
    tool: Any = {"type": "function", "function": {"name": "Sheet", "parameters": Sheet.model_json_schema()}}
    choice: Any = {"type": "function", "function": {"name": "Sheet"}}
    async with client(port) as openai:

        async def ask(text: str) -> object:
            said: Any = messages(text)
            completion = await openai.chat.completions.create(
                model="mock", messages=said, tools=[tool], tool_choice=choice
            )
            calls: Any = completion.choices[0].message.tool_calls
            return json.loads(calls[0].function.arguments)

        yield ask


@asynccontextmanager
async def bare_instructor(port: int) -> AsyncIterator[Ask]:
    """Instructor as its documentation uses it."""
    import instructor

    async with client(port) as openai:
        patched = instructor.from_openai(openai, mode=instructor.Mode.TOOLS)

        async def ask(text: str) -> object:
            said: Any = messages(text)
            return await patched.chat.completions.create(model="mock", messages=said, response_model=Sheet)

        yield ask


class Raw(asyncio.Protocol):
    """A connection that sends a request as soon as the answer to the one before is there."""

    def __init__(self, request: bytes, requests: list[int], done: asyncio.Future[None]) -> None:
        self._request = request
        self._left = requests
        self._done = done
        self._received = 0
        self._expected: int | None = None
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Send the first."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._next()

    def data_received(self, data: bytes) -> None:
        """Send the next when all of an answer has come; all answers are of one length."""
        if self._expected is None:
            end = data.index(b"\r\n\r\n")
            self._expected = end + 4 + int(data.split(b"Content-Length: ", 1)[1].split(b"\r\n", 1)[0])
        self._received += len(data)
        if self._received == self._expected:
            self._received = 0
            self._next()

    def _next(self) -> None:
        assert self._transport is not None
        if self._left[0] > 0:
            self._left[0] -= 1
            self._transport.write(self._request)
        else:
            self._transport.close()
            if not self._done.done():
                self._done.set_result(None)


async def raw_sockets(port: int, documents: int, concurrency: int) -> None:
    """The same requests with no client at all: what the server bears."""
    body = json.dumps({"model": "mock", "messages": messages(text_of(0))}).encode()
    head = f"POST /v1/chat/completions HTTP/1.1\r\nHost: bench\r\nContent-Length: {len(body)}\r\n\r\n"
    request, loop, left = head.encode() + body, asyncio.get_running_loop(), [documents]
    ended: list[asyncio.Future[None]] = [loop.create_future() for _ in range(min(concurrency, documents))]
    for done in ended:
        await loop.create_connection(partial(Raw, request, left, done), "127.0.0.1", port)
    await asyncio.gather(*ended)
