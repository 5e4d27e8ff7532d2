"""What the annotation of a field says: its type without wrappers, and what form that type has."""

from __future__ import annotations

import collections.abc
import datetime as dt
import decimal
import types
import typing
from typing import Annotated, Any, Literal, NewType, TypeVar, get_args, get_origin

import typing_extensions
from pydantic import BaseModel

from harness.errors import SchemaError
from harness.paths import Path, render
from harness.schema.fit import Marked, marked
from harness.schema.plan import LeafType

SCALARS: dict[object, LeafType] = {
    str: LeafType.STRING,
    bool: LeafType.BOOLEAN,
    int: LeafType.INTEGER,
    float: LeafType.NUMBER,
    decimal.Decimal: LeafType.DECIMAL,
    dt.date: LeafType.DATE,
    dt.datetime: LeafType.DATETIME,
}
LISTS = {
    list,
    tuple,
    set,
    frozenset,
    collections.abc.Sequence,
    collections.abc.Iterable,
    collections.abc.Set,
}
SETS = {set, frozenset, collections.abc.Set}
MAPPINGS = {dict, collections.abc.Mapping, collections.abc.MutableMapping}
UNIONS = {typing.Union, types.UnionType}


def unwrapped(annotation: Any, marks: Marked, path: Path) -> tuple[Any, Marked]:
    """Take off `Annotated`, type aliases, `NewType` and `None`, gathering marks on the way."""
    while True:
        origin = get_origin(annotation)
        if origin is Annotated:
            annotation, *metadata = get_args(annotation)
            marks = marked(metadata, path, marks)
        elif isinstance(annotation, typing_extensions.TypeAliasType):
            annotation = annotation.__value__
        elif isinstance(annotation, NewType):
            annotation = annotation.__supertype__
        elif origin in UNIONS and len(without_none(get_args(annotation))) == 1:
            (annotation,) = without_none(get_args(annotation))
        elif isinstance(annotation, TypeVar):
            raise SchemaError(f"the type variable {annotation} has no value", where=render(path))
        else:
            return annotation, marks


def without_none(arguments: tuple[Any, ...]) -> list[Any]:
    """The members of a union besides `None`."""
    return [argument for argument in arguments if argument not in (None, types.NoneType)]


def is_scalar(annotation: Any) -> bool:
    """Whether a type without wrappers is a scalar, or a union of scalars."""
    if get_origin(annotation) in UNIONS:
        return all(is_scalar(unwrapped(one, Marked(), ())[0]) for one in without_none(get_args(annotation)))
    if get_origin(annotation) is Literal or annotation in SCALARS:
        return True
    composite = get_origin(annotation) in LISTS | MAPPINGS or annotation in LISTS | MAPPINGS
    return not composite and not (isinstance(annotation, type) and issubclass(annotation, BaseModel))
