from __future__ import annotations

from harness.reporting.plain import plain_text
from harness.reporting.runs import run_table


def test_rows_of_any_kind() -> None:
    rows: list[dict[str, object]] = [
        {"run": "r1", "system": "rules", "trials": 1, "f1": 0.5, "exact": True},
        {"run": "r2", "system": "a b", "trials": 12, "f1": None, "exact": False, "more": "hidden"},
        {"run": "r3"},
    ]
    assert plain_text(run_table(rows, ["run", "system", "trials", "f1", "exact"])) == (
        "Runs\n"
        "run  system  trials     f1  exact\n"
        "r1   rules        1  0.500  yes\n"
        "r2   a b         12    n/a  no\n"
        "r3   -            -      -  -\n"
    )


def test_no_rows() -> None:
    table = run_table([], ["run", "macro_f1"], title="Stored", empty="No run is stored.")
    assert plain_text(table) == "Stored\nrun  macro f1\n\nNo run is stored.\n"


def test_a_column_that_mixes_text_and_numbers_stands_to_the_left() -> None:
    table = run_table([{"a": 1, "b": None}, {"a": "x", "b": None}], ["a", "b"])
    assert [column.right for column in table.columns] == [False, False]
