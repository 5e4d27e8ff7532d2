"""Bind a plan to its comparators, in the shape in which values are read and scored.

A model's nested models are flattened into it: their leaves become its columns. What has many values (a list, a
dict), several models (a union) or no end (a model inside itself) becomes a branch. An item that is no model (a
string in a list, say) is bound as a model with the one key `WHOLE`, so that there is one way to read and score.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from harness.errors import SchemaError
from harness.paths import render
from harness.schema import Leaf, Listing, Mapping, Node, Plan, Record, Role, Union, spelled
from harness.scoring.comparators import Comparator, comparator_for

if TYPE_CHECKING:
    from harness.paths import Path

WHOLE = ""
"""The key of an item that is no model. No field has it: a field name is never empty."""

_WEIGHT_STEPS = 2.0**10


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """A leaf of a bound record.

    Attributes:
        path: The printed field path.
        keys: From the record's value to the leaf's.
        weight: Quantised to 1/2^10 and never 0, so that sums are exact in any order.
        graded: Whether it is scored.
        comparator: What judges it.
        name: The comparator with its parameters, printed.
    """

    path: str
    keys: tuple[str, ...]
    weight: float
    graded: bool
    comparator: Comparator
    name: str


class BranchKind(Enum):
    """What a branch holds."""

    LIST = "list"
    DICT = "dict"
    ONE = "one"


@dataclass(slots=True, eq=False)
class Branch:
    """What a record holds besides scalars.

    Attributes:
        kind: A list of items, a dict of items, or one item.
        path: The printed field path.
        keys: From the record's value to the branch's.
        graded: Whether it is scored.
        match_at: The least agreement of a pair of items.
        scalar: Whether the items are scalars, which pair only where they are right.
        facts: Whether the items are models in a list, which count as facts.
        set_like: Whether duplicates say nothing.
        key_names: The printed paths of the key columns.
    """

    kind: BranchKind
    path: str
    keys: tuple[str, ...]
    graded: bool
    nodes: tuple[Node, ...]
    match_at: float = 0.5
    scalar: bool = False
    facts: bool = False
    set_like: bool = False
    key_names: tuple[str, ...] = ()
    _bound: tuple[BoundRecord, ...] | None = field(default=None, init=False)

    @property
    def variants(self) -> tuple[BoundRecord, ...]:
        """The records that an item may be: one, or one for each model of a union. Bound on first use."""
        if self._bound is None:
            self._bound = tuple(bind_item(node, self.key_names) for node in self.nodes)
        return self._bound


@dataclass(slots=True, eq=False)
class Level:
    """One JSON object of a record: the record's own, or that of a model nested in it.

    Attributes:
        path: The printed field path.
        keys: From the record's value to this object.
        graded: Whether anything in it is scored.
        columns: Key to the position of a column.
        branches: Key to the position of a branch.
        evidence: Keys that hold quotes.
        nested: Key to a nested level.
    """

    path: str
    keys: tuple[str, ...]
    graded: bool
    columns: dict[str, int] = field(default_factory=dict)
    branches: dict[str, int] = field(default_factory=dict)
    evidence: set[str] = field(default_factory=set)
    nested: dict[str, Level] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class BoundRecord:
    """A model with everything nested in it, ready to read and score.

    Attributes:
        path: The printed field path.
        name: The model's name; empty for an item that is no model.
        level: Its outermost JSON object.
        columns: Its leaves, those of nested models included.
        branches: Its lists, dicts, unions and recursions.
        quoting: Whether it has a field for evidence.
        key_columns: Positions of the columns of which one must agree; empty for no such condition.
        tags: Key to the one value that a variant of a union has there.
    """

    path: str
    name: str
    level: Level
    columns: list[Column]
    branches: list[Branch]
    quoting: bool
    key_columns: tuple[int, ...]
    tags: dict[str, object]


def bind(plan: Plan) -> BoundRecord:
    """Bind a plan. A root that is no model is read from under the key `WHOLE`.

    Raises:
        SchemaError: When a comparator's parameters contradict each other.
    """
    return bind_item(plan.root, ())


def bind_item(node: Node, key_names: tuple[str, ...]) -> BoundRecord:
    """Bind what stands in one place as a record."""
    if isinstance(node, Record):
        bound = BoundRecord(
            render(node.path), node.name, _level(node.path, (), node.role), [], [], False, (), {}
        )
        _fill(bound, bound.level, node)
        by_name = {".".join(column.keys): position for position, column in enumerate(bound.columns)}
        bound.key_columns = tuple(by_name[name] for name in key_names if name in by_name)
    else:
        bound = BoundRecord(render(node.path), "", _level(node.path, (), Role.GRADED), [], [], False, (), {})
        _place(bound, bound.level, (WHOLE,), node)
    return bound


def _level(path: Path, keys: tuple[str, ...], role: Role) -> Level:
    return Level(render(path), keys, role is Role.GRADED)


def _fill(bound: BoundRecord, level: Level, record: Record) -> None:
    for entry in record.fields:
        node = entry.node
        if isinstance(node, Leaf) and len(node.members) == 1:
            bound.tags.update(dict.fromkeys(entry.keys, node.members[0]))
        _place(bound, level, entry.keys, node)


def _place(bound: BoundRecord, level: Level, names: tuple[str, ...], node: Node) -> None:
    """Put a node under its keys into a level, and into the record's columns or branches."""
    keys = (*level.keys, names[0])
    if isinstance(node, Leaf):
        if node.role is Role.EVIDENCE:
            level.evidence.update(names)
            bound.quoting = True
            return
        weight = max(1.0, round(node.weight * _WEIGHT_STEPS)) / _WEIGHT_STEPS
        column = Column(
            render(node.path),
            keys,
            weight,
            node.role is Role.GRADED,
            comparator_for(node),
            spelled(node.comparison),
        )
        level.columns.update(dict.fromkeys(names, len(bound.columns)))
        bound.columns.append(column)
    elif isinstance(node, Record) and not node.recursive:
        nested = _level(node.path, keys, node.role)
        level.nested.update(dict.fromkeys(names, nested))
        _fill(bound, nested, node)
    elif isinstance(node, Listing) and node.role is Role.EVIDENCE:
        level.evidence.update(names)
        bound.quoting = True
    else:
        level.branches.update(dict.fromkeys(names, len(bound.branches)))
        bound.branches.append(_branch(node, keys))


def _branch(node: Node, keys: tuple[str, ...]) -> Branch:
    path = render(node.path)
    if isinstance(node, Listing):
        item = node.item
        nodes = item.variants if isinstance(item, Union) else (item,)
        return Branch(
            BranchKind.LIST,
            path,
            keys,
            node.role is Role.GRADED,
            nodes,
            match_at=node.pairing.match_at,
            scalar=isinstance(item, Leaf),
            facts=any(isinstance(one, Record) for one in nodes),
            set_like=node.set_like,
            key_names=tuple(node.pairing.keys),
        )
    if isinstance(node, Mapping):
        value = node.value
        nodes = value.variants if isinstance(value, Union) else (value,)
        return Branch(BranchKind.DICT, path, keys, True, nodes)
    if isinstance(node, Union):
        return Branch(BranchKind.ONE, path, keys, True, node.variants)
    if isinstance(node, Record):
        return Branch(BranchKind.ONE, path, keys, node.role is Role.GRADED, (node,))
    raise SchemaError("a leaf is no branch", where=path)
