"""Compile a Pydantic model and its marks into a scoring plan."""

from __future__ import annotations

import collections.abc
import datetime as dt
import decimal
import enum
import types
import typing
from collections.abc import Mapping as AbstractMapping
from dataclasses import replace
from typing import Annotated, Any, Literal, NewType, TypeVar, get_args, get_origin

import typing_extensions
from pydantic import (
    AliasChoices,
    BaseModel,
    PydanticUndefinedAnnotation,
    PydanticUserError,
    RootModel,
    TypeAdapter,
)
from pydantic.fields import FieldInfo

from harness.errors import SchemaError
from harness.marks import Records
from harness.paths import EACH_ITEM, EACH_VALUE, Path, Variant, render
from harness.schema.fingerprint import marks_hash, schema_hash
from harness.schema.fit import Marked, comparison_for, marked, refuse_marks
from harness.schema.plan import (
    Field,
    Leaf,
    LeafType,
    Listing,
    Mapping,
    Node,
    Plan,
    Record,
    Role,
    Union,
    leaves,
)

_SCALARS: dict[object, LeafType] = {
    str: LeafType.STRING,
    bool: LeafType.BOOLEAN,
    int: LeafType.INTEGER,
    float: LeafType.NUMBER,
    decimal.Decimal: LeafType.DECIMAL,
    dt.date: LeafType.DATE,
    dt.datetime: LeafType.DATETIME,
}
_LISTS = {
    list,
    tuple,
    set,
    frozenset,
    collections.abc.Sequence,
    collections.abc.Iterable,
    collections.abc.Set,
}
_SETS = {set, frozenset, collections.abc.Set}
_MAPPINGS = {dict, collections.abc.Mapping, collections.abc.MutableMapping}
_UNIONS = {typing.Union, types.UnionType}
_NUMERIC = {LeafType.INTEGER, LeafType.NUMBER, LeafType.DECIMAL}


def compile_model(model: type[BaseModel]) -> Plan:
    """Compile a model into the plan that scores it.

    Args:
        model: Any Pydantic model class, with or without marks; a `RootModel` too.

    Raises:
        SchemaError: When a type cannot be scored, or a mark does not fit; the message names the field.
    """
    if not (isinstance(model, type) and issubclass(model, BaseModel)):
        raise SchemaError(f"{model!r} is not a Pydantic model class")
    target = f"{model.__module__}:{model.__qualname__}"
    try:
        model.model_rebuild()
        root = _node(model, Marked(), (), ())
        _check_recursive_keys(root)
        graded = [leaf for leaf in leaves(root) if leaf.role is Role.GRADED]
        if not graded:
            raise SchemaError(
                f"{target} has no field to grade", hint="leave at least one leaf unmarked by Ungraded"
            )
        return Plan(target, root, schema_hash(model), marks_hash(root))
    except (PydanticUserError, PydanticUndefinedAnnotation) as error:
        raise SchemaError(f"{target}: {error.message}") from error
    except RecursionError as error:
        raise SchemaError(
            f"{target}: a type stands inside itself with no model between",
            hint="put a model with named fields there",
        ) from error


def _node(annotation: Any, marks: Marked, path: Path, inside: tuple[type, ...]) -> Node:
    """The node of one annotation; `inside` are the models that it stands in."""
    annotation, marks = _unwrapped(annotation, marks, path)
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin in _UNIONS:
        return _union(arguments, marks, path, inside)
    if annotation in _SCALARS:
        return _leaf(_SCALARS[annotation], annotation.__name__, marks, path)
    if origin is Literal:
        members = tuple(_literal(member, path) for member in arguments if member is not None)
        return _leaf(LeafType.MEMBER, f"literal of {len(members)}", marks, path, members=members)
    if isinstance(annotation, type) and issubclass(annotation, enum.Enum):
        members = tuple(_literal(member.value, path) for member in annotation)
        return _leaf(LeafType.MEMBER, f"enum {annotation.__name__}", marks, path, members=members)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return _model(annotation, marks, path, inside)
    if origin in _LISTS or annotation in _LISTS:
        return _list(origin or annotation, arguments, marks, path, inside)
    if origin in _MAPPINGS or annotation in _MAPPINGS:
        return _mapping(arguments, marks, path, inside)
    return _canonical(annotation, marks, path)


