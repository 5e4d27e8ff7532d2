"""`python -m benchmarks.asked.server`: answers every request with the same completion, as cheaply as it can.

It writes its port as the first line, and ends when its standard input is closed. `--latency` is in seconds.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import sys

from benchmarks.asked.suite import ANSWER

_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)


def canned() -> bytes:
    """The whole answer, headers first."""
    call = {"name": "Sheet", "arguments": json.dumps(ANSWER)}
    message = {
        "role": "assistant",
        "content": None,
        "tool_calls": [{"id": "call_1", "type": "function", "function": call}],
    }
    completion = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1_700_000_000,
        "model": "mock",
        "choices": [{"index": 0, "finish_reason": "tool_calls", "message": message}],
        "usage": {"prompt_tokens": 400, "completion_tokens": 120, "total_tokens": 520},
    }
    body = json.dumps(completion).encode()
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


class Canned(asyncio.Protocol):
    """One connection."""

    def __init__(self, answer: bytes, latency: float) -> None:
        self._answer = answer
        self._latency = latency
        self._received = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep what answers go to."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer every request that is there as a whole."""
        received = self._received + data if self._received else data
        while (end := received.find(b"\r\n\r\n")) >= 0:
            found = _LENGTH.search(received, 0, end)
            whole = end + 4 + (int(found[1]) if found else 0)
            if len(received) < whole:
                break
            received = received[whole:]
            if self._latency:
                asyncio.get_running_loop().call_later(self._latency, self._reply)
            else:
                self._reply()
        self._received = received

    def _reply(self) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(self._answer)


async def serve(latency: float) -> None:
    """Until standard input is closed."""
    loop = asyncio.get_running_loop()
    answer = canned()
    server = await loop.create_server(lambda: Canned(answer, latency), "127.0.0.1", 0, backlog=1_024)
    print(server.sockets[0].getsockname()[1], flush=True)
    closed = loop.create_future()

    def ended() -> None:
        if not closed.done():
            closed.set_result(None)

    loop.add_reader(sys.stdin.fileno(), ended)
    await closed


if __name__ == "__main__":
    options = argparse.ArgumentParser(prog="python -m benchmarks.asked.server")
    options.add_argument("--latency", type=float, default=0.0)
    asyncio.run(serve(options.parse_args().latency))
