"""Parse a label written as JSON, keeping lines."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from harness.errors import GoldError
from harness.suites.json_keys import members_once
from harness.suites.json_tokens import deeper_than, tokens
from harness.suites.places import DEPTH_LIMIT, place, quoted

if TYPE_CHECKING:
    from pathlib import Path

    from harness.records import Json
    from harness.suites.places import KeyPath


_HALF_PAIR = re.compile(r"\\u[dD][89a-fA-F]|[\ud800-\udfff]")


def parse_json(text: str, path: Path) -> tuple[Json, Mapping[KeyPath, int]]:
    """The value of a JSON text, and the line of each part of it. A part under a key has the key's line.

    Args:
        text: One JSON value.
        path: The file, for errors.

    Raises:
        GoldError: With file and line: malformed text, a duplicate key, NaN or an infinity, half a surrogate
            pair, a number of thousands of digits, nesting deeper than 100 levels.
    """
    sound = _sound(text)
    if sound is not None:
        return sound[0], LazyLines(lambda: _lines(text, path))
    try:
        value: Json = json.loads(text)
    except json.JSONDecodeError as failure:
        raise GoldError(
            f"this is not JSON: {failure.msg} at column {failure.colno}",
            where=place(path, failure.lineno),
            hint="correct it there or just before",
        ) from None
    except RecursionError:
        raise GoldError(
            f"lists and objects are nested deeper than {DEPTH_LIMIT}",
            where=place(path),
            hint="flatten the value",
        ) from None
    except ValueError:
        raise GoldError(
            "a number of thousands of digits", where=place(path), hint="put the value inside quotes"
        ) from None
    return value, _lines(text, path)


class LazyLines(Mapping["KeyPath", int]):
    """The lines of a text, worked out when one is asked for: a sound file is never asked."""

    def __init__(self, find: Callable[[], Mapping[KeyPath, int]]) -> None:
        self._find = find

    @cached_property
    def _lines(self) -> Mapping[KeyPath, int]:
        return self._find()

    def __getitem__(self, path: KeyPath) -> int:
        """The line of a part.

        Raises:
            KeyError: When there is no such part.
        """
        return self._lines[path]

    def __iter__(self) -> Iterator[KeyPath]:
        """Every part."""
        return iter(self._lines)

    def __len__(self) -> int:
        """How many parts there are."""
        return len(self._lines)


def _sound(text: str) -> tuple[Json] | None:
    """The value of a text in which nothing is to be refused; `None` when something may be, or is."""
    if ("\\u" in text or not text.isascii()) and _HALF_PAIR.search(text):
        return None
    try:
        value: Json = _SOUND.decode(text)
    except (ValueError, RecursionError):
        return None
    # Counting brackets first spares nearly every file the walk.
    if text.count("[") + text.count("{") > DEPTH_LIMIT and deeper_than(value, DEPTH_LIMIT):
        return None
    return (value,)


def _finite(number: str) -> float:
    value = float(number)
    if not math.isfinite(value):
        raise ValueError("the number is not finite")
    return value


_SOUND = json.JSONDecoder(object_pairs_hook=members_once, parse_constant=_finite, parse_float=_finite)


@dataclass(slots=True)
class _Open:
    """A list or object whose end was not seen yet; `key` is the last key or position."""

    path: KeyPath
    is_list: bool
    position: int = 0
    key: str | None = None
    key_line: int = 0


def _lines(text: str, path: Path) -> dict[KeyPath, int]:
    """The line of each part of a valid JSON text; refuses on the way what JSON's parser lets pass."""
    lines: dict[KeyPath, int] = {}
    stack: list[_Open] = []
    for symbol, line in tokens(text):
        parent = stack[-1] if stack else None
        if symbol in ("}", "]"):
            stack.pop()
        elif symbol == "," and parent is not None:
            parent.position += 1
            parent.key = None
        elif parent is not None and not parent.is_list and parent.key is None:
            parent.key, parent.key_line = _string(symbol, path, line), line
            first = lines.get((*parent.path, parent.key))
            if first is not None:
                raise GoldError(
                    f"the key {quoted(parent.key)} stands twice",
                    where=place(path, line),
                    hint=f"first at {place(path, first)}; remove one",
                )
        elif symbol != ":":
            here, at = _position(parent, line)
            lines[here] = at
            if symbol in ("{", "["):
                _refuse_depth(len(stack), path, line)
                stack.append(_Open(here, is_list=symbol == "["))
            else:
                _check_scalar(symbol, path, line)
    return lines


def _position(parent: _Open | None, line: int) -> tuple[KeyPath, int]:
    if parent is None:
        return (), line
    if parent.is_list:
        return (*parent.path, parent.position), line
    return (*parent.path, parent.key or ""), parent.key_line


def _refuse_depth(depth: int, path: Path, line: int) -> None:
    if depth == DEPTH_LIMIT:
        raise GoldError(
            f"lists and objects are nested deeper than {DEPTH_LIMIT}",
            where=place(path, line),
            hint="flatten the value",
        )


def _check_scalar(symbol: str, path: Path, line: int) -> None:
    if symbol[0] == '"':
        _string(symbol, path, line)
    elif symbol not in ("true", "false", "null") and not math.isfinite(float(symbol)):
        raise GoldError(
            f"the number {quoted(symbol)} is not finite", where=place(path, line), hint="write a finite number"
        )


def _string(symbol: str, path: Path, line: int) -> str:
    text: str = json.loads(symbol)
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise GoldError(
            f"the text {quoted(text)} holds half a surrogate pair",
            where=place(path, line),
            hint="write the character itself",
        ) from None
    return text
