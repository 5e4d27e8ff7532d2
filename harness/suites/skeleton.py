"""The empty label file of a document."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from harness import schema
from harness.errors import SchemaError
from harness.schema import Leaf, Listing, Node, Record, Union
from harness.suites.documents import load_document

if TYPE_CHECKING:
    from pathlib import Path

    from harness.schema import Plan

_PLAIN = re.compile(r"[A-Za-z_]\w*", re.ASCII)
_PLAIN_NAME = re.compile(r"[A-Za-z0-9_][\w.-]*", re.ASCII)
_CONSTANTS = {"null", "true", "false"}


def label_skeleton(plan: Plan, document: Path) -> str:
    """A YAML label of a document, with every field of the schema's root and no fact.

    It is read back by `load_label`; the comments name the fields of each kind of fact.

    Args:
        plan: The compiled schema.
        document: The document's file.

    Raises:
        DocumentError: When the document cannot be read.
        SchemaError: When the schema's root is a list or a scalar, which no label file holds.
    """
    loaded = load_document(document)
    name = document.name if _PLAIN_NAME.fullmatch(document.name) else _quoted(document.name)
    head = [f"document: {name}", f"sha256: {loaded.sha256}", f"schema: {plan.schema_hash}"]
    return "\n".join([*head, *_facts(plan)]) + "\n"


def _facts(plan: Plan) -> list[str]:
    root = plan.root
    if isinstance(root, Record):
        return ["facts:", *(f"  {_key(entry.keys[0])}: {_empty(entry.node)}" for entry in root.fields)]
    if isinstance(root, schema.Mapping | Union):
        return ["facts: {}"]
    raise SchemaError(
        "a label file holds an object, and the root of this schema is none",
        where=plan.target,
        hint="put the list or scalar into a field of a model",
    )


def _empty(node: Node) -> str:
    if isinstance(node, Leaf):
        return "null"
    if isinstance(node, Listing):
        return f"[]{_comment(node.item)}"
    if isinstance(node, schema.Mapping):
        return f"{{}}{_comment(node.value)}"
    return f"null{_comment(node)}"


def _comment(node: Node) -> str:
    records = [
        one for one in (node.variants if isinstance(node, Union) else (node,)) if isinstance(one, Record)
    ]
    named = [", ".join(_quoted(entry.keys[0])[1:-1] for entry in record.fields) for record in records]
    return f"  # {' | '.join(named)}" if named else ""


def _key(key: str) -> str:
    return key if _PLAIN.fullmatch(key) and key.lower() not in _CONSTANTS else _quoted(key)


def _quoted(text: str) -> str:
    """Inside double quotes, in escapes that JSON and YAML share; what lies beyond them stays as it is."""
    return "".join(
        character if ord(character) > 0xFFFF else json.dumps(character)[1:-1] for character in text
    ).join('""')
