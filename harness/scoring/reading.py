"""Read a raw value by a bound record: every leaf prepared for comparison, every item found.

Reading never fails. What does not fit is kept as malformed: a leaf of the wrong type in its cell, anything
larger as `Misplaced`. Gold and predictions are read alike, but only gold's annotations are opened.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

from harness.errors import GoldError
from harness.scoring.annotations import annotation, is_unlabelled, options
from harness.scoring.binding import WHOLE, BoundRecord, Branch, BranchKind, Level
from harness.scoring.comparators import Malformed
from harness.scoring.comparators.values import type_name
from harness.scoring.readings import (
    UNLABELLED,
    Alternatives,
    BranchReading,
    Choices,
    Item,
    Misplaced,
    Reading,
    canonical,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from harness.paths import Path
    from harness.records import Json
    from harness.scoring.comparators import Prepare

DEEPEST = 64
"""How often a recursive model is followed into itself; below that a value is misplaced."""
MOST_READINGS = 256
"""How many combinations of alternatives of one fact are tried."""


def read_prediction(bound: BoundRecord, value: Json) -> Reading:
    """Read what a system extracted. `None` reads as nothing extracted."""
    return _Reader(gold=False).root(bound, value)


def read_gold(bound: BoundRecord, value: Json) -> Item:
    """Read gold, annotations opened.

    Raises:
        GoldError: When one fact has more than `MOST_READINGS` combinations of alternatives.
    """
    reader = _Reader(gold=True)
    found = tuple(reader.root(bound, raw) for raw in reader.combinations(bound, value))
    return found[0] if len(found) == 1 else Choices(found, optional=False)


def unreadable(item: Item) -> Iterator[tuple[Path, str]]:
    """Everything in gold that its leaves and lists cannot read: where it stands, and what is wrong with it."""
    for reading in item.options if isinstance(item, Choices) else (item,):
        for column, cell in zip(reading.bound.columns, reading.cells, strict=True):
            for one in cell.options if isinstance(cell, Alternatives) else (cell,):
                if isinstance(one, Malformed):
                    keys = (names[0] for names in column.keys if names[0] != WHOLE)
                    yield (*reading.at(), *keys), one.problem
        for misplaced in reading.misplaced or ():
            yield misplaced.at, misplaced.problem
        for inside in reading.branches:
            for below in _inside(inside):
                yield from unreadable(below)


def _inside(branch: BranchReading) -> list[Item]:
    if isinstance(branch, list):
        return branch
    if isinstance(branch, dict):
        return list(branch.values())
    return [branch] if isinstance(branch, Reading | Choices) else []


class _Reader:
    """Reads one side of one document."""

    __slots__ = ("gold", "stray")

    def __init__(self, *, gold: bool) -> None:
        self.gold = gold
        self.stray = 0

    def root(self, bound: BoundRecord, value: Json) -> Reading:
        if not bound.name:
            value = None if value is None else {WHOLE: value}
        reading = Reading(bound, value, (), None, None)
        self._level(reading, bound.level, value, 0)
        reading.stray = self.stray
        return reading

    def _level(self, reading: Reading, level: Level, raw: Json, depth: int) -> None:
        """Read one JSON object of a record into its reading."""
        if raw is None:
            return
        if not isinstance(raw, dict):
            problem = f"{type_name(raw)} where an object belongs"
            reading.misplace(
                Misplaced(level.path, raw, _place(reading, level), level.graded, problem, level, None)
            )
            return
        if self.gold and len(raw) == 1 and is_unlabelled(raw):
            self._unlabel(reading, level)
            return
        cells = reading.cells
        columns = level.columns
        for key, value in raw.items():
            column = columns.get(key)
            if column is not None:
                if value is not None:
                    position, prepare = column
                    cell = prepare(value)
                    if type(cell) is Malformed:
                        reading.special = True
                        if self.gold:
                            cell = self._annotated(prepare, value, cell)
                    cells[position] = cell
            elif key in level.branches:
                self._branch(reading, level, level.branches[key], value, depth)
            elif key in level.nested:
                self._level(reading, level.nested[key], value, depth)
            elif key in level.evidence:
                self._quote(reading, value)
            else:
                self.stray += 1

    def _annotated(self, prepare: Prepare, value: Json, cell: object) -> object:
        """A leaf of gold that is not plain: unlabelled, several alternatives, or really malformed."""
        if is_unlabelled(value):
            return UNLABELLED
        if annotation(value) is None:
            return cell
        return Alternatives(tuple(None if option is None else prepare(option) for option in options(value)))

    def _unlabel(self, reading: Reading, level: Level) -> None:
        reading.special = True
        for position, _ in level.columns.values():
            reading.cells[position] = UNLABELLED
        for position in level.branches.values():
            reading.branches[position] = UNLABELLED
        for nested in level.nested.values():
            self._unlabel(reading, nested)

    def _quote(self, reading: Reading, value: Json) -> None:
        quotes = reading.quotes
        assert quotes is not None  # noqa: S101 - a level with evidence belongs to a quoting record
        if isinstance(value, str):
            quotes.append(value)
        elif isinstance(value, list | tuple):
            quotes.extend(quote for quote in value if isinstance(quote, str))

    def _branch(self, reading: Reading, level: Level, position: int, value: Json, depth: int) -> None:
        branch = reading.bound.branches[position]
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
        """The items of a list; plain objects of one model, nearly all there are, go the short way."""
        items: list[Item] = []
        variants = branch.variants
        bound = variants[0] if len(variants) == 1 and variants[0].name else None
        for index, raw in enumerate(raws):
            if bound is not None and type(raw) is dict and not (self.gold and _is_open(bound.level, raw)):
                reading = Reading(bound, raw, here, index, parent.quotes)
                self._level(reading, bound.level, raw, depth)
                items.append(reading)
            elif (item := self._item(parent, branch, raw, here, index, depth)) is not None:
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
        bound = _variant(branch, value)
        if bound is None or (bound.name and not isinstance(value, dict)):
            problem = f"{type_name(value)} where an object belongs" if bound else "fits no model of the union"
            path = f"{branch.path}[]" if branch.kind is BranchKind.LIST else branch.path
            level, position = parent.bound.place_of(branch)
            parent.misplace(Misplaced(path, value, (*base, step), branch.graded, problem, level, position))
            return None
        if self.gold and bound.compound and isinstance(value, dict):
            raws = self.combinations(bound, value)
            if len(raws) > 1:
                made = tuple(
                    self._one(parent, bound, raw, base, step, depth) for raw in raws if raw is not None
                )
                return Choices(made, optional=None in raws)
        return self._one(parent, bound, value, base, step, depth)

    def _one(
        self, parent: Reading, bound: BoundRecord, value: Json, base: Path, step: str | int, depth: int
    ) -> Reading:
        raw: Json = value if bound.name else {WHOLE: value}
        reading = Reading(bound, raw, base, step, parent.quotes)
        self._level(reading, bound.level, raw, depth)
        return reading

    def combinations(self, bound: BoundRecord, value: Json) -> list[Json]:
        """The plain values of a record whose nested models and branches as a whole have alternatives.

        Alternatives of single leaves and of items stay: they are opened where they stand.
        """
        found: list[Json] = []
        for option in options(value):
            found.extend(_combined(bound.level, option) if bound.name else [option])
            if len(found) > MOST_READINGS:
                raise GoldError(
                    f"more than {MOST_READINGS} combinations of alternatives in one fact",
                    where=bound.path,
                    hint="put the alternatives on the leaves, or mark the place $unlabelled",
                )
        return found


def _place(reading: Reading, level: Level) -> Path:
    """Where a level of a reading stands."""
    return (*reading.at(), *(names[0] for names in level.keys))


def _combined(level: Level, raw: Json) -> list[Json]:
    """`raw` once for each combination of the alternatives on its nested models and branches."""
    if not isinstance(raw, dict):
        return [raw]
    choices: dict[str, list[Json]] = {}
    for key in level.compound:
        value = raw.get(key)
        if not isinstance(value, dict):
            continue
        if key in level.branches:
            opened = options(value)
        else:
            opened = [one for option in options(value) for one in _combined(level.nested[key], option)]
        if len(opened) > 1 or opened[0] is not value:
            choices[key] = opened
    if not choices:
        return [raw]
    size = 1
    for opened in choices.values():
        size *= len(opened)
    if size > MOST_READINGS:
        return [raw] * (MOST_READINGS + 1)
    return [{**raw, **dict(zip(choices, picked, strict=True))} for picked in product(*choices.values())]


def _is_open(level: Level, raw: Mapping[str, Json]) -> bool:
    """Whether an object, or one nested in it, is an annotation or holds one above its leaves."""
    if len(raw) == 1 and annotation(raw) is not None:
        return True
    for key in level.compound:
        value = raw.get(key)
        if type(value) is dict:
            nested = level.nested.get(key)
            if _is_open(nested, value) if nested is not None else annotation(value) is not None:
                return True
    return False


def _variant(branch: Branch, value: Json) -> BoundRecord | None:
    """The model of a union that a value is: the one whose tags it has and of whose keys it has most."""
    variants = branch.variants
    if len(variants) == 1:
        return variants[0]
    if not isinstance(value, dict):
        return next((bound for bound in variants if not bound.name), None)
    best: tuple[int, int] | None = None
    chosen = None
    for bound in variants:
        tagged = [key for key in bound.tags if value.get(key) is not None]
        if not bound.name or any(value[key] != bound.tags[key] for key in tagged):
            continue
        known = sum(_has(bound.level, key) for key in value)
        rank = (len(tagged), 2 * known - len(value))
        if best is None or rank > best:
            best, chosen = rank, bound
    return chosen


def _has(level: Level, key: str) -> bool:
    return key in level.columns or key in level.branches or key in level.nested or key in level.evidence


def _distinct(items: list[Item]) -> list[Item]:
    """The first of equal items: scalars that compare equal, models that say the same."""
    first: dict[object, Item] = {}
    for item in items:
        scalar = item.cells[0] if isinstance(item, Reading) and not item.bound.name and item.cells else None
        first.setdefault(canonical(item) if scalar is None else scalar, item)
    return list(first.values())
