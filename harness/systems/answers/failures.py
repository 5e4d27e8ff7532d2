"""A call that failed: its record, and what helps.

Errors are told apart by their status code, their body and their name, never by their class: every provider's
SDK has classes of its own, and none is imported here.
"""

from __future__ import annotations

import errno
import re
import socket
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from harness.records import Attempt, FailureKind
from harness.systems.answers.allowance import allowance_of, retry_after
from harness.systems.answers.attempts import LONGEST_DETAIL
from harness.systems.answers.reading import first, look
from harness.systems.answers.redaction import without_keys
from harness.systems.answers.stored_text import storable
from harness.systems.answers.usage import Usage, usage_of
from harness.systems.base import CallFailedError, Remedy

_UNPAID = ("insufficient_quota", "billing", "payment", "exceeded your current quota", "insufficient credit")
_TOO_LONG = (
    "context_length_exceeded",
    "context length",
    "context window",
    "context size",
    "prompt is too long",
    "too many tokens",
    "string_above_max_length",
)
_REFUSED = (
    "content_policy",
    "content_filter",
    "content management policy",
    "moderation",
    "invalid_prompt",
    "flagged",
)
_MISASKED = (
    "unsupported_parameter",
    "unsupported_value",
    "unknown_parameter",
    "unrecognized request argument",
    "invalid_function_parameters",
    "invalid_json_schema",
    "invalid schema",
    "response_format",
    "tool_choice",
    "model_not_found",
    "does not support",
    "not supported",
)
_NO_USAGE = Usage()
_REFUSING = (errno.ECONNREFUSED, errno.EHOSTUNREACH, errno.ENETUNREACH)
_NOT_HERE = "check base_url: it ends in the version, as in http://localhost:11434/v1"


@dataclass(frozen=True, slots=True)
class _Cause:
    """What is known of a failed call. `unbilled` when no model can have answered it."""

    status: int | None
    words: str
    kind: FailureKind
    remedy: Remedy
    headers: Mapping[str, str] = field(default_factory=dict)
    usage: Usage = _NO_USAGE
    unbilled: bool = False


def failed_call(error: BaseException, *, latency: float, secret: str, reached: bool = True) -> CallFailedError:
    """What an exception of a client means.

    Args:
        error: The exception.
        latency: Seconds until it came.
        secret: The key; taken out of the words.
        reached: Whether the server has answered before. When it never has, a refused connection is a wrong
            address and not a pause.
    """
    status = _status(error)
    cause = _unanswered(error, reached=reached) if status is None else _answered(error, status)
    return _failed(cause, latency=latency, secret=secret)


def failed_answer(
    answer: object, headers: Mapping[str, str], *, latency: float, secret: str
) -> CallFailedError | None:
    """What is wrong with the body of a good status that is no chat completion; `None` when it is one.

    Some gateways put the error of the provider behind them into such a body, or into the first choice.
    """
    usage = usage_of(answer)
    error = look(answer, "error") or look(first(look(answer, "choices")), "error")
    if error:
        code = look(error, "code")
        status = code if isinstance(code, int) and 400 <= code < 600 else None
        words = _words_of(error) or str(error)
        if status is None:
            known = _of_body(400, words, error)
            remedy, kind = known if known[0] is not Remedy.NONE else (Remedy.AGAIN, FailureKind.ERROR)
        else:
            remedy, kind = _of_status(status, words, error)
        cause = _Cause(status, words, kind, remedy, headers, usage, unbilled=usage == _NO_USAGE)
        return _failed(cause, latency=latency, secret=secret)
    choices = look(answer, "choices")
    if isinstance(choices, list) and choices:
        return None
    if isinstance(choices, list):
        empty = _Cause(None, "the answer has no choices", FailureKind.EMPTY, Remedy.AGAIN, headers, usage)
        return _failed(empty, latency=latency, secret=secret)
    said = f"no chat completion came back but {_shape(answer)}; if this stays so, {_NOT_HERE}"
    return _failed(_Cause(None, said, FailureKind.ERROR, Remedy.AGAIN, headers), latency=latency, secret=secret)


def failed_body(
    body: bytes, headers: Mapping[str, str], *, latency: float, secret: str, reached: bool
) -> CallFailedError:
    """What a body of a good status means that is not JSON: a web page, or an answer that broke off."""
    head = body[:1_000].decode("utf-8", "replace").strip()
    if head.startswith("<") or "text/html" in headers.get("content-type", ""):
        words = f"{_page(head)} instead of JSON; {_NOT_HERE}"
        remedy = Remedy.AGAIN if reached else Remedy.STOP
        return _failed(_Cause(None, words, FailureKind.ERROR, remedy, headers), latency=latency, secret=secret)
    words = f"the body is not JSON: {head[:200]!r}" if head else "the body is empty"
    cause = _Cause(None, words, FailureKind.ERROR, Remedy.AGAIN, headers)
    return _failed(cause, latency=latency, secret=secret)


def _failed(cause: _Cause, *, latency: float, secret: str) -> CallFailedError:
    words = f"{cause.status} {cause.words}" if cause.status else cause.words
    detail = storable(without_keys(words, secret, at_most=LONGEST_DETAIL))
    attempt = Attempt(
        None,
        latency,
        input_tokens=cause.usage.input,
        output_tokens=cause.usage.output,
        failure=cause.kind,
        detail=detail,
        cached_input_tokens=cause.usage.cached_input,
        reasoning_tokens=cause.usage.reasoning,
        cost=Decimal(0) if cause.unbilled else None,
    )
    return CallFailedError(
        attempt, cause.remedy, retry_after(cause.headers), allowance_of(cause.headers.items())
    )


