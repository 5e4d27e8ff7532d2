import asyncio
import json
from collections.abc import Callable
from typing import Any

import httpx2
import pytest
from pydantic import BaseModel, field_validator

from harness.errors import SchemaError, SystemUnavailableError
from harness.records import Document, FailureKind, Message, Prompt, Request
from harness.systems import Task
from harness.systems.answers.attempts import KEPT_OF_OVERSIZED, LARGEST_ANSWER
from harness.systems.base import Exchange, Remedy
from harness.systems.model.openai_chat import OpenAIChat
from tests.unit.systems.model.chat_server import (
    BAD,
    GOOD,
    KEY,
    REQUEST,
    Reply,
    Server,
    Thing,
    Watched,
    attempts,
    completion,
    endpoint,
    exchanged,
)


def test_a_good_answer_is_one_attempt_without_failure() -> None:
    server = Server(GOOD)
    (attempt,) = attempts(server, parameters={"temperature": 0, "extra_body": {"top_k": 3}})
    assert attempt.raw == '{"name": "a", "count": 1}'
    assert attempt.failure is None
    assert attempt.finish_reason == "tool_calls"
    assert attempt.input_tokens is None
    assert attempt.latency > 0
    (asked,) = server.asked
    assert asked["messages"] == [
        {"role": "system", "content": "Extract."},
        {"role": "user", "content": "<document>\ntext\n</document>"},
    ]
    assert (asked["temperature"], asked["top_k"], asked["model"]) == (0, 3, "m")
    assert asked["tools"][0]["function"]["name"] == "Thing"
    assert server.requests[0].headers["authorization"] == f"Bearer {KEY}"


def test_an_invalid_answer_is_asked_for_again_and_both_count() -> None:
    good = completion(
        '{"name": "a", "count": 1}', usage={"prompt_tokens": 30, "completion_tokens": 5, "total_tokens": 35}
    )
    server = Server(BAD, good)
    first, second = attempts(server)
    assert first.failure is FailureKind.INVALID
    assert "count" in first.detail
    assert first.raw == '{"name": "a", "count": -1}'
    assert (first.input_tokens, first.output_tokens) == (10, 3)
    assert second.failure is None
    # instructor adds up the usage inside the answers; each attempt keeps its own.
    assert (second.input_tokens, second.output_tokens) == (30, 5)
    again = server.asked[1]["messages"]
    assert [message["role"] for message in again] == ["system", "user", "assistant", "tool"]
    assert "greater than or equal to 0" in again[-1]["content"]
    assert {**server.asked[1], "messages": 0} == {**server.asked[0], "messages": 0}


def test_after_the_last_attempt_the_answer_stays_invalid() -> None:
    assert [a.failure for a in attempts(Server(BAD, BAD), max_retries=1)] == [FailureKind.INVALID] * 2
    assert [a.failure for a in attempts(Server(BAD, BAD, BAD), max_retries=2)] == [FailureKind.INVALID] * 3
    assert len(attempts(Server(BAD), max_retries=0)) == 1


def test_every_call_goes_through_the_exchange_with_its_size() -> None:
    exchange = exchanged(Server(BAD, GOOD), request=Request(Document("d", "word " * 400, "")))
    first, again = exchange.sizes
    assert again > first > 500


@pytest.mark.parametrize(
    "reply",
    [completion(refusal="no"), completion('{"name": "a', reason="length"), httpx2.Response(503, json={})],
)
def test_what_asking_again_does_not_mend_is_not_asked_again(reply: Reply) -> None:
    server = Server(reply, GOOD)
    assert len(attempts(server, max_retries=5)) == 1
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    "reply", [completion("{"), completion(content=None, reason="stop"), completion(content="Sure!"), BAD]
)
def test_what_asking_again_may_mend_is_asked_again(reply: Reply) -> None:
    first, second = attempts(Server(reply, GOOD))
    assert first.failure is not None
    assert second.failure is None


