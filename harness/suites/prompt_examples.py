"""Look up the worked examples of a prompt: a text, and the answer to it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from harness.errors import ConfigError, HarnessError
from harness.records.json_value import Json
from harness.scoring.annotations import best
from harness.suites.places import nearest_line, place, quoted, shown

if TYPE_CHECKING:
    from pathlib import Path

    from harness.suites.fitting import Misfit
    from harness.suites.prompt_file import NamedExample, PromptFile

OfSuite = Callable[[str], tuple[str, Json]]
"""The text and the gold of a document of the suite, by its id. Raises a `HarnessError` when there is none."""
Fitting = Callable[[Json], "list[Misfit]"]
"""What of an answer does not fit the schema."""


@dataclass(frozen=True, slots=True)
class Example:
    """A worked example.

    Attributes:
        name: The document's id, or its file as the prompt names it.
        text: The document.
        answer: The answer as JSON: the best reading, without annotations.
    """

    name: str
    text: str
    answer: str


def worked_examples(file: PromptFile, fitting: Fitting | None, of_suite: OfSuite | None) -> tuple[Example, ...]:
    """The worked examples of a prompt, in its order.

    Args:
        file: The prompt file.
        fitting: Says what does not fit in an answer beside the prompt; `None` to take each as it is.
        of_suite: Looks up documents of the suite.

    Raises:
        ConfigError: With file and line, when an example cannot be found or read, or its answer does not fit.
    """
    return tuple(
        _of_suite(one, file, of_suite) if one.answer is None else _of_files(one, one.answer, file, fitting)
        for one in file.examples
    )


def _of_suite(one: NamedExample, file: PromptFile, of_suite: OfSuite | None) -> Example:
    where = place(file.path, one.line)
    if of_suite is None:
        raise ConfigError(
            f"the example {quoted(one.document)} is a document of a suite, and no suite is at hand",
            where=where,
            hint="name a pair of files: {document: FILE, answer: FILE}",
        )
    try:
        text, gold = of_suite(one.document)
    except HarnessError as error:
        seen = f"the example {quoted(one.document)} cannot be shown: {error.seen}"
        raise ConfigError(seen, where=where, hint=error.hint) from None
    return Example(one.document, text, _written(gold))


def _of_files(one: NamedExample, answer: str, file: PromptFile, fitting: Fitting | None) -> Example:
    from harness.suites.documents import load_document

    where = place(file.path, one.line)
    document_path, answer_path = _beside(file.path, one.document, where), _beside(file.path, answer, where)
    try:
        text = load_document(document_path).text
        return Example(one.document, text, _written(_answer(answer_path, fitting)))
    except HarnessError as error:
        here = f"{error.where}: " if error.where else ""
        seen = f"the example {quoted(one.document)} cannot be shown: {here}{error.seen}"
        raise ConfigError(seen, where=where, hint=error.hint) from None


def _beside(prompt: Path, name: str, where: str) -> Path:
    """The file, which has to lie beside the prompt or below: a prompt that is passed on stays whole."""
    inner = PurePosixPath(name)
    if inner.is_absolute() or ".." in inner.parts or "\\" in name or "\0" in name:
        raise ConfigError(
            f"the file {quoted(name)} does not lie beside the prompt",
            where=where,
            hint=f"put it into {shown(prompt.parent)} or a folder in it, and name it from there, with /",
        )
    return prompt.parent / inner


def _answer(path: Path, fitting: Fitting | None) -> Json:
    from harness.suites.label_text import parse_label_text
    from harness.suites.reading import decode, read_bytes

    text = decode(read_bytes(path, "answer", ConfigError), path, "answer", ConfigError)
    parsed = parse_label_text(text, path)
    if not isinstance(parsed.value, Mapping):
        raise ConfigError("the answer is not a mapping", where=place(path, parsed.lines.get(())))
    for misfit in fitting(parsed.value) if fitting is not None else ():
        raise misfit.as_error(place(path, nearest_line(parsed.lines, misfit.path)))
    return parsed.value


def _written(answer: Json) -> str:
    return json.dumps(best(answer), ensure_ascii=False)
