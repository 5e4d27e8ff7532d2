"""Read predictions, and gold, that were made elsewhere: JSONL files of one object a line.

```
{"id": "005_example", "value": {"title": "…"}}
{"id": "006_example", "error": "the model refused", "kind": "refused"}
{"id": "007_example", "trial": 1, "value": {"title": "…"}}
```
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.errors import GoldError, PredictionError
from harness.records import Extraction, ExtractionFailure, FailureKind
from harness.suites.json_lines import read_lines
from harness.suites.places import place, quoted, suggestion

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from harness.errors import HarnessError
    from harness.records import Json
    from harness.suites.json_lines import JsonLine

_PREDICTION_KEYS = ("id", "trial", "value", "error", "kind")
_GOLD_KEYS = ("id", "value", "text")


@dataclass(frozen=True, slots=True)
class GoldLine:
    """One gold record of a JSONL file.

    Attributes:
        id: The record's id; a number is read as its digits.
        value: The gold value, its annotations as written.
        text: The document's text; `None` when the line has none.
        line: The line, from 1.
    """

    id: str
    value: Json
    text: str | None
    line: int


def read_predictions(path: Path) -> Iterator[Extraction | ExtractionFailure]:
    """The predictions of a JSONL file in its order, each read when it is asked for.

    A line has `id` (a string or a whole number) and either `value` (any JSON; NaN and the infinities too) or
    `error` (words) with, where known, its `kind` (a `FailureKind`). `trial` counts the repeats of an id from 0;
    it stands on every line or on none. A line that is too large (16 MiB), nested too deep (100 levels) or holds
    a number of thousands of digits is a failure of its id. Memory grows with the number of ids only.

    Raises:
        PredictionError: While iterating, naming the line: malformed text, an unknown key, a wrong value, an id
            that stands twice without or with the same trial, a failed line whose id cannot be found.
    """
    seen: dict[tuple[str, int], int] = {}
    first: tuple[int, bool] | None = None
    for line in read_lines(path, "predictions file", PredictionError):
        here = _Line(path, line, PredictionError)
        prediction = _prediction(here)
        has_trial = "trial" in line.members
        first = first or (line.number, has_trial)
        if has_trial != first[1]:
            raise here.error(
                f'this line has {"a" if has_trial else "no"} "trial" and line {first[0]} has '
                f"{'none' if has_trial else 'one'}",
                'give every line a "trial" from 0, or none; write "id" and "trial" before "value"',
            )
        twin = seen.setdefault((prediction.document, prediction.trial), line.number)
        if twin != line.number:
            name = quoted(prediction.document) + (f" with trial {prediction.trial}" if has_trial else "")
            raise here.error(
                f"the id {name} stands in line {twin} and again in line {line.number}",
                "give each repeat its own trial" if has_trial else 'for repeated trials add "trial": 0, 1, 2 …',
            )
        yield prediction


def read_gold_lines(path: Path) -> Iterator[GoldLine]:
    """The gold records of a JSONL file in its order, each read when it is asked for.

    A line has `id` (a string or a whole number), `value` and, where it is known, the document's `text`.

    Raises:
        GoldError: While iterating, naming the line: malformed, too large or too deep, an unknown or missing
            key, a wrong value, an id that stands twice.
    """
    seen: dict[str, int] = {}
    for line in read_lines(path, "gold file", GoldError, once=True):
        here = _Line(path, line, GoldError)
        if line.failure is not None:
            raise here.error(line.detail, "gold is checked by hand; shorten or flatten it")
        here.check_keys(_GOLD_KEYS, needed=("id", "value"))
        document = here.id()
        twin = seen.setdefault(document, line.number)
        if twin != line.number:
            raise here.error(
                f"the id {quoted(document)} stands in line {twin} and again in line {line.number}",
                "keep one of the two",
            )
        text = line.members.get("text")
        if not isinstance(text, str | None):
            raise here.error('"text" is not a string', "write the document's text, or leave it out")
        yield GoldLine(document, line.members["value"], text, line.number)


def _prediction(line: _Line) -> Extraction | ExtractionFailure:
    members = line.line.members
    if line.line.failure is not None:
        if "id" not in members:
            raise line.error(f"{line.line.detail}, and its id was not found", 'write "id" before "value"')
        return ExtractionFailure(line.id(), line.trial(), line.line.failure, line.line.detail)
    line.check_keys(_PREDICTION_KEYS, needed=("id",))
    if ("value" in members) == ("error" in members):
        seen = 'both "value" and "error"' if "value" in members else 'neither "value" nor "error"'
        raise line.error(f"there is {seen}", "write one of them")
    if "value" in members:
        if "kind" in members:
            raise line.error('"kind" stands beside "value"', 'it says what an "error" is; remove it')
        return Extraction(line.id(), line.trial(), members["value"])
    detail = members["error"]
    if not isinstance(detail, str):
        raise line.error('"error" is not a string', "say in words what failed")
    return ExtractionFailure(line.id(), line.trial(), line.kind(), detail)


@dataclass(frozen=True, slots=True)
class _Line:
    """A line and how to complain about it."""

    path: Path
    line: JsonLine
    error_class: type[HarnessError]

    def error(self, seen: str, hint: str) -> HarnessError:
        return self.error_class(seen, where=place(self.path, self.line.number), hint=hint)

    def check_keys(self, known: Sequence[str], needed: Sequence[str]) -> None:
        for key in self.line.members:
            if key not in known:
                allowed = ", ".join(known)
                raise self.error(
                    f"unknown key {quoted(key)}", f"{suggestion(key, known)}; a line has {allowed}"
                )
        for key in needed:
            if key not in self.line.members:
                raise self.error(f'there is no "{key}"', f'write {{"{key}": …}}')

    def id(self) -> str:
        value = self.line.members["id"]
        if isinstance(value, bool) or not isinstance(value, str | int) or value == "":
            raise self.error('"id" is not a name', "write a string or a whole number")
        return str(value)

    def trial(self) -> int:
        value = self.line.members.get("trial", 0)
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise self.error('"trial" is not a whole number of at least 0', "count the repeats of an id from 0")
        return value

    def kind(self) -> FailureKind:
        value = self.line.members.get("kind", FailureKind.ERROR.value)
        kinds = [kind.value for kind in FailureKind]
        if value not in kinds:
            shown = value if isinstance(value, str) else repr(value)
            raise self.error(f"unknown kind of failure {quoted(shown)}", suggestion(shown, kinds))
        return FailureKind(value)
