"""Read a raw value by a bound record: every leaf prepared for comparison, every item found.

Reading never fails. What does not fit is kept as malformed: a leaf of the wrong type in its cell, anything
larger as `Misplaced`. Gold and predictions are read alike, but only gold's annotations are opened. A plain
record is read by the function that was generated for its model, any other here, key by key.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.scoring.alternatives import combinations
from harness.scoring.annotations import annotation, is_unlabelled, options
from harness.scoring.bound import BoundRecord, Branch, BranchKind, Level
from harness.scoring.comparators import Malformed
from harness.scoring.comparators.values import type_name
from harness.scoring.plain import quote
from harness.scoring.readings import (
    UNLABELLED,
    WHOLE,
    Alternatives,
    Choices,
    Item,
    Misplaced,
    Reading,
    canonical,
)
from harness.scoring.variants import variant_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from harness.paths import Path
    from harness.records import Json
    from harness.scoring.comparators import Prepare

DEEPEST = 64
"""How often a recursive model is followed into itself; below that a value is misplaced."""


def read_prediction(bound: BoundRecord, value: Json) -> Reading:
    """Read what a system extracted. `None` reads as nothing extracted."""
    return _Reader(gold=False).root(bound, value)


def read_gold(bound: BoundRecord, value: Json) -> Item:
    """Read gold, annotations opened.

    Raises:
        GoldError: When one fact has more than `MOST_READINGS` combinations of alternatives.
    """
    reader = _Reader(gold=True)
    plain = reader.plain(bound, value, (), None, None, 0)
    if plain is not None:
        return plain
    found = tuple(reader.root(bound, raw) for raw in combinations(bound, value))
    return found[0] if len(found) == 1 else Choices(found, optional=False)


class _Reader:
    """Reads one side of one document."""

    __slots__ = ("gold", "stray")

    def __init__(self, *, gold: bool) -> None:
        self.gold = gold
        self.stray = 0

    def root(self, bound: BoundRecord, value: Json) -> Reading:
        reading = self._record(bound, value, (), None, None, 0)
        reading.stray = self.stray
        return reading

    def plain(
        self,
        bound: BoundRecord,
        raw: Json,
        base: Path,
        step: str | int | None,
        quotes: list[str] | None,
        depth: int,
    ) -> Reading | None:
        """Read a record if it is plain; what stands in its branches need not be."""
        (reading,) = bound.read((raw,), base, quotes)
        if reading is not None:
            reading.step = step
            if bound.branches:
                self._inside(reading, depth)
        return reading

    def _inside(self, reading: Reading, depth: int) -> None:
        """Read the branches of a plain record."""
        reading.branches = [None] * len(reading.inside)
        for position, value in enumerate(reading.inside):
            if value is not None:
                self._branch(reading, position, value, depth)

    def _record(
        self,
        bound: BoundRecord,
        raw: Json,
        base: Path,
        step: str | int | None,
        quotes: list[str] | None,
        depth: int,
    ) -> Reading:
        reading = self.plain(bound, raw, base, step, quotes, depth)
        if reading is None:
            raw = _whole(bound, raw)
            cells: list[object] = [None] * len(bound.columns)
            reading = Reading(bound, raw, base, step, [] if bound.quoting else quotes, ())
            if bound.branches:
                reading.branches = [None] * len(bound.branches)
            self._level(reading, cells, bound.level, raw, depth)
            reading.cells = tuple(cells)
        return reading

    def _level(self, reading: Reading, cells: list[object], level: Level, raw: Json, depth: int) -> None:
        """Read one JSON object of a record into its reading and its cells."""
        if raw is None:
            return
        if not isinstance(raw, dict):
            problem = f"{type_name(raw)} where an object belongs"
            reading.misplace(
                Misplaced(level.path, raw, _place(reading, level), level.graded, problem, level, None)
            )
            return
        if self.gold and len(raw) == 1 and is_unlabelled(raw):
            _unlabel(reading, cells, level)
            return
        for key, value in raw.items():
            if key in level.columns:
                if value is not None:
                    position, prepare = level.columns[key]
                    cell = prepare(value)
                    if type(cell) is Malformed:
                        reading.special = True
                        if self.gold:
                            cell = self._annotated(prepare, value, cell)
                    cells[position] = cell
            elif key in level.branches:
                self._branch(reading, level.branches[key], value, depth)
            elif key in level.nested:
                self._level(reading, cells, level.nested[key], value, depth)
            elif key in level.evidence:
                quote(reading.quotes, value)
            else:
                self.stray += 1

    def _annotated(self, prepare: Prepare, value: Json, cell: object) -> object:
        """A leaf of gold that is not plain: unlabelled, several alternatives, or really malformed."""
        if is_unlabelled(value):
            return UNLABELLED
        if annotation(value) is None:
            return cell
        return Alternatives(tuple(None if option is None else prepare(option) for option in options(value)))

    def _branch(self, reading: Reading, position: int, value: Json, depth: int) -> None:
        branch = reading.bound.branches[position]
        level = reading.bound.branch_levels[position]
        if value is None:
            return
        if self.gold and is_unlabelled(value):
            reading.branches[position] = UNLABELLED
            return
        at = _place(reading, level)
        here = at if branch.key == WHOLE else (*at, branch.key)
        deeper = depth + 1
        if deeper > DEEPEST:
            problem = f"nested deeper than {DEEPEST} levels"
            reading.misplace(Misplaced(branch.path, None, here, branch.graded, problem, level, position))
        elif branch.kind is BranchKind.ONE:
            reading.branches[position] = self._item(reading, branch, value, at, branch.key, deeper)
        elif branch.kind is BranchKind.LIST and isinstance(value, list | tuple):
            items = self._items(reading, branch, value, here, deeper)
            reading.branches[position] = _distinct(items) if branch.set_like else items
        elif branch.kind is BranchKind.DICT and isinstance(value, dict):
            named = {key: self._item(reading, branch, raw, here, key, deeper) for key, raw in value.items()}
            reading.branches[position] = {key: item for key, item in named.items() if item is not None}
        else:
            wanted = "an array" if branch.kind is BranchKind.LIST else "an object"
            problem = f"{type_name(value)} where {wanted} belongs"
            reading.misplace(Misplaced(branch.path, value, here, branch.graded, problem, level, position))

    def _items(
        self, parent: Reading, branch: Branch, raws: Sequence[Json], here: Path, depth: int
    ) -> list[Item]:
        """The items of a list."""
        items: list[Item] = []
        (bound, *others) = branch.variants
        if others:
            made = (self._item(parent, branch, raw, here, at, depth) for at, raw in enumerate(raws))
            return [item for item in made if item is not None]
        found = bound.read(raws, here, parent.quotes)
        if bound.branches:
            for reading in found:
                if reading is not None:
                    self._inside(reading, depth)
        for at, reading in enumerate(found):
            item = reading or self._item(parent, branch, raws[at], here, at, depth)
            if item is not None:
                items.append(item)
        return items

    def _item(
        self, parent: Reading, branch: Branch, value: Json, base: Path, step: str | int, depth: int
    ) -> Item | None:
        """One item of a branch; `None` when absent, undecided or unreadable (then the parent keeps it)."""
        if value is None:
            return None
        if self.gold and annotation(value) is not None:
            if is_unlabelled(value):
                return None
            opened = options(value)
            readings = [self._item(parent, branch, one, base, step, depth) for one in opened if one is not None]
            flat = [
                option
                for reading in readings
                if reading is not None
                for option in (reading.options if isinstance(reading, Choices) else (reading,))
            ]
            return Choices(tuple(flat), optional=None in opened) if flat else None
        bound = variant_of(branch, value)
        if bound is None or (bound.name and not isinstance(value, dict)):
            problem = f"{type_name(value)} where an object belongs" if bound else "fits no model of the union"
            path = f"{branch.path}[]" if branch.kind is BranchKind.LIST else branch.path
            position = parent.bound.branches.index(branch)
            level = parent.bound.branch_levels[position]
            parent.misplace(Misplaced(path, value, (*base, step), branch.graded, problem, level, position))
            return None
        if self.gold and bound.compound and isinstance(value, dict):
            raws = combinations(bound, value)
            if len(raws) > 1:
                made = tuple(
                    self._record(bound, raw, base, step, parent.quotes, depth)
                    for raw in raws
                    if raw is not None
                )
                return Choices(made, optional=None in raws)
        return self._record(bound, value, base, step, parent.quotes, depth)


def _whole(bound: BoundRecord, value: Json) -> Json:
    """The record that a value is read as: itself, or under the key `WHOLE` where it is no model."""
    return value if bound.name or value is None else {WHOLE: value}


def _unlabel(reading: Reading, cells: list[object], level: Level) -> None:
    reading.special = True
    for position, _ in level.columns.values():
        cells[position] = UNLABELLED
    for position in level.branches.values():
        reading.branches[position] = UNLABELLED
    for nested in level.nested.values():
        _unlabel(reading, cells, nested)


def _place(reading: Reading, level: Level) -> Path:
    """Where a level of a reading stands."""
    return (*reading.at(), *(names[0] for names in level.keys))


def _distinct(items: list[Item]) -> list[Item]:
    """The first of equal items: scalars that compare equal, models that say the same."""
    first: dict[object, Item] = {}
    for item in items:
        scalar = item.cells[0] if isinstance(item, Reading) and not item.bound.name and item.cells else None
        first.setdefault(canonical(item) if scalar is None else scalar, item)
    return list(first.values())