def test_a_call_that_fails_ends_the_conversation() -> None:
    exchange = exchanged(
        Server(BAD, httpx2.Response(500, json={"error": {"message": "broken"}}), GOOD), max_retries=3
    )
    assert [attempt.failure for attempt in exchange.attempts] == [FailureKind.INVALID, FailureKind.ERROR]
    assert exchange.failed[0].remedy is Remedy.AGAIN


def test_an_oversized_answer_is_not_parsed_and_its_head_is_kept() -> None:
    for reply in (completion('"' + "x" * LARGEST_ANSWER + '"'), b'{"a": "' + b"x" * (20 * 1024 * 1024)):
        (attempt,) = attempts(Server(reply, GOOD))
        assert attempt.failure is FailureKind.OVERSIZED
        assert attempt.raw is not None
        assert len(attempt.raw) <= KEPT_OF_OVERSIZED


@pytest.mark.parametrize("arguments", [r'{"name": "\ud800", "count": 1}', '{"name": "\ud800", "count": 1}'])
def test_a_lone_surrogate_is_stored_as_its_escape(arguments: str) -> None:
    body = json.dumps(completion(arguments)).encode()
    attempt = attempts(Server(body, body))[-1]
    assert attempt.raw == r'{"name": "\ud800", "count": 1}'
    assert attempt.failure is not None


def test_a_document_of_any_text_can_be_sent() -> None:
    text = '"\\\n\x00\x1b </document> 中文 😀 \ud800 {{ document }} {0} %s'
    server = Server(GOOD)
    exchanged(server, request=Request(Document("d", text, "")))
    sent = server.asked[0]["messages"][1]["content"]
    assert (
        sent
        == f"<document>\n{text.replace(chr(0xD800), chr(0xFFFD)).replace('</doc', '&lt;/doc')}\n</document>"
    )


def test_a_validator_that_raises_anything_is_an_invalid_answer() -> None:
    class Fussy(Thing):
        @field_validator("name")
        @classmethod
        def refuse(cls, name: str) -> str:
            raise KeyError(name)

    (attempt,) = attempts(Server(GOOD), schema=Fussy, max_retries=0)
    assert attempt.failure is FailureKind.INVALID
    assert "KeyError" in attempt.detail


def test_strictness_settles_whether_a_quoted_number_is_one() -> None:
    quoted = completion('{"name": "a", "count": "3"}')
    (attempt,) = attempts(Server(quoted), max_retries=0, strict=False)
    assert attempt.failure is None
    assert attempt.raw == '{"name": "a", "count": "3"}'
    assert attempts(Server(quoted), max_retries=0, strict=True)[0].failure is FailureKind.INVALID


def test_documents_asked_at_once_keep_their_attempts_apart() -> None:
    async def echo(request: httpx2.Request) -> httpx2.Response:
        asked = json.loads(request.content)
        name = asked["messages"][1]["content"].removeprefix("<document>\n").removesuffix("\n</document>")
        await asyncio.sleep(0)
        again = len(asked["messages"]) > 2
        count = int(name) if again or int(name) % 2 else -1
        return httpx2.Response(200, json=completion(json.dumps({"name": name, "count": count})))

    async def all_at_once() -> list[Exchange]:
        system = OpenAIChat(endpoint(echo), Task(Thing), kind="test")
        exchanges = [Exchange() for _ in range(20)]
        documents = [Document(f"d{number}", str(number), "") for number in range(20)]
        try:
            await asyncio.gather(
                *(system.answer(Request(d), e) for d, e in zip(documents, exchanges, strict=True))
            )
        finally:
            await system.close()
        return exchanges

    for number, exchange in enumerate(asyncio.run(all_at_once())):
        assert len(exchange.attempts) == (1 if number % 2 else 2)
        assert all(json.loads(attempt.raw or "")["name"] == str(number) for attempt in exchange.attempts)
        assert exchange.attempts[-1].failure is None


