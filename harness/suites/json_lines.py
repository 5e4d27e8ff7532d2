"""Read a file of one JSON object a line, one line at a time and bounded."""

from __future__ import annotations

import codecs
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from harness.records import FailureKind
from harness.suites.json_keys import DuplicateKeyError, members_once
from harness.suites.json_tokens import deeper_than, top_level_scalars
from harness.suites.places import place, quoted, shown
from harness.suites.reading import SIZE_LIMIT, reason

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from harness.errors import HarnessError
    from harness.records import Json

DEPTH_LIMIT = 100
"""How deep lists and objects of a line may be nested."""

_HEAD = 64 * 1024  # of an oversized line, where its id is looked for
_SKIP = 1024 * 1024
_RECOVERED = {"id", "trial"}
_TOO_DEEP = f"the line is nested deeper than {DEPTH_LIMIT} levels"


@dataclass(frozen=True, slots=True)
class JsonLine:
    """One line that is not blank.

    Attributes:
        number: The line, from 1.
        members: The object's members; of a line that has a failure, only its `id` and `trial`, where found.
        failure: Why the line's object was not built; `None` when it was.
        detail: The failure in words.
    """

    number: int
    members: Mapping[str, Json]
    failure: FailureKind | None = None
    detail: str = ""


def read_lines(path: Path, noun: str, error: type[HarnessError], *, once: bool = False) -> Iterator[JsonLine]:
    """The lines of a file, each read when it is asked for.

    A line above 16 MiB, one nested deeper than 100 levels, and one with a number of thousands of digits is
    given with its failure; an oversized line is never held in memory as a whole.

    Args:
        path: The file. A byte order mark at its start is skipped.
        noun: What the file is to the user.
        error: The class to raise.
        once: Whether a key may stand but once in an object. Where it may stand twice, the last one counts.

    Raises:
        HarnessError: The given class: the file cannot be read or has no line; a line, named with its number, is
            not UTF-8, not JSON or not an object, or has a key twice.
    """
    empty = True
    try:
        with path.open("rb") as file:
            for number, data, size in _raw_lines(file):
                empty = False
                yield _parse(data, size, place(path, number), number, error, once=once)
    except FileNotFoundError:
        raise error(f"the {noun} does not exist", where=shown(path), hint="check the path") from None
    except OSError as failure:
        raise error(f"the {noun} cannot be read: {reason(failure)}", where=shown(path)) from failure
    if empty:
        raise error(f"the {noun} is empty", where=shown(path), hint="write one JSON object a line")


def _raw_lines(file: BinaryIO) -> Iterator[tuple[int, bytes, int]]:
    """Every line that is not blank: its number, its bytes, and 0.

    Of an oversized line: its number, its first bytes, and the size of the whole.
    """
    number = 0
    while data := file.readline(SIZE_LIMIT + 1):
        number += 1
        size = 0
        if len(data) > SIZE_LIMIT and not data.endswith(b"\n"):
            size = len(data)
            data = data[:_HEAD]
            while rest := file.readline(_SKIP):
                size += len(rest)
                if rest.endswith(b"\n"):
                    size -= 1
                    break
        if number == 1:
            data = data.removeprefix(codecs.BOM_UTF8)
        if data and not data.isspace():
            yield number, data, size


def _parse(
    data: bytes, size: int, where: str, number: int, error: type[HarnessError], *, once: bool
) -> JsonLine:
    if size:
        # The head may end inside a character; everything before that must be UTF-8 all the same.
        text = _decode(data, where, error, final=False)
        detail = f"the line has {size} bytes, more than {SIZE_LIMIT // 1024**2} MiB"
        return JsonLine(number, _recovered(text), FailureKind.OVERSIZED, detail)
    text = _decode(data, where, error, final=True)
    try:
        value: Json = json.loads(text, object_pairs_hook=members_once if once else None)
    except DuplicateKeyError as failure:
        raise error(
            f"the key {quoted(failure.key)} stands twice", where=where, hint="keep one of them"
        ) from None
    except json.JSONDecodeError as failure:
        rest = text[failure.pos :].rstrip()
        before = quoted(rest) if rest else "the end"
        raise error(
            f"this is not JSON: {failure.msg} at column {failure.pos + 1}, before {before}",
            where=where,
            hint="write one complete JSON object a line",
        ) from None
    except RecursionError:
        return JsonLine(number, _recovered(text), FailureKind.UNPARSABLE, _TOO_DEEP)
    except ValueError:
        detail = "the line holds a number of thousands of digits"
        return JsonLine(number, _recovered(text), FailureKind.UNPARSABLE, detail)
    # Counting brackets first spares nearly every line the walk.
    if text.count("[") + text.count("{") > DEPTH_LIMIT and deeper_than(value, DEPTH_LIMIT):
        return JsonLine(number, _recovered(text), FailureKind.UNPARSABLE, _TOO_DEEP)
    if not isinstance(value, dict):
        raise error(
            f"this is {quoted(text.strip())}, not an object",
            where=where,
            hint='write {"id": …, "value": …}',
        )
    return JsonLine(number, value)


def _decode(data: bytes, where: str, error: type[HarnessError], *, final: bool) -> str:
    try:
        return codecs.getincrementaldecoder("utf-8")().decode(data, final)
    except UnicodeDecodeError as failure:
        raise error(
            f"this is not UTF-8: byte 0x{data[failure.start]:02x} at byte {failure.start + 1} of the line",
            where=where,
            hint="save the file as UTF-8",
        ) from None


def _recovered(text: str) -> dict[str, Json]:
    found: dict[str, Json] = {}
    scalars = top_level_scalars(text)
    for key in _RECOVERED & scalars.keys():
        try:
            found[key] = json.loads(scalars[key])
        except ValueError:  # text that broke the parser may hold tokens that are no JSON
            continue
    return found
