"""Load one version of the words that ask a model to extract."""

from __future__ import annotations

import hashlib
import json
import keyword
import re
from collections.abc import Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING

from harness.errors import ConfigError, UsageError
from harness.records import Message, Prompt
from harness.records.fencing import DOCUMENT, filled
from harness.suites.places import nearest_line, place, quoted, shown, suggestion
from harness.suites.prompt_examples import worked_examples
from harness.suites.prompt_file import read_prompt_file
from harness.suites.prompt_template import LENGTH_LIMIT, fill
from harness.suites.reading import reason

if TYPE_CHECKING:
    from pathlib import Path

    from pydantic import BaseModel

    from harness.records import Json
    from harness.schema import Plan
    from harness.suites.fitting import Misfit
    from harness.suites.prompt_examples import OfSuite
    from harness.suites.prompt_file import PromptFile

SUFFIX = ".md"
_OWN = ("document", "fields", "schema_name")
_WORDS = frozenset(("loop", "none", "true", "false"))
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


def load_prompt(
    path: Path,
    *,
    schema: type[BaseModel] | None = None,
    plan: Plan | None = None,
    example: OfSuite | None = None,
) -> Prompt:
    """Read a prompt file and fill in everything but the document. The format is told in `docs/prompts.md`.

    The messages are the system part, each worked example (its document asked for as a real one is, and the
    answer as JSON), and the user part. A user part that has no place for the document gets it at its end;
    without a user part, the document is all that the user says. The digest covers the messages: a prompt that
    says the same has the same one, whatever its file is called and its description says.

    Args:
        path: The file. Its name without the suffix is the version.
        schema: What is to be extracted: for `fields`, `schema_name`, and a check of the answers in files beside
            the prompt. `None`: the two names are not known, and the answers are not checked.
        plan: The schema compiled, where that is at hand; compiled here otherwise, if it is needed.
        example: The text and the gold of a document of the suite, for examples by id.

    Raises:
        ConfigError: With file and line, when anything about the file, its template or its examples is wrong.
            Nothing is left to fail for one document and not for another.
    """
    file = read_prompt_file(path)
    values = _Values(file, schema)
    parts = {part.role: fill(part, path, values) for part in file.parts}
    system, asked = parts.get("system"), parts.get("user")
    if system is not None and system.line is not None:
        raise ConfigError(
            "the document stands in the system part",
            where=place(path, system.line),
            hint='put {{ document }} under a line "# User": what it says is no instruction',
        )
    template = DOCUMENT if asked is None else asked.text
    if asked is not None and asked.line is None:
        template = f"{asked.text}\n\n{DOCUMENT}".lstrip()
    examples = worked_examples(file, None if schema is None else partial(_misfits, schema, plan), example)
    messages = [] if system is None or not system.text else [Message("system", system.text)]
    for one in examples:
        messages += [Message("user", filled(template, one.text)), Message("assistant", one.answer)]
    messages.append(Message("user", template, template=True))
    _refuse_length(messages, path)
    return Prompt(
        version=path.stem,
        sha256=_digest(messages),
        messages=tuple(messages),
        quoted=tuple((one.name, one.text) for one in examples),
    )


def _misfits(schema: type[BaseModel], plan: Plan | None, answer: Json) -> list[Misfit]:
    from harness.schema.compile import compile_model
    from harness.suites.fitting import misfits

    return misfits(plan or compile_model(schema), schema, answer)


def find_prompt(default: Path, version: str) -> Path:
    """The file of a version: `v2` is `v2.md` beside the suite's default prompt.

    Args:
        default: The suite's prompt file, or the folder of its prompts.
        version: The file's name without its suffix.

    Raises:
        UsageError: When there is no such version. Names those that exist.
    """
    folder = default if default.is_dir() else default.parent
    known = prompt_versions(folder)
    if version not in known:
        raise UsageError(
            f"there is no prompt {quoted(version)}", where=shown(folder), hint=_hint(version, known)
        )
    return folder / f"{version}{SUFFIX}"


def prompt_versions(folder: Path) -> tuple[str, ...]:
    """The versions in a folder, sorted so that v10 stands behind v9. Subfolders and hidden files are none.

    Raises:
        UsageError: When the folder cannot be read.
    """
    try:
        names = [
            path.stem
            for path in folder.iterdir()
            if path.suffix == SUFFIX and not path.name.startswith(".") and path.is_file()
        ]
    except OSError as failure:
        raise UsageError(
            f"the prompts cannot be listed: {reason(failure)}",
            where=shown(folder),
            hint='check "prompt" in harness.toml',
        ) from None
    return tuple(sorted(names, key=_in_order))


def _in_order(name: str) -> tuple[list[tuple[int, str]], str]:
    steps = [(int(step), "") if step.isdecimal() else (-1, step) for step in re.split(r"([0-9]{1,9})", name)]
    return steps, name


def _hint(version: str, known: tuple[str, ...]) -> str:
    if not known:
        return f"write one as {version}{SUFFIX}" if _NAME.fullmatch(version) else "there is none"
    near, every = suggestion(version, known), f"known are: {', '.join(known)}"
    return f"{near} {every}" if near.startswith("did") else every


class _Values(Mapping[str, object]):
    """What the names of a template stand for. The fields are worked out when they are asked for."""

    def __init__(self, file: PromptFile, schema: type[BaseModel] | None) -> None:
        for name in file.variables:
            _refuse_name(name, file)
        self._schema = schema
        self._names = (*file.variables, *(_OWN[1:] if schema is not None else ()))
        self._variables = file.variables

    def __getitem__(self, name: str) -> object:
        if name in self._variables or self._schema is None:
            return self._variables[name]
        if name == "schema_name":
            return self._schema.__name__
        if name == "fields":
            from harness.suites.prompt_fields import prompt_fields

            return prompt_fields(self._schema)
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


def _refuse_name(name: str, file: PromptFile) -> None:
    where = place(file.path, nearest_line(file.lines, ("variables", name)))
    if name in _OWN:
        hint = f"choose another; {', '.join(_OWN)} are filled in by the harness"
        raise ConfigError(f"a variable cannot be called {quoted(name)}", where=where, hint=hint)
    if not _NAME.fullmatch(name) or name.lower() in _WORDS or keyword.iskeyword(name):
        hint = (
            "a name begins with a letter, goes on with letters, digits and '_', and is no word of the language"
        )
        raise ConfigError(f"a variable cannot be called {quoted(name)}", where=where, hint=hint)


def _refuse_length(messages: list[Message], path: Path) -> None:
    length = sum(len(message.text) for message in messages)
    if length > LENGTH_LIMIT:
        raise ConfigError(
            f"the prompt has {length:,} characters with its examples; at most {LENGTH_LIMIT:,} are allowed",
            where=shown(path),
            hint="show fewer or shorter examples",
        )


def _digest(messages: list[Message]) -> str:
    told = [[message.role, message.text, message.template] for message in messages]
    return hashlib.sha256(json.dumps(told).encode("ascii")).hexdigest()
