"""Facts that stand twice in one list of gold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from harness import schema
from harness.schema import Leaf, Listing, Node, Record, Role, Union
from harness.scoring.annotations import best
from harness.scoring.comparators import Comparator, Malformed, comparator_for
from harness.suites.annotated_paths import PlacedList, placed, variant_of

if TYPE_CHECKING:
    from harness.records import Json
    from harness.schema import Plan
    from harness.suites.places import KeyPath


def duplicates(plan: Plan, facts: Json) -> Iterator[tuple[KeyPath, KeyPath]]:
    """Every fact whose graded content is that of an earlier fact of its list, with the place of that one.

    Facts are compared at their best reading, as the scorer reads their values: case and spellings aside, and
    lists in any order. What is not graded, such as a quote, tells no two facts apart.
    """
    contents = _Contents()
    for one in placed(plan.root, facts):
        if not isinstance(one, PlacedList) or isinstance(one.listing.item, Leaf):
            continue
        first: dict[Hashable, KeyPath] = {}
        for at, item in enumerate(one.items):
            here = (*one.path, at)
            content = contents.of(one.listing.item, best(item))
            earlier = first.setdefault(content, here)
            if earlier != here:
                yield here, earlier


@dataclass(frozen=True, slots=True)
class _Contents:
    """Turns plain values into what can be compared; keeps the comparators that it makes."""

    comparators: dict[Leaf, Comparator] = field(default_factory=dict)

    def of(self, node: Node, value: Json) -> Hashable:
        """The graded content of a value; `None` when there is none."""
        if value is None:
            return None
        if isinstance(node, Leaf):
            return self.of_leaf(node, value)
        if isinstance(node, Union):
            variant = variant_of(node, value)
            content = self.of(variant, value)
            return None if content is None else (variant.path, content)
        if isinstance(node, Listing):
            items = Counter(self.of(node.item, item) for item in value) if isinstance(value, list) else {}
            return frozenset((item, count) for item, count in items.items() if item is not None) or None
        if not isinstance(value, Mapping):
            return None
        if isinstance(node, schema.Mapping):
            inner = {key: self.of(node.value, one) for key, one in value.items()}
        else:
            inner = self.of_record(node, value)
        return frozenset((key, content) for key, content in inner.items() if content is not None) or None

    def of_record(self, record: Record, value: Mapping[str, Json]) -> dict[str, Hashable]:
        return {
            entry.keys[0]: self.of(entry.node, value[key])
            for entry in record.fields
            for key in entry.keys
            if key in value
        }

    def of_leaf(self, leaf: Leaf, value: Json) -> Hashable:
        if leaf.role is not Role.GRADED:
            return None
        if leaf not in self.comparators:
            self.comparators[leaf] = comparator_for(leaf)
        prepared = self.comparators[leaf].prepare(value)
        return ("malformed", repr(value)) if isinstance(prepared, Malformed) else prepared
