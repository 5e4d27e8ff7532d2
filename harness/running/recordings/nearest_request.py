"""Which recorded request is most like one that was not recorded, and in what the two differ."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from harness.suites.places import quoted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from harness.records import Fingerprint, Json
    from harness.running.recordings.recorded_line import RecordedLine

_WORDS = {
    "document": "the document's text",
    "trial": "the trial",
    "model": "the model",
    "prompt": "the prompt",
    "schema": "the schema",
    "mode": "the mode",
    "parameters": "the parameters",
}
"""The parts of a fingerprint, the one that people look for first at the top: it breaks ties."""
_DIGESTS = ("document", "prompt", "schema")
_SHOWN = 12


def nearest(
    asked: Fingerprint, recorded: Iterable[tuple[int, RecordedLine]]
) -> tuple[int, RecordedLine] | None:
    """The recorded line that shares the most parts with a request, and its number; `None` when there is none.

    Of equally near ones it is the one that shares the document, then the trial, then the model; then the first.
    """
    best: tuple[int, RecordedLine] | None = None
    most: tuple[int, tuple[bool, ...]] = (-1, ())
    for number, line in recorded:
        same = tuple(getattr(line.fingerprint, part) == getattr(asked, part) for part in _WORDS)
        if (sum(same), same) > most:
            best, most = (number, line), (sum(same), same)
    return best


def differences(asked: Fingerprint, recorded: Fingerprint) -> list[str]:
    """What differs, part by part, in plain words: digests are shortened, other parts are shown."""
    words = []
    for part, called in _WORDS.items():
        then, now = getattr(recorded, part), getattr(asked, part)
        if then == now:
            continue
        if part in _DIGESTS:
            words.append(f"{called}: recorded {_short(then)}, asked {_short(now)}")
        elif part == "parameters":
            words += _parameters(then, now)
        else:
            words.append(f"{called}: recorded {_shown(then)}, asked {_shown(now)}")
    return words


def _parameters(then: str, now: str) -> list[str]:
    try:
        before, after = json.loads(then), json.loads(now)
    except (ValueError, RecursionError):
        before = after = None
    if not isinstance(before, dict) or not isinstance(after, dict):
        return [f"the parameters: recorded {quoted(then)}, asked {quoted(now)}"]
    return [
        f"the parameter {quoted(name)}: recorded {_value(before, name)}, asked {_value(after, name)}"
        for name in sorted(before.keys() | after.keys())
        if name not in before or name not in after or before[name] != after[name]
    ]


def _value(parameters: dict[str, Json], name: str) -> str:
    return _shown(parameters[name]) if name in parameters else "without"


def _shown(value: Json) -> str:
    return quoted(value) if isinstance(value, str) else quoted(json.dumps(value)).strip('"')


def _short(digest: str) -> str:
    return quoted(digest if len(digest) <= _SHOWN else digest[:_SHOWN] + "…").strip('"')
