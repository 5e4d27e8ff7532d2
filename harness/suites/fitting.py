"""Whether gold fits its schema: annotations, keys, and every reading validated by the model itself."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from harness.errors import GoldError
from harness.paths import parse
from harness.scoring.annotations import annotation, check, is_unlabelled, readings
from harness.scoring.binding import bind
from harness.scoring.bound import BoundRecord
from harness.scoring.reading import read_gold
from harness.scoring.unreadable import unreadable
from harness.suites.annotated_paths import PlacedList, StrayKey, placed, printed
from harness.suites.places import quoted, suggestion

if TYPE_CHECKING:
    from pydantic import BaseModel

    from harness.records import Json
    from harness.schema import Plan
    from harness.suites.places import KeyPath

_WRITER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_TO_LOOK_AT = ('"$', "[null", ",null")
_PLACE = "\0place"
"""The key under which an object of a shadow keeps its place; no label can hold it."""


@dataclass(frozen=True, slots=True)
class Misfit:
    """One thing in a gold value that does not fit.

    Attributes:
        path: Where it stands, annotations included.
        seen: What was found.
        hint: What to do; empty when that is plain.
        absent: Whether it only says that a value is missing where the schema demands one.
    """

    path: KeyPath
    seen: str
    hint: str = ""
    absent: bool = False

    def as_error(self, where: str) -> GoldError:
        """The same as an error; `where` is the file and line, or empty."""
        path = printed(self.path)
        return GoldError(f"{path}: {self.seen}" if where else self.seen, where=where or path, hint=self.hint)


def compact(value: Json) -> str:
    """A gold value as JSON without needless space."""
    return _WRITER.encode(value)


def misfits(plan: Plan, model: type[BaseModel], value: Json, written: str | None = None) -> list[Misfit]:
    """Everything in a gold value that does not fit its schema, in the order of its places.

    Misspelled annotations come alone: nothing behind them can be judged. A place that is `$unlabelled` is never
    missing.

    Args:
        plan: The compiled model.
        model: The model.
        value: A gold value with its annotations, such as the facts of a label file.
        written: The same as `compact` writes it, where that has been done.
    """
    if _fits_as_it_is(model, value, written):
        return list(_unreadable(plan, value))
    try:
        check(value)
    except GoldError as error:
        return [Misfit(_raw_path(error.where), error.seen, error.hint)]
    found: dict[tuple[str, str], Misfit] = {}
    for misfit in (*_stray(plan, value), *_invalid(model, value)):
        found.setdefault((printed(misfit.path), misfit.seen), misfit)
    # What Pydantic refuses is told in its words alone.
    return list(found.values()) or list(_unreadable(plan, value))


def _fits_as_it_is(model: type[BaseModel], value: Json, written: str | None) -> bool:
    """Whether a value has no annotation, no key too many and no null in a list, and passes validation.

    Nearly all gold does. What looks as if it did not, such as a text with a dollar sign, is only slower.
    """
    try:
        written = compact(value) if written is None else written
        if any(sign in written for sign in _TO_LOOK_AT):
            return False
        model.model_validate_json(written.encode(), extra="forbid")
    except Exception:  # noqa: BLE001 - what is wrong is found out and told at leisure
        return False
    return True


def _raw_path(text: str) -> KeyPath:
    return tuple(step for step in parse(text) if isinstance(step, str | int))


def _unreadable(plan: Plan, value: Json) -> Iterator[Misfit]:
    """What Pydantic takes and no comparator can read: NaN, infinity, a number of absurd length."""
    with suppress(GoldError):  # too many combinations of alternatives: told by whoever reads gold to score
        for path, problem in unreadable(read_gold(_bound(plan), value)):
            yield Misfit(tuple(step for step in path if isinstance(step, str | int)), problem)


@lru_cache(maxsize=16)
def _bound(plan: Plan) -> BoundRecord:
    return bind(plan)


def _stray(plan: Plan, value: Json) -> Iterator[Misfit]:
    for one in placed(plan.root, value):
        if isinstance(one, StrayKey):
            key = str(one.path[-1])
            yield Misfit(one.path, f"the schema has no field {quoted(key)} here", suggestion(key, one.known))
        elif isinstance(one, PlacedList):
            for at, item in enumerate(one.items):
                if item is None:
                    yield Misfit((*one.path, at), "null cannot stand for an item of a list", "leave it out")


def _invalid(model: type[BaseModel], value: Json) -> Iterator[Misfit]:
    """What Pydantic says of every reading. JSON mode, so that a strict model takes dates as strings."""
    from pydantic import ValidationError

    shadows: list[Any] | None = None
    for at, reading in enumerate(readings(value)):
        try:
            model.model_validate_json(json.dumps(reading, ensure_ascii=False).encode())
        except UnicodeEncodeError:
            yield Misfit((), "half of a surrogate pair stands in it, which is no text", "take it out")
        except ValidationError as error:
            shadows = shadows or list(readings(_shadow(value, ())))
            problems = error.errors(include_url=False, include_context=False)
            yield from _of_likeliest_variants(value, [_problem(shadows[at], one) for one in problems])
        except Exception as error:  # noqa: BLE001 - a model's own validators may raise anything
            yield Misfit((), f"the model's validation fails: {type(error).__name__}: {error}")


@dataclass(frozen=True, slots=True)
class _Problem:
    """A misfit as Pydantic told it.

    Attributes:
        misfit: What is wrong.
        union: Where the union stands that it was found in, or its own place.
        variant: The steps of Pydantic's path that are no place: the variants of unions. Empty outside a union.
        missing: Whether a required field was left out.
    """

    misfit: Misfit
    union: KeyPath
    variant: tuple[str, ...]
    missing: bool


def _problem(shadow: Any, told: Mapping[str, Any]) -> _Problem:
    path, union, variant = _place(shadow, told["loc"])
    missing = told["type"] == "missing"
    misfit = Misfit(path, _words(told, variant), absent=missing or told["input"] is None)
    return _Problem(misfit, union, variant, missing)


def _of_likeliest_variants(value: Json, problems: list[_Problem]) -> Iterator[Misfit]:
    """What is wrong with a value; of the variants of a union, with the one that fits best.

    Pydantic speaks of every variant. One whose only fault is that it lacks what is unlabelled does fit.
    """
    unions: dict[KeyPath, dict[str, list[Misfit]]] = {}
    for one in problems:
        variants = unions.setdefault(one.union, {})
        faults = variants.setdefault(one.variant[0] if one.variant else "", [])
        if not (one.missing and _is_unlabelled_at(value, one.misfit.path)):
            faults.append(one.misfit)
    for variants in unions.values():
        yield from min(variants.values(), key=len)


def _words(problem: Mapping[str, Any], skipped: tuple[str, ...]) -> str:
    words = str(problem["msg"])
    given = problem["input"]
    if isinstance(given, str | int | float) and not isinstance(given, bool):
        words += f"; it is {quoted(str(given))}"
    return f"{words} (read as {', '.join(skipped)})" if skipped else words


def _shadow(value: Json, path: KeyPath) -> Any:
    """A value of the same shape that holds places instead of scalars, to be read like the value itself."""
    if isinstance(value, Mapping):
        inner = {key: _shadow(one, (*path, key)) for key, one in value.items()}
        return inner if annotation(value) is not None else {**inner, _PLACE: path}
    if isinstance(value, list):
        return [_shadow(one, (*path, at)) for at, one in enumerate(value)]
    return None if value is None else _Place(path)


@dataclass(frozen=True, slots=True)
class _Place:
    path: KeyPath


def _place(shadow: Any, location: tuple[str | int, ...]) -> tuple[KeyPath, KeyPath, tuple[str, ...]]:
    """The place in gold of Pydantic's path, that of the first union on it, and its steps that are no place."""
    path: KeyPath = ()
    union: KeyPath | None = None
    skipped: list[str] = []
    for position, step in enumerate(location):
        if isinstance(shadow, dict) and step in shadow:
            path = (*shadow[_PLACE], step)
            shadow = shadow[step]
        elif isinstance(shadow, list) and isinstance(step, int) and step < len(shadow):
            shadow = shadow[step]
            path = (*path, step)
        elif isinstance(shadow, dict) and position == len(location) - 1:
            path = (*shadow[_PLACE], step)
            shadow = None
        else:
            union = path if union is None else union
            skipped.append(str(step))
        if isinstance(shadow, _Place):
            path = shadow.path
        elif isinstance(shadow, dict):
            path = shadow[_PLACE]
    return path, path if union is None else union, tuple(skipped)


def _is_unlabelled_at(value: Json, path: KeyPath) -> bool:
    for step in path:
        if isinstance(value, Mapping) and step in value:
            value = value[str(step)]
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            return False
    return is_unlabelled(value)
