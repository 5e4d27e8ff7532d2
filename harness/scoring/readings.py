"""What a value is once it has been read by a bound record, and the one text that says what it says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.scoring.comparators import Malformed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from harness.paths import Path
    from harness.records import Json
    from harness.scoring.bound import BoundRecord, Level
    from harness.scoring.comparators import Prepared


WHOLE = ""
"""The key of an item that is no model. No field has it: a field name is never empty."""


class Unlabelled:
    """Stands where gold has not decided."""

    __slots__ = ()


UNLABELLED = Unlabelled()


@dataclass(frozen=True, slots=True, eq=False)
class Alternatives:
    """A leaf of gold with several right values.

    Attributes:
        options: The prepared values, best first; `None` among them when absence is right too.
    """

    options: tuple[Prepared, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Misplaced:
    """A value that is there but cannot be read at all: a string where a model or list belongs.

    Attributes:
        path: The printed field path of the place.
        raw: The value.
        at: Where it stands.
        graded: Whether the place is scored.
        problem: What is wrong with it.
        level: The JSON object that it stands in place of, or in.
        branch: The position of the branch that it stands in place of or in; `None` for an object.
    """

    path: str
    raw: Json
    at: Path
    graded: bool
    problem: str
    level: Level
    branch: int | None

    @property
    def paths(self) -> tuple[str]:
        """The path, as a bound record has its paths."""
        return (self.path,)


NO_BRANCHES: list[BranchReading] = []


class Reading:
    """One record as read.

    Attributes:
        bound: What it was read by.
        raw: The value it was read from.
        base: Where the list, dict or model stands that it belongs to.
        step: Its position or key there; `None` for the root.
        cells: A prepared value for each column; `None` where absent.
        branches: For each branch its items (a list), its items by key (a dict) or its one item; `None` where
            absent.
        inside: For each branch of a plain record its raw value.
        special: Whether a cell is malformed, unlabelled or has alternatives, or something is misplaced.
        misplaced: What could not be read.
        quotes: The evidence: its own where its model has a place for it, else that of the record it stands
            in; `None` where neither has. A shared list and not the enclosing reading: a reading that knew it
            would be freed only by the garbage collector, which costs more than all reading.
        stray: How many keys the schema does not have, in the whole value; only the root says it.
    """

    special = False
    misplaced: list[Misplaced] | None = None
    stray = 0
    branches = NO_BRANCHES
    inside: Sequence[Json] = ()

    def __init__(
        self,
        bound: BoundRecord,
        raw: Json,
        base: Path,
        step: str | int | None,
        quotes: list[str] | None,
        cells: tuple[object, ...],
    ) -> None:
        self.bound = bound
        self.raw = raw
        self.base = base
        self.step = step
        self.quotes = quotes
        self.cells = cells

    def at(self) -> Path:
        """Where it stands."""
        return self.base if self.step is None or self.step == WHOLE else (*self.base, self.step)

    def misplace(self, misplaced: Misplaced) -> None:
        """Keep what cannot be read."""
        self.special = True
        if self.misplaced is None:
            self.misplaced = []
        self.misplaced.append(misplaced)

    def is_decided(self, misplaced: Misplaced) -> bool:
        """Whether this reading, of gold, says anything about the place of what a prediction misplaced."""
        if misplaced.branch is not None:
            return self.branches[misplaced.branch] is not UNLABELLED
        level = misplaced.level
        cells = [self.cells[position] for position, _ in level.columns.values()]
        inside = [self.branches[position] for position in level.branches.values()]
        return not (cells or inside) or any(one is not UNLABELLED for one in (*cells, *inside))


@dataclass(frozen=True, slots=True, eq=False)
class Choices:
    """An item of gold with several right readings.

    Attributes:
        options: The readings, best first; at least one.
        optional: Whether leaving the item out is right too.
    """

    options: tuple[Reading, ...]
    optional: bool


Item = Reading | Choices
BranchReading = list[Item] | dict[str, Item] | Reading | Choices | Unlabelled | None


def canonical(item: Item) -> str:
    """What an item says, in one form whatever the order of lists inside it. Equal texts score alike."""
    if isinstance(item, Choices):
        return (
            f"{'optional ' if item.optional else ''}{' or '.join(canonical(option) for option in item.options)}"
        )
    text = f"{item.bound.path}{list(item.cells)!r}" if not item.special else _special(item)
    if item.bound.quoting and item.quotes:
        text += f"quoting {sorted(item.quotes)}"
    for inside in item.branches:
        if isinstance(inside, list):
            text += f"[{', '.join(sorted(map(canonical, inside)))}]"
        elif isinstance(inside, dict):
            text += f"{{{', '.join(sorted(f'{key!r}: {canonical(one)}' for key, one in inside.items()))}}}"
        elif isinstance(inside, Reading | Choices):
            text += f"({canonical(inside)})"
        else:
            text += "unlabelled" if inside is UNLABELLED else "-"
    return text


def _special(reading: Reading) -> str:
    """The cells and what is misplaced, without the addresses of objects."""
    cells = []
    for cell in reading.cells:
        if isinstance(cell, Alternatives):
            cells.append(f"any {[_plain(option) for option in cell.options]}")
        else:
            cells.append(_plain(cell))
    misplaced = sorted(f"{one.path} {one.problem}" for one in reading.misplaced or ())
    return f"{reading.bound.path}{cells}{misplaced}"


def _plain(cell: object) -> str:
    if isinstance(cell, Malformed):
        return f"malformed {cell.problem}"
    return "unlabelled" if cell is UNLABELLED else repr(cell)
