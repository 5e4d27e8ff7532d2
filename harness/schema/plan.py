"""What a compiled schema is: a tree of nodes that says how each place of a value is scored.

The tree is built lazily below a model that contains itself, so a recursive model has an endless plan of which
only the part that the data reaches is made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from harness.marks import Choice, Comparison, Number, Records, Text
from harness.paths import Path


class Role(StrEnum):
    """What a leaf is for."""

    GRADED = "graded"
    UNGRADED = "ungraded"
    EVIDENCE = "evidence"


class LeafType(StrEnum):
    """The type of a leaf's value, as far as scoring needs it."""

    STRING = "string"
    BOOLEAN = "boolean"
    INTEGER = "integer"
    NUMBER = "number"
    DECIMAL = "decimal"
    DATE = "date"
    DATETIME = "datetime"
    MEMBER = "member"
    CANONICAL = "canonical"
    EITHER = "either"


@dataclass(frozen=True, slots=True, eq=False)
class Leaf:
    """A scalar.

    Attributes:
        path: Its field path.
        type: The type of its value.
        comparison: The mark that names its comparator.
        why: Where the comparison comes from: a mark or the field's type.
        weight: How much it counts, the weights of its parents multiplied in.
        role: Graded, ungraded or evidence.
        members: For `MEMBER`: the JSON values of the enum or literal.
        canonical: For `CANONICAL`: turns a value into its canonical JSON form; raises `ValueError` for a
            value of the wrong type.
        options: For `EITHER`: one leaf for each type of the union.
    """

    path: Path
    type: LeafType
    comparison: Comparison
    why: str
    weight: float = 1.0
    role: Role = Role.GRADED
    members: tuple[str | int | bool, ...] = ()
    canonical: Callable[[object], object] | None = None
    options: tuple[Leaf, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """One field of a model.

    Attributes:
        keys: The JSON keys that it may stand under, the one that is written first.
        node: What stands there.
    """

    keys: tuple[str, ...]
    node: Node


@dataclass(slots=True, eq=False)
class Record:
    """A model.

    Attributes:
        path: Its field path.
        name: The model's name.
        role: `UNGRADED` when the whole model is marked so.
        build: Makes the fields; called once, when they are first asked for.
        recursive: Whether the model stands inside itself here.
    """

    path: Path
    name: str
    role: Role
    build: Callable[[], tuple[Field, ...]]
    recursive: bool
    _fields: tuple[Field, ...] | None = field(default=None, init=False)

    @property
    def fields(self) -> tuple[Field, ...]:
        """The model's fields, in the order of the class."""
        if self._fields is None:
            self._fields = self.build()
        return self._fields


@dataclass(frozen=True, slots=True, eq=False)
class Listing:
    """A list.

    Attributes:
        path: Its field path; the items' path has `[]` behind it.
        item: What stands in it.
        pairing: How its items are paired, when they are models.
        role: `EVIDENCE` for a list of quotes.
        set_like: Whether duplicates say nothing (a Python set).
    """

    path: Path
    item: Node
    pairing: Records
    role: Role
    set_like: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Mapping:
    """A dict with string keys; paired key by key.

    Attributes:
        path: Its field path; the values' path has `.*` behind it.
        value: What stands in it.
        role: `UNGRADED` when the whole dict is marked so.
    """

    path: Path
    value: Node
    role: Role = Role.GRADED


@dataclass(frozen=True, slots=True, eq=False)
class Union:
    """Several models (or a model and a scalar) that may stand in one place.

    Attributes:
        path: Its field path.
        variants: The possible nodes, each with the variant in its path: models, and at most one scalar.
        role: `UNGRADED` when the whole union is marked so.
    """

    path: Path
    variants: tuple[Node, ...]
    role: Role = Role.GRADED


Node = Leaf | Record | Listing | Mapping | Union


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """A compiled schema.

    Attributes:
        target: The model's dotted name, for messages.
        root: The node of the whole value.
        schema_hash: 12 hex digits over the JSON schema: what a model is asked for.
        marks_hash: 12 hex digits over paths, comparators, weights and roles: how it is scored.
    """

    target: str
    root: Node
    schema_hash: str
    marks_hash: str


def leaves(node: Node) -> Iterator[Leaf]:
    """Every leaf below a node, in the order of the classes; a model inside itself is not entered again."""
    if isinstance(node, Leaf):
        yield node
    elif isinstance(node, Record):
        if not node.recursive:
            for entry in node.fields:
                yield from leaves(entry.node)
    elif isinstance(node, Listing):
        yield from leaves(node.item)
    elif isinstance(node, Mapping):
        yield from leaves(node.value)
    else:
        for variant in node.variants:
            yield from leaves(variant)


def has_evidence(plan: Plan) -> bool:
    """Whether the schema has a place for quotes of the document."""
    return any(leaf.role is Role.EVIDENCE for leaf in leaves(plan.root))


def spelled(comparison: Comparison) -> str:
    """A comparison as it is printed, without the parameters that have their default.

    >>> spelled(Number(rel_tol=0.01))
    'Number(rel_tol=0.01)'
    >>> spelled(Text())
    'Text(min_similarity=0.8)'
    """
    if isinstance(comparison, Choice):
        return f"Choice({len(comparison.spellings)} names)" if comparison.spellings else "Choice"
    if isinstance(comparison, Text):
        return f"Text(min_similarity={comparison.min_similarity:g})"
    if isinstance(comparison, Number):
        given = [
            f"{name}={getattr(comparison, name):g}"
            for name in ("abs_tol", "rel_tol")
            if getattr(comparison, name)
        ]
        return f"Number({', '.join(given)})" if given else "Number"
    granularity = getattr(comparison, "granularity", "stated")
    name = type(comparison).__name__
    return name if granularity == "stated" else f"{name}(granularity={granularity})"
