"""The transport against a server on loopback."""

import asyncio
import gzip
import json
from collections.abc import Callable
from typing import Any

import httpx2
import pytest

from harness.errors import ConfigError
from harness.records import FailureKind
from harness.systems import Task
from harness.systems.base import Remedy
from harness.systems.model.aiohttp_transport import AiohttpTransport, proxy_for
from harness.systems.model.connection import TooLongError
from harness.systems.model.openai_chat import LARGEST_BODY, Endpoint, OpenAIChat
from tests.unit.systems.model.chat_server import GOOD, KEY, REQUEST, Thing, Watched

Ask = Callable[[httpx2.AsyncClient, str], Any]


def served(reply: bytes, ask: Callable[[str, list[bytes]], Any], *, hang_up: bool = True) -> Any:
    """Run a question against a server that gives these bytes to every request on a connection of its own."""

    async def run() -> Any:
        heads: list[bytes] = []

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                while True:
                    head = await reader.readuntil(b"\r\n\r\n")
                    heads.append(head)
                    await reader.readexactly(int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0]))
                    writer.write(reply)
                    await writer.drain()
                    if hang_up:
                        break
            except (ConnectionError, asyncio.IncompleteReadError):
                pass
            finally:
                writer.close()

        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        try:
            return await ask(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1", heads)
        finally:
            server.close()
            await server.wait_closed()

    return asyncio.run(run())


def response(body: bytes, *headers: str, length: int | None = None, status: str = "200 OK") -> bytes:
    size = len(body) if length is None else length
    lines = [
        f"HTTP/1.1 {status}",
        f"content-length: {size}",
        "content-type: application/json",
        *headers,
        "",
        "",
    ]
    return "\r\n".join(lines).encode() + body


async def posted(address: str, heads: list[bytes], *, largest: int = 1_000) -> httpx2.Response:
    transport = AiohttpTransport(address, largest=largest)
    async with httpx2.AsyncClient(transport=transport, trust_env=False) as client:
        return await client.post(f"{address}/a%2Fb?q=1", content=b"{}", headers={"x-mine": "1"})


def test_an_answer_comes_with_its_status_headers_and_body() -> None:
    async def ask(address: str, heads: list[bytes]) -> tuple[httpx2.Response, bytes]:
        return await posted(address, heads), heads[0]

    answer, head = served(response(b'{"a": 1}', "x-ratelimit-remaining-requests: 3", status="429 Slow"), ask)
    assert (answer.status_code, answer.json()) == (429, {"a": 1})
    assert answer.headers["x-ratelimit-remaining-requests"] == "3"
    assert head.startswith(b"POST /v1/a%2Fb?q=1 HTTP/1.1\r\n")
    assert b"x-mine: 1" in head.lower()


def test_a_packed_answer_is_unpacked_once() -> None:
    body = gzip.compress(b'{"a": 1}')
    answer = served(response(body, "content-encoding: gzip"), posted)
    assert answer.json() == {"a": 1}


@pytest.mark.parametrize(
    "reply",
    [
        response(b"x" * 2_000),
        response(gzip.compress(b"x" * 1_000_000), "content-encoding: gzip"),
        b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n" + b"x" * 2_000,
    ],
)
def test_an_answer_that_is_too_long_is_not_read_to_its_end(reply: bytes) -> None:
    with pytest.raises(TooLongError) as too_long:
        served(reply, posted)
    assert too_long.value.head.startswith(b"x")
    assert len(too_long.value.head) <= 64 * 1024


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (response(b'{"a"', length=100), httpx2.ReadError),
        (b"HTTP/1.1 200", httpx2.RemoteProtocolError),
        (b"", httpx2.RemoteProtocolError),
        (b"SSH-2.0-x\r\n\r\n", httpx2.RemoteProtocolError),
    ],
)
def test_a_broken_answer_is_an_error_of_the_transport(reply: bytes, error: type[Exception]) -> None:
    with pytest.raises(error):
        served(reply, posted)


def test_redirects_are_for_the_client() -> None:
    answer = served(response(b"", "location: /elsewhere", status="307 Moved"), posted)
    assert answer.status_code == 307


async def asked_model(address: str) -> Watched:
    system = OpenAIChat(Endpoint("m", address, KEY, max_retries=0), Task(Thing), kind="test")
    exchange = Watched()
    try:
        await asyncio.gather(*(system.answer(REQUEST, exchange) for _ in range(3)))
    finally:
        await system.close()
        await system.close()
    return exchange


def test_a_model_is_asked_over_it() -> None:
    exchange = served(
        response(json.dumps(GOOD).encode()), lambda address, _: asked_model(address), hang_up=False
    )
    assert [attempt.failure for attempt in exchange.attempts] == [None] * 3


def test_a_long_answer_of_a_model_is_recorded_by_its_head() -> None:
    reply = response(b'{"long": "' + b"x" * 1_000, length=20 * 1024 * 1024)
    exchange = served(reply, lambda address, _: asked_model(address))
    assert {attempt.failure for attempt in exchange.attempts} == {FailureKind.OVERSIZED}
    assert exchange.attempts[0].raw is not None
    assert exchange.attempts[0].raw.startswith('{"long": "xxx')
    assert "20,971,520 bytes" in exchange.attempts[0].detail
    assert LARGEST_BODY < 20 * 1024 * 1024


def test_where_nothing_listens_the_run_stops_at_once() -> None:
    async def closed_port() -> Watched:
        server = await asyncio.start_server(lambda r, w: None, "127.0.0.1", 0)
        address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
        server.close()
        await server.wait_closed()
        return await asked_model(address)

    exchange = asyncio.run(closed_port())
    assert {failed.remedy for failed in exchange.failed} == {Remedy.STOP}
    assert "nothing answers there" in exchange.attempts[0].detail


@pytest.mark.parametrize(
    ("address", "environment", "proxy"),
    [
        ("https://api.openai.com/v1", {}, None),
        ("https://api.openai.com/v1", {"https_proxy": "http://proxy:3128"}, "http://proxy:3128"),
        ("https://api.openai.com/v1", {"https_proxy": "proxy:3128"}, "http://proxy:3128"),
        ("https://api.openai.com/v1", {"all_proxy": "http://proxy:1"}, "http://proxy:1"),
        ("https://api.openai.com/v1", {"http_proxy": "http://proxy:1"}, None),
        ("https://api.openai.com/v1", {"https_proxy": "http://p:1", "no_proxy": "openai.com"}, None),
        ("http://localhost:11434/v1", {"http_proxy": "http://proxy:1"}, None),
        ("http://box:8000/v1", {"http_proxy": "http://proxy:1"}, "http://proxy:1"),
    ],
)
def test_the_proxy_is_the_environments(
    address: str, environment: dict[str, str], proxy: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy", "request_method"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert proxy_for(address) == proxy


def test_a_proxy_that_is_none_of_http_is_refused_without_its_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "socks5://me:hunter2@proxy:1080")
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    with pytest.raises(ConfigError) as refused:
        proxy_for("https://api.openai.com/v1")
    assert "socks5://proxy:1080" in str(refused.value)
    assert "hunter2" not in str(refused.value)
