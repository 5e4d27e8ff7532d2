"""What an error of a provider means: the table of status codes, bodies and broken connections."""

import errno
import socket
import ssl
from types import SimpleNamespace
from typing import Any

import httpx2
import openai
import pytest

from harness.records import FailureKind
from harness.systems.answers.failures import failed_call
from harness.systems.base import Allowance, CallFailedError, Remedy
from tests.unit.systems.model.chat_server import KEY, Server, exchanged

AGAIN, NONE, SLOWER, STOP = Remedy.AGAIN, Remedy.NONE, Remedy.SLOWER, Remedy.STOP
ERROR, LIMITED, REFUSED = FailureKind.ERROR, FailureKind.RATE_LIMITED, FailureKind.REFUSED


def refused(status: int, message: str = "words", headers: Any = None, **error: Any) -> CallFailedError:
    """What the adapter raises for an answer with an error body."""
    body = {"error": {"message": message, **error}}
    (failed,) = exchanged(Server(httpx2.Response(status, json=body, headers=headers))).failed
    return failed


@pytest.mark.parametrize(
    ("status", "error", "remedy", "kind"),
    [
        (400, {}, NONE, ERROR),
        (400, {"code": "context_length_exceeded", "param": "messages"}, NONE, ERROR),
        (400, {"message": "This model's maximum context length is 8192 tokens"}, NONE, ERROR),
        (
            400,
            {"type": "exceed_context_size_error", "message": "request exceeds the available context size"},
            NONE,
            ERROR,
        ),
        (400, {"code": "content_policy_violation"}, NONE, REFUSED),
        (400, {"code": "content_filter"}, NONE, REFUSED),
        (400, {"code": "invalid_prompt"}, NONE, REFUSED),
        (400, {"param": "messages.[0].content"}, NONE, ERROR),
        (400, {"param": "tools[0].function.parameters", "code": "invalid_function_parameters"}, STOP, ERROR),
        (400, {"param": "temperature", "code": "unsupported_value"}, STOP, ERROR),
        (
            400,
            {"message": "Invalid schema for response_format 'X': In context=(), 'default' is not permitted"},
            STOP,
            ERROR,
        ),
        (400, {"message": "tools is not supported in this model"}, STOP, ERROR),
        (401, {}, STOP, ERROR),
        (402, {"message": "Insufficient credits"}, STOP, ERROR),
        (403, {}, STOP, ERROR),
        (403, {"message": "your input was flagged"}, NONE, REFUSED),
        (404, {"message": "The model `x` does not exist"}, STOP, ERROR),
        (404, {}, STOP, ERROR),
        (405, {}, STOP, ERROR),
        (408, {}, AGAIN, FailureKind.TIMED_OUT),
        (409, {}, AGAIN, ERROR),
        (413, {}, NONE, ERROR),
        (422, {}, NONE, ERROR),
        (422, {"param": "response_format"}, STOP, ERROR),
        (429, {}, SLOWER, LIMITED),
        (429, {"code": "rate_limit_exceeded", "message": "Rate limit reached for tokens"}, SLOWER, LIMITED),
        (429, {"code": "insufficient_quota"}, STOP, LIMITED),
        (429, {"type": "insufficient_quota"}, STOP, LIMITED),
        (
            429,
            {"message": "You exceeded your current quota, please check your plan and billing"},
            STOP,
            LIMITED,
        ),
        (500, {}, AGAIN, ERROR),
        (501, {}, STOP, ERROR),
        (502, {}, AGAIN, ERROR),
        (503, {}, AGAIN, ERROR),
        (504, {}, AGAIN, ERROR),
        (529, {}, SLOWER, ERROR),
    ],
)
def test_a_status_and_a_body_settle_what_helps(
    status: int, error: dict[str, Any], remedy: Remedy, kind: FailureKind
) -> None:
    failed = refused(status, **error)
    assert (failed.remedy, failed.attempt.failure) == (remedy, kind)
    assert failed.attempt.detail.startswith(f"{status} {error.get('message', 'words')}")


def test_an_unknown_page_hints_at_the_address_and_an_unknown_model_does_not() -> None:
    assert "check base_url" in refused(404, "Not Found").attempt.detail
    assert "check base_url" not in refused(404, "The model `x` does not exist").attempt.detail


def test_a_page_instead_of_an_error_is_named_by_its_title() -> None:
    page = httpx2.Response(502, html="<html><head><title>502 Bad Gateway</title></head><body>x</body></html>")
    (failed,) = exchanged(Server(page)).failed
    assert failed.attempt.detail == "502 a web page came back (502 Bad Gateway)"


