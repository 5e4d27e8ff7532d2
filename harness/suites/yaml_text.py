"""Parse the subset of YAML that a label file may use, keeping lines.

The parser's events are read one by one instead of its node tree: they show aliases, anchors and tags before
anything is built, and they need no recursion, so that hostile nesting ends at the depth limit.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NoReturn

import yaml

from harness.errors import GoldError
from harness.suites.places import DEPTH_LIMIT, place, quoted

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from harness.records import Json
    from harness.suites.places import KeyPath

_NULL = frozenset(("", "~", "null", "Null", "NULL"))
_TRUE = frozenset(("true", "True", "TRUE"))
_FALSE = frozenset(("false", "False", "FALSE"))
_INTEGER = re.compile(r"[-+]?[0-9]+")
_OTHER_BASE = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_LINE_ENDS = {"\x85": "\\N", "\u2028": "\\L", "\u2029": "\\P"}
_LINE_END = re.compile("[\x85\u2028\u2029]")
_NOT_FINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")


def parse_yaml(text: str, path: Path, verbatim: Collection[str] = ()) -> tuple[Json, dict[KeyPath, int]]:
    """The value of a YAML text, and the line of each part of it. A part under a key has the key's line.

    Args:
        text: One YAML document.
        path: The file, for errors.
        verbatim: Top-level keys whose plain scalars stay strings as written.

    Raises:
        GoldError: With file and line; see `harness.suites.label_text`.
    """
    _refuse_line_ends(text, path)
    builder = _Builder(path, verbatim)
    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        for event in yaml.parse(text, Loader=loader):
            builder.take(event)
    except yaml.MarkedYAMLError as failure:
        raise GoldError(
            f"this is not YAML: {_words(failure)}",
            where=place(path, _line(failure, text)),
            hint="put a text that holds ': ', ' #' or starts with a special character inside quotes",
        ) from None
    except yaml.reader.ReaderError as failure:
        raise GoldError(
            f"this is not YAML: {failure.reason}",
            where=place(path, text.encode().count(b"\n", 0, failure.position) + 1),
            hint="remove the character, or write it as an escape inside double quotes",
        ) from None
    return builder.root, builder.lines


def _refuse_line_ends(text: str, path: Path) -> None:
    """Refuse what YAML 1.1 takes for line ends and turns into spaces: a quote would change without a word."""
    found = _LINE_END.search(text)
    if found:
        raise GoldError(
            f"the character U+{ord(found[0]):04X}, which YAML takes for a line end",
            where=place(path, text.count("\n", 0, found.start()) + 1),
            hint=f'write it as "{_LINE_ENDS[found[0]]}" inside double quotes',
        )


def _line(failure: yaml.MarkedYAMLError, text: str) -> int | None:
    mark = failure.problem_mark or failure.context_mark
    # The end of the text counts as a line of its own, which no editor shows.
    return min(mark.line, text.rstrip().count("\n")) + 1 if mark else None


def _words(failure: yaml.MarkedYAMLError) -> str:
    problem = failure.problem or "it cannot be read"
    if failure.context is None or failure.context_mark is None:
        return problem
    return f"{problem}, {failure.context} that begins in line {failure.context_mark.line + 1}"


@dataclass(slots=True)
class _Open:
    """A list or mapping whose end was not seen yet."""

    container: list[Any] | dict[str, Any]
    path: KeyPath
    key: str | None = None
    key_line: int = 0


@dataclass(slots=True)
class _Builder:
    """Builds the value from events."""

    file: Path
    verbatim: Collection[str]
    root: Any = None
    lines: dict[KeyPath, int] = field(default_factory=dict)
    stack: list[_Open] = field(default_factory=list)
    documents: int = 0

    def take(self, event: yaml.Event) -> None:
        mark = event.start_mark
        line = mark.line + 1 if mark is not None else 1
        match event:
            case yaml.DocumentStartEvent():
                self.documents += 1
                if self.documents > 1:
                    self.refuse(
                        "a second YAML document begins", line, "remove the '---'; one file is one label"
                    )
            case yaml.AliasEvent():
                self.refuse(f"an alias, {quoted(f'*{event.anchor}')}", line, "write the value out")
            case yaml.ScalarEvent() | yaml.SequenceStartEvent() | yaml.MappingStartEvent():
                self.refuse_decorated(event, line)
                self.node(event, line)
            case yaml.SequenceEndEvent() | yaml.MappingEndEvent():
                self.stack.pop()

    def refuse_decorated(self, event: yaml.NodeEvent, line: int) -> None:
        if event.anchor is not None:
            self.refuse(f"an anchor, {quoted(f'&{event.anchor}')}", line, "remove it")
        tag = getattr(event, "tag", None)
        if tag is not None:
            self.refuse(
                f"a tag, {quoted(tag)}", line, "remove it; put a text that begins with '!' inside quotes"
            )

    def node(self, event: yaml.Event, line: int) -> None:
        parent = self.stack[-1] if self.stack else None
        if parent is not None and isinstance(parent.container, dict) and parent.key is None:
            self.take_key(event, parent, line)
            return
        path, line = self.position(parent, line)
        value: Any
        match event:
            case yaml.ScalarEvent():
                as_written = len(path) == 1 and path[0] in self.verbatim
                value = event.value if as_written else self.scalar(event, line)
            case yaml.SequenceStartEvent():
                value = []
            case _:
                value = {}
        self.lines[path] = line
        if parent is None:
            self.root = value
        elif isinstance(parent.container, list):
            parent.container.append(value)
        elif parent.key is not None:
            parent.container[parent.key] = value
            parent.key = None
        if not isinstance(event, yaml.ScalarEvent):
            if len(self.stack) == DEPTH_LIMIT:
                self.refuse(
                    f"lists and mappings are nested deeper than {DEPTH_LIMIT}", line, "flatten the value"
                )
            self.stack.append(_Open(value, path))

    def position(self, parent: _Open | None, line: int) -> tuple[KeyPath, int]:
        if parent is None:
            return (), line
        if isinstance(parent.container, list):
            return (*parent.path, len(parent.container)), line
        return (*parent.path, parent.key or ""), parent.key_line

    def take_key(self, event: yaml.Event, parent: _Open, line: int) -> None:
        key = self.scalar(event, line) if isinstance(event, yaml.ScalarEvent) else event
        if not isinstance(key, str):
            what = quoted(event.value) if isinstance(event, yaml.ScalarEvent) else "a list or mapping"
            self.refuse(f"a key, {what}, is not a string", line, "put the key inside quotes")
        if key in parent.container:
            first = place(self.file, self.lines[*parent.path, key])
            self.refuse(f"the key {quoted(key)} stands twice", line, f"first at {first}; remove one")
        parent.key, parent.key_line = key, line

    def scalar(self, event: yaml.ScalarEvent, line: int) -> Json:
        """The value of a scalar by YAML 1.2's core schema; quoted scalars are strings."""
        text: str = event.value
        if not event.implicit[0]:
            return text
        if text in _NULL:
            return None
        if text in _TRUE or text in _FALSE:
            return text in _TRUE
        if _NOT_FINITE.fullmatch(text):
            self.refuse(
                f"the number {quoted(text)} is not finite", line, "write a finite number, or quote a text"
            )
        try:
            if _INTEGER.fullmatch(text):
                return int(text)
            if _OTHER_BASE.fullmatch(text):
                return int(text, 0)
        except ValueError:
            self.refuse("a number of thousands of digits", line, "put the value inside quotes")
        if not _FLOAT.fullmatch(text):
            return text
        number = float(text)
        if not math.isfinite(number):
            self.refuse(f"the number {quoted(text)} is too large", line, "put the value inside quotes")
        return number

    def refuse(self, seen: str, line: int, hint: str) -> NoReturn:
        raise GoldError(seen, where=place(self.file, line), hint=hint)
