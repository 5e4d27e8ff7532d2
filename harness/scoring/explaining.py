"""Explain a judgement: from its rows to an outcome for every leaf, with all that a reader asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.paths import render
from harness.records import Outcome, Presence
from harness.scoring.agreement import of_cells
from harness.scoring.comparators import Malformed
from harness.scoring.kinds import ABSENT, CORRECT, INCORRECT, KINDS, MISSING, SILENT, SPURIOUS, UNGRADED
from harness.scoring.readings import WHOLE, Alternatives, Misplaced

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from harness.paths import Path
    from harness.records import Json
    from harness.scoring.bound import Column
    from harness.scoring.judging import Row
    from harness.scoring.readings import Reading


def explained(rows: Iterable[Row]) -> Iterator[Outcome]:
    """The outcome of every leaf, in the order of the rows."""
    for place, kinds, gold, predicted in rows:
        if isinstance(place, Misplaced):
            yield _misplaced(place, kinds[0], gold is not None)
            continue
        for position, (column, kind) in enumerate(zip(place.columns, kinds, strict=True)):
            if kind != SILENT:
                yield _leaf(column, position, kind, gold, predicted)


def _misplaced(place: Misplaced, kind: int, in_gold: bool) -> Outcome:
    """What could not be read stands on one side alone."""
    at = render(place.at)
    gold, predicted = (place.raw, None) if in_gold else (None, place.raw)
    gold_at, predicted_at = (at, "") if in_gold else ("", at)
    there, missing = Presence.VALUE, Presence.LEFT_OUT
    presences = (there, missing) if in_gold else (missing, there)
    return Outcome(
        place.path,
        KINDS[kind],
        gold,
        predicted,
        gold_at,
        predicted_at,
        *presences,
        None,
        "none",
        place.problem,
    )


def _leaf(
    column: Column, position: int, kind: int, gold_reading: Reading | None, predicted_reading: Reading | None
) -> Outcome:
    gold, gold_at, gold_presence = _side(column, position, gold_reading)
    predicted, predicted_at, predicted_presence = _side(column, position, predicted_reading)
    wanted, given = (
        None if reading is None else reading.cells[position] for reading in (gold_reading, predicted_reading)
    )
    similarity = of_cells(column, wanted, given)[0] / column.weight if kind in (CORRECT, INCORRECT) else None
    if kind in (MISSING, SPURIOUS) and (gold_reading is None or predicted_reading is None):
        reason = "its item has no counterpart"
    elif kind == MISSING:
        reason = f"the prediction is {predicted_presence}"
    else:
        reason = _reason(column, kind, wanted, given, similarity)
    return Outcome(
        column.path,
        KINDS[kind],
        gold,
        predicted,
        gold_at,
        predicted_at,
        gold_presence,
        predicted_presence,
        similarity,
        column.name,
        reason,
    )


def _side(column: Column, position: int, reading: Reading | None) -> tuple[Json, str, Presence]:
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
    if value is None:
        return None, render(at), Presence.NULL
    return (value, render(at), Presence.EMPTY if reading.cells[position] is None else Presence.VALUE)


def _reason(column: Column, kind: int, wanted: object, given: object, similarity: float | None) -> str:
    if kind == UNGRADED:
        return "the mark Ungraded" if not column.graded else "gold is unlabelled here"
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
