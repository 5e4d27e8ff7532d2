"""Field paths: how a place in a nested value is written, read back and followed.

A path is a tuple of steps. Printed, `a.b[2]."odd key"` follows key `a`, key `b`, item 2, key `odd key`; the
patterns of a schema have `[]` for each item of a list, `.*` for each value of a dict, and `<Name>` for the
variant of a union. The empty path, the whole value, prints as `$`.

>>> parse("deployments[2].workers.minimum")
('deployments', 2, 'workers', 'minimum')
>>> render(("limits", "max hours", EACH_ITEM))
'limits."max hours"[]'
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from harness.records import Json


class Each(Enum):
    """The steps of a pattern that stand for many."""

    ITEM = "[]"
    VALUE = "*"


EACH_ITEM = Each.ITEM
EACH_VALUE = Each.VALUE


@dataclass(frozen=True, slots=True)
class Variant:
    """The step into one variant of a union, by the name of its model."""

    name: str


Step = str | int | Each | Variant
Path = tuple[Step, ...]

_PLAIN = re.compile(r"[^\W\d]\w*", re.ASCII)
_STEP = re.compile(
    r"""\[(?P<index>\d*)\]           # [2] or []
      | <(?P<variant>[^<>]+)>        # <Deployment>
      | \.?(?P<quoted>"(?:[^"\\]|\\.)*")
      | \.?(?P<every>\*)
      | \.?(?P<key>[^\W\d]\w*)
    """,
    re.VERBOSE | re.ASCII,
)


def render(path: Sequence[Step]) -> str:
    """Print a path; `parse` reads it back."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        elif step is Each.ITEM:
            text += "[]"
        elif isinstance(step, Variant):
            text += f"<{step.name}>"
        else:
            dot = "." if text else ""
            if step is Each.VALUE:
                text += f"{dot}*"
            else:
                key = str(step)
                text += dot + (key if _PLAIN.fullmatch(key) else json.dumps(key))
    return text or "$"


def parse(text: str) -> Path:
    """Read a printed path.

    Raises:
        ValueError: When the text is no path; the message gives the column.
    """
    if text == "$":
        return ()
    steps: list[Step] = []
    at = 0
    while at < len(text):
        found = _STEP.match(text, at)
        needs_dot = bool(steps) and found is not None and not text.startswith(("[", "<"), at)
        if found is None or (needs_dot != (text[at] == ".")):
            raise ValueError(f"{text!r} is no field path: cannot read it from column {at + 1}")
        steps.append(_step(found))
        at = found.end()
    if not steps:
        raise ValueError("an empty text is no field path; the whole value is written $")
    return tuple(steps)


def _step(found: re.Match[str]) -> Step:
    if found["index"] is not None:
        return int(found["index"]) if found["index"] else Each.ITEM
    if found["variant"] is not None:
        return Variant(found["variant"])
    if found["quoted"] is not None:
        return str(json.loads(found["quoted"]))
    return Each.VALUE if found["every"] else found["key"]


def walk(value: Json, path: Sequence[Step]) -> Json:
    """Follow keys and positions into a value; `None` as soon as there is no such place.

    >>> walk({"a": [{"b": 1}]}, ("a", 0, "b"))
    1
    """
    for step in path:
        if isinstance(step, str) and isinstance(value, dict):
            value = value.get(step)
        elif isinstance(step, int) and isinstance(value, list | tuple) and step < len(value):
            value = value[step]
        else:
            return None
    return value
