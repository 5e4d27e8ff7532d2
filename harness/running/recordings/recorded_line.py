"""One line of a recording: a request's fingerprint and every attempt at answering it, as JSON.

A line is UTF-8 and plain JSON, for anybody's tools. Text that has no UTF-8, because a model answered with half
of a surrogate pair, is written as an object with its bytes; JSON's own escapes would join two such halves into
a character that was never there.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from decimal import Decimal, InvalidOperation
from typing import Any

from harness.records import Attempt, FailureKind, Fingerprint

_PARTS = tuple(field.name for field in fields(Fingerprint))
_NO_UTF8 = "surrogatepass-base64"


@dataclass(frozen=True, slots=True)
class RecordedLine:
    """One answer of a recording.

    Attributes:
        fingerprint: What the answer depends on.
        name: The document's id when it was recorded; only for people.
        take: 0 for the first answer to this request, and one more for each that took its place.
        attempts: As recorded, failed ones too; at least one.
    """

    fingerprint: Fingerprint
    name: str
    take: int
    attempts: tuple[Attempt, ...]


def encoded(line: RecordedLine) -> bytes:
    """The line's bytes, with the line end. Equal lines have equal bytes.

    Raises:
        ValueError: When a latency is NaN or an infinity.
    """
    parts = {name: getattr(line.fingerprint, name) for name in _PARTS}
    content: dict[str, Any] = {
        "name": _text(line.name),
        "request": {name: _text(part) if isinstance(part, str) else part for name, part in parts.items()},
        "attempts": [_attempt(attempt) for attempt in line.attempts],
    }
    if line.take:
        content["take"] = line.take
    text = json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.encode() + b"\n"


def decoded(data: bytes) -> RecordedLine:
    """The line of `encoded`'s bytes.

    Raises:
        ValueError: With what is wrong, when the bytes are no such line.
    """
    try:
        content = json.loads(data.decode(), parse_constant=_no_constant)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    except ValueError as error:
        words = "it is no UTF-8" if isinstance(error, UnicodeDecodeError) else "it is no JSON"
        raise ValueError(words) from error
    members = _members(content, "the line", required=("name", "request", "attempts"), optional=("take",))
    parts = _members(members["request"], '"request"', required=_PARTS)
    attempts = members["attempts"]
    if not isinstance(attempts, list) or not attempts:
        raise ValueError('"attempts" is no list with an attempt')
    return RecordedLine(
        fingerprint=Fingerprint(
            **{name: _read_text(parts[name], name) for name in _PARTS if name != "trial"},
            trial=_whole(parts["trial"], "trial"),
        ),
        name=_read_text(members["name"], "name"),
        take=_whole(members.get("take", 0), "take"),
        attempts=tuple(_read_attempt(attempt) for attempt in attempts),
    )


def _attempt(attempt: Attempt) -> dict[str, Any]:
    """The members that say anything, in the order of the record's fields."""
    written: dict[str, Any] = {}
    for field in fields(Attempt):
        value = getattr(attempt, field.name)
        if value is None or (field.name == "detail" and not value):
            continue
        if isinstance(value, Decimal):
            written[field.name] = str(value)
        elif isinstance(value, str):
            written[field.name] = _text(str(value))
        else:
            written[field.name] = value
    return written


def _read_attempt(content: object) -> Attempt:
    readers: dict[str, Callable[[object, str], Any]] = {
        "raw": _read_text,
        "latency": _seconds,
        "input_tokens": _whole,
        "output_tokens": _whole,
        "finish_reason": _read_text,
        "failure": _failure,
        "detail": _read_text,
        "cached_input_tokens": _whole,
        "reasoning_tokens": _whole,
        "cost": _dollars,
    }
    members = _members(content, "an attempt", required=("latency",), optional=tuple(readers))
    read = {name: readers[name](value, name) for name, value in members.items()}
    return Attempt(**{"raw": None, **read})


def _members(
    content: object, what: str, *, required: tuple[str, ...], optional: tuple[str, ...] = ()
) -> Mapping[str, Any]:
    if not isinstance(content, dict):
        raise ValueError(f"{what} is no object")  # noqa: TRY004 - the file is wrong, not the program
    for name in required:
        if name not in content:
            raise ValueError(f'{what} has no "{name}"')
    strange = sorted(content.keys() - {*required, *optional})
    if strange:
        raise ValueError(f"{what} has an unknown member {strange[0][:60]!a}")
    return content


def _text(text: str) -> str | dict[str, str]:
    try:
        text.encode()
    except UnicodeEncodeError:
        return {_NO_UTF8: base64.b64encode(text.encode("utf-8", "surrogatepass")).decode("ascii")}
    return text


def _read_text(value: object, name: str) -> str:
    if isinstance(value, str):
        # An escaped half of a pair: another program wrote the line.
        if not value.isascii() and isinstance(_text(value), dict):
            raise ValueError(f'"{name}" holds half of a surrogate pair')
        return value
    if isinstance(value, dict) and value.keys() == {_NO_UTF8} and isinstance(value[_NO_UTF8], str):
        try:
            return base64.b64decode(value[_NO_UTF8], validate=True).decode("utf-8", "surrogatepass")
        except (binascii.Error, ValueError):
            raise ValueError(f'"{name}" holds no base64 of a text') from None
    raise ValueError(f'"{name}" is no text')


def _whole(value: object, name: str) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**63:
        return value
    raise ValueError(f'"{name}" is no whole number')


def _seconds(value: object, name: str) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 2**63:
        return float(value)
    raise ValueError(f'"{name}" is no number of seconds')


def _failure(value: Any, name: str) -> FailureKind:
    try:
        return FailureKind(value)
    except ValueError:
        raise ValueError(f'"{name}" is no kind of failure that this version knows') from None


def _dollars(value: object, name: str) -> Decimal:
    try:
        amount = Decimal(value) if isinstance(value, str) and len(value) < 100 else Decimal("NaN")
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or abs(amount.adjusted()) > 1_000:
        raise ValueError(f'"{name}" is no amount of dollars')
    return amount


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is no JSON number")
