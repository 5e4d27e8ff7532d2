"""Read a prompt file: front matter between two `---` lines, then a system and a user part.

Only the frame is read here. What the parts say is filled in by `harness.suites.prompt_template`, and the
examples are looked up by `harness.suites.prompt_examples`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NoReturn

from harness.errors import ConfigError, GoldError
from harness.suites.places import nearest_line, place, quoted, shown, suggestion
from harness.suites.reading import decode, read_bytes

if TYPE_CHECKING:
    from pathlib import Path

    from harness.records import Json
    from harness.suites.places import KeyPath

SIZE_LIMIT = 1024 * 1024
"""The most bytes that a prompt file may have; its examples are other files."""
FRONT_LIMIT = 64 * 1024
"""The most characters that its front matter may have."""
EXAMPLE_LIMIT = 200
"""The most worked examples that one prompt may show."""

_KEYS = ("description", "examples", "variables")
_PAIR = ("document", "answer")
_HEADINGS: Mapping[str, Literal["system", "user"]] = {"# system": "system", "# user": "user"}
_FENCE = "---"


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a prompt.

    Attributes:
        role: Whose message it becomes.
        text: The words, blank lines at both ends removed.
        line: The line of the file on which the text begins.
    """

    role: Literal["system", "user"]
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class NamedExample:
    """A worked example.

    Attributes:
        document: The id of a document of the suite; or a file, when there is an answer.
        answer: The file that holds the answer; `None` for the gold of the suite's document.
        line: The line that names it.
    """

    document: str
    answer: str | None
    line: int


@dataclass(frozen=True, slots=True)
class PromptFile:
    """What a prompt file says.

    Attributes:
        path: The file.
        parts: The system part, the user part, or both, in this order.
        description: For people; no model sees it. Empty when there is none.
        examples: The worked examples, in order.
        variables: The file's own variables.
        lines: Where each key of the front matter stands.
    """

    path: Path
    parts: tuple[Part, ...]
    description: str = ""
    examples: tuple[NamedExample, ...] = ()
    variables: Mapping[str, Json] = field(default_factory=dict)
    lines: Mapping[KeyPath, int] = field(default_factory=dict, repr=False)


def read_prompt_file(path: Path) -> PromptFile:
    """Read a prompt file. A byte order mark is skipped, and every line end becomes a line feed.

    Raises:
        ConfigError: With file and line, when the file is missing, empty, too large or not UTF-8, its front
            matter is no YAML mapping or has an unknown key, or a part stands twice or is empty.
    """
    data = read_bytes(path, "prompt", ConfigError)
    if len(data) > SIZE_LIMIT:
        raise ConfigError(
            f"the prompt has {len(data):,} bytes; at most {SIZE_LIMIT:,} are allowed",
            where=shown(path),
            hint="shorten it; documents to show belong into files of their own, named by `examples`",
        )
    text = decode(data, path, "prompt", ConfigError).removeprefix("\ufeff")
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    front, body = _front(lines, path)
    parts = _parts(lines, body, path)
    if not parts or not text.strip("\ufeff \t\n\r"):
        raise ConfigError("the prompt is empty", where=shown(path), hint="write what the model is to do")
    return front.file(parts)


@dataclass(frozen=True, slots=True)
class _Front:
    path: Path
    values: Mapping[str, Json]
    lines: Mapping[KeyPath, int]

    def file(self, parts: tuple[Part, ...]) -> PromptFile:
        for key in self.values:
            if key not in _KEYS:
                self.refuse(f"unknown key {quoted(key)} in the front matter", (key,), suggestion(key, _KEYS))
        description = self.values.get("description")
        if description is not None and not isinstance(description, str):
            self.refuse('"description" is not a text', ("description",), "put it inside quotes")
        return PromptFile(
            self.path, parts, description or "", self.examples(), self.variables(), lines=self.lines
        )

    def examples(self) -> tuple[NamedExample, ...]:
        listed = self.values.get("examples")
        if listed is None:
            return ()
        if not isinstance(listed, list):
            self.refuse('"examples" is not a list', ("examples",), "write each example on a line with a dash")
        if len(listed) > EXAMPLE_LIMIT:
            self.refuse(f"{len(listed)} examples", ("examples",), f"name at most {EXAMPLE_LIMIT}")
        found: dict[tuple[str, str | None], NamedExample] = {}
        for at, given in enumerate(listed):
            one = self.example(given, ("examples", at))
            first = found.setdefault((one.document, one.answer), one)
            if first is not one:
                self.refuse(
                    f"the example {quoted(one.document)} stands twice",
                    ("examples", at),
                    f"first at {place(self.path, first.line)}; remove one",
                )
        return tuple(found.values())

    def example(self, given: Json, key: KeyPath) -> NamedExample:
        line = nearest_line(self.lines, key) or 1
        if isinstance(given, str) and given.strip():
            return NamedExample(given, None, line)
        if not isinstance(given, Mapping):
            hint = "write a document's id (inside quotes if it is a number), or {document: FILE, answer: FILE}"
            self.refuse("an example is neither an id nor a pair of files", key, hint)
        for name in given:
            if name not in _PAIR:
                self.refuse(f"unknown key {quoted(name)} in an example", (*key, name), suggestion(name, _PAIR))
        files = [given.get(name) for name in _PAIR]
        document, answer = files
        if not isinstance(document, str) or not isinstance(answer, str) or not document or not answer:
            missing = next(name for name in _PAIR if not isinstance(given.get(name), str) or not given[name])
            self.refuse(f'an example has no file as its "{missing}"', key, "{document: FILE, answer: FILE}")
        return NamedExample(document, answer, line)

    def variables(self) -> Mapping[str, Json]:
        given = self.values.get("variables")
        if given is None:
            return {}
        if not isinstance(given, Mapping):
            self.refuse('"variables" is not a mapping', ("variables",), "write each as `name: value`")
        return given

    def refuse(self, seen: str, key: KeyPath, hint: str) -> NoReturn:
        raise ConfigError(seen, where=place(self.path, nearest_line(self.lines, key)), hint=hint)