def _unwrapped(annotation: Any, marks: Marked, path: Path) -> tuple[Any, Marked]:
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
        elif origin in _UNIONS and len(_without_none(get_args(annotation))) == 1:
            (annotation,) = _without_none(get_args(annotation))
        elif isinstance(annotation, TypeVar):
            raise SchemaError(f"the type variable {annotation} has no value", where=render(path))
        else:
            return annotation, marks


def _without_none(arguments: tuple[Any, ...]) -> list[Any]:
    return [argument for argument in arguments if argument not in (None, types.NoneType)]


def _leaf(leaf_type: LeafType, type_name: str, marks: Marked, path: Path, **details: Any) -> Leaf:
    if marks.records is not None:
        raise SchemaError(
            f"Records pairs the items of a list of models, and this is {type_name}", where=render(path)
        )
    if marks.evidence and leaf_type is not LeafType.STRING:
        raise SchemaError(f"Evidence marks a str or a list of str, and this is {type_name}", where=render(path))
    comparison, why = comparison_for(leaf_type, marks.comparison, type_name, path)
    return Leaf(path, leaf_type, comparison, why, marks.weight, marks.role, **details)


def _literal(member: object, path: Path) -> str | int | bool:
    member = member.value if isinstance(member, enum.Enum) else member
    if isinstance(member, str | int | bool):
        return member
    raise SchemaError(f"the member {member!r} is neither text, whole number nor boolean", where=render(path))


def _model(model: type[BaseModel], marks: Marked, path: Path, inside: tuple[type, ...]) -> Node:
    if issubclass(model, RootModel):
        return _node(_annotation(model.model_fields["root"]), marks, path, (*inside, model))
    refuse_marks(marks, path, f"the model {model.__name__}")
    inherited = Marked(weight=marks.weight, ungraded=marks.ungraded)
    recursive = model in inside

    def build() -> tuple[Field, ...]:
        return tuple(
            Field(
                keys := _keys(name, info, model, path),
                _node(_annotation(info), inherited, (*path, keys[0]), (*inside, model)),
            )
            for name, info in model.model_fields.items()
            if not info.exclude
        )

    record = Record(path, model.__name__, Role.UNGRADED if marks.ungraded else Role.GRADED, build, recursive)
    if not recursive and not record.fields:
        raise SchemaError(f"the model {model.__name__} has no fields", where=render(path))
    return record


def _annotation(info: FieldInfo) -> Any:
    """The field's type with all its metadata; Pydantic keeps the outermost metadata apart."""
    return Annotated[info.annotation, *info.metadata] if info.metadata else info.annotation


def _keys(name: str, info: FieldInfo, model: type[BaseModel], path: Path) -> tuple[str, ...]:
    alias = info.validation_alias if info.validation_alias is not None else info.alias
    if alias is None:
        return (name,)
    aliases = alias.choices if isinstance(alias, AliasChoices) else [alias]
    keys = [one for one in aliases if isinstance(one, str)]
    if len(keys) != len(aliases):
        raise SchemaError(
            "an AliasPath cannot be scored", where=render((*path, name)), hint="use a plain alias"
        )
    config = model.model_config
    by_name = config.get("populate_by_name") or config.get("validate_by_name")
    return (*keys, name) if by_name and name not in keys else tuple(keys)