def _answered(error: BaseException, status: int) -> _Cause:
    """An error that a server answered with."""
    headers = look(error, "response", "headers")
    if headers is None:
        headers = look(error, "headers")
    body = look(error, "body")
    inner = look(body, "error") or body
    words = _words_of(inner) or str(error)
    if words.lstrip().startswith("<"):
        words = _page(words)
    remedy, kind = _of_status(status, words, inner)
    if status == 404 and remedy is Remedy.STOP and "model" not in words.lower():
        words = f"{words}; {_NOT_HERE}"
    known = headers if isinstance(headers, Mapping) else {}
    # Behind a gateway that lost its patience a model may have answered all the same.
    return _Cause(status, words, kind, remedy, known, unbilled=status not in (408, 504))


def _of_status(status: int, words: str, body: object) -> tuple[Remedy, FailureKind]:
    if status == 429:
        unpaid = _says(words, body, _UNPAID)
        return (Remedy.STOP if unpaid else Remedy.SLOWER), FailureKind.RATE_LIMITED
    if status == 529:
        return Remedy.SLOWER, FailureKind.ERROR
    if status == 403 and _says(words, body, _REFUSED):
        return Remedy.NONE, FailureKind.REFUSED
    if status in (401, 402, 403, 404, 405, 407, 410, 501, 505):
        return Remedy.STOP, FailureKind.ERROR
    if status in (408, 504):
        return Remedy.AGAIN, FailureKind.TIMED_OUT if status == 408 else FailureKind.ERROR
    if status in (409, 425) or status >= 500:
        return Remedy.AGAIN, FailureKind.ERROR
    return _of_body(status, words, body)


def _of_body(status: int, words: str, body: object) -> tuple[Remedy, FailureKind]:
    """A request that was refused for what it says: the document's fault, or the set-up's."""
    if status in (400, 422):
        if _says(words, body, _TOO_LONG):
            return Remedy.NONE, FailureKind.ERROR
        if _says(words, body, _REFUSED):
            return Remedy.NONE, FailureKind.REFUSED
        parameter = look(body, "param")
        aimed = isinstance(parameter, str) and parameter != "" and not parameter.startswith("messages")
        if aimed or _says(words, body, _MISASKED):
            return Remedy.STOP, FailureKind.ERROR
    return Remedy.NONE, FailureKind.ERROR


def _says(words: str, body: object, marks: tuple[str, ...]) -> bool:
    said = f"{words} {look(body, 'code')} {look(body, 'type')}".lower()
    return any(mark in said for mark in marks)


def _unanswered(error: BaseException, *, reached: bool) -> _Cause:
    """An error without an answer: the connection, the time, or the client itself."""
    chain = list(_chain(error))
    names = " ".join(type(link).__name__ for link in chain)
    words = f"{type(error).__name__}: {error}"
    if len(chain) > 1 and str(chain[1]) and str(chain[1]) not in words:
        # The client says "Connection error."; what it was about stands behind that.
        words = f"{str(error).rstrip('.')}: {chain[1]}"
    if any(isinstance(link, ssl.SSLCertVerificationError) for link in chain):
        return _Cause(None, words, FailureKind.ERROR, Remedy.STOP, unbilled=True)
    unknown = any(
        isinstance(link, socket.gaierror) or (isinstance(link, OSError) and link.errno in _REFUSING)
        for link in chain
    )
    if unknown:
        remedy = Remedy.AGAIN if reached else Remedy.STOP
        said = words if reached else f"{words}; nothing answers there: start the server, or check base_url"
        return _Cause(None, said, FailureKind.ERROR, remedy, unbilled=True)
    if any(isinstance(link, TimeoutError) for link in chain) or "Timeout" in names:
        return _Cause(None, words, FailureKind.TIMED_OUT, Remedy.AGAIN)
    if any(isinstance(link, TypeError | AttributeError | ImportError) for link in chain):
        return _Cause(None, words, FailureKind.ERROR, Remedy.STOP, unbilled=True)
    if isinstance(error, ValueError):
        return _Cause(None, words, FailureKind.ERROR, Remedy.NONE, unbilled=True)
    return _Cause(None, words, FailureKind.ERROR, Remedy.AGAIN)


def _chain(error: BaseException) -> Iterator[BaseException]:
    link: BaseException | None = error
    for _ in range(8):
        if link is None:
            return
        yield link
        link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)


def _status(error: BaseException) -> int | None:
    for name in ("status_code", "status", "code", "http_status"):
        value = look(error, name)
        if isinstance(value, int) and 300 <= value < 600:
            return value
    return None


def _words_of(body: object) -> str:
    """The message of an error body, in any of the usual shapes."""
    if isinstance(body, str):
        return body
    for name in ("message", "detail", "error", "msg"):
        value = look(body, name)
        if isinstance(value, str) and value:
            return value
        if isinstance(value, list | dict) and value:
            return str(value)
    return ""


def _page(text: str) -> str:
    """A few words for a web page, whose markup helps nobody."""
    title = re.search(r"<title[^>]*>([^<]{1,100})", text[:1_000], re.IGNORECASE)
    return f"a web page came back ({title[1].strip()})" if title else "a web page came back"


def _shape(answer: object) -> str:
    if isinstance(answer, Mapping):
        return f"an object with {', '.join(map(repr, list(answer)[:5]))}"[:200] if answer else "an empty object"
    return f"a {type(answer).__name__}"
