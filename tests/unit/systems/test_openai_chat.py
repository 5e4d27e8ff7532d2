import asyncio
import json
from collections.abc import Callable
from typing import Any

import httpx2
import pytest
from pydantic import BaseModel, Field, field_validator

from harness.errors import SchemaError
from harness.records import Document, FailureKind, Prompt, Request, Response
from harness.systems import Task
from harness.systems.attempts import KEPT_OF_OVERSIZED, LARGEST_ANSWER
from harness.systems.openai_chat import Endpoint, OpenAIChat

KEY = "sk-verysecret0123456789"


class Thing(BaseModel):
    """A thing."""

    name: str
    count: int = Field(ge=0)


Reply = dict[str, Any] | httpx2.Response | Exception


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

    async def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.asked.append(json.loads(request.content))
        reply = self.replies.pop(0)
        if isinstance(reply, Exception):
            raise reply
        return reply if isinstance(reply, httpx2.Response) else httpx2.Response(200, json=reply)


def run(server: Server, *, schema: type[BaseModel] = Thing, text: str = "text", **endpoint: Any) -> Response:
    async def once() -> Response:
        transport = httpx2.MockTransport(server)
        where = Endpoint("m", "http://model.invalid/v1", KEY, transport=transport, **endpoint)
        system = OpenAIChat(where, Task(schema, Prompt("v1", "Extract.", "")), kind="test")
        try:
            return await system.answer(Request(Document("d", text, ""), 2))
        finally:
            await system.close()

    return asyncio.run(once())


def test_a_good_answer_is_one_attempt_without_failure() -> None:
    server = Server(GOOD)
    response = run(server, sampling={"temperature": 0})
    (attempt,) = response.attempts
    assert (response.document, response.trial) == ("d", 2)
    assert attempt.raw == '{"name": "a", "count": 1}'
    assert attempt.failure is None
    assert attempt.finish_reason == "tool_calls"
    assert attempt.input_tokens is None
    assert attempt.latency > 0
    (asked,) = server.asked
    assert asked["messages"][1]["content"] == "<document>\ntext\n</document>"
    assert asked["temperature"] == 0
    assert asked["tools"][0]["function"]["name"] == "Thing"


def test_an_invalid_answer_is_asked_for_again_and_both_count() -> None:
    good = completion(
        '{"name": "a", "count": 1}', usage={"prompt_tokens": 30, "completion_tokens": 5, "total_tokens": 35}
    )
    first, second = run(Server(BAD, good)).attempts
    assert first.failure is FailureKind.INVALID
    assert "count" in first.detail
    assert first.raw == '{"name": "a", "count": -1}'
    assert (first.input_tokens, first.output_tokens) == (10, 3)
    assert second.failure is None
    # instructor adds up the usage inside the answers; each attempt keeps its own.
    assert (second.input_tokens, second.output_tokens) == (30, 5)


def test_after_the_last_attempt_the_answer_stays_invalid() -> None:
    assert [a.failure for a in run(Server(BAD, BAD), max_retries=1).attempts] == [FailureKind.INVALID] * 2
    assert len(run(Server(BAD), max_retries=0).attempts) == 1


@pytest.mark.parametrize(
    ("reply", "kind", "words"),
    [
        (completion(content=None, refusal="I cannot help."), FailureKind.REFUSED, "I cannot help."),
        (completion(content="", reason="content_filter"), FailureKind.REFUSED, "filter"),
        (completion('{"name": "a', reason="length"), FailureKind.TRUNCATED, "token limit"),
        (completion(content=None, reason="stop"), FailureKind.EMPTY, "neither"),
        (completion(""), FailureKind.EMPTY, "neither"),
        (completion("{name: a}"), FailureKind.UNPARSABLE, "JSON"),
        (completion("[" * 100_000), FailureKind.UNPARSABLE, "JSON"),
        (completion(content="Sure! Here it is.", reason="stop"), FailureKind.UNPARSABLE, "instead of calling"),
        (
            completion(content='{"name": "a", "count": 1}', reason="stop"),
            FailureKind.INVALID,
            "instead of calling",
        ),
        (completion('{"name": 1}'), FailureKind.INVALID, "name"),
        ({**GOOD, "choices": []}, FailureKind.EMPTY, "neither"),
        ({**GOOD, "choices": None}, FailureKind.ERROR, "no chat completion"),
        ({"choices": "x"}, FailureKind.ERROR, "no chat completion"),
        (httpx2.Response(200, text="<html>"), FailureKind.ERROR, "no chat completion"),
        (httpx2.Response(500, json={"error": {"message": "overloaded"}}), FailureKind.ERROR, "overloaded"),
        (httpx2.ConnectError("no route"), FailureKind.ERROR, "no route"),
        (httpx2.ReadTimeout("slow"), FailureKind.ERROR, "timed out"),
    ],
)
def test_what_went_wrong_is_named(reply: Reply, kind: FailureKind, words: str) -> None:
    (attempt,) = run(Server(reply), max_retries=0).attempts
    assert attempt.failure is kind
    assert words in attempt.detail


