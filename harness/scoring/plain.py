"""Read plain records: for every bound record a Python function written out of its columns.

A record is plain when each of its values is null or what its field plainly holds: no key too many, nothing
malformed, no annotation. Nearly all are. The function knows every key and goes straight from the JSON object to
the prepared cells; of `{"label": …, "detail": {"amount": …}}` it is

    def plain(raw, quotes):
        if type(raw) is not dict: raise NotPlain
        if len(raw) != 2: raw = complete(raw)
        v0 = known[raw['label']]
        n1 = raw['detail']
        if n1 is None:
            v1 = None
        else:
            if type(n1) is not dict: raise NotPlain
            if len(n1) != 1: n1 = complete(n1)
            v1 = n1['amount']
            if type(v1) is not float or v1 - v1: v1 = known[v1]
        return (v0, v1,), ()

It raises one of `NOT_PLAIN` for any other record, and that is then read key by key. Field names get into the
source only as their `repr`, everything else by name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.scoring.annotations import annotation
from harness.scoring.comparators.base import NotPlain
from harness.scoring.comparators.remembered import Remembered
from harness.scoring.comparators.values import LONGEST_WHOLE, folded, number, real, truth, whole
from harness.scoring.readings import WHOLE, Reading

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from harness.paths import Path
    from harness.records import Json
    from harness.scoring.bound import BoundRecord, Level
    from harness.scoring.comparators import Prepare

    PlainReader = Callable[[Sequence[Json], Path, list[str] | None], list[Reading | None]]
    """From raw items, where they stand, and the quotes of the record that they stand in, to what they say;
    `None` for one that is absent or not plain. Their branches are not read yet."""

NOT_PLAIN = (NotPlain, KeyError, TypeError)
"""What a generated function raises: a key or value is wrong, a key is missing, something is no object."""

_MODERATE = "type({0}) is not int or not -most < {0} < most"
_BUT = {
    real: "type({0}) is not float or {0} - {0}",
    whole: _MODERATE,
    number: _MODERATE,
    truth: "type({0}) is not bool",
}
"""Of preparers that leave most values as they are: the test that a value needs preparing."""

_FOLDED = Remembered(folded)
"""Strings are folded alike in every schema."""


def plain_reader(bound: BoundRecord) -> PlainReader:
    """The function that reads the plain records of a model."""
    plain, named, quoting = _Writer(bound).function(), bool(bound.name), bound.quoting

    def read(raws: Sequence[Json], here: Path, quotes: list[str] | None) -> list[Reading | None]:
        found: list[Reading | None] = []
        for at, raw in enumerate(raws):
            if raw is None:
                found.append(None)
                continue
            whole = raw if named else {WHOLE: raw}
            own = [] if quoting else quotes
            try:
                cells, inside = plain(whole, own)
            except NOT_PLAIN:
                found.append(None)
                continue
            reading = Reading(bound, whole, here, at, own, cells)
            if inside:
                reading.inside = inside
            found.append(reading)
        return found

    return read


def remembered(prepare: Prepare) -> Remembered:
    """What prepares the values of one column, and remembers strings."""
    return _FOLDED if prepare is folded else Remembered(prepare)


class _Writer:
    """Writes the source of one function, and collects what it refers to by name."""

    def __init__(self, bound: BoundRecord) -> None:
        self.bound = bound
        self.lines = ["def plain(raw, quotes):"]
        self.names: dict[str, object] = {
            "most": 2**LONGEST_WHOLE,
            "annotation": annotation,
            "quote": quote,
            "NotPlain": NotPlain,
        }

    def function(self) -> Callable[[Any, list[str] | None], tuple[tuple[object, ...], tuple[Json, ...]]]:
        """The compiled function."""
        if is_ambiguous(self.bound.level):
            self._add("    ", "raise NotPlain")
        self._level(self.bound.level, "raw", "    ")
        cells = "".join(f"v{position}, " for position in range(len(self.bound.columns)))
        inside = "".join(f"b{position}, " for position in range(len(self.bound.branches)))
        self.lines.append(f"    return ({cells}), ({inside})")
        exec("\n".join(self.lines), self.names)  # noqa: S102 - of words of this file and quoted field names
        return self.names["plain"]  # type: ignore[return-value] # the lines defined it

    def _level(self, level: Level, raw: str, indent: str) -> None:
        """One JSON object that is there."""
        complete = self._named("complete", completer(level.fields))
        self._add(indent, f"if type({raw}) is not dict: raise NotPlain")
        self._add(indent, f"if len({raw}) != {len(level.fields)}: {raw} = {complete}({raw})")
        for key, *_ in level.fields:
            value = f"{raw}[{key!r}]"
            if key in level.columns:
                position, prepare = level.columns[key]
                self._leaf(f"v{position}", prepare, value, indent)
            elif key in level.branches:
                name = f"b{level.branches[key]}"
                self._add(indent, f"{name} = {value}")
                self._add(indent, f"if type({name}) is dict and annotation({name}) is not None: raise NotPlain")
            elif key in level.nested:
                self._nested(level.nested[key], value, indent)
            else:
                self._add(indent, f"quote(quotes, {value})")

    def _leaf(self, name: str, prepare: Prepare, value: str, indent: str) -> None:
        known = self._named("known", remembered(prepare))
        if prepare in _BUT:
            self._add(indent, f"{name} = {value}")
            self._add(indent, f"if {_BUT[prepare].format(name)}: {name} = {known}[{name}]")
        else:
            self._add(indent, f"{name} = {known}[{value}]")

    def _nested(self, level: Level, value: str, indent: str) -> None:
        raw = self._named("n", None)
        self._add(indent, f"{raw} = {value}")
        absent = "".join(f"{name} = " for name in _variables(level))
        self._add(indent, f"if {raw} is None: {absent}None")
        self._add(indent, "else:")
        self._level(level, raw, f"{indent}    ")

    def _named(self, prefix: str, value: object) -> str:
        name = f"{prefix}{len(self.names)}"
        self.names[name] = value
        return name

    def _add(self, indent: str, line: str) -> None:
        self.lines.append(indent + line)


def is_ambiguous(level: Level) -> bool:
    """Whether two fields of one object share a key."""
    keys = [key for keys in level.fields for key in keys]
    return len(set(keys)) < len(keys) or any(map(is_ambiguous, level.nested.values()))


def _variables(level: Level) -> list[str]:
    """The names of everything that a level and those nested in it hold."""
    names = [f"v{position}" for position, _ in level.columns.values()]
    names += [f"b{position}" for position in level.branches.values()]
    return [*names, *(name for nested in level.nested.values() for name in _variables(nested))]


def completer(fields: Sequence[tuple[str, ...]]) -> Callable[[Mapping[str, Json]], dict[str, Json]]:
    """A function that writes what an object leaves out as null, and every field under its first key.

    Args:
        fields: For each field the keys that it may have.
    """
    names = {key: keys[0] for keys in fields for key in keys}
    blank = dict.fromkeys(keys[0] for keys in fields)

    def complete(raw: Mapping[str, Json]) -> dict[str, Json]:
        renamed = {names[key]: value for key, value in raw.items()}
        if len(renamed) < len(raw):
            raise NotPlain
        return {**blank, **renamed}

    return complete


def quote(quotes: list[str] | None, value: Json) -> None:
    """Take what a field for evidence holds."""
    assert quotes is not None  # noqa: S101 - a level with evidence belongs to a quoting record
    if isinstance(value, str):
        quotes.append(value)
    elif isinstance(value, list | tuple):
        quotes.extend(one for one in value if isinstance(one, str))
