"""What gold may say beside plain values: alternatives, optional facts, unlabelled places.

`{"$any": [a, b]}` is right when either is; the first is the best reading. `{"$optional": a}` is the same as
`{"$any": [a, null]}`. `{"$unlabelled": true}` says that nobody has decided what belongs here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from harness.errors import GoldError
from harness.paths import render

if TYPE_CHECKING:
    from harness.paths import Path
    from harness.records import Json

ANY, OPTIONAL, UNLABELLED = "$any", "$optional", "$unlabelled"
_KNOWN = (ANY, OPTIONAL, UNLABELLED)


def annotation(value: object) -> str | None:
    """Which annotation a value is, `None` for a plain value."""
    if isinstance(value, dict) and len(value) == 1:
        (key,) = value
        return key if key in _KNOWN else None
    return None


def is_unlabelled(value: object) -> bool:
    """Whether nobody has decided what belongs here."""
    return annotation(value) == UNLABELLED


def options(value: Json) -> list[Json]:
    """The values that are right here, best first; a plain value is its only one. Nested `$any` are opened.

    >>> options({"$any": ["a", {"$optional": "b"}]})
    ['a', 'b', None]
    """
    kind = annotation(value)
    if isinstance(value, Mapping) and kind in (ANY, OPTIONAL):
        inner = value[kind]
        listed = [*inner] if kind == ANY and isinstance(inner, list) else [inner, None]
        return [option for one in listed for option in options(one)]
    return [value]


def best(value: Json) -> Json:
    """The plain value in which every alternative is the best reading and what is unlabelled is absent.

    >>> best({"a": {"$any": [1, 2]}, "b": {"$unlabelled": True}, "c": [{"$optional": 3}]})
    {'a': 1, 'b': None, 'c': [3]}
    """
    first = options(value)[0]
    if is_unlabelled(first):
        return None
    if isinstance(first, dict):
        return {key: best(inner) for key, inner in first.items()}
    return [best(inner) for inner in first] if isinstance(first, list) else first


def readings(value: Json) -> Iterator[Json]:
    """Plain values in which every alternative stands at least once; as many as the longest `$any` has.

    Alternatives inside an alternative are opened with it. What is unlabelled is left out. This is for
    validation: a reading that holds only allowed values says that each of them is allowed.
    """
    opened = _readings(value)
    yield from ([None] if opened is None else opened)


def _readings(value: Json) -> list[Json] | None:
    """`None` for what is unlabelled."""
    if is_unlabelled(value):
        return None
    if annotation(value) is not None:
        return [reading for option in options(value) for reading in _readings(option) or ()]
    if isinstance(value, dict):
        parts = {key: opened for key, inner in value.items() if (opened := _readings(inner)) is not None}
        length = max((len(opened) for opened in parts.values()), default=1)
        return [
            {key: opened[min(at, len(opened) - 1)] for key, opened in parts.items()} for at in range(length)
        ]
    if isinstance(value, list):
        items = [opened for inner in value if (opened := _readings(inner)) is not None]
        length = max((len(opened) for opened in items), default=1)
        rows = [[opened[min(at, len(opened) - 1)] for opened in items] for at in range(length)]
        # An optional item reads as None; a list without it is the other reading.
        return [[item for item in row if item is not None] for row in rows]
    return [value]


def check(value: Json, path: Path = ()) -> None:
    """Refuse annotations that say nothing or are misspelled.

    Raises:
        GoldError: With the place in `where`, printed as a path.
    """
    if isinstance(value, dict):
        for key, inner in value.items():
            if key.startswith("$"):
                _check_annotation(value, key, path)
                if key == ANY and isinstance(inner, list):
                    for at, option in enumerate(inner):
                        check(option, (*path, ANY, at))
                    continue
            check(inner, (*path, key))
    elif isinstance(value, list):
        for at, inner in enumerate(value):
            if is_unlabelled(inner):
                raise GoldError(
                    "$unlabelled cannot stand for an item of a list",
                    where=render((*path, at)),
                    hint="leave the item out, make it $optional, or mark the whole list",
                )
            check(inner, (*path, at))


def _check_annotation(value: Mapping[str, Json], key: str, path: Path) -> None:
    where = render(path)
    if key not in _KNOWN:
        raise GoldError(f"{key} is no annotation", where=where, hint=f"annotations: {', '.join(_KNOWN)}")
    if len(value) > 1:
        raise GoldError(f"{key} stands beside other keys", where=where, hint=f"write {{{key}: …}} alone")
    inner = value[key]
    if key == ANY and not (isinstance(inner, list) and len(inner) > 1):
        raise GoldError("$any needs a list of at least two readings", where=where)
    if key == UNLABELLED and inner is not True:
        raise GoldError("$unlabelled has the value true, or is not written", where=where)