@pytest.mark.parametrize("kind", ["refusal", "error"])
def test_what_asking_again_does_not_mend_is_not_asked_again(kind: str) -> None:
    reply: Reply = completion(refusal="no") if kind == "refusal" else httpx2.Response(503, json={})
    server = Server(reply, GOOD)
    assert len(run(server).attempts) == 1
    assert len(server.asked) == 1


def test_an_oversized_answer_is_not_parsed_and_its_head_is_kept() -> None:
    (attempt,) = run(Server(completion('"' + "x" * LARGEST_ANSWER + '"'))).attempts
    assert attempt.failure is FailureKind.OVERSIZED
    assert attempt.raw is not None
    assert len(attempt.raw) == KEPT_OF_OVERSIZED


def test_an_error_shows_no_key() -> None:
    words = f"Incorrect API key provided: {KEY}. Header: Bearer {KEY}; other sk-abcdefghijkl"
    (attempt,) = run(Server(httpx2.Response(401, json={"error": {"message": words}}))).attempts
    assert attempt.failure is FailureKind.ERROR
    assert "Incorrect API key provided" in attempt.detail
    assert "sk-" not in attempt.detail
    assert KEY not in repr(Endpoint("m", "u", KEY))


@pytest.mark.parametrize("arguments", [r'{"name": "\ud800", "count": 1}', '{"name": "\ud800", "count": 1}'])
def test_a_lone_surrogate_is_stored_as_its_escape(arguments: str) -> None:
    body = json.dumps(completion(arguments)).encode()
    server = Server(
        *(httpx2.Response(200, content=body, headers={"content-type": "application/json"}) for _ in "ab")
    )
    attempt = run(server).attempts[-1]
    assert attempt.raw == r'{"name": "\ud800", "count": 1}'
    assert attempt.failure is not None


def test_a_validator_that_raises_anything_is_an_invalid_answer() -> None:
    class Fussy(Thing):
        @field_validator("name")
        @classmethod
        def never(cls, name: str) -> str:
            raise RuntimeError(f"not {name}")

    (attempt,) = run(Server(GOOD), schema=Fussy, max_retries=0).attempts
    assert attempt.failure is FailureKind.INVALID
    assert "not a" in attempt.detail


def test_many_answers_at_once_keep_their_attempts_apart() -> None:
    async def echo(request: httpx2.Request) -> httpx2.Response:
        asked = json.loads(request.content)
        name = asked["messages"][1]["content"].split("\n")[1]
        await asyncio.sleep(0.001 * (int(name) % 3))
        again = len(asked["messages"]) > 2
        count = int(name) if again or int(name) % 2 else -1
        return httpx2.Response(200, json=completion(json.dumps({"name": name, "count": count})))

    async def all_at_once() -> list[Response]:
        where = Endpoint("m", "http://model.invalid/v1", KEY, transport=httpx2.MockTransport(echo))
        system = OpenAIChat(where, Task(Thing), kind="test")
        try:
            documents = [Document(f"d{number}", str(number), "") for number in range(20)]
            return await asyncio.gather(*(system.answer(Request(document)) for document in documents))
        finally:
            await system.close()

    for number, response in enumerate(asyncio.run(all_at_once())):
        assert response.document == f"d{number}"
        assert len(response.attempts) == (1 if number % 2 else 2)
        assert all(json.loads(attempt.raw or "")["name"] == str(number) for attempt in response.attempts)
        assert response.attempts[-1].failure is None


def test_a_schema_without_a_json_schema_is_refused() -> None:
    class Odd(BaseModel):
        call: Callable[[], int]

    with pytest.raises(SchemaError, match="no tool can be made"):
        OpenAIChat(Endpoint("m", "http://model.invalid/v1", KEY), Task(Odd), kind="test")


def test_the_identity_has_every_parameter_and_no_key() -> None:
    async def identity() -> dict[str, str]:
        where = Endpoint("m", "http://model.invalid/v1", KEY, sampling={"temperature": 0.5})
        system = OpenAIChat(where, Task(Thing), kind="test")
        await system.close()
        return dict(system.identity)

    assert asyncio.run(identity()) == {
        "kind": "test",
        "model": "m",
        "mode": "tools",
        "strict": "yes",
        "max_retries": "1",
        "temperature": "0.5",
    }
