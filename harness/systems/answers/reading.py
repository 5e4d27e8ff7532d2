"""Look into what came back, of whatever type it is."""

from __future__ import annotations

from collections.abc import Mapping


def look(value: object, *names: str) -> object:
    """The value behind a row of keys or attributes; `None` as soon as one is missing."""
    for name in names:
        if value is None:
            return None
        value = value.get(name) if isinstance(value, Mapping) else getattr(value, name, None)
    return value


def first(value: object) -> object:
    """The first item of a list; `None` for an empty one and for what is no list."""
    return value[0] if isinstance(value, list | tuple) and value else None
