"""Hashes that say whether two numbers were made with the same schema and the same marks."""

from __future__ import annotations

import hashlib
import json

from pydantic import BaseModel

from harness.paths import render
from harness.schema.plan import Leaf, Listing, Mapping, Node, Record

LENGTH = 12


def schema_hash(model: type[BaseModel]) -> str:
    """12 hex digits over the model's JSON schema, key order aside: what a system is asked for."""
    return digest(json.dumps(model.model_json_schema(), sort_keys=True, ensure_ascii=True))


def marks_hash(root: Node) -> str:
    """12 hex digits over every path with its comparator, weight, role and pairing: how it is scored."""
    return digest("\n".join(_lines(root)))


def digest(text: str) -> str:
    """The first 12 hex digits of the text's SHA-256."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:LENGTH]


def _lines(node: Node) -> list[str]:
    if isinstance(node, Leaf):
        options = [line for option in node.options for line in _lines(option)]
        return [f"{render(node.path)} {node.type} {node.comparison!r} {node.weight!r} {node.role}", *options]
    if isinstance(node, Record):
        inside = () if node.recursive else node.fields
        return [f"{render(node.path)} {node.name}", *(line for entry in inside for line in _lines(entry.node))]
    if isinstance(node, Listing):
        pairing = f"{render(node.path)} keys={','.join(node.pairing.keys)} match_at={node.pairing.match_at!r}"
        return [f"{pairing} {node.set_like}", *_lines(node.item)]
    if isinstance(node, Mapping):
        return _lines(node.value)
    return [line for variant in node.variants for line in _lines(variant)]
