"""The values of a run's file, checked and turned into records. What does not fit is a `ValueError`."""

from __future__ import annotations

import math
from typing import Any

from harness.errors import UsageError
from harness.records import DocumentScore, FailureKind, Response, Signature, Source
from harness.storage.base import RunRecord, RunStatus
from harness.storage.encoding import attempt_of, score_of
from harness.storage.money import spent
from harness.storage.rows import is_name
from harness.storage.tags import check_tags

_LONGEST_ID = 200
_MOST = 2**31
_MOST_COUNTED = 2**53

_Types = dict[str, tuple[type, ...]]

_TEXT = (str,)
_TEXT_OR_NOT = (str, type(None))
_COUNT = (int,)
_COUNT_OR_NOT = (int, type(None))
_NUMBER = (int, float)

_RUN: _Types = {
    "id": _TEXT,
    "suite": _TEXT,
    "system": _TEXT,
    "status": _TEXT,
    "created": _TEXT,
    "finished": _TEXT_OR_NOT,
    "trials": _COUNT,
    "documents": _COUNT,
    "signature": (list,),
    "identity": (dict,),
    "details": (dict,),
    "summary": (dict,),
    "tags": (list,),
}
_RESPONSE: _Types = {"document": _TEXT, "trial": _COUNT, "take": _COUNT, "source": _TEXT, "attempts": (list,)}
_ATTEMPT_NEEDS: _Types = {"raw": _TEXT_OR_NOT, "latency": _NUMBER}
_ATTEMPT_MAY_HAVE: _Types = {
    "input_tokens": _COUNT_OR_NOT,
    "output_tokens": _COUNT_OR_NOT,
    "finish_reason": _TEXT_OR_NOT,
    "failure": _TEXT_OR_NOT,
    "detail": _TEXT,
    "cached_input_tokens": _COUNT_OR_NOT,
    "reasoning_tokens": _COUNT_OR_NOT,
    "cost": _TEXT_OR_NOT,
}
_SCORE: _Types = {
    "document": _TEXT,
    "trial": _COUNT,
    "leaves": (dict,),
    "facts": (dict,),
    "grounding": (list,),
    "stray": _COUNT,
    "failure": _TEXT_OR_NOT,
}


def run_of(value: Any) -> RunRecord:
    """The run of its line."""
    fields = _fields(value, _RUN)
    _names(fields["id"], fields["suite"], fields["system"], fields["created"], fields["finished"] or "")
    name = fields["id"]
    if not name or len(name) > _LONGEST_ID or not name.isprintable() or " " in name or name == "latest":
        raise ValueError(f'"id" is {name[:_LONGEST_ID]!a}')
    for key in ("identity", "details"):
        if not all(type(one) is str for one in fields[key].values()):
            raise ValueError(f'"{key}" holds what is not text')
    if not all(
        one is None or (type(one) in _NUMBER and math.isfinite(one)) for one in fields["summary"].values()
    ):
        raise ValueError('"summary" holds what is not a number')
    tags = names_of(fields["tags"])
    try:
        check_tags(tags)
    except UsageError as failure:
        raise ValueError(failure.seen) from failure
    fields["status"] = RunStatus(fields["status"])
    fields["signature"] = signature_of(fields["signature"])
    return RunRecord(**{**fields, "tags": tuple(sorted(set(tags)))})


def names_of(value: Any) -> tuple[str, ...]:
    """A list of names."""
    if type(value) is not list or not all(type(one) is str for one in value):
        raise ValueError("this is not a list of names")
    _names(*value)
    return tuple(value)


def signature_of(value: Any) -> Signature:
    """A signature, from the list of its entries."""
    if type(value) is not list or not all(
        type(one) is list and len(one) == 2 and type(one[0]) is str and type(one[1]) is str for one in value
    ):
        raise ValueError("this is not a signature")
    return Signature(tuple((key, text) for key, text in value))


def response_of(value: Any) -> tuple[int, Response]:
    """A response with the number of its take."""
    fields = _fields(value, _RESPONSE)
    _names(fields["document"])
    if not fields["attempts"]:
        raise ValueError("the response has no attempt")
    attempts = []
    for one in fields["attempts"]:
        checked = _fields(one, _ATTEMPT_NEEDS, _ATTEMPT_MAY_HAVE)
        try:
            attempts.append(attempt_of(checked))
        except ArithmeticError as failure:
            raise ValueError(f'"cost" is {str(checked.get("cost"))[:40]!a}') from failure
    response = Response(fields["document"], fields["trial"], tuple(attempts), Source(fields["source"]))
    spent(response.attempts)
    return fields["take"], response


def score_line_of(value: Any) -> DocumentScore:
    """A score."""
    fields = _fields(value, _SCORE)
    _names(fields["document"])
    for key, width in (("leaves", 6), ("facts", 4)):
        for counts in fields[key].values():
            _counts(counts, width)
    _counts(fields["grounding"], 8)
    if fields["failure"] is not None:
        FailureKind(fields["failure"])
    return score_of(fields["document"], fields["trial"], fields)


def _fields(value: Any, needed: _Types, allowed: _Types | None = None) -> dict[str, Any]:
    """An object with these keys and types of values, numbers within what a store holds."""
    if type(value) is not dict:
        raise ValueError("this is not an object")
    types = {**needed, **(allowed or {})}
    for key in needed:
        if key not in value:
            raise ValueError(f'"{key}" is missing')
    for key, one in value.items():
        if key not in types:
            raise ValueError(f"{key[:40]!a} is not known; a newer harness may have written it")
        if type(one) not in types[key]:
            raise ValueError(f'"{key}" is {str(one)[:40]!a}')
        if type(one) is int and not 0 <= one < (_MOST if types[key] is _COUNT else _MOST_COUNTED):
            raise ValueError(f'"{key}" is {one}')
        if type(one) is float and not math.isfinite(one):
            raise ValueError(f'"{key}" is {one}')
    return value


def _counts(value: Any, width: int) -> None:
    counts = type(value) is list and len(value) == width
    if not counts or not all(type(one) is int and 0 <= one < _MOST_COUNTED for one in value):
        raise ValueError("the score holds what is not a count")


def _names(*names: str) -> None:
    for name in names:
        if not is_name(name):
            raise ValueError(f"{name[:40]!a} cannot be a name in a store")