def _list(
    origin: Any, arguments: tuple[Any, ...], marks: Marked, path: Path, inside: tuple[type, ...]
) -> Listing:
    if origin is tuple and not (len(arguments) == 2 and arguments[1] is ...):
        raise SchemaError(
            "a tuple of fixed positions cannot be scored",
            where=render(path),
            hint="use a model with named fields",
        )
    if not arguments:
        raise SchemaError("a list of unknown items cannot be scored", where=render(path), hint="write list[…]")
    bare = Marked(weight=marks.weight, ungraded=marks.ungraded)
    item_path = (*path, EACH_ITEM)
    plain, _ = _unwrapped(arguments[0], Marked(), item_path)
    inner = marks if _is_scalar(plain) else bare
    if inner is bare:
        refuse_marks(marks, path, "a list of models or lists", records=True)
    item = _node(
        arguments[0],
        Marked(inner.comparison, None, inner.weight, inner.ungraded, inner.evidence),
        item_path,
        inside,
    )
    if marks.records is not None and not isinstance(item, Record | Union):
        raise SchemaError(
            "Records pairs the items of a list of models, and these are no models", where=render(path)
        )
    pairing = marks.records or Records()
    _check_keys(pairing, item, path)
    role = item.role if isinstance(item, Leaf) else marks.role
    return Listing(path, item, pairing, role, set_like=origin in _SETS)


def _is_scalar(annotation: Any) -> bool:
    if get_origin(annotation) in _UNIONS:
        return all(_is_scalar(_unwrapped(one, Marked(), ())[0]) for one in _without_none(get_args(annotation)))
    if get_origin(annotation) is Literal or annotation in _SCALARS:
        return True
    composite = get_origin(annotation) in _LISTS | _MAPPINGS or annotation in _LISTS | _MAPPINGS
    return not composite and not (isinstance(annotation, type) and issubclass(annotation, BaseModel))


def _check_keys(pairing: Records, item: Node, path: Path) -> None:
    """Every key names a graded leaf of every variant of the item.

    The fields of a model inside itself cannot be asked for yet: `_check_recursive_keys` does it later.
    """
    for record in _variants(item):
        if not pairing.keys or (isinstance(record, Record) and record.recursive):
            continue
        names = _leaf_names(record) if isinstance(record, Record) else {}
        for key in pairing.keys:
            if key not in names:
                raise SchemaError(
                    f"the key {key!r} of Records is no graded scalar field of the item",
                    where=render(path),
                    hint=f"scalar fields: {', '.join(names) or 'none'}",
                )


def _check_recursive_keys(node: Node) -> None:
    """The same for the lists of a recursive model's own kind, once the whole plan stands."""
    if isinstance(node, Record) and not node.recursive:
        for entry in node.fields:
            _check_recursive_keys(entry.node)
    elif isinstance(node, Listing):
        records = [one for one in _variants(node.item) if isinstance(one, Record) and one.recursive]
        for record in records:
            _check_keys(node.pairing, replace(record, recursive=False), node.path)
        if not records:
            _check_recursive_keys(node.item)
    elif isinstance(node, Mapping):
        _check_recursive_keys(node.value)
    elif isinstance(node, Union):
        for variant in node.variants:
            _check_recursive_keys(variant)


def _variants(node: Node) -> tuple[Node, ...]:
    return node.variants if isinstance(node, Union) else (node,)


def _leaf_names(record: Record, prefix: str = "") -> dict[str, Leaf]:
    names: dict[str, Leaf] = {}
    for entry in record.fields:
        name = prefix + entry.keys[0]
        if isinstance(entry.node, Leaf) and entry.node.role is Role.GRADED:
            names[name] = entry.node
        elif isinstance(entry.node, Record) and not entry.node.recursive:
            names |= _leaf_names(entry.node, f"{name}.")
    return names


def _mapping(arguments: tuple[Any, ...], marks: Marked, path: Path, inside: tuple[type, ...]) -> Mapping:
    if len(arguments) != 2:
        raise SchemaError(
            "a dict of unknown values cannot be scored", where=render(path), hint="write dict[str, …]"
        )
    refuse_marks(marks, path, "a dict")
    inherited = Marked(weight=marks.weight, ungraded=marks.ungraded)
    return Mapping(path, _node(arguments[1], inherited, (*path, EACH_VALUE), inside), marks.role)


