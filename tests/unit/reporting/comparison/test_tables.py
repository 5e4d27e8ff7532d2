from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from harness.records import Comparison, Estimate, Stability
from harness.reporting.comparison.tables import (
    comparison_tables,
    expense_table,
    field_differences,
    metric_name,
    metric_table,
    name_of,
)
from harness.reporting.tables import Table
from tests.unit.reporting.decisions import BEFORE, COMPARISON, difference


def rows(table: Table) -> dict[str, tuple[str, ...]]:
    return {name: cells for name, *_cells in table.rows if (cells := tuple(_cells)) is not None}


def changed(**changes: object) -> Comparison:
    return replace(COMPARISON, **changes)  # type: ignore[arg-type]


def test_every_metric_with_both_values_points_interval_and_p() -> None:
    table = metric_table(COMPARISON)
    assert [column.name for column in table.columns] == [
        "metric",
        "rules v1",
        "rules v2",
        "points",
        "95 % interval",
        "p",
        "adjusted p",
    ]
    assert rows(table) == {
        "F1": ("0.812", "0.771", "-4.1", "-6.1 to -2.1", "0.0030", ""),
        "precision": ("0.900", "0.890", "-1.0", "-3.0 to +1.0", "0.40", "0.40"),
        "null specificity": ("n/a", "n/a", "n/a", "n/a", "n/a", "n/a"),
    }
    assert table.strong == {0}


def test_notes_say_what_the_figures_are() -> None:
    notes = metric_table(COMPARISON).notes
    assert notes[0] == "Over 40 documents. points: rules v2 - rules v1, in hundredths."
    assert "100,000 ways drawn; the least there is: <0.0001." in notes[1]
    assert "Documents exactly right: 2 lost, 0 gained (McNemar p = 0.50)." in notes
    exact = metric_table(changed(exact=True, draws=32, least_p=0.0625)).notes
    assert "each of 32 ways; the least there is: 0.062." in exact[1]


def test_without_intervals_there_is_no_such_column() -> None:
    bare = [replace(one, difference=Estimate(one.difference.value)) for one in COMPARISON.fields]
    few = changed(
        headline=replace(COMPARISON.headline, difference=Estimate(-0.041)), metrics=(), fields=tuple(bare)
    )
    assert "95 % interval" not in [column.name for column in metric_table(few).columns]
    assert "95 % interval" not in [column.name for column in field_differences(few).columns]


def test_the_fields_that_differ_worst_first() -> None:
    table = field_differences(COMPARISON)
    assert [row[0] for row in table.rows] == ["items[].amount", "total"]
    assert table.rows[0][3] == "-9.0 ~"
    assert table.strong == {0}
    assert table.notes == (
        "~ moves as far between the trials of one system.",
        "1 field with the same F1 in both is not listed.",
    )


def test_all_fields_stand_in_the_order_of_the_schema() -> None:
    assert [row[0] for row in field_differences(COMPARISON, every=True).rows] == [
        "buyer",
        "total",
        "items[].amount",
    ]


def test_fields_that_few_documents_know_say_how_many() -> None:
    few = replace(COMPARISON.fields[1], documents=3)
    table = field_differences(changed(fields=(COMPARISON.fields[0], few)))
    assert table.columns[-1].name == "docs"
    assert table.rows[0][-1] == "3"
    assert "docs" not in [column.name for column in field_differences(COMPARISON).columns]


def test_fields_without_a_value_are_named_and_a_one_sided_one_comes_last() -> None:
    empty = tuple(difference("f1", f"empty{at}", None, None, None) for at in range(7))
    one_sided = difference("f1", "one", None, 0.0, None)
    table = field_differences(changed(fields=(*empty, one_sided, *COMPARISON.fields)))
    assert table.rows[-1][:4] == ("one", "n/a", "0.000", "n/a")
    assert table.notes[-1] == "No value anywhere, so n/a: empty0, empty1, empty2, empty3, empty4 and 2 more."


def test_what_it_took() -> None:
    table = expense_table(COMPARISON)
    assert rows(table) == {
        "answers": ("40", "40"),
        "failed": ("1", "2"),
        "cost": ("$0.8000", "$1.20 + 2 unpriced"),
        "cost an answer": ("$0.0200", "$0.0300"),
        "tokens in": ("1,000", "1,000"),
        "tokens out": ("100", "100"),
        "latency p50": ("0.4s", "0.5s"),
        "latency p95": ("1.2s", "1m15s"),
    }
    assert table.notes[0] == "rules v1 failed: 1 refused; each misses every gold value."


