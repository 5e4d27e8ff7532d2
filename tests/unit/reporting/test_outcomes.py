from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from harness.records import Outcome, OutcomeKind, Presence
from harness.reporting.outcomes import outcome_table, place
from harness.reporting.plain import plain_text

ONE = Outcome(
    path="parts[].name",
    kind=OutcomeKind.INCORRECT,
    gold="bolts",
    predicted="nuts",
    gold_at="parts[0].name",
    predicted_at="parts[2].name",
    gold_presence=Presence.VALUE,
    predicted_presence=Presence.VALUE,
    similarity=0.25,
    comparator="Text(min_similarity=0.9)",
    reason="differs",
)


def test_what_cost_something(outcomes: tuple[Outcome, ...]) -> None:
    assert plain_text(outcome_table(outcomes, only_charged=True, title="d0")) == (
        "d0\n"
        "at                  outcome    gold        predicted  similarity  comparator                reason\n"
        "parts[1->0].amount  incorrect  9           8               0.000  Number                    differs\n"
        'parts[2].name       spurious   (left out)  "tacks"           n/a  Text(min_similarity=0.9)  '
        "its item has no counterpart\n"
        "parts[2].amount     spurious   (left out)  5                 n/a  Number                    "
        "its item has no counterpart\n"
        'parts[3].name       spurious   (left out)  "hinge"           n/a  Text(min_similarity=0.9)  '
        "its item has no counterpart\n"
        "\n"
        "4 correct, 1 incorrect, 3 spurious, 1 ungraded.\n"
        "5 that cost nothing are not shown.\n"
        "[i->j]: gold's item i is paired with the prediction's item j.\n"
    )


def test_everything(outcomes: tuple[Outcome, ...]) -> None:
    table = outcome_table(outcomes)
    assert len(table.rows) == len(outcomes)
    assert {row[1] for row in table.rows} == {"correct", "incorrect", "spurious", "ungraded"}
    assert not any("not shown" in note for note in table.notes)


def test_no_outcome() -> None:
    table = outcome_table([], only_charged=True)
    assert (table.rows, table.notes) == ((), ("No leaf was judged.",))


@pytest.mark.parametrize(
    ("gold_at", "predicted_at", "shown"),
    [
        ("a[1].b", "a[1].b", "a[1].b"),
        ("a[1].b[0]", "a[2].b[0]", "a[1->2].b[0]"),
        ("a[1].b[0]", "a[1].b[3]", "a[1].b[0->3]"),
        ("", "a[2].b", "a[2].b"),
        ("a[2].b", "", "a[2].b"),
        ("", "", "parts[].name"),
        ("a[2].b", "c", "a[2].b"),
        ("a[2].b", "a[2].c", "a[2].b"),
    ],
)
def test_where_a_leaf_stands(gold_at: str, predicted_at: str, shown: str) -> None:
    assert place(replace(ONE, gold_at=gold_at, predicted_at=predicted_at)) == shown


@pytest.mark.parametrize("presence", [Presence.NULL, Presence.LEFT_OUT, Presence.EMPTY])
def test_how_a_value_is_absent_is_told_from_a_value(presence: Presence) -> None:
    row = outcome_table([replace(ONE, gold="", gold_presence=presence)]).rows[0]
    assert row[2] == f"({presence})"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("x" * 1000, '"' + "x" * 46 + "…"),
        (12345678901234567890123456789012345678901234567890123456789, None),
        (float("nan"), "NaN"),
        ("\x1b]0;owned\x07", r'"\x1b]0;owned\x07"'),
        ({"$any": ["a", 1]}, '{"$any": ["a", 1]}'),
    ],
)
def test_text_is_cut_and_numbers_are_whole(value: Any, shown: str | None) -> None:
    row = outcome_table([replace(ONE, predicted=value)]).rows[0]
    assert row[3] == (str(value) if shown is None else shown)