@pytest.mark.parametrize("status", [429, 503])
def test_the_time_to_wait_and_what_is_left_are_passed_on(status: int) -> None:
    headers = {"retry-after": "7", "x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "1m2s"}
    failed = refused(status, headers=headers)
    assert failed.retry_after == 7
    assert failed.allowance == Allowance(requests=0, requests_reset=62.0)


def test_what_is_left_is_read_from_good_answers_too() -> None:
    from tests.unit.systems.model.chat_server import GOOD

    headers = {"x-ratelimit-remaining-tokens": "149984", "x-ratelimit-reset-tokens": "6m0s"}
    exchange = exchanged(Server(httpx2.Response(200, json=GOOD, headers=headers)))
    assert exchange.called[0].allowance == Allowance(tokens=149_984, tokens_reset=360.0)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"x"',
        b'{"error": 3}',
        b'{"error": {"message": 3}}',
        b'{"detail": [{"msg": "x"}]}',
    ],
)
def test_any_body_of_an_error_is_recorded(body: bytes) -> None:
    (failed,) = exchanged(Server(httpx2.Response(500, content=body))).failed
    assert failed.remedy is AGAIN
    assert failed.attempt.detail.startswith("500")


@pytest.mark.parametrize(("status", "cost"), [(429, 0), (500, 0), (503, 0), (401, 0), (408, None), (504, None)])
def test_an_error_costs_nothing_unless_a_model_may_have_answered(status: int, cost: int | None) -> None:
    assert refused(status).attempt.cost == cost


@pytest.mark.parametrize(
    ("link", "cost"),
    [
        (OSError(errno.ECONNREFUSED, "refused"), 0),
        (socket.gaierror(-2, "Name or service not known"), 0),
        (OSError(errno.ECONNRESET, "reset"), None),
        (httpx2.RemoteProtocolError("cut"), None),
        (TimeoutError("slow"), None),
    ],
)
def test_a_connection_that_broke_may_have_cost_something(link: BaseException, cost: int | None) -> None:
    assert failed_call(lost(link), latency=0.0, secret=KEY).attempt.cost == cost


@pytest.mark.parametrize("body", [b"<html>", b"", b'{"choices": []}', b'{"choi'])
def test_half_an_answer_may_have_cost_something(body: bytes) -> None:
    (failed,) = exchanged(Server(httpx2.Response(200, content=body))).failed
    assert failed.attempt.cost is None


def lost(*links: BaseException) -> BaseException:
    """A connection error of the client around a row of causes."""
    error: BaseException = openai.APIConnectionError(request=httpx2.Request("POST", "http://x.invalid"))
    outer = error
    for link in links:
        outer.__cause__ = link
        outer = link
    return error


@pytest.mark.parametrize(
    ("links", "before", "after", "kind"),
    [
        ([OSError(errno.ECONNREFUSED, "refused")], STOP, AGAIN, ERROR),
        ([OSError("no"), socket.gaierror(-2, "Name or service not known")], STOP, AGAIN, ERROR),
        ([OSError(errno.ECONNRESET, "reset")], AGAIN, AGAIN, ERROR),
        ([ssl.SSLCertVerificationError("self-signed")], STOP, STOP, ERROR),
        ([TimeoutError("slow")], AGAIN, AGAIN, FailureKind.TIMED_OUT),
        ([httpx2.ReadTimeout("slow")], AGAIN, AGAIN, FailureKind.TIMED_OUT),
        ([httpx2.RemoteProtocolError("cut")], AGAIN, AGAIN, ERROR),
    ],
)
def test_a_lost_connection_is_a_wrong_address_until_something_has_answered(
    links: list[BaseException], before: Remedy, after: Remedy, kind: FailureKind
) -> None:
    for reached, remedy in ((False, before), (True, after)):
        failed = failed_call(lost(*links), latency=0.5, secret=KEY, reached=reached)
        assert (failed.remedy, failed.attempt.failure) == (remedy, kind)
        assert failed.attempt.latency == 0.5


@pytest.mark.parametrize(
    ("error", "remedy"),
    [
        (TypeError("got an unexpected keyword argument 'temprature'"), STOP),
        (ValueError("no such value"), NONE),
        (RuntimeError("whatever"), AGAIN),
    ],
)
def test_an_error_of_the_client_itself(error: Exception, remedy: Remedy) -> None:
    assert failed_call(error, latency=0.0, secret="").remedy is remedy


class OddError(Exception):
    def __init__(self, words: str = "odd", **parts: Any) -> None:
        super().__init__(words)
        self.__dict__.update(parts)


@pytest.mark.parametrize(
    "error",
    [
        OddError(status_code=429, headers={"retry-after": "3"}),
        OddError(code=429, response=SimpleNamespace(headers={"retry-after": "3"})),
        OddError(status=429, headers={"retry-after": "3"}, body={"message": "slow"}),
    ],
)
def test_errors_of_other_clients_are_read_alike(error: Exception) -> None:
    failed = failed_call(error, latency=0.0, secret="")
    assert (failed.remedy, failed.retry_after) == (SLOWER, 3.0)


def test_long_words_are_cut_after_the_key_is_out() -> None:
    failed = refused(500, "x" * 1_995 + KEY + "y" * 100_000)
    assert len(failed.attempt.detail) == 2_000
    assert "sk-very" not in failed.attempt.detail
