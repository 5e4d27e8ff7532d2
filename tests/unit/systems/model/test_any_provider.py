"""Providers that are asked through their own SDK; instructor's client is real, the SDK is a stand-in."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import httpx2
import openai
import pytest

from harness.errors import ConfigError, SystemUnavailableError
from harness.records import FailureKind
from harness.systems import SystemSpec, Task, build
from harness.systems.base import Remedy
from tests.unit.systems.model.chat_server import (
    BAD,
    GOOD,
    KEY,
    PROMPT,
    REQUEST,
    Reply,
    Server,
    Thing,
    Watched,
    completion,
)

Install = Callable[..., None]


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> Install:
    """Make `instructor.from_provider` give a client of this process for provider azure_openai."""
    import instructor

    def install(server: Server, seen: dict[str, Any] | None = None) -> None:
        def from_provider(model: str, *, async_client: bool, mode: Any, **given: Any) -> Any:
            assert async_client
            if seen is not None:
                seen.update(given, model=model)
            http = httpx2.AsyncClient(transport=httpx2.MockTransport(server))
            client = openai.AsyncOpenAI(api_key=KEY, base_url="http://model.invalid/v1", http_client=http)
            return instructor.from_openai(client, mode=mode)

        monkeypatch.setattr(instructor, "from_provider", from_provider)
        monkeypatch.setenv("AZURE_OPENAI_API_KEY", KEY)

    return install


def asked(times: int = 1, **parameters: Any) -> Watched:
    async def once() -> Watched:
        told: dict[str, Any] = {"model": "azure_openai/m", "strict": True} | parameters
        system = build(SystemSpec("mine", "model", told), Task(Thing, PROMPT))
        exchange = Watched()
        try:
            for _ in range(times):
                await system.answer(REQUEST, exchange)
        finally:
            await system.close()
            await system.close()
        return exchange

    return asyncio.run(once())


def test_every_attempt_is_recorded_below_instructors_loop(installed: Install) -> None:
    server, seen = Server(BAD, GOOD), dict[str, Any]()
    installed(server, seen)
    first, second = asked(parameters={"temperature": 0.5}).attempts
    assert (first.failure, first.raw) == (FailureKind.INVALID, '{"name": "a", "count": -1}')
    assert (first.input_tokens, first.output_tokens) == (10, 3)
    assert (second.failure, second.raw) == (None, '{"name": "a", "count": 1}')
    assert seen == {"api_key": KEY, "model": "azure_openai/m"}
    assert (server.asked[0]["model"], server.asked[0]["temperature"]) == ("m", 0.5)


@pytest.mark.parametrize(
    ("reply", "failure", "remedy"),
    [
        (
            httpx2.Response(429, json={"error": {"message": f"slow {KEY}"}}),
            FailureKind.RATE_LIMITED,
            Remedy.SLOWER,
        ),
        (httpx2.Response(500, json={}), FailureKind.ERROR, Remedy.AGAIN),
        (httpx2.Response(401, json={"error": {"message": KEY}}), FailureKind.ERROR, Remedy.STOP),
        (httpx2.ConnectError(KEY), FailureKind.ERROR, Remedy.AGAIN),
    ],
)
def test_a_failed_call_is_made_once_and_recorded(
    installed: Install, reply: Reply, failure: FailureKind, remedy: Remedy
) -> None:
    server = Server(reply, GOOD)
    installed(server)
    exchange = asked(max_retries=3)
    (attempt,) = exchange.attempts
    assert attempt.failure is failure
    assert exchange.failed[0].remedy is remedy
    assert KEY not in repr((exchange.attempts, vars(exchange.failed[0])))
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("reply", "failure"),
    [
        (completion(refusal="no"), FailureKind.REFUSED),
        (completion('{"na', reason="length"), FailureKind.TRUNCATED),
        (completion("{"), FailureKind.UNPARSABLE),
        (completion(content="words"), FailureKind.UNPARSABLE),
        (completion(content=None), FailureKind.EMPTY),
    ],
)
def test_an_answer_without_an_extraction_says_why(
    installed: Install, reply: Reply, failure: FailureKind
) -> None:
    installed(Server(reply))
    (attempt,) = asked(max_retries=0).attempts
    assert attempt.failure is failure


def test_each_document_has_its_own_conversation(installed: Install) -> None:
    server = Server(BAD, GOOD, GOOD)
    installed(server)
    assert len(asked(times=2).attempts) == 3
    assert [len(body["messages"]) for body in server.asked] == [2, 4, 2]


def test_what_stops_the_run_comes_through(installed: Install) -> None:
    installed(Server(BAD))

    class Stopping(Watched):
        async def call(self, once: Any, size: int = 0) -> Any:
            if self.attempts:
                raise SystemUnavailableError("no money is left")
            return await super().call(once, size)

    async def once() -> None:
        system = build(SystemSpec("mine", "model", {"model": "azure_openai/m"}), Task(Thing, PROMPT))
        await system.answer(REQUEST, Stopping())

    with pytest.raises(SystemUnavailableError, match="no money is left"):
        asyncio.run(once())


def test_a_missing_sdk_is_an_error_with_the_line_that_installs_it() -> None:
    with pytest.raises(SystemUnavailableError) as refused:
        asked(model="writer/m")
    assert "needs the package writer-sdk" in refused.value.seen
    assert refused.value.hint == "pip install writer-sdk"


def test_a_missing_key_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AZURE_OPENAI_API_KEY", raising=False)
    with pytest.raises(ConfigError, match="AZURE_OPENAI_API_KEY is not set"):
        asked()


def test_what_else_an_sdk_misses_is_told_in_its_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AZURE_OPENAI_API_KEY", KEY)
    monkeypatch.delenv("AZURE_OPENAI_ENDPOINT", raising=False)
    with pytest.raises(ConfigError) as refused:
        asked()
    assert "AZURE_OPENAI_ENDPOINT is not set" in refused.value.seen
    assert KEY not in str(refused.value)


def test_instructors_reading_counts_where_ours_finds_no_json(
    installed: Install, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An answer of an unknown shape: what instructor makes of it is the answer."""
    from harness.systems.answers.attempts import recorded
    from harness.systems.answers.usage import Usage
    from harness.systems.model import any_provider

    def unknown(answer: object, *, latency: float, secret: str) -> Any:
        return recorded(None, latency, usage=Usage(), finish_reason=None, known_shape=False)

    monkeypatch.setattr(any_provider, "attempt_of_any", unknown)
    installed(Server(GOOD))
    (attempt,) = asked().attempts
    assert attempt.failure is None
    assert json.loads(attempt.raw or "") == {"name": "a", "count": 1}


