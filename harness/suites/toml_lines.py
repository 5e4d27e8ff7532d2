"""Find the lines on which a TOML file sets its keys, which `tomllib` does not tell."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from harness.suites.places import KeyPath

_SIMPLE_KEY = r"""(?:[A-Za-z0-9_-]+|"(?:\\.|[^"\\\n])*"|'[^'\n]*')"""
_KEY = re.compile(rf"[ \t]*({_SIMPLE_KEY}(?:[ \t]*\.[ \t]*{_SIMPLE_KEY})*)[ \t]*=")
_HEADER = re.compile(r"[ \t]*(\[[^\n]*)")
_LIST = re.compile(r"[ \t]*\[")
# Strings and comments come first, so that a bracket or a line end inside one is not taken for structure.
_TOKEN = re.compile(
    r'''"""(?:\\.|[^\\])*?"""(?!")|\'\'\'.*?\'\'\'(?!\')|"(?:\\.|[^"\\\n])*"|'[^'\n]*'|\#[^\n]*|[\[{]|[\]}]|\n''',
    re.DOTALL,
)


def key_lines(text: str) -> dict[KeyPath, int]:
    r"""The first line, from 1, of every table and key, and of every string in a list by its position.

    Keys inside an inline table or array have none.

    Args:
        text: TOML that `tomllib` accepts; of other text the answer is meaningless.

    >>> key_lines('[store]\npath = "x"\n')
    {(): 1, ('store',): 1, ('store', 'path'): 2}
    """
    lines: dict[KeyPath, int] = {(): 1}
    table: KeyPath = ()
    for start, line in _statements(text):
        if header := _HEADER.match(text, start):
            table = _keys(header[1])
            _note(lines, (), table, line)
        elif key := _KEY.match(text, start):
            keys = _keys(f"{key[1]} = 0")
            _note(lines, table, keys, line)
            _note_strings(lines, table + keys, text, key.end(), line)
    return lines


def _note_strings(lines: dict[KeyPath, int], keys: KeyPath, text: str, start: int, line: int) -> None:
    """The lines of the strings of a list that holds nothing else; of another value none."""
    inside = _LIST.match(text, start)
    if inside is None:
        return
    position = 0
    for token in _TOKEN.finditer(text, inside.end()):
        match token[0][0]:
            case "[" | "]" | "{" | "}":
                return
            case "\n":
                line += 1
            case "#":
                pass
            case _:
                lines[*keys, position] = line
                line += token[0].count("\n")
                position += 1


def _statements(text: str) -> list[tuple[int, int]]:
    """Offset and line of every line that does not continue a value."""
    starts = [(0, 1)]
    depth, line = 0, 1
    for token in _TOKEN.finditer(text):
        match token[0]:
            case "\n":
                line += 1
                if depth == 0:
                    starts.append((token.end(), line))
            case "[" | "{":
                depth += 1
            case "]" | "}":
                depth -= 1
            case string_or_comment:
                line += string_or_comment.count("\n")
    return starts


def _keys(statement: str) -> KeyPath:
    """The keys that one header or one dotted key names, unescaped by the real parser."""
    keys: list[str] = []
    value: Any = tomllib.loads(statement)
    while isinstance(value, dict) and value:
        key, value = next(iter(value.items()))
        keys.append(key)
    return tuple(keys)


def _note(lines: dict[KeyPath, int], table: KeyPath, keys: KeyPath, line: int) -> None:
    for length in range(1, len(keys) + 1):
        lines.setdefault(table + keys[:length], line)
