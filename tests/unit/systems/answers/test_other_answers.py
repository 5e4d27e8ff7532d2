"""Answers in the shapes of other providers' SDKs."""

from types import MappingProxyType
from types import SimpleNamespace as Made
from typing import Any

import pytest

from harness.records import FailureKind
from harness.systems.answers.other_answers import attempt_of_any
from tests.unit.systems.model.chat_server import GOOD

ANTHROPIC = {
    "input_tokens": 10,
    "output_tokens": 5,
    "cache_read_input_tokens": 3,
    "cache_creation_input_tokens": 2,
}
GOOGLE = Made(
    prompt_token_count=10, candidates_token_count=5, thoughts_token_count=4, cached_content_token_count=3
)


def google(*parts: Any, reason: str = "STOP") -> Made:
    candidate = Made(content=Made(parts=list(parts)), finish_reason=Made(name=reason))
    return Made(candidates=[candidate], usage_metadata=GOOGLE)


@pytest.mark.parametrize(
    ("answer", "raw", "reason", "tokens"),
    [
        (GOOD, '{"name": "a", "count": 1}', "tool_calls", (None, None, None, None)),
        (
            Made(
                content=[Made(type="tool_use", input={"a": 1})], stop_reason="tool_use", usage=Made(**ANTHROPIC)
            ),
            '{"a": 1}',
            "tool_use",
            (15, 5, 3, None),
        ),
        (
            {
                "content": [{"type": "thinking", "thinking": "hm"}, {"text": '```json\n{"a": 1}\n```'}],
                "usage": ANTHROPIC,
            },
            '{"a": 1}',
            None,
            (15, 5, 3, None),
        ),
        (google(Made(function_call=Made(args={"a": 1}))), '{"a": 1}', "STOP", (10, 9, 3, 4)),
        (google(Made(text='{"a": '), Made(text="1}")), '{"a": 1}', "STOP", (10, 9, 3, 4)),
        (
            Made(
                message=Made(tool_calls=[Made(function=Made(arguments='{"a": 1}'))]), finish_reason="COMPLETE"
            ),
            '{"a": 1}',
            "COMPLETE",
            (None, None, None, None),
        ),
        (Made(message=Made(content=[Made(text='{"a": 1}')])), '{"a": 1}', None, (None, None, None, None)),
    ],
)
def test_the_answer_and_the_tokens_are_found(
    answer: object, raw: str, reason: str | None, tokens: tuple[int | None, ...]
) -> None:
    attempt = attempt_of_any(answer, latency=0.5, secret="")
    assert (attempt.raw, attempt.failure, attempt.finish_reason) == (raw, None, reason)
    told = attempt.input_tokens, attempt.output_tokens, attempt.cached_input_tokens, attempt.reasoning_tokens
    assert told == tokens


def test_arguments_that_are_no_dictionary_are_written_as_json() -> None:
    for arguments, raw in (
        ('{"a": 1}', '{"a": 1}'),
        (iter([1, 2]), "[1, 2]"),
        (MappingProxyType({"a": 1}), '{"a": 1}'),
    ):
        answer = Made(content=[Made(input=arguments)])
        assert attempt_of_any(answer, latency=0.5, secret="").raw == raw


@pytest.mark.parametrize("answer", [None, 3, "x", {}, [], Made(), Made(content=3), Made(candidates=[None])])
def test_an_unknown_shape_is_recorded_without_its_text(answer: object) -> None:
    attempt = attempt_of_any(answer, latency=0.5, secret="")
    assert (attempt.raw, attempt.failure) == (None, None)


@pytest.mark.parametrize(
    ("answer", "failure"),
    [
        (Made(content=[Made(text="{")], stop_reason="max_tokens"), FailureKind.TRUNCATED),
        (Made(content=[Made(text="no")], stop_reason="refusal"), FailureKind.REFUSED),
        (google(Made(text="x"), reason="SAFETY"), FailureKind.REFUSED),
        (google(Made(text="x"), reason="MAX_TOKENS"), FailureKind.TRUNCATED),
        (Made(content=[Made(text=" ")], stop_reason="end_turn"), FailureKind.EMPTY),
    ],
)
def test_what_ended_an_answer_is_a_failure(answer: object, failure: FailureKind) -> None:
    assert attempt_of_any(answer, latency=0.5, secret="").failure is failure
