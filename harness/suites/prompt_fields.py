"""The fields of a schema, as a prompt can list them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic import BaseModel


@dataclass(frozen=True, slots=True)
class PromptField:
    """One value that a model is asked for.

    Attributes:
        path: Where it stands: `deployments[].workers.minimum`.
        description: What the schema says of it; empty when it says nothing.
        type: What it is: `string`, `integer`, `date`, `one of: a, b`, and `list of …` for a list of them.
    """

    path: str
    description: str
    type: str


def prompt_fields(schema: type[BaseModel]) -> tuple[PromptField, ...]:
    """Every scalar, and every list of scalars, in the order of the classes.

    Read from the JSON schema, which is what a model is told. A model inside itself is not entered again. Where
    several types may stand in one place, each is listed, a path that they share once.
    """
    written = schema.model_json_schema()
    found: dict[str, PromptField] = {}
    for field in _fields(written, "", "", _Names(written.get("$defs", {}), ())):
        found.setdefault(field.path, field)
    return tuple(found.values())


@dataclass(frozen=True, slots=True)
class _Names:
    """The named models, and those that are open above this place."""

    models: Mapping[str, Any]
    inside: tuple[str, ...]


def _fields(node: Mapping[str, Any], path: str, said: str, names: _Names) -> Iterator[PromptField]:
    said = said or str(node.get("description", ""))
    if "$ref" in node:
        name = str(node["$ref"]).rpartition("/")[2]
        if name not in names.inside:
            yield from _fields(names.models[name], path, said, _Names(names.models, (*names.inside, name)))
        return
    several = _several(node)
    scalar = _scalar(node, names)
    if scalar is not None:
        yield PromptField(path, said, scalar)
    elif several:
        for one in several:
            yield from _fields(one, path, said if len(several) == 1 else "", names)
    elif "items" in node:
        kind = _scalar(node["items"], names)
        if kind is not None:
            yield PromptField(f"{path}[]", said, f"list of {kind}")
        else:
            yield from _fields(node["items"], f"{path}[]", "", names)
    elif "properties" in node:
        for key, inner in node["properties"].items():
            yield from _fields(inner, f"{path}.{key}" if path else key, "", names)
    elif isinstance(node.get("additionalProperties"), Mapping):
        yield from _fields(node["additionalProperties"], f"{path}.*", said, names)
    else:
        yield PromptField(path, said, str(node.get("type", "any value")))


def _several(node: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """What may stand here beside null; empty when the node says it itself."""
    for key in ("anyOf", "oneOf", "allOf"):
        if key in node:
            return [one for one in node[key] if one.get("type") != "null"]
    return []


def _scalar(node: Mapping[str, Any], names: _Names) -> str | None:
    """The type of a scalar in words, `None` for anything that holds other values."""
    if "$ref" in node:
        name = str(node["$ref"]).rpartition("/")[2]
        if name in names.inside:
            return None
        return _scalar(names.models[name], _Names(names.models, (*names.inside, name)))
    if "enum" in node or "const" in node:
        members = node.get("enum", [node.get("const")])
        return f"one of: {', '.join(map(str, members))}"
    several = _several(node)
    if several:
        kinds = [_scalar(one, names) for one in several]
        known = [kind for kind in dict.fromkeys(kinds) if kind is not None]
        if len(known) < len(set(kinds)):
            return None
        # Pydantic writes a Decimal as a number or a string of digits.
        return "number" if known == ["number", "string"] else " or ".join(known)
    kind = node.get("type")
    if kind == "string":
        return {"date": "date", "date-time": "date and time", "time": "time"}.get(
            node.get("format", ""), "string"
        )
    return str(kind) if kind in ("integer", "number", "boolean") else None
