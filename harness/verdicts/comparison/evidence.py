"""What gold quotes for the fact that a leaf belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.paths import EACH_ITEM, EACH_VALUE, Step, Variant, parse, walk
from harness.schema import Leaf, Listing, Mapping, Node, Record, Role, Union
from harness.scoring.annotations import best, options

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harness.records import Json


def evidence_for(root: Node, gold: Json, path: str, gold_at: str) -> str:
    """The quote of the innermost fact around a leaf that gold has a quote for; empty when there is none.

    Args:
        root: The plan's root.
        gold: Gold's value, annotations included; of alternatives the best is read.
        path: The leaf's field path.
        gold_at: Where gold's value stands; empty when nowhere.
    """
    if not gold_at:
        return ""
    found = ""
    for record, value in _records(root, gold, path, gold_at):
        found = _quote(record, value) or found
    return found


def _records(root: Node, gold: Json, path: str, gold_at: str) -> Iterator[tuple[Record, Json]]:
    """The records on the way to a leaf, outermost first, each with its value."""
    node: Node | None = root
    value = options(gold)[0]
    places = iter(parse(gold_at))
    for step in parse(path):
        if isinstance(node, Record):
            yield node, value
        if not isinstance(step, Variant):
            place = next(places, None)
            value = options(None if place is None else walk(value, (place,)))[0]
        node = None if node is None else _below(node, step)
        if node is None:
            return


def _below(node: Node, step: Step) -> Node | None:
    if isinstance(node, Record):
        return next((entry.node for entry in node.fields if entry.keys[0] == step), None)
    if isinstance(node, Listing):
        return node.item if step is EACH_ITEM else None
    if isinstance(node, Mapping):
        return node.value if step is EACH_VALUE else None
    if isinstance(node, Union):
        return next((one for one in node.variants if one.path[-1:] == (step,)), None)
    return None


def _quote(record: Record, value: Json) -> str:
    quotes: list[str] = []
    for entry in record.fields:
        if isinstance(entry.node, Leaf | Listing) and entry.node.role is Role.EVIDENCE:
            found = [best(inner) for key in entry.keys if (inner := walk(value, (key,))) is not None]
            for one in found[:1]:
                quotes += [text for text in (one if isinstance(one, list) else [one]) if isinstance(text, str)]
    return " … ".join(quotes)
