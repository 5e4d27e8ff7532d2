"""Walk an annotated gold value by the plan of its schema, keeping the place of everything that is found.

A place is the path in the value as written, so it has the annotations' keys in it: `("when", "$any", 1)`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness import schema
from harness.paths import render
from harness.schema import Leaf, Listing, Node, Record, Union
from harness.scoring.annotations import ANY, OPTIONAL, UNLABELLED, annotation

if TYPE_CHECKING:
    from harness.records import Json
    from harness.suites.places import KeyPath


@dataclass(frozen=True, slots=True)
class PlacedLeaf:
    """A scalar of gold that is not null.

    Attributes:
        leaf: Its node in the plan.
        path: Where it stands, annotations included.
        value: The scalar, or whatever was written where one belongs.
    """

    leaf: Leaf
    path: KeyPath
    value: Json


@dataclass(frozen=True, slots=True)
class PlacedList:
    """A list of gold, with the places of its items; each item still has its annotations."""

    listing: Listing
    path: KeyPath
    items: tuple[Json, ...]


@dataclass(frozen=True, slots=True)
class StrayKey:
    """A key that the schema does not have.

    Attributes:
        path: Where it stands, the key last.
        known: The keys that may stand there.
    """

    path: KeyPath
    known: tuple[str, ...]


Placed = PlacedLeaf | PlacedList | StrayKey


def placed(node: Node, value: Json, path: KeyPath = ()) -> Iterator[Placed]:
    """Everything in a gold value, every alternative included, in the order in which it is written.

    A value of the wrong shape (a string where a list belongs) is passed over: validation speaks of it.
    """
    kind = annotation(value)
    if kind is not None and isinstance(value, Mapping):
        for steps, option in alternatives(value):
            yield from placed(node, option, (*path, *steps))
    elif value is None:
        return
    elif isinstance(node, Leaf):
        yield PlacedLeaf(node, path, value)
    elif isinstance(node, Union):
        yield from placed(variant_of(node, value), value, path)
    elif isinstance(node, Listing):
        if isinstance(value, list):
            yield PlacedList(node, path, tuple(value))
            for at, item in enumerate(value):
                yield from placed(node.item, item, (*path, at))
    elif isinstance(value, dict):
        yield from _members(node, value, path)


def _members(node: Record | schema.Mapping, value: Mapping[str, Json], path: KeyPath) -> Iterator[Placed]:
    if isinstance(node, schema.Mapping):
        for key, inner in value.items():
            yield from placed(node.value, inner, (*path, key))
        return
    nodes = {key: entry.node for entry in node.fields for key in entry.keys}
    for key, inner in value.items():
        if key in nodes:
            yield from placed(nodes[key], inner, (*path, key))
        else:
            yield StrayKey((*path, key), tuple(nodes))


def alternatives(value: Json) -> list[tuple[KeyPath, Json]]:
    """The readings that an annotation holds, each with the steps that lead to it; none for `$unlabelled`.

    >>> alternatives({"$any": ["a", None]})
    [(('$any', 0), 'a'), (('$any', 1), None)]
    """
    if not isinstance(value, Mapping):
        return []
    kind = annotation(value)
    if kind == OPTIONAL:
        return [((OPTIONAL,), value[OPTIONAL])]
    listed = value[ANY] if kind == ANY else []
    return [((ANY, at), one) for at, one in enumerate(listed)] if isinstance(listed, list) else []


def variant_of(union: Union, value: Json) -> Node:
    """The variant of a union that a plain value most likely is: the model that knows most of its keys."""
    records = [one for one in union.variants if isinstance(one, Record)]
    if not isinstance(value, dict) or not records:
        return next((one for one in union.variants if not isinstance(one, Record)), union.variants[0])

    def known(record: Record) -> int:
        return sum(key in value for entry in record.fields for key in entry.keys) - _wrong_tags(record, value)

    return max(records, key=known)


def _wrong_tags(record: Record, value: Mapping[str, Json]) -> int:
    """How often a key has a value that its literal excludes, counted so that it outweighs any known key."""
    return sum(
        len(value) + 1
        for entry in record.fields
        for key in entry.keys
        if isinstance(entry.node, Leaf) and entry.node.members and key in value
        if value[key] not in (*entry.node.members, None) and annotation(value[key]) is None
    )


def printed(path: KeyPath) -> str:
    """A place as a field path: the annotations' own steps are left out.

    >>> printed(("deployments", 2, "$any", 1, "status"))
    'deployments[2].status'
    """
    kept: list[str | int] = []
    before: str | int | None = None
    for step in path:
        if step not in (ANY, OPTIONAL, UNLABELLED) and not (before == ANY and isinstance(step, int)):
            kept.append(step)
        before = step
    return render(kept)
