"""Walk over JSON text without building it: for lines, and for text that is too deep or cut off."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

_START = re.compile(r'["\[\]{},:\n]|[^\s\[\]{},:"]+')
_QUOTE_OR_ESCAPE = re.compile(r'["\\]')


def tokens(text: str) -> Iterator[tuple[str, int]]:
    """Every token with its line, from 1. Ends at a string that has no end."""
    line, at = 1, 0
    while found := _START.search(text, at):
        at = found.end()
        if found[0] == "\n":
            line += 1
        elif found[0] == '"':
            at = _string_end(text, at)
            if at < 0:  # what follows must not be read as structure
                return
            yield text[found.start() : at], line
        else:
            yield found[0], line


def _string_end(text: str, at: int) -> int:
    """The offset behind the closing quote; -1 when there is none. One regex would need memory an escape."""
    while found := _QUOTE_OR_ESCAPE.search(text, at):
        if found[0] == '"':
            return found.end()
        at = found.end() + 1
    return -1


def top_level_scalars(text: str) -> Mapping[str, str]:
    """The scalars of the outermost object, as written: key (without quotes) to token.

    The text may be cut off anywhere and nested without bound; a scalar that the cut may have shortened is left
    out. A key with escapes in it is left as written.
    """
    found: dict[str, str] = {}
    member: list[str] = []
    depth = 0
    for symbol, _ in tokens(text):
        if depth == 0 and symbol != "{":
            break
        if depth == 1 and symbol in ("}", ","):
            _keep_scalar(member, found)
            member = []
        elif depth == 1:
            member.append(symbol)
        depth += (symbol in ("{", "[")) - (symbol in ("}", "]"))
    return found


def _keep_scalar(member: list[str], found: dict[str, str]) -> None:
    match member:
        case [key, ":", value] if key[0] == '"' and value not in ("{", "["):
            found[key[1:-1]] = value


def deeper_than(value: Any, limit: int) -> bool:
    """Whether lists and objects are nested more than `limit` levels deep. Needs no recursion."""
    level = [value] if isinstance(value, list | dict) else []
    for _ in range(limit):
        if not level:
            return False
        level = [
            child
            for container in level
            for child in (container.values() if type(container) is dict else container)
            if type(child) is dict or type(child) is list
        ]
    return bool(level)