def test_what_cost_nothing_and_used_no_token_has_no_such_rows() -> None:
    free = replace(
        BEFORE, expense=replace(BEFORE.expense, cost=Decimal(0), input_tokens=0, output_tokens=0, failures=())
    )
    table = expense_table(changed(baseline=free, candidate=free))
    assert [row[0] for row in table.rows] == ["answers", "failed", "latency p50", "latency p95"]
    assert table.notes == ()


def test_an_unknown_cost_is_never_nothing() -> None:
    unknown = replace(BEFORE, expense=replace(BEFORE.expense, cost=Decimal(0), unpriced=3))
    nothing = replace(BEFORE, expense=replace(BEFORE.expense, answers=0, latency_p50=None))
    table = rows(expense_table(changed(baseline=unknown, candidate=nothing)))
    assert table["cost"][0] == "3 unpriced"
    assert table["cost an answer"] == ("n/a", "n/a")
    assert table["latency p50"][1] == "n/a"


def test_trials_show_how_steady_they_are() -> None:
    steady = replace(BEFORE, stability=Stability(3, 0.25, (0.5, 0.3, 0.25), 0.4))
    table = expense_table(changed(baseline=steady))
    assert rows(table)["trials"] == ("3", "1")
    assert rows(table)["flip rate"] == ("0.400", "n/a")
    assert "rules v1: documents right in k of k trials (pass^k): 1 0.500, 2 0.300, 3 0.250." in table.notes


def test_being_right_in_all_is_compared_over_as_many_trials() -> None:
    thrice = replace(BEFORE, stability=Stability(3, 0.25, (0.5, 0.3, 0.25), 0.4))
    other = replace(BEFORE, stability=Stability(3, 0.5, (0.5, 0.5, 0.5), 0.0))
    twice = replace(BEFORE, stability=Stability(2, 0.4, (0.5, 0.4), 0.2))
    alike = rows(expense_table(changed(baseline=thrice, candidate=other)))
    assert alike["docs right in all"] == ("10/40", "20/40")
    unlike = rows(expense_table(changed(baseline=thrice, candidate=twice)))
    assert unlike["docs right, pass^2"] == ("12/40", "16/40")
    assert rows(expense_table(changed(baseline=thrice)))["docs right, pass^1"] == ("20/40", "20/40")


def test_the_least_p_is_that_of_the_ways_that_were_looked_at() -> None:
    def said(**changes: object) -> str:
        return metric_table(changed(**changes)).notes[1]

    swapping = "p: swapping documents between the runs, "
    five_of_six = said(documents=6, exact=True, draws=32, least_p=2 / 2**6)
    assert five_of_six == f"{swapping}each of 32 ways; the least there is: 0.062."
    assert said(exact=True, draws=2, least_p=2**-5) == f"{swapping}each of 2 ways; the least there is: 1."
    none = said(exact=True, draws=1, least_p=2**-5)
    assert none == "p: no document differs in any of these figures, so p is 1."
    assert said(draws=1, least_p=0.5) == f"{swapping}1 way drawn; the least there is: 0.50."


def test_many_documents_have_separators() -> None:
    assert metric_table(changed(documents=2627)).notes[0].startswith("Over 2,627 documents. ")


def test_the_tables_in_their_order() -> None:
    titles = [table.title for table in comparison_tables(COMPARISON)]
    assert titles == [
        "rules v1 and rules v2",
        "F1 by field",
        "Documents that differ, worst first",
        "Leaves that flipped, worst first",
        "What it took",
    ]
    same = changed(flipped_documents=(), flipped_leaves=(), noise=0)
    assert len(comparison_tables(same)) == 3


def test_runs_that_are_called_the_same_are_told_apart() -> None:
    names = [column.name for column in metric_table(changed(candidate=BEFORE)).columns]
    assert names[1:3] == ["rules v1 before", "rules v1 after"]


def test_an_instrument_has_a_star_and_a_long_or_hostile_name_is_made_safe() -> None:
    assert name_of(replace(BEFORE, instrument=True)) == "rules v1*"
    assert name_of(replace(BEFORE, label="\x1b[31mred")) == "\\x1b[31mred"
    assert len(name_of(replace(BEFORE, label="x" * 500))) == 40


@pytest.mark.parametrize(
    ("metric", "name"), [("f1", "F1"), ("document_f1", "document F1"), ("recall", "recall")]
)
def test_names_of_metrics(metric: str, name: str) -> None:
    assert metric_name(metric) == name
