"""What can come back instead of an answer: which kind of failure it is, and what helps."""

import asyncio
import json
from typing import Any

import httpx2
import pytest

from harness.records import FailureKind
from harness.systems import Task
from harness.systems.base import Remedy
from harness.systems.model.openai_chat import OpenAIChat
from tests.unit.systems.model.chat_server import (
    GOOD,
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

NO_USAGE = {**GOOD}
del NO_USAGE["usage"]


@pytest.mark.parametrize(
    ("reply", "kind", "words"),
    [
        (completion(content=None, refusal="I cannot help."), FailureKind.REFUSED, "I cannot help."),
        (completion(content="", reason="content_filter"), FailureKind.REFUSED, "filter"),
        (completion('{"name": "a', reason="length"), FailureKind.TRUNCATED, "token limit"),
        (completion(content=None, reason="stop"), FailureKind.EMPTY, "neither"),
        (completion(""), FailureKind.EMPTY, "neither"),
        (completion(" \n"), FailureKind.EMPTY, "neither"),
        (completion("{name: a}"), FailureKind.UNPARSABLE, "JSON"),
        (completion("[" * 100_000), FailureKind.UNPARSABLE, "JSON"),
        (completion(content="Sure! Here it is.", reason="stop"), FailureKind.UNPARSABLE, "instead of calling"),
        (completion(content='{"name": "a", "count": 1}'), FailureKind.INVALID, "instead of calling"),
        (completion('{"name": 1}'), FailureKind.INVALID, "name"),
        (completion("null"), FailureKind.INVALID, "the answer"),
        (completion({"name": 1}), FailureKind.INVALID, "count"),
    ],
)
def test_an_answer_without_an_extraction_says_why(reply: Reply, kind: FailureKind, words: str) -> None:
    (attempt,) = attempts(Server(reply), max_retries=0)
    assert attempt.failure is kind
    assert words in attempt.detail
    assert attempt.finish_reason is not None


@pytest.mark.parametrize(
    ("reply", "remedy", "kind", "words"),
    [
        ({**GOOD, "choices": []}, Remedy.AGAIN, FailureKind.EMPTY, "no choices"),
        ({**GOOD, "choices": None}, Remedy.AGAIN, FailureKind.ERROR, "no chat completion"),
        ({"choices": "x"}, Remedy.AGAIN, FailureKind.ERROR, "check base_url"),
        ({}, Remedy.AGAIN, FailureKind.ERROR, "an empty object"),
        ([], Remedy.AGAIN, FailureKind.ERROR, "a list"),
        (b"null", Remedy.AGAIN, FailureKind.ERROR, "no chat completion"),
        (b"", Remedy.AGAIN, FailureKind.ERROR, "empty"),
        (b'{"id": "x", "choi', Remedy.AGAIN, FailureKind.ERROR, "not JSON"),
        (b"\xff\xfe{", Remedy.AGAIN, FailureKind.ERROR, "not JSON"),
        (b"[" * 200_000, Remedy.AGAIN, FailureKind.ERROR, "not JSON"),
        (b"<!doctype html><title>In</title>", Remedy.AGAIN, FailureKind.ERROR, "(In) instead of JSON"),
        (httpx2.Response(200, html="<html>"), Remedy.AGAIN, FailureKind.ERROR, "check base_url"),
        ({"error": {"code": 429, "message": "slow"}}, Remedy.SLOWER, FailureKind.RATE_LIMITED, "429 slow"),
        ({"error": {"code": 502, "message": "up"}}, Remedy.AGAIN, FailureKind.ERROR, "502 up"),
        ({"error": {"code": 401, "message": "key"}}, Remedy.STOP, FailureKind.ERROR, "401 key"),
        ({"error": {"message": "odd"}}, Remedy.AGAIN, FailureKind.ERROR, "odd"),
        ({"error": "just words"}, Remedy.AGAIN, FailureKind.ERROR, "just words"),
        ({"choices": [{"error": {"code": 503, "message": "x"}}]}, Remedy.AGAIN, FailureKind.ERROR, "503 x"),
        (httpx2.ConnectError("no route"), Remedy.AGAIN, FailureKind.ERROR, "no route"),
        (httpx2.RemoteProtocolError("hung up"), Remedy.AGAIN, FailureKind.ERROR, "hung up"),
        (httpx2.ReadTimeout("slow"), Remedy.AGAIN, FailureKind.TIMED_OUT, "timed out"),
    ],
)
def test_what_is_no_answer_is_a_failed_call(
    reply: Reply, remedy: Remedy, kind: FailureKind, words: str
) -> None:
    exchange = exchanged(Server(reply, GOOD), max_retries=3)
    (attempt,) = exchange.attempts
    (failed,) = exchange.failed
    assert (failed.remedy, attempt.failure) == (remedy, kind)
    assert words in attempt.detail
    assert attempt.raw is None


@pytest.mark.parametrize(
    "message",
    [
        None,
        3,
        [],
        {"tool_calls": 3},
        {"tool_calls": [None]},
        {"tool_calls": [{"function": 3}]},
        {"tool_calls": [{"function": {"arguments": None}}]},
        {"content": 3},
        {"content": []},
        {"content": [None, {"text": 3}]},
    ],
)
def test_any_shape_of_a_message_is_a_recorded_failure(message: Any) -> None:
    for attempt in attempts(Server({"choices": [{"message": message}]}, GOOD)):
        assert attempt.raw is not None or attempt.failure is FailureKind.EMPTY
    assert attempts(Server({"choices": [None]}))[0].failure is FailureKind.EMPTY


def test_the_first_of_several_tool_calls_counts() -> None:
    reply = completion('{"name": "first", "count": 1}')
    calls = reply["choices"][0]["message"]["tool_calls"]
    calls.append({"id": "2", "type": "function", "function": {"name": "Thing", "arguments": "{}"}})
    (attempt,) = attempts(Server(reply))
    assert attempt.failure is None
    assert json.loads(attempt.raw or "")["name"] == "first"
    assert attempt.detail == "called a tool 2 times; the first call counts"


def test_a_tool_of_another_name_counts_when_it_fits() -> None:
    reply = completion('{"name": "a", "count": 1}')
    reply["choices"][0]["message"]["tool_calls"][0]["function"]["name"] = "extract"
    (attempt,) = attempts(Server(reply))
    assert attempt.failure is None
    assert attempt.detail == "called the tool 'extract' instead of 'Thing'"


@pytest.mark.parametrize(
    ("usage", "tokens"),
    [
        (None, (None, None, None, None)),
        ("many", (None, None, None, None)),
        ({"prompt_tokens": 5}, (5, None, None, None)),
        ({"prompt_tokens": "5", "completion_tokens": -1}, (None, None, None, None)),
        ({"prompt_tokens": True, "completion_tokens": 2.0}, (None, 2, None, None)),
        ({"prompt_tokens": 1.5, "completion_tokens": 1e300}, (None, None, None, None)),
        (
            {
                "prompt_tokens": 100,
                "completion_tokens": 50,
                "prompt_tokens_details": {"cached_tokens": 80},
                "completion_tokens_details": {"reasoning_tokens": 30},
            },
            (100, 50, 80, 30),
        ),
        (
            {
                "prompt_tokens": 1,
                "prompt_tokens_details": 3,
                "completion_tokens_details": {"reasoning_tokens": []},
            },
            (1, None, None, None),
        ),
    ],
)
def test_usage_of_any_type_is_read(usage: Any, tokens: tuple[int | None, ...]) -> None:
    (attempt,) = attempts(Server({**GOOD, "usage": usage}))
    assert attempt.failure is None
    told = attempt.input_tokens, attempt.output_tokens, attempt.cached_input_tokens, attempt.reasoning_tokens
    assert told == tokens


def test_missing_usage_is_not_known() -> None:
    (attempt,) = attempts(Server(NO_USAGE))
    assert attempt.input_tokens is None


@pytest.mark.parametrize(
    ("replies", "remedies"),
    [
        ((b"<html>", b"<html>", b"<html>"), [Remedy.AGAIN, Remedy.AGAIN, Remedy.STOP]),
        ((b"<html>", GOOD, b"<html>", b"<html>", b"<html>"), [Remedy.AGAIN] * 4),
    ],
)
def test_a_page_is_a_hiccup_and_pages_alone_are_a_wrong_address(
    replies: tuple[Reply, ...], remedies: list[Remedy]
) -> None:
    async def asked() -> Watched:
        system = OpenAIChat(endpoint(Server(*replies)), Task(Thing), kind="test")
        exchange = Watched()
        for _ in replies:
            await system.answer(REQUEST, exchange)
        await system.close()
        return exchange

    assert [failed.remedy for failed in asyncio.run(asked()).failed] == remedies