def test_a_cancelled_exchange_keeps_its_judged_attempts() -> None:
    async def cut_off() -> Watched:
        waiting = asyncio.Event()

        async def serve(request: httpx2.Request) -> httpx2.Response:
            if len(json.loads(request.content)["messages"]) == 2:
                return httpx2.Response(200, json=BAD)
            waiting.set()
            await asyncio.Event().wait()
            raise AssertionError

        system = OpenAIChat(endpoint(serve), Task(Thing), kind="test")
        exchange = Watched()
        task = asyncio.create_task(system.answer(REQUEST, exchange))
        await waiting.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await system.close()
        return exchange

    (attempt,) = asyncio.run(cut_off()).attempts
    assert attempt.failure is FailureKind.INVALID
    assert "count" in attempt.detail


@pytest.mark.parametrize("calls", [0, 1])
def test_what_stops_the_run_comes_through(calls: int) -> None:
    class Stopping(Exchange):
        async def call(self, once: Any, size: int = 0) -> Any:
            if len(self.attempts) == calls:
                raise SystemUnavailableError("no money is left")
            return await super().call(once, size)

    async def ask() -> None:
        system = OpenAIChat(endpoint(Server(BAD)), Task(Thing), kind="test")
        try:
            await system.answer(REQUEST, Stopping())
        finally:
            await system.close()

    with pytest.raises(SystemUnavailableError, match="no money is left"):
        asyncio.run(ask())


def test_a_schema_without_a_json_schema_is_refused() -> None:
    class Odd(BaseModel):
        call: Callable[[], int]

    with pytest.raises(SchemaError, match="no tool can be made"):
        OpenAIChat(endpoint(Server()), Task(Odd), kind="test")


def test_prompts_with_worked_examples_are_sent_in_order() -> None:
    said = (
        Message("system", "Extract {{ nothing }}."),
        Message("user", 'An "example".'),
        Message("assistant", '{"name": "e", "count": 0}'),
        Message("user", "Now: {{ document }}", template=True),
    )
    for mode, added in (("tools", 0), ("json", 0), ("json_schema", 0), ("markdown_json", 1)):
        server = Server(
            GOOD if mode == "tools" else completion(content='{"name": "a", "count": 1}', reason="stop")
        )
        (attempt,) = attempts(server, prompt=Prompt("v", "", said), mode=mode)
        assert attempt.failure is None
        messages = server.asked[0]["messages"]
        assert [message["role"] for message in messages] == ["system", "user", "assistant", "user"]
        assert messages[0]["content"].startswith("Extract {{ nothing }}.")
        assert messages[1:3] == [{"role": m.role, "content": m.text} for m in said[1:3]]
        assert messages[3]["content"].startswith("Now: <document>\ntext\n</document>")
        assert ("```json" in messages[3]["content"]) is bool(added)


def test_what_instructor_finds_in_an_answer_counts_where_ours_finds_nothing() -> None:
    text = 'Not {"this": } but {"name": "a", "count": 1} is it.'
    (attempt,) = attempts(Server(completion(content=text)), mode="markdown_json")
    assert (attempt.failure, json.loads(attempt.raw or "")) == (None, {"name": "a", "count": 1})


def test_no_key_is_in_anything_that_is_recorded() -> None:
    words = f"Incorrect API key provided: {KEY}. Header: Bearer {KEY}; other sk-abcdefghijkl"
    echo = completion(json.dumps({"name": KEY, "count": KEY}), reason=KEY, refusal=KEY)
    replies: list[Reply] = [
        httpx2.Response(401, json={"error": {"message": words}}),
        httpx2.Response(500, text=words),
        httpx2.Response(200, text=f"<title>{words}</title>"),
        httpx2.Response(200, text=words),
        {"error": {"message": words}},
        {KEY: 1},
        httpx2.ConnectError(words),
        echo,
        completion(json.dumps({"name": KEY, "count": -1})),
    ]
    for reply in replies:
        exchange = exchanged(Server(reply), max_retries=0)
        told = repr([exchange.attempts, [(e, vars(e)) for e in exchange.failed]])
        assert KEY not in told
        assert "sk-abc" not in told
        assert "[key]" in told
    assert KEY not in repr(endpoint(Server()))
