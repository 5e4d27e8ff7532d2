"""A JSON schema as OpenAI's strict mode takes it, and what of a schema that mode cannot express.

In strict mode the provider holds the model to the schema while it writes. It takes a part of JSON Schema:
every object closed, every property required, no open dictionaries, no tuples. Constraints that it does not
know are left out, because the answer is checked with the whole schema anyway.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

_KEPT = frozenset(
    {"type", "description", "enum", "const", "$ref", "pattern", "format", "multipleOf", "minimum", "maximum"}
    | {"exclusiveMinimum", "exclusiveMaximum", "minItems", "maxItems"}
)
_FORMATS = frozenset({"date-time", "time", "date", "duration", "email", "hostname", "ipv4", "ipv6", "uuid"})
_CHILDREN = ("properties", "items", "anyOf", "oneOf", "allOf", "$defs")
_REFUSED = {
    "prefixItems": "a tuple",
    "patternProperties": "a dictionary with patterned keys",
    "not": "a negation",
    "if": "a condition",
    "dependentRequired": "a dependency between fields",
    "dependentSchemas": "a dependency between fields",
}
MOST_PROPERTIES, MOST_ENUM_VALUES, DEEPEST = 5_000, 1_000, 10


@dataclass(slots=True)
class StrictSchema:
    """The schema for strict mode.

    Attributes:
        schema: What is sent.
        problems: What strict mode refuses, each with the path of its field; empty when nothing.
    """

    schema: dict[str, Any] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


def strict_schema(schema: Mapping[str, Any]) -> StrictSchema:
    """Make a schema of Pydantic's fit for strict mode, as far as that goes."""
    return _Pass(schema).run()


class _Pass:
    def __init__(self, root: Mapping[str, Any]) -> None:
        self._root = root
        self._definitions: Mapping[str, Any] = root.get("$defs", {})
        self._problems: dict[str, None] = {}
        self._properties = 0
        self._enum_values = 0

    def run(self) -> StrictSchema:
        top: Mapping[str, Any] = self._root
        if "$ref" in top:
            # A root that refers to itself: the definition stands in its place as well.
            top = {
                **self._definition(top["$ref"]),
                **{k: v for k, v in top.items() if k not in ("$ref", "$defs")},
            }
        if top.get("type") != "object" or "properties" not in top:
            self._problem("", "the root is no object with fields")
        sent = self._node(top, "", frozenset(), 1)
        definitions = {name: self._node(body, name, frozenset(), 1) for name, body in self._definitions.items()}
        if definitions:
            sent["$defs"] = definitions
        if self._properties > MOST_PROPERTIES:
            self._problem("", f"{self._properties:,} fields; at most {MOST_PROPERTIES:,} are taken")
        if self._enum_values > MOST_ENUM_VALUES:
            self._problem("", f"{self._enum_values:,} choices; at most {MOST_ENUM_VALUES:,} are taken")
        return StrictSchema(sent, list(self._problems))

    def _problem(self, path: str, what: str) -> None:
        self._problems[f"{path or self._root.get('title', 'the schema')}: {what}"] = None

    def _definition(self, reference: str) -> Mapping[str, Any]:
        name = reference.rpartition("/")[2]
        found: Mapping[str, Any] = self._definitions.get(name, {})
        return found

    def _node(self, node: Mapping[str, Any], path: str, inside: frozenset[str], depth: int) -> dict[str, Any]:
        if depth > DEEPEST:
            self._problem(path, f"nested deeper than {DEEPEST} levels")
            return {}
        node, inside = self._unfolded(node, inside)
        self._refuse(node, path)
        sent = {name: value for name, value in node.items() if name in _KEPT and self._takes(name, value)}
        self._enum_values += len(node.get("enum", ()))
        options = node.get("anyOf") or node.get("oneOf")
        if options:
            sent["anyOf"] = [self._node(option, path, inside, depth) for option in options]
        if "items" in node:
            sent["items"] = self._node(node["items"], f"{path}[]", inside, depth + 1)
        if "properties" in node:
            fields: Mapping[str, Any] = node["properties"]
            self._properties += len(fields)
            sent["properties"] = {
                name: self._node(child, f"{path}.{name}".lstrip("."), inside, depth + 1)
                for name, child in fields.items()
            }
            sent["required"] = list(fields)
            sent["additionalProperties"] = False
        return sent

    def _unfolded(
        self, node: Mapping[str, Any], inside: frozenset[str]
    ) -> tuple[Mapping[str, Any], frozenset[str]]:
        """The node without `allOf` around one schema, and without words beside a reference."""
        if len(node.get("allOf", ())) == 1:
            rest = {name: value for name, value in node.items() if name != "allOf"}
            node = {**node["allOf"][0], **rest}
        name = str(node.get("$ref", "")).rpartition("/")[2]
        if name and any(key in _KEPT for key in node if key != "$ref"):
            # Nothing may stand beside a reference, so what it refers to is written out here; once.
            beside = {key: value for key, value in node.items() if key != "$ref"}
            node = {"$ref": node["$ref"]} if name in inside else {**self._definition(name), **beside}
            inside |= {name}
        return node, inside

    def _refuse(self, node: Mapping[str, Any], path: str) -> None:
        for construct, what in _REFUSED.items():
            if construct in node:
                self._problem(path, f"{what} ({construct})")
        if len(node.get("allOf", ())) > 1:
            self._problem(path, "several schemas at once (allOf)")
        if node.get("type") == "object" and "properties" not in node:
            self._problem(path, "an open dictionary, whose keys are not known beforehand")
        elif node.get("additionalProperties") not in (None, False):
            self._problem(path, "further keys are allowed (additionalProperties)")
        if node.get("type") == "array" and "items" not in node and "prefixItems" not in node:
            self._problem(path, "a list of anything")
        if not any(name in node for name in ("type", "enum", "const", "$ref", *_CHILDREN)):
            self._problem(path, "a value of any type")

    @staticmethod
    def _takes(name: str, value: object) -> bool:
        if name == "format":
            return value in _FORMATS
        # Looking ahead or behind is refused, as in the pattern that Pydantic gives a Decimal.
        return not (name == "pattern" and "(?" in str(value))
