"""Bind a plan to its comparators; `bound` says what comes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.errors import SchemaError
from harness.paths import render
from harness.schema import Leaf, Listing, Mapping, Node, Plan, Record, Role, Union, leaves, spelled
from harness.scoring.bound import BoundRecord, Branch, BranchKind, Column, Level
from harness.scoring.comparators import comparator_for
from harness.scoring.loops import FASTEST
from harness.scoring.readings import WHOLE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from harness.paths import Path
    from harness.scoring.loops import Loops

_WEIGHT_STEPS = 2.0**10


def bind(plan: Plan, loops: Loops = FASTEST) -> BoundRecord:
    """Bind a plan. A root that is no model is read from under the key `WHOLE`.

    Args:
        plan: The compiled schema.
        loops: Who reads and compares plain records; all give the same.

    Raises:
        SchemaError: When a comparator's parameters contradict each other.
    """
    for leaf in leaves(plan.root):  # those in lists are bound later, and refused now
        comparator_for(leaf)
    return bind_item(plan.root, (), loops)


def bind_item(node: Node, key_names: tuple[str, ...], loops: Loops) -> BoundRecord:
    """Bind what stands in one place as a record."""
    if isinstance(node, Record):
        bound = BoundRecord(render(node.path), node.name, _level(node.path, (), node.role), key_names, loops)
        _fill(bound, bound.level, node)
    else:
        bound = BoundRecord(render(node.path), "", _level(node.path, (), Role.GRADED), key_names, loops)
        _place(bound, bound.level, (WHOLE,), node)
    bound.finish()
    return bound


def _level(path: Path, keys: tuple[tuple[str, ...], ...], role: Role) -> Level:
    return Level(render(path), keys, role is Role.GRADED)


def _fill(bound: BoundRecord, level: Level, record: Record) -> None:
    for entry in record.fields:
        node = entry.node
        if level is bound.level and isinstance(node, Leaf) and len(node.members) == 1:
            bound.tags.update(dict.fromkeys(entry.keys, node.members[0]))
        _place(bound, level, entry.keys, node)


def _place(bound: BoundRecord, level: Level, names: tuple[str, ...], node: Node) -> None:
    """Put a node under its keys into a level, and into the record's columns or branches."""
    level.fields.append(names)
    keys = (*level.keys, names)
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
        level.columns.update(dict.fromkeys(names, (len(bound.columns), column.comparator.prepare)))
        bound.columns.append(column)
    elif isinstance(node, Record) and not node.recursive:
        nested = _level(node.path, keys, node.role)
        level.nested.update(dict.fromkeys(names, nested))
        level.compound.extend(names)
        _fill(bound, nested, node)
    elif isinstance(node, Listing) and node.role is Role.EVIDENCE:
        level.evidence.update(names)
        bound.quoting = True
    else:
        level.branches.update(dict.fromkeys(names, len(bound.branches)))
        level.compound.extend(names)
        bound.branches.append(_branch(node, names[0], bound.loops))
        bound.branch_levels.append(level)


def _branch(node: Node, key: str, loops: Loops) -> Branch:
    path, graded = render(node.path), node.role is Role.GRADED
    if isinstance(node, Listing):
        items, keys = _models(node.item), tuple(node.pairing.keys)
        return Branch(
            BranchKind.LIST,
            path,
            key,
            graded,
            _binder(items, keys, loops),
            match_at=node.pairing.match_at,
            scalar=isinstance(node.item, Leaf),
            facts=any(isinstance(one, Record) for one in items),
            set_like=node.set_like,
            key_names=keys,
        )
    if isinstance(node, Mapping):
        return Branch(BranchKind.DICT, path, key, graded, _binder(_models(node.value), (), loops))
    if isinstance(node, Leaf):
        raise SchemaError("a leaf is no branch", where=path)
    return Branch(BranchKind.ONE, path, key, graded, _binder(_models(node), (), loops))


def _models(node: Node) -> Sequence[Node]:
    """What a value may be: each model of a union, or the one thing it is."""
    return node.variants if isinstance(node, Union) else (node,)


def _binder(
    nodes: Sequence[Node], key_names: tuple[str, ...], loops: Loops
) -> Callable[[], tuple[BoundRecord, ...]]:
    return lambda: tuple(bind_item(node, key_names, loops) for node in nodes)
