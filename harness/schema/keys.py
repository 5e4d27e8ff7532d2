"""The keys by which the items of a list are paired name graded leaves of the items."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from harness.errors import SchemaError
from harness.paths import render
from harness.schema.plan import Leaf, Listing, Mapping, Node, Record, Role, Union

if TYPE_CHECKING:
    from harness.marks import Records
    from harness.paths import Path


def check_keys(pairing: Records, item: Node, path: Path) -> None:
    """Every key names a graded leaf of every variant of the item.

    The fields of a model inside itself cannot be asked for yet: `check_recursive_keys` does it later.
    """
    for record in _variants(item):
        if not pairing.keys or (isinstance(record, Record) and record.recursive):
            continue
        names = leaf_names(record) if isinstance(record, Record) else {}
        for key in pairing.keys:
            if key not in names:
                raise SchemaError(
                    f"the key {key!r} of Records is no graded scalar field of the item",
                    where=render(path),
                    hint=f"scalar fields: {', '.join(names) or 'none'}",
                )


def check_recursive_keys(node: Node) -> None:
    """The same for the lists of a recursive model's own kind, once the whole plan stands."""
    if isinstance(node, Record) and not node.recursive:
        for entry in node.fields:
            check_recursive_keys(entry.node)
    elif isinstance(node, Listing):
        records = [one for one in _variants(node.item) if isinstance(one, Record) and one.recursive]
        for record in records:
            check_keys(node.pairing, replace(record, recursive=False), node.path)
        if not records:
            check_recursive_keys(node.item)
    elif isinstance(node, Mapping):
        check_recursive_keys(node.value)
    elif isinstance(node, Union):
        for variant in node.variants:
            check_recursive_keys(variant)


def _variants(node: Node) -> tuple[Node, ...]:
    return node.variants if isinstance(node, Union) else (node,)


def leaf_names(record: Record, prefix: str = "") -> dict[str, Leaf]:
    """The graded leaves of a record by name, dotted inside nested models."""
    names: dict[str, Leaf] = {}
    for entry in record.fields:
        name = prefix + entry.keys[0]
        if isinstance(entry.node, Leaf) and entry.node.role is Role.GRADED:
            names[name] = entry.node
        elif isinstance(entry.node, Record) and not entry.node.recursive:
            names |= leaf_names(entry.node, f"{name}.")
    return names
