"""How a schema is scored: every path with its comparator, and why it has that one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from harness.paths import render
from harness.reporting.tables import Column, Holds, Row, Table
from harness.schema import Leaf, Listing, Mapping, Node, Plan, Record, Role, Union, leaves, spelled

if TYPE_CHECKING:
    from harness.marks import Records

_LISTED = "paired"
_INSIDE = "recursive"


def schema_table(plan: Plan) -> Table:
    """Every leaf, and every list of models with how its items are paired, in the order of the classes."""
    columns = (
        Column("path", Holds.PATH),
        Column("comparator", Holds.NAME),
        Column("weight", Holds.NUMBER),
        Column("role", Holds.NAME),
        Column("why", Holds.TEXT),
    )
    rows = tuple(_rows(plan.root))
    roles = [leaf.role for leaf in leaves(plan.root)]
    counts = ", ".join(f"{roles.count(role)} {role}" for role in Role if role in roles)
    notes = [f"{len(roles)} {'leaf' if len(roles) == 1 else 'leaves'}: {counts}."]
    if Role.EVIDENCE in roles:
        notes.append("evidence: located in the document instead.")
    if any(row[3] == _LISTED for row in rows):
        notes.append("paired: items are matched one to one by the weighted agreement of their leaves.")
    if any(row[3] == _INSIDE for row in rows):
        notes.append("recursive: the model stands inside itself there, and is scored alike at any depth.")
    notes.append(f"schema {plan.schema_hash}, marks {plan.marks_hash}")
    return Table(plan.target, columns, rows, notes=tuple(notes))


def _rows(node: Node) -> Iterator[Row]:
    if isinstance(node, Leaf):
        yield _leaf(node)
    elif isinstance(node, Record):
        if node.recursive:
            yield (render(node.path), "", "", _INSIDE, f"{node.name} inside itself")
        else:
            for entry in node.fields:
                yield from _rows(entry.node)
    elif isinstance(node, Listing):
        if isinstance(node.item, Record | Union):
            yield (render(node.item.path), _pairing(node.pairing), "", _LISTED, _items(node))
        yield from _rows(node.item)
    elif isinstance(node, Mapping):
        yield from _rows(node.value)
    else:
        for variant in node.variants:
            yield from _rows(variant)


def _leaf(leaf: Leaf) -> Row:
    path, weight = render(leaf.path), f"{leaf.weight:g}"
    if leaf.role is Role.GRADED:
        return (path, spelled(leaf.comparison), weight, str(leaf.role), leaf.why)
    why = "quotes, not compared" if leaf.role is Role.EVIDENCE else "the mark Ungraded"
    return (path, "", "", str(leaf.role), why)


def _pairing(pairing: Records) -> str:
    keys = f"keys={'|'.join(pairing.keys)}, " if pairing.keys else ""
    return f"Records({keys}match_at={pairing.match_at:g})"


def _items(listing: Listing) -> str:
    kind = "set" if listing.set_like else "list"
    if isinstance(listing.item, Record):
        return f"{kind} of {listing.item.name}"
    return f"{kind} of several models"