def _union(arguments: tuple[Any, ...], marks: Marked, path: Path, inside: tuple[type, ...]) -> Node:
    """Scalars become one leaf, models variants; at most one scalar leaf stands beside models."""
    scalars: list[Leaf] = []
    variants: list[Node] = []
    for option in _without_none(arguments):
        plain, inner = _unwrapped(option, Marked(), path)
        if inner != Marked():
            raise SchemaError(
                "a mark inside a union cannot be told from the others",
                where=render(path),
                hint="put the mark around the union: Annotated[A | B, …]",
            )
        if _is_scalar(plain):
            node = _node(option, marks, path, inside)
            scalars.extend([node] if isinstance(node, Leaf) else [])
            continue
        refuse_marks(marks, path, "a union with models")
        variant = Variant(getattr(plain, "__name__", str(plain)))
        node = _node(option, Marked(weight=marks.weight, ungraded=marks.ungraded), (*path, variant), inside)
        if not isinstance(node, Record):
            raise SchemaError(
                "a union with a list or a dict cannot be scored",
                where=render(path),
                hint="put the list or dict into a model, or give it a field of its own",
            )
        variants.append(node)
    if not variants:
        return _either(scalars, marks, path)
    leaf = [_either(scalars, marks, (*path, Variant("scalar")))] if scalars else []
    return Union(path, (*variants, *leaf), marks.role)


def _either(options: list[Leaf], marks: Marked, path: Path) -> Leaf:
    """Several scalar types in one place: one leaf if they compare alike, a leaf of options if not."""
    found = {option.type for option in options}
    if found <= _NUMERIC:
        widest = LeafType.DECIMAL if LeafType.DECIMAL in found else LeafType.NUMBER
        return _leaf(widest, "number", marks, path)
    if len(options) == 1 or (len(found) == 1 and not found & {LeafType.MEMBER, LeafType.CANONICAL}):
        return replace(options[0], path=path)
    first = options[0]
    names = " | ".join(option.why.removeprefix("type ") for option in options)
    why = "marked" if marks.comparison else f"each type of {names}"
    return Leaf(path, LeafType.EITHER, first.comparison, why, first.weight, first.role, options=tuple(options))


def _canonical(annotation: Any, marks: Marked, path: Path) -> Leaf:
    """Any other type that Pydantic writes as a JSON string (UUID, URL, time, duration …)."""
    name = getattr(annotation, "__name__", str(annotation))
    refusal = SchemaError(
        f"the type {name} cannot be scored",
        where=render(path),
        hint="use a scalar, an enum, a model, a list or a dict of these",
    )
    if annotation in (Any, object, None, types.NoneType, bytes) or isinstance(
        annotation, str | typing.ForwardRef
    ):
        raise refusal
    try:
        adapter: TypeAdapter[Any] = TypeAdapter(annotation)
        written_as = adapter.json_schema(mode="serialization")
    except (PydanticUserError, TypeError, NameError) as error:
        raise refusal from error
    if written_as.get("type") != "string" or hasattr(annotation, "get_secret_value"):
        raise refusal  # a secret is written as ********** whatever it is
    dated = {"date": LeafType.DATE, "date-time": LeafType.DATETIME}.get(written_as.get("format", ""))
    if dated is not None:
        return _leaf(dated, name, marks, path)

    def canonical(value: object) -> object:
        if isinstance(value, AbstractMapping | list | bool):
            raise ValueError(f"not a {name}")  # noqa: TRY004 - the caller asks for one exception type
        written: object = adapter.dump_python(adapter.validate_python(value), mode="json")
        return written

    return _leaf(LeafType.CANONICAL, name, marks, path, canonical=canonical)
