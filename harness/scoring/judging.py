"""Judge a document: from gold and a prediction to the outcome of every leaf."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.paths import render
from harness.records import FactCounts, Outcome, OutcomeKind, Presence
from harness.scoring.agreement import best_reading, is_charged, match, of_cells, plain
from harness.scoring.alignment import Pairing
from harness.scoring.binding import WHOLE, Column
from harness.scoring.comparators import Malformed
from harness.scoring.readings import UNLABELLED, Alternatives, Choices, Misplaced, Unlabelled

if TYPE_CHECKING:
    from harness.paths import Path
    from harness.records import Json
    from harness.scoring.binding import Branch
    from harness.scoring.readings import BranchReading, Item, Reading

CORRECT, INCORRECT, MISSING, SPURIOUS, ABSENT, UNGRADED = range(6)
"""Positions of the outcomes in `Counts`."""

KINDS = tuple(OutcomeKind)


Verdict = tuple[int, Column | Misplaced, "Reading | None", "Reading | None", float | None]
"""One leaf judged; a bare tuple, since there are many, of which `explained` makes an `Outcome`: the position of
the kind in `KINDS`; the leaf's column, or what could not be read; the readings that gold's and the predicted
side stand in, `None` for an item that has no counterpart; the similarity, `None` when one side is absent."""


class Judgement:
    """All verdicts on one document.

    Attributes:
        verdicts: One a leaf.
        facts: Path of a list of models to right, wrong, missing and spurious facts.
        pair: Pairs the items of lists.
    """

    __slots__ = ("facts", "pair", "verdicts")

    def __init__(self) -> None:
        self.pair = Pairing()
        self.verdicts: list[Verdict] = []
        self.facts: dict[str, list[int]] = {}

    def fact_counts(self) -> dict[str, FactCounts]:
        """The facts as records."""
        return {path: FactCounts(*counts) for path, counts in self.facts.items()}


def judge(gold: Item, predicted: Reading) -> Judgement:
    """Judge a prediction against gold, gold at the reading that agrees best with it."""
    judgement = Judgement()
    reading, _ = best_reading(gold, predicted, judgement.pair) if isinstance(gold, Choices) else (gold, None)
    _records(judgement, reading, predicted)
    return judgement


def _records(judgement: Judgement, gold: Reading, predicted: Reading) -> bool:
    """Judge a pair of records; whether all graded leaves are right or absent on both sides."""
    emit = judgement.verdicts.append
    clean = True
    all_graded = gold.bound.all_graded
    # Both sides have a cell for each column: a strict zip would only cost time, a tenth of all scoring.
    for column, wanted, given in zip(gold.bound.columns, gold.cells, predicted.cells):  # noqa: B905
        if not (all_graded or column.graded):
            if wanted is not None or given is not None:
                emit((UNGRADED, column, gold, predicted, None))
        elif wanted is None:
            if given is None:
                emit((ABSENT, column, gold, predicted, None))
            else:
                emit((SPURIOUS, column, gold, predicted, None))
                clean = False
        elif wanted == given:
            emit((CORRECT, column, gold, predicted, 1.0))
        elif wanted is UNLABELLED or type(wanted) is Alternatives:
            clean &= _open_leaf(judgement, column, gold, predicted, wanted, given)
        elif given is None:
            emit((MISSING, column, gold, predicted, None))
            clean = False
        else:
            shared, _, right = of_cells(column, wanted, given)
            emit((CORRECT if right else INCORRECT, column, gold, predicted, shared / column.weight))
            clean &= right
    if gold.misplaced or predicted.misplaced:
        clean &= _misplaced(judgement, gold, MISSING) & _misplaced(judgement, predicted, SPURIOUS, gold)
    for branch, ours, theirs in zip(gold.bound.branches, gold.branches, predicted.branches, strict=True):
        if ours is not None or theirs is not None:
            clean &= _branch(judgement, branch, ours, theirs)
    return clean


def _open_leaf(
    judgement: Judgement, column: Column, gold: Reading, predicted: Reading, wanted: object, given: object
) -> bool:
    """A leaf that gold leaves open: unlabelled, or with alternatives."""
    if type(wanted) is not Alternatives:
        if given is not None:
            judgement.verdicts.append((UNGRADED, column, gold, predicted, None))
        return True
    shared, _, right = of_cells(column, wanted, given)
    if given is None:
        kind, similarity = (ABSENT if None in wanted.options else MISSING), None
    elif wanted.options[0] is None and not right:
        kind, similarity = SPURIOUS, None
    else:
        kind, similarity = (CORRECT if right else INCORRECT), shared / column.weight
    judgement.verdicts.append((kind, column, gold, predicted, similarity))
    return kind in (CORRECT, ABSENT)


def _branch(judgement: Judgement, branch: Branch, gold: BranchReading, predicted: BranchReading) -> bool:
    if isinstance(gold, Unlabelled) or not branch.graded:
        for items in (gold, predicted):
            if items is not None and not isinstance(items, Unlabelled):
                for item in _items(items):
                    _alone(judgement, plain(item), UNGRADED)
        return True
    matched, only_gold, only_predicted = match(branch, gold, predicted, judgement.pair)
    clean = True
    facts = judgement.facts.setdefault(branch.path, [0, 0, 0, 0]) if branch.facts else None
    for ours, theirs in matched:
        given = plain(theirs)
        reading, _ = best_reading(ours, given, judgement.pair) if isinstance(ours, Choices) else (ours, None)
        right = _records(judgement, reading, given)
        clean &= right
        if facts is not None:
            facts[0 if right else 1] += 1
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
    charged = False
    for column, cell in zip(reading.bound.columns, reading.cells, strict=True):
        if cell is None:
            continue
        if not column.graded or kind == UNGRADED:
            judgement.verdicts.append((UNGRADED, column, ours, theirs, None))
        elif is_charged(cell):
            judgement.verdicts.append((kind, column, ours, theirs, None))
            charged = True
    if reading.misplaced:
        charged |= not _misplaced(judgement, reading, kind)
    for branch, inside in zip(reading.bound.branches, reading.branches, strict=True):
        for item in _items(inside):
            if isinstance(item, Choices) and item.optional and kind == MISSING:
                continue
            below = _alone(judgement, plain(item), kind if branch.graded else UNGRADED)
            charged |= below
            if branch.facts and branch.graded and below:
                judgement.facts.setdefault(branch.path, [0, 0, 0, 0])[2 if kind == MISSING else 3] += 1
    return charged


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
        judgement.verdicts.append((kind if charged else UNGRADED, one, ours, theirs, None))
        clean &= not charged
        if charged and one.branch is not None:
            branch = reading.bound.branches[one.branch]
            if branch.facts and one.path != branch.path:  # an item of the list, not the list itself
                judgement.facts.setdefault(branch.path, [0, 0, 0, 0])[2 if kind == MISSING else 3] += 1
    return clean


def explained(verdict: Verdict) -> Outcome:
    """A verdict with everything that explains it."""
    position, place, gold_reading, predicted_reading, similarity = verdict
    kind = KINDS[position]
    if isinstance(place, Misplaced):
        gold, predicted = (place.raw, None) if gold_reading is not None else (None, place.raw)
        at = render(place.at)
        gold_at, predicted_at = (at, "") if gold_reading is not None else ("", at)
        present = (Presence.VALUE, Presence.LEFT_OUT)
        presences = present if gold_reading is not None else present[::-1]
        return Outcome(
            place.path, kind, gold, predicted, gold_at, predicted_at, *presences, None, "none", place.problem
        )
    gold, gold_at, gold_presence = _side(place, gold_reading)
    predicted, predicted_at, predicted_presence = _side(place, predicted_reading)
    return Outcome(
        place.path,
        kind,
        gold,
        predicted,
        gold_at,
        predicted_at,
        gold_presence,
        predicted_presence,
        similarity,
        place.name,
        _reason(verdict, place, predicted_presence),
    )


def _side(column: Column, reading: Reading | None) -> tuple[Json, str, Presence]:
    """The raw value of one side, where it stands, and how it is there or not."""
    if reading is None:
        return None, "", Presence.LEFT_OUT
    value: Json = reading.raw
    at: Path = reading.at()
    for names in column.keys:
        key = next((name for name in names if isinstance(value, dict) and name in value), None)
        at = at if names[0] == WHOLE else (*at, key or names[0])
        if key is None or not isinstance(value, dict):
            return None, render(at), Presence.LEFT_OUT
        value = value[key]
    cell = reading.cells[reading.bound.columns.index(column)]
    if value is None:
        return None, render(at), Presence.NULL
    return (value, render(at), Presence.EMPTY if cell is None else Presence.VALUE)


def _reason(verdict: Verdict, column: Column, predicted_presence: Presence) -> str:
    kind, _, gold, predicted, similarity = verdict
    wanted = _cell(gold, column)
    given = _cell(predicted, column)
    if kind == UNGRADED:
        return "the mark Ungraded" if not column.graded else "gold is unlabelled here"
    if kind in (MISSING, SPURIOUS) and (gold is None or predicted is None):
        return "its item has no counterpart"
    if kind == MISSING:
        return f"the prediction is {predicted_presence}"
    if isinstance(given, Malformed):
        return given.problem
    if kind == SPURIOUS:
        return "gold is absent"
    if kind == ABSENT:
        return "gold may be absent" if type(wanted) is Alternatives else "absent on both sides"
    among = " with one of the alternatives" if type(wanted) is Alternatives else ""
    if isinstance(wanted, Malformed):
        return f"gold: {wanted.problem}"
    if kind == CORRECT:
        same = similarity == 1.0
        return f"{'agrees' if same else f'similar enough, from {column.comparator.right_from:.2g} on'}{among}"
    if similarity:
        return f"similar, but right only from {column.comparator.right_from:.2g} on{among}"
    return f"differs{' from every alternative' if among else ''}"


def _cell(reading: Reading | None, column: Column) -> object:
    return None if reading is None else reading.cells[reading.bound.columns.index(column)]
