"""Why a document got its score: one row a judged leaf."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from harness.records import OutcomeKind, Presence
from harness.reporting.figures import score
from harness.reporting.tables import Column, Holds, Table
from harness.reporting.visible import value_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from harness.records import Json, Outcome

LONGEST_VALUE = 48
"""A longer value is cut in the table; the JSON has it whole."""
_CHARGED = (OutcomeKind.INCORRECT, OutcomeKind.MISSING, OutcomeKind.SPURIOUS)
_POSITION = re.compile(r"\[(\d+)\]")


def outcome_table(outcomes: Iterable[Outcome], *, only_charged: bool = False, title: str = "Outcomes") -> Table:
    """A row for each outcome, in the order given.

    Args:
        outcomes: What `Scorer.explain` gave.
        only_charged: Leave out what cost nothing: correct, absent and ungraded leaves.
        title: The table's title, such as the document's name.
    """
    outcomes = tuple(outcomes)
    shown = [one for one in outcomes if one.kind in _CHARGED] if only_charged else outcomes
    columns = (
        Column("at", Holds.PATH),
        Column("outcome", Holds.VERDICT),
        Column("gold", Holds.VALUE),
        Column("predicted", Holds.VALUE),
        Column("similarity", Holds.NUMBER, "sim"),
        Column("comparator", Holds.NAME),
        Column("reason"),
    )
    rows = tuple(
        (
            place(one),
            str(one.kind),
            _value(one.gold, one.gold_presence),
            _value(one.predicted, one.predicted_presence),
            score(one.similarity),
            one.comparator,
            one.reason,
        )
        for one in shown
    )
    return Table(title, columns, rows, notes=tuple(_notes(outcomes, rows, hidden=len(outcomes) - len(shown))))


def place(outcome: Outcome) -> str:
    """Where the leaf stands: gold's place, or the prediction's where gold has none.

    Paired items often stand at different positions: `deployments[2->0].status` is gold's item 2, paired with
    the prediction's item 0.
    """
    gold, predicted = outcome.gold_at, outcome.predicted_at
    if not gold or not predicted or gold == predicted:
        return gold or predicted or outcome.path
    ours, theirs = _POSITION.split(gold), _POSITION.split(predicted)
    if ours[::2] != theirs[::2]:
        return gold
    positions = [
        f"[{one}]" if one == other else f"[{one}->{other}]"
        for one, other in zip(ours[1::2], theirs[1::2], strict=True)
    ]
    return "".join(text + at for text, at in zip(ours[::2], [*positions, ""], strict=True))


def _value(value: Json, presence: Presence) -> str:
    return value_text(value, LONGEST_VALUE) if presence is Presence.VALUE else f"({presence})"


def _notes(outcomes: tuple[Outcome, ...], rows: Iterable[tuple[str, ...]], *, hidden: int) -> Iterable[str]:
    counted = Counter(one.kind for one in outcomes)
    counts = ", ".join(f"{counted[kind]} {kind}" for kind in OutcomeKind if counted[kind])
    yield f"{counts or 'No leaf was judged'}."
    if hidden:
        yield f"{hidden} that cost nothing are not shown."
    if any("->" in row[0] for row in rows):
        yield "[i->j]: gold's item i is paired with the prediction's item j."
