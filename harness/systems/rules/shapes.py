"""A tool's JSON Schema as a finite tree of what is asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

_DEEPEST = 12
_SAME_REFERENCE = 2
_MOST_SHAPES = 4_000


@dataclass(frozen=True, slots=True)
class Shape:
    """One value that a schema asks for.

    Attributes:
        kind: object, array, string, number, integer, boolean, choice, union, or none (nothing can be said).
        name: The property's name; empty for items and the root.
        about: The property's own description and that of what it refers to.
        nullable: Whether null is allowed.
        required: Whether the object that holds it must have it.
        members: A choice's members, as JSON.
        properties: An object's properties.
        items: What an array holds.
        options: A union's options, null left out.
        rules: The other keywords: pattern, format, minimum, maxLength ….
    """

    kind: str
    name: str = ""
    about: str = ""
    nullable: bool = False
    required: bool = False
    members: tuple[Any, ...] = ()
    properties: tuple[Shape, ...] = ()
    items: Shape | None = None
    options: tuple[Shape, ...] = ()
    rules: Mapping[str, Any] | None = None

    def rule(self, keyword: str) -> Any:
        """A keyword of the schema; `None` when it is not there."""
        return None if self.rules is None else self.rules.get(keyword)


def compile_shape(schema: object) -> Shape:
    """The tree of a schema. Recursion ends after two rounds, a very large schema after some thousand shapes."""
    root = schema if isinstance(schema, Mapping) else {}
    return _Compiler(root).shape(root, "", path=(), depth=0, required=True)


class _Compiler:
    def __init__(self, root: Mapping[str, Any]) -> None:
        self._root = root
        self._made = 0

    def shape(
        self, schema: object, name: str, *, path: tuple[str, ...], depth: int, required: bool = False
    ) -> Shape:
        self._made += 1
        if not isinstance(schema, Mapping) or depth > _DEEPEST or self._made > _MOST_SHAPES:
            return Shape("none", name=name, required=required)
        schema, path = self._resolved(schema, path)
        if schema is None:
            return Shape("none", name=name, required=required)
        about = str(schema.get("description") or "")
        options = schema.get("anyOf") or schema.get("oneOf")
        if isinstance(options, Sequence) and options:
            return self._union(schema, options, name, about, path=path, depth=depth, required=required)
        listed = _types(schema)
        nullable = "null" in listed
        kinds = [kind for kind in listed if kind != "null"]
        members = _members(schema)
        if members is not None:
            kept = tuple(member for member in members if member is not None)
            return Shape("choice", name, about, nullable or None in members, required, kept, rules=schema)
        kind = kinds[0] if kinds else _implied(schema)
        plain = Shape(kind, name, about, nullable or kind == "none", required, rules=schema)
        if kind == "object":
            return replace(plain, properties=self._properties(schema, path, depth))
        if kind == "array":
            return replace(plain, items=self.shape(schema.get("items"), "", path=path, depth=depth + 1))
        return plain

    def _properties(self, schema: Mapping[str, Any], path: tuple[str, ...], depth: int) -> tuple[Shape, ...]:
        properties = schema.get("properties")
        needed = schema.get("required")
        needed = needed if isinstance(needed, Sequence) else ()
        return tuple(
            self.shape(child, str(name), path=path, depth=depth + 1, required=name in needed)
            for name, child in (properties.items() if isinstance(properties, Mapping) else ())
        )

    def _union(
        self, schema: Mapping[str, Any], options: Sequence[Any], name: str, about: str, **place: Any
    ) -> Shape:
        path, depth, required = place["path"], place["depth"], place["required"]
        nullable = any(isinstance(option, Mapping) and option.get("type") == "null" for option in options)
        rest = [
            option for option in options if not (isinstance(option, Mapping) and option.get("type") == "null")
        ]
        inner = [self.shape(option, name, path=path, depth=depth + 1, required=required) for option in rest]
        described = [_described(shape, about, nullable=nullable) for shape in inner]
        if not described:
            return Shape("none", name, about, nullable=True, required=required)
        if len(described) == 1:
            return described[0]
        return Shape("union", name, about, nullable, required, options=tuple(described), rules=schema)

    def _resolved(
        self, schema: Mapping[str, Any], path: tuple[str, ...]
    ) -> tuple[Mapping[str, Any] | None, tuple[str, ...]]:
        """The schema with its reference and a lone `allOf` followed; None where a reference leads nowhere."""
        for _ in range(_DEEPEST):
            merged = schema.get("allOf")
            reference = schema.get("$ref")
            if isinstance(reference, str):
                target = self._target(reference)
                if target is None or path.count(reference) >= _SAME_REFERENCE:
                    return None, path
                path = (*path, reference)
            elif isinstance(merged, Sequence) and len(merged) == 1 and isinstance(merged[0], Mapping):
                target = merged[0]
            else:
                return schema, path
            own = {key: value for key, value in schema.items() if key not in ("$ref", "allOf")}
            words = [str(part["description"]) for part in (own, target) if part.get("description")]
            schema = {**target, **own} | ({"description": " ".join(words)} if words else {})
        return None, path

    def _target(self, reference: str) -> Mapping[str, Any] | None:
        if not reference.startswith("#"):
            return None
        target: Any = self._root
        for step in reference.lstrip("#").strip("/").split("/"):
            if step:
                key = step.replace("~1", "/").replace("~0", "~")
                target = target.get(key) if isinstance(target, Mapping) else None
        return target if isinstance(target, Mapping) else None


def _described(shape: Shape, about: str, *, nullable: bool) -> Shape:
    words = " ".join(part for part in (about, shape.about) if part)
    return replace(shape, about=words, nullable=shape.nullable or nullable)


def _types(schema: Mapping[str, Any]) -> list[str]:
    named = schema.get("type")
    if isinstance(named, str):
        return [named]
    return [str(kind) for kind in named] if isinstance(named, Sequence) else []


def _members(schema: Mapping[str, Any]) -> list[Any] | None:
    if "const" in schema:
        return [schema["const"]]
    members = schema.get("enum")
    return list(members) if isinstance(members, Sequence) and not isinstance(members, str) and members else None


def _implied(schema: Mapping[str, Any]) -> str:
    if "properties" in schema or "additionalProperties" in schema:
        return "object"
    if "items" in schema:
        return "array"
    return "string" if "pattern" in schema or "format" in schema else "none"
