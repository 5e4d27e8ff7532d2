"""Say where something stands in a file, and which known name was probably meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from pathlib import Path

KeyPath = tuple[str | int, ...]
"""Keys and list positions that lead from the root of a file to one value."""

DEPTH_LIMIT = 100
"""How deep lists and mappings of a file may be nested."""


def shown(path: Path) -> str:
    """The path as an error names it: relative to the current folder where it lies below it."""
    try:
        return str(path.relative_to(Path.cwd()))
    except (ValueError, OSError):  # OSError: the current folder was removed
        return str(path)


def place(path: Path, line: int | None = None) -> str:
    """`file:line`, or the file alone when the line is not known."""
    return shown(path) if line is None else f"{shown(path)}:{line}"


def nearest_line(lines: Mapping[KeyPath, int], path: KeyPath) -> int | None:
    """The line of a value, or else of the nearest value around it; `None` when not even the root has one."""
    for length in range(len(path), -1, -1):
        line = lines.get(path[:length])
        if line is not None:
            return line
    return None


def suggestion(name: str, known: Iterable[str]) -> str:
    """What to write instead of an unknown name: the near names, or else all of them.

    >>> suggestion("documets", ["documents", "gold"])
    'did you mean "documents"?'
    >>> suggestion("colour", ["documents", "gold"])
    'known are: documents, gold'
    """
    names = sorted(known)
    near = difflib.get_close_matches(name, names)
    if near:
        return f"did you mean {' or '.join(quoted(other) for other in near)}?"
    return f"known are: {', '.join(names)}" if names else "there is none"


def quoted(text: str, limit: int = 60) -> str:
    r"""A user's text inside double quotes, shortened, with control characters and surrogates escaped.

    >>> print(quoted("a\x1b[31m"))
    "a\x1b[31m"
    """
    short = text if len(text) <= limit else text[:limit] + "…"
    return '"' + "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in short) + '"'
