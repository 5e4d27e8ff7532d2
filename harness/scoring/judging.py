"""Judge a document: from gold and a prediction to the outcome of every leaf.

Leaves are judged record by record: a row tells the kinds of all leaves of a record, or pair of records. Scoring
adds up whole rows and makes nothing for the single leaf.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.records import Counts, FactCounts
from harness.scoring.agreement import best_reading, is_charged, match, of_cells, plain
from harness.scoring.alignment import Pairing
from harness.scoring.bound import BoundRecord
from harness.scoring.kinds import (
    ABSENT,
    CORRECT,
    INCORRECT,
    MISSING,
    NOTHING,
    SILENT,
    SPURIOUS,
    UNGRADED,
    WRONG,
    counted,
)
from harness.scoring.readings import UNLABELLED, Alternatives, Choices, Misplaced, Reading, Unlabelled

if TYPE_CHECKING:
    from harness.scoring.bound import Branch, Column
    from harness.scoring.readings import BranchReading, Item

Kinds = tuple[int, ...]
Row = tuple[BoundRecord | Misplaced, Kinds, Reading | None, Reading | None]
"""What a record was read by, the kinds of its leaves, the readings of gold and of the prediction, `None` for a
counterpart that lacks; or something that could not be read, and its kind."""


class Judgement:
    """All verdicts on one document.

    Attributes:
        rows: In the order of the schema and, within a list, of gold.
        facts: Path of a list of models to right, wrong, missing and spurious facts.
        pair: Pairs the items of lists.
    """

    __slots__ = ("facts", "pair", "rows")

    def __init__(self) -> None:
        self.pair = Pairing()
        self.rows: list[Row] = []
        self.facts: dict[str, list[int]] = {}

    def counts(self) -> dict[str, Counts]:
        """Field path to its counts."""
        rows: dict[BoundRecord | Misplaced, list[Kinds]] = {}
        for place, kinds, _, _ in self.rows:
            if place in rows:
                rows[place].append(kinds)
            else:
                rows[place] = [kinds]
        leaves: dict[str, Counts] = {}
        for place, found in rows.items():
            for path, counts in zip(place.paths, counted(found), strict=True):
                if counts is not NOTHING:
                    leaves[path] = leaves[path].plus(counts) if path in leaves else counts
        return leaves

    def fact_counts(self) -> dict[str, FactCounts]:
        """Path of a list of models to its counts."""
        return {path: FactCounts(*counts) for path, counts in self.facts.items()}


def judge(gold: Item, predicted: Reading) -> Judgement:
    """Judge a prediction against gold, gold at the reading that agrees best with it."""
    judgement = Judgement()
    reading, _ = best_reading(gold, predicted, judgement.pair) if isinstance(gold, Choices) else (gold, None)
    _records(judgement, reading, predicted)
    return judgement


def _records(judgement: Judgement, gold: Reading, predicted: Reading) -> bool:
    """Judge a pair of records; whether all graded leaves are right or absent on both sides."""
    bound, wanted, given = gold.bound, gold.cells, predicted.cells
    if wanted == given and None not in wanted:
        kinds, clean = bound.agreeing, True
    else:
        special = gold.special or predicted.special
        kinds = tuple(map(kind_of, bound.columns, wanted, given)) if special else bound.kinds(wanted, given)
        clean = WRONG.isdisjoint(kinds)
    judgement.rows.append((bound, kinds, gold, predicted))
    if gold.misplaced or predicted.misplaced:
        clean &= _misplaced(judgement, gold, MISSING) & _misplaced(judgement, predicted, SPURIOUS, gold)
    if bound.branches:
        for branch, ours, theirs in zip(bound.branches, gold.branches, predicted.branches, strict=True):
            if ours is not None or theirs is not None:
                clean &= _branch(judgement, branch, ours, theirs)
    return clean


def kind_of(column: Column, wanted: object, given: object) -> int:
    """The kind of one leaf."""
    if not column.graded:
        return SILENT if wanted is None and given is None else UNGRADED
    if wanted is None:
        return ABSENT if given is None else SPURIOUS
    if wanted == given:
        return CORRECT
    if wanted is UNLABELLED:
        return SILENT if given is None else UNGRADED
    if type(wanted) is Alternatives:
        return _kind_of_open(column, wanted, given)
    if given is None:
        return MISSING
    return CORRECT if of_cells(column, wanted, given)[2] else INCORRECT


def _kind_of_open(column: Column, wanted: Alternatives, given: object) -> int:
    """The kind of a leaf with several right values."""
    if given is None:
        return ABSENT if None in wanted.options else MISSING
    if of_cells(column, wanted, given)[2]:
        return CORRECT
    return SPURIOUS if wanted.options[0] is None else INCORRECT


def _branch(judgement: Judgement, branch: Branch, gold: BranchReading, predicted: BranchReading) -> bool:
    if isinstance(gold, Unlabelled) or not branch.graded:
        for items in (gold, predicted):
            if items is not None and not isinstance(items, Unlabelled):
                for item in _items(items):
                    _alone(judgement, plain(item), UNGRADED)
        return True
    matched, only_gold, only_predicted = match(branch, gold, predicted, judgement.pair)
    facts = judgement.facts.setdefault(branch.path, [0, 0, 0, 0]) if branch.facts else None
    rights = 0
    for ours, theirs in matched:
        given = theirs if isinstance(theirs, Reading) else plain(theirs)
        reading = ours if isinstance(ours, Reading) else best_reading(ours, given, judgement.pair)[0]
        rights += _records(judgement, reading, given)
    clean = rights == len(matched)
    if facts is not None:
        facts[0] += rights
        facts[1] += len(matched) - rights
    for item in only_gold:
        if isinstance(item, Choices) and item.optional:
            continue
        charged = _alone(judgement, plain(item), MISSING)
        clean &= not charged
        if facts is not None:
            facts[2] += charged
    for item in only_predicted:
        charged = _alone(judgement, plain(item), SPURIOUS)
        clean &= not charged
        if facts is not None:
            facts[3] += charged
    return clean


def _items(value: BranchReading) -> list[Item]:
    if isinstance(value, list):
        return value
    if isinstance(value, dict):
        return list(value.values())
    return [] if value is None or isinstance(value, Unlabelled) else [value]


def _alone(judgement: Judgement, reading: Reading, kind: int) -> bool:
    """Judge a record that has no counterpart: each present leaf is of one kind. Whether any was charged."""
    ours, theirs = (reading, None) if kind == MISSING else (None, reading)
    bound = reading.bound
    kinds = tuple(
        [_kind_alone(column, cell, kind) for column, cell in zip(bound.columns, reading.cells, strict=True)]
    )
    judgement.rows.append((bound, kinds, ours, theirs))
    charged = not WRONG.isdisjoint(kinds)
    if reading.misplaced:
        charged |= not _misplaced(judgement, reading, kind)
    for branch, inside in zip(bound.branches, reading.branches, strict=True):
        for item in _items(inside):
            if isinstance(item, Choices) and item.optional and kind == MISSING:
                continue
            below = _alone(judgement, plain(item), kind if branch.graded else UNGRADED)
            charged |= below
            if branch.facts and branch.graded and below:
                judgement.facts.setdefault(branch.path, [0, 0, 0, 0])[2 if kind == MISSING else 3] += 1
    return charged


def _kind_alone(column: Column, cell: object, kind: int) -> int:
    """The kind of a leaf of a record that has no counterpart and is `kind`."""
    if cell is None:
        return SILENT
    if kind == UNGRADED or not column.graded:
        return UNGRADED
    return kind if is_charged(cell) else SILENT


def _misplaced(judgement: Judgement, reading: Reading, kind: int, gold: Reading | None = None) -> bool:
    """Judge what could not be read in a record; whether nothing was charged.

    Args:
        judgement: Takes the verdicts.
        reading: The record.
        kind: What a charged place is.
        gold: Its counterpart, which may leave the place undecided.
    """
    ours, theirs = (reading, None) if kind == MISSING else (None, reading)
    clean = True
    for one in reading.misplaced or ():
        charged = one.graded and kind != UNGRADED and (gold is None or gold.is_decided(one))
        judgement.rows.append((one, (kind if charged else UNGRADED,), ours, theirs))
        clean &= not charged
        if charged and one.branch is not None:
            branch = reading.bound.branches[one.branch]
            if branch.facts and one.path != branch.path:  # an item of the list, not the list itself
                judgement.facts.setdefault(branch.path, [0, 0, 0, 0])[2 if kind == MISSING else 3] += 1
    return clean
