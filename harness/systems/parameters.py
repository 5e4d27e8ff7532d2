"""What a kind of system may be told, and the check of what it was told."""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from harness.errors import ConfigError
from harness.records import Json

_NUMBER = (int, float)


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a kind.

    Attributes:
        default: Its value when it is not given; its type is the type that is asked for. A table has a mapping.
        meaning: One line for a person.
        at_least: The least number; `None` for no bound.
        at_most: The greatest number; `None` for no bound.
        choices: The only values it may have; empty for no such limit.
        required: Whether it must be given; its default then only tells the type.
    """

    default: bool | int | float | str | Mapping[str, Json]
    meaning: str
    at_least: float | None = None
    at_most: float | None = None
    choices: tuple[str, ...] = ()
    required: bool = False

    def problem(self, value: Json) -> str | None:
        """Say what is wrong with a value; `None` when nothing is. A boolean is no number, 1 is a float."""
        if isinstance(self.default, Mapping):
            return None if isinstance(value, Mapping) else f"is {value!r}; it is a table"
        wanted = type(self.default)
        if wanted is float:
            fits = isinstance(value, _NUMBER) and not isinstance(value, bool)
        else:
            fits = type(value) is wanted
        if not fits:
            return f"is {value!r}; it is {_ARTICLE[wanted]}"
        if isinstance(value, _NUMBER) and not isinstance(value, bool):
            return self._out_of_range(value)
        if self.choices and value not in self.choices:
            return f"is {value!r}; it is one of: {', '.join(self.choices)}"
        return None

    def _out_of_range(self, value: float) -> str | None:
        if not math.isfinite(value):
            return f"is {value!r}; it is a finite number"
        if self.at_least is not None and value < self.at_least:
            return f"is {value!r}; it is at least {self.at_least:g}"
        if self.at_most is not None and value > self.at_most:
            return f"is {value!r}; it is at most {self.at_most:g}"
        return None


_ARTICLE: Mapping[type, str] = {
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    str: "a string",
}


def checked(known: Mapping[str, Parameter], given: Mapping[str, Json], *, where: str) -> dict[str, Json]:
    """Every known parameter with its given value or its default.

    Raises:
        ConfigError: For a name that is not known, a required one that is missing, or a value of the wrong type
            or out of its range.
    """
    for name in given:
        if name not in known:
            raise ConfigError(f"there is no parameter {name!r}", where=where, hint=nearest(name, known))
    values: dict[str, Json] = {}
    for name, parameter in known.items():
        if parameter.required and name not in given:
            raise ConfigError(f"the parameter {name} is missing", where=where, hint=parameter.meaning)
        value = given.get(name, parameter.default)
        problem = parameter.problem(value)
        if problem is not None:
            raise ConfigError(f"the parameter {name} {problem}", where=where, hint=parameter.meaning)
        # A whole number stands for a float.
        values[name] = float(value) if isinstance(parameter.default, float) else value  # type: ignore[arg-type] # `problem` has settled it
    return values


def nearest(name: str, known: Iterable[str]) -> str:
    """A hint with the near names, if any, and with all that are known."""
    names = sorted(known)
    if not names:
        return "It takes none."
    near = difflib.get_close_matches(name, names, n=3, cutoff=0.5)
    question = f"Did you mean {' or '.join(near)}? " if near else ""
    return f"{question}Known: {', '.join(names)}."
