"""From what a system answered to what it extracted."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from harness.records import Extraction, ExtractionFailure, FailureKind
from harness.suites.json_tokens import deeper_than
from harness.suites.reading import SIZE_LIMIT

if TYPE_CHECKING:
    from harness.records import Json, Response

DEPTH_LIMIT = 100
"""How deep lists and objects of an answer may be nested."""
_MOST_BYTES = 4
"""Of a character in UTF-8."""


def extraction_of(response: Response) -> Extraction | ExtractionFailure:
    """The extraction of a response's last attempt, or why there is none.

    An answer above 16 MiB is `OVERSIZED`, a blank one `EMPTY`; one that is no JSON, is nested deeper than 100
    levels or holds a number of thousands of digits is `UNPARSABLE`. JSON that does not fit the schema is an
    extraction: the scorer judges each of its leaves.
    """
    last = response.attempts[-1] if response.attempts else None
    if last is not None and last.failure is not None:
        return ExtractionFailure(response.document, response.trial, last.failure, last.detail)
    raw = last.raw if last is not None else None
    if not raw or raw.isspace():
        return _failed(response, FailureKind.EMPTY, "the answer is empty")
    if _MOST_BYTES * len(raw) > SIZE_LIMIT and len(raw.encode("utf-8", "surrogatepass")) > SIZE_LIMIT:
        return _failed(response, FailureKind.OVERSIZED, f"the answer has more than {SIZE_LIMIT // 1024**2} MiB")
    try:
        value: Json = json.loads(raw)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        return _failed(response, FailureKind.UNPARSABLE, f"this is not JSON: {error.msg} in {where}")
    except RecursionError:
        return _failed(response, FailureKind.UNPARSABLE, _TOO_DEEP)
    except ValueError:
        return _failed(response, FailureKind.UNPARSABLE, "the answer holds a number of thousands of digits")
    # Counting brackets first spares nearly every answer the walk.
    if raw.count("[") + raw.count("{") > DEPTH_LIMIT and deeper_than(value, DEPTH_LIMIT):
        return _failed(response, FailureKind.UNPARSABLE, _TOO_DEEP)
    return Extraction(response.document, response.trial, value)


_TOO_DEEP = f"the answer is nested deeper than {DEPTH_LIMIT} levels"


def _failed(response: Response, kind: FailureKind, detail: str) -> ExtractionFailure:
    return ExtractionFailure(response.document, response.trial, kind, detail)
