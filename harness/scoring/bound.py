"""A plan bound to its comparators, in the shape in which values are read and scored.

A model's nested models are flattened into it: their leaves become its columns. What has many values (a list, a
dict), several models (a union) or no end (a model inside itself) becomes a branch. An item that is no model (a
string in a list, say) is bound as a model with the one key `WHOLE`, so that there is one way to read and score.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from harness.scoring.kinds import CORRECT, UNGRADED
from harness.scoring.likeness import likeness, verdicts

if TYPE_CHECKING:
    from collections.abc import Callable

    from harness.scoring.comparators import Comparator, Prepare, Prepared
    from harness.scoring.likeness import Edging, Likeness, Verdicts
    from harness.scoring.loops import Loops
    from harness.scoring.plain import PlainReader


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """A leaf of a bound record.

    Attributes:
        path: The printed field path.
        keys: From the record's value to the leaf's; for each step the keys that it may have.
        weight: Quantised to 1/2^10 and never 0, so that sums are exact in any order.
        graded: Whether it is scored.
        comparator: What judges it.
        name: The comparator with its parameters, printed.
    """

    path: str
    keys: tuple[tuple[str, ...], ...]
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
        key: The key that it is called by.
        graded: Whether it is scored.
        bind: Binds what an item may be.
        match_at: The least agreement of a pair of items.
        scalar: Whether the items are scalars, which pair only where they are right.
        facts: Whether the items are models in a list, which count as facts.
        set_like: Whether duplicates say nothing.
        key_names: The printed paths of the key columns.
    """

    kind: BranchKind
    path: str
    key: str
    graded: bool
    bind: Callable[[], tuple[BoundRecord, ...]]
    match_at: float = 0.5
    scalar: bool = False
    facts: bool = False
    set_like: bool = False
    key_names: tuple[str, ...] = ()
    _bound: tuple[BoundRecord, ...] | None = field(default=None, init=False)

    @property
    def variants(self) -> tuple[BoundRecord, ...]:
        """The records that an item may be: one, or one for each model of a union.

        They are bound when they are first asked for: a recursive model has no end.
        """
        if self._bound is None:
            self._bound = self.bind()
        return self._bound


@dataclass(slots=True, eq=False)
class Level:
    """One JSON object of a record: the record's own, or that of a model nested in it.

    Attributes:
        path: The printed field path.
        keys: From the record's value to this object.
        graded: Whether anything in it is scored.
        columns: Key to the position of a column and what prepares its values.
        branches: Key to the position of a branch.
        evidence: Keys that hold quotes.
        nested: Key to a nested level.
        compound: The keys of branches and nested levels.
        fields: For each field the keys that it may have, the one that is written first.
    """

    path: str
    keys: tuple[tuple[str, ...], ...]
    graded: bool
    columns: dict[str, tuple[int, Prepare]] = field(default_factory=dict)
    branches: dict[str, int] = field(default_factory=dict)
    evidence: set[str] = field(default_factory=set)
    nested: dict[str, Level] = field(default_factory=dict)
    compound: list[str] = field(default_factory=list)
    fields: list[tuple[str, ...]] = field(default_factory=list)


class Step(NamedTuple):
    """A graded column in the order in which columns are compared: those that are cheap to compare first.

    Attributes:
        position: Of the column.
        weight: Of the column.
        rest: The weights of the columns that come after it.
        similarity: Asked for unequal values; `None` where these are never alike.
        right_from: The least similarity that is right.
        dear: Whether comparisons are worth avoiding.
    """

    position: int
    weight: float
    rest: float
    similarity: Callable[[Prepared, Prepared], float] | None
    right_from: float
    dear: bool


@dataclass(slots=True, eq=False)
class BoundRecord:
    """A model with everything nested in it, ready to read and score.

    Attributes:
        path: The printed field path.
        name: The model's name; empty for an item that is no model.
        level: Its outermost JSON object.
        key_names: Keys, joined by dots, of the leaves of which one must agree; empty for no such condition.
        loops: Who reads and compares its plain records.
        columns: Its leaves, those of nested models included.
        branches: Its lists, dicts, unions and recursions.
        branch_levels: For each branch the level whose key it has.
        tags: Key to the one value that a variant of a union has there.
        quoting: Whether it has a field for evidence.
        key_columns: Positions of the columns that `key_names` name.
        compound: Whether it has branches or nested models.
        steps: The graded columns in the order in which they are compared.
        whole: The weights of all graded columns.
        paths: The printed field paths of the columns.
        agreeing: The kinds of the columns where both sides are present and say the same.
        read: Reads plain records; see `plain`.
        like: Compares two plain records; see `likeness`.
    """

    path: str
    name: str
    level: Level
    key_names: tuple[str, ...]
    loops: Loops
    columns: list[Column] = field(default_factory=list)
    branches: list[Branch] = field(default_factory=list)
    branch_levels: list[Level] = field(default_factory=list)
    tags: dict[str, object] = field(default_factory=dict)
    quoting: bool = False
    key_columns: tuple[int, ...] = ()
    compound: bool = False
    steps: tuple[Step, ...] = ()
    whole: float = 0.0
    paths: tuple[str, ...] = ()
    agreeing: tuple[int, ...] = ()
    read: PlainReader = field(init=False)
    like: Likeness = field(init=False)
    edges: Edging = field(init=False)
    kinds: Verdicts = field(init=False)

    def finish(self) -> None:
        """Work out what follows from the columns and branches."""
        names = {
            ".".join(step[0] for step in column.keys): position for position, column in enumerate(self.columns)
        }
        self.key_columns = tuple(names[name] for name in self.key_names if name in names)
        self.compound = bool(self.branches or self.level.nested)
        graded = [(position, column) for position, column in enumerate(self.columns) if column.graded]
        graded.sort(key=lambda one: _cost(one[1].comparator))
        rest = self.whole = sum(column.weight for _, column in graded)
        steps = []
        for position, column in graded:
            rest -= column.weight
            comparator = column.comparator
            asked = None if comparator.exact else comparator.similarity
            steps.append(Step(position, column.weight, rest, asked, comparator.right_from, comparator.dear))
        self.steps = tuple(steps)
        self.paths = tuple(column.path for column in self.columns)
        self.agreeing = tuple(CORRECT if column.graded else UNGRADED for column in self.columns)
        self.read = self.loops.plain_reader(self)
        self.like = likeness(self)
        self.edges = self.loops.edging(self)
        self.kinds = verdicts(self)


def _cost(comparator: Comparator) -> int:
    """Equality before arithmetic before text."""
    return 0 if comparator.exact else 2 if comparator.dear else 1
