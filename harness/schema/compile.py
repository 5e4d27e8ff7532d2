"""Compile a Pydantic model and its marks into a scoring plan."""

from __future__ import annotations

import enum
import types
import typing
from collections.abc import Mapping as AbstractMapping
from dataclasses import replace
from typing import Annotated, Any, Literal, get_args, get_origin

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
from harness.schema.fit import Marked, comparison_for, refuse_marks
from harness.schema.keys import check_keys, check_recursive_keys
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
from harness.schema.type_forms import LISTS, MAPPINGS, SCALARS, SETS, UNIONS, is_scalar, unwrapped, without_none

_NUMERIC = {LeafType.INTEGER, LeafType.NUMBER, LeafType.DECIMAL}


def compile_model(model: type[BaseModel]) -> Plan:
    """Compile a model into the plan that scores it.

    Args:
        model: Any Pydantic model class, with or without marks; a `RootModel` too.

    Raises:
        SchemaError: When a type cannot be scored, or a mark does not fit; the message names the field.
    """
    if not (isinstance(model, type) and issubclass(model, BaseModel)) or model in (BaseModel, RootModel):
        raise SchemaError(f"{model!r} is not a Pydantic model class with fields")
    target = f"{model.__module__}:{model.__qualname__}"
    try:
        model.model_rebuild()
        root = _node(model, Marked(), (), ())
        check_recursive_keys(root)
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
    annotation, marks = unwrapped(annotation, marks, path)
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin in UNIONS:
        return _union(arguments, marks, path, inside)
    if annotation in SCALARS:
        return _leaf(SCALARS[annotation], annotation.__name__, marks, path)
    if origin is Literal:
        members = tuple(_literal(member, path) for member in arguments if member is not None)
        return _leaf(LeafType.MEMBER, f"literal of {len(members)}", marks, path, members=members)
    if isinstance(annotation, type) and issubclass(annotation, enum.Enum):
        members = tuple(_literal(member.value, path) for member in annotation)
        return _leaf(LeafType.MEMBER, f"enum {annotation.__name__}", marks, path, members=members)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return _model(annotation, marks, path, inside)
    if origin in LISTS or annotation in LISTS:
        return _list(origin or annotation, arguments, marks, path, inside)
    if origin in MAPPINGS or annotation in MAPPINGS:
        return _mapping(arguments, marks, path, inside)
    return _canonical(annotation, marks, path)


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
                keys := keys_of(name, info, model, path),
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


def keys_of(name: str, info: FieldInfo, model: type[BaseModel], path: Path = ()) -> tuple[str, ...]:
    """The JSON keys that a field may stand under, the one that is written first.

    Args:
        name: The field's name.
        info: The field.
        model: Its model.
        path: Where the model stands, for the error.

    Raises:
        SchemaError: When an alias is a path, or begins with $.
    """
    """$"""
    alias = info.validation_alias if info.validation_alias is not None else info.alias
    if alias is None:
        return (name,)
    aliases = alias.choices if isinstance(alias, AliasChoices) else [alias]
    keys = [one for one in aliases if isinstance(one, str)]
    if len(keys) != len(aliases):
        raise SchemaError(
            "an AliasPath cannot be scored", where=render((*path, name)), hint="use a plain alias"
        )
    if any(key.startswith("$") for key in keys):
        raise SchemaError(
            "a key that begins with $ cannot be told from gold's annotations",
            where=render((*path, name)),
            hint="use another alias",
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
    plain, _ = unwrapped(arguments[0], Marked(), item_path)
    inner = marks if is_scalar(plain) else bare
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
    check_keys(pairing, item, path)
    role = item.role if isinstance(item, Leaf) else marks.role
    return Listing(path, item, pairing, role, set_like=origin in SETS)


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
    for option in without_none(arguments):
        plain, inner = unwrapped(option, Marked(), path)
        if inner != Marked():
            raise SchemaError(
                "a mark inside a union cannot be told from the others",
                where=render(path),
                hint="put the mark around the union: Annotated[A | B, …]",
            )
        if is_scalar(plain):
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