def test_an_answer_that_instructor_cannot_read_is_a_failure_in_its_words(
    installed: Install, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One of an unknown shape, that is; and what it says there is not repeated with the key."""
    from harness.systems.answers.attempts import recorded
    from harness.systems.answers.usage import Usage
    from harness.systems.model import any_provider

    def unknown(answer: object, *, latency: float, secret: str) -> Any:
        return recorded(None, latency, usage=Usage(), finish_reason=None, known_shape=False)

    monkeypatch.setattr(any_provider, "attempt_of_any", unknown)
    installed(Server(completion(json.dumps({"name": KEY, "count": -1}))))
    (attempt,) = asked(max_retries=0).attempts
    assert attempt.failure is FailureKind.INVALID
    assert "greater than or equal to 0" in attempt.detail
    assert KEY not in attempt.detail


def test_what_instructor_refuses_before_any_call_is_recorded(installed: Install) -> None:
    installed(Server(), {})
    (attempt,) = asked(parameters={"functions_": 1, "args": 3}, max_retries=0).attempts
    assert attempt.failure is FailureKind.ERROR


def test_anthropics_own_client(monkeypatch: pytest.MonkeyPatch) -> None:
    """The real SDK against a server on loopback, where the SDK is installed."""
    pytest.importorskip("anthropic")
    message = {
        "id": "m",
        "type": "message",
        "role": "assistant",
        "model": "c",
        "stop_reason": "tool_use",
        "stop_sequence": None,
        "usage": {"input_tokens": 10, "output_tokens": 5, "cache_read_input_tokens": 3},
    }

    def called(arguments: dict[str, Any]) -> dict[str, Any]:
        block = {"type": "tool_use", "id": "t1", "name": "Thing", "input": arguments}
        return {**message, "content": [block]}

    replies = [called({"name": "a", "count": -1}), called({"name": "a", "count": 1})]

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        await reader.readexactly(int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0]))
        body = json.dumps(replies.pop(0)).encode()
        writer.write(b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-type: application/json\r\n")
        writer.write(b"content-length: %d\r\n\r\n" % len(body) + body)
        await writer.drain()
        writer.close()

    async def once() -> Watched:
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        monkeypatch.setenv("ANTHROPIC_BASE_URL", f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
        monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)
        system = build(SystemSpec("mine", "model", {"model": "anthropic/c"}), Task(Thing, PROMPT))
        exchange = Watched()
        await system.answer(REQUEST, exchange)
        await system.close()
        server.close()
        await server.wait_closed()
        return exchange

    first, second = asyncio.run(once()).attempts
    assert first.failure is FailureKind.INVALID
    assert (second.failure, second.raw) == (None, '{"name": "a", "count": 1}')
    assert (second.input_tokens, second.output_tokens, second.cached_input_tokens) == (13, 5, 3)
