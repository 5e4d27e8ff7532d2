from __future__ import annotations

from collections.abc import Callable

from harness.records import Counts, DocumentScore
from harness.reporting.fields import field_comparison, field_table
from harness.reporting.leaderboard import Entry
from harness.reporting.plain import plain_text
from harness.scoring.evaluation import Evaluation

from .conftest import GOLD

FIELDS = """\
Fields
field           gold  predicted  correct  incorrect  missing  spurious  ungraded      P      R     F1
title              1          1        1          0        0         0         0  1.000  1.000  1.000
note               0          0        0          0        0         0         1    n/a    n/a    n/a
parts[].name       2          4        2          0        0         2         0  0.500  1.000  0.667
parts[].amount     2          3        1          1        0         1         0  0.333  0.500  0.400
all fields         5          8        4          1        0         3         1  0.500  0.857  0.632

gold = correct + incorrect + missing. predicted = correct + incorrect + spurious.
ungraded: by a mark or because gold is unlabelled there; in no other column.
Weights other than 1: 1 of 4 fields; P, R and F1 of all fields count them.
1 predicted key outside the schema; in no column.
"""


def test_every_field_with_its_counts(mixed: Evaluation) -> None:
    assert plain_text(field_table(mixed)) == FIELDS


def test_what_does_not_occur_is_not_spoken_of(perfect: Evaluation) -> None:
    table = field_table(perfect)
    assert "ungraded" not in [column.name for column in table.columns]
    assert not any("key" in note for note in table.notes)


def test_a_field_table_of_nothing(empty: Evaluation) -> None:
    table = field_table(empty)
    assert table.rows == ()
    assert table.totals == (("all fields", *["0"] * 6, *["n/a"] * 3),)
    assert table.notes == ("Neither gold nor a prediction has a value.",)


def test_one_column_a_system(perfect: Evaluation, mixed: Evaluation, empty: Evaluation) -> None:
    table = field_comparison([Entry("a", mixed), Entry("b", perfect), Entry("c", empty)])
    assert [column.name for column in table.columns] == ["field", "gold", "a", "b", "c"]
    assert table.rows == (
        ("title", "0-5", "1.000", "1.000", "n/a"),
        ("note", "0", "n/a", "n/a", "n/a"),
        ("parts[].name", "0-10", "0.667", "1.000", "n/a"),
        ("parts[].amount", "0-10", "0.400", "1.000", "n/a"),
    )
    assert table.totals == (("all fields", "0-25", "0.632", "1.000", "n/a"),)
    assert table.notes[-1].startswith("Weights other than 1: 1 of 4 fields")


def test_equal_weights_are_not_spoken_of(evaluate: Callable[..., Evaluation]) -> None:
    whole = evaluate(GOLD)
    titles = Evaluation(whole.plan, (DocumentScore("d0", 0, {"title": Counts(correct=1)}),))
    assert field_table(titles).notes == (
        "gold = correct + incorrect + missing. predicted = correct + incorrect + spurious.",
    )
    assert not any("Weights" in note for note in field_comparison([Entry("a", titles)]).notes)


def test_a_comparison_of_no_systems() -> None:
    table = field_comparison([])
    assert (table.rows, table.totals) == ((), (("all fields", "n/a"),))


def test_a_value_that_was_no_object_is_explained(evaluate: Callable[..., Evaluation]) -> None:
    unread = Evaluation(evaluate(GOLD).plan, (DocumentScore("d0", 0, {"$": Counts(spurious=1)}),))
    note = "$: a whole value that is no object, and could not be read."
    assert note in field_table(unread).notes
    assert note in field_comparison([Entry("a", unread)]).notes