def _front(lines: list[str], path: Path) -> tuple[_Front, int]:
    """The front matter, and the index of the first line behind it."""
    if lines[0].rstrip() != _FENCE:
        return _Front(path, {}, {}), 0
    end = next((at for at, line in enumerate(lines) if at and line.rstrip() == _FENCE), None)
    if end is None:
        raise ConfigError(
            "the front matter does not end",
            where=place(path, 1),
            hint='close it with a line "---"; begin the file with an empty line if there is to be none',
        )
    # The empty line in place of the first "---" keeps the lines of errors.
    text = "\n".join(["", *lines[1:end]])
    if len(text) > FRONT_LIMIT:
        raise ConfigError(
            f"the front matter has {len(text):,} characters; at most {FRONT_LIMIT:,} are allowed",
            where=place(path, 1),
            hint="long texts belong into the parts, and documents into files",
        )
    values, places = _mapping(text, path)
    return _Front(path, values, places), end + 1


def _mapping(text: str, path: Path) -> tuple[Mapping[str, Json], Mapping[KeyPath, int]]:
    from harness.suites.yaml_text import parse_yaml

    try:
        values, lines = parse_yaml(text, path)
    except GoldError as error:
        raise ConfigError(f"in the front matter, {error.seen}", where=error.where, hint=error.hint) from None
    if values is None:
        return {}, lines
    if not isinstance(values, Mapping):
        raise ConfigError(
            "the front matter is not a mapping",
            where=place(path, lines.get((), 1)),
            hint=f"its keys are {', '.join(_KEYS)}",
        )
    return values, lines


def _parts(lines: list[str], body: int, path: Path) -> tuple[Part, ...]:
    """The parts behind the front matter, the system's first. Without headings, all of it is the system's."""
    heads = [at for at in range(body, len(lines)) if lines[at].rstrip().lower() in _HEADINGS]
    if not heads:
        part = _part("system", lines, body, len(lines))
        return (part,) if part.text else ()
    before = _part("system", lines, body, heads[0])
    if before.text:
        raise ConfigError(
            f"text stands before {quoted(lines[heads[0]].rstrip())}",
            where=place(path, before.line),
            hint='begin it with a line "# System" or "# User"',
        )
    found: dict[str, Part] = {}
    for at, end in zip(heads, [*heads[1:], len(lines)], strict=True):
        heading = lines[at].rstrip()
        part = _part(_HEADINGS[heading.lower()], lines, at + 1, end)
        if part.role in found:
            first = place(path, found[part.role].line)
            hint = f"its text begins at {first}; join them, or indent the line by a blank to mean it as text"
            raise ConfigError(f"{quoted(heading)} stands twice", where=place(path, at + 1), hint=hint)
        if not part.text:
            raise ConfigError(
                f"nothing stands under {quoted(heading)}",
                where=place(path, at + 1),
                hint="write the part, or remove the line",
            )
        found[part.role] = part
    return tuple(found[role] for role in ("system", "user") if role in found)


def _part(role: Literal["system", "user"], lines: list[str], start: int, end: int) -> Part:
    while start < end and not lines[start].strip():
        start += 1
    return Part(role, "\n".join(lines[start:end]).rstrip(), start + 1)
