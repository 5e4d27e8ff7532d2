from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.errors import StoreError, UsageError
from harness.records import FailureKind
from harness.running.comparison import outcome_files
from harness.running.comparison.exporting import OutcomeRow, outcome_rows
from harness.running.comparison.outcome_files import write_csv, write_parquet
from tests.unit.running.comparison.test_comparing import answering
from tests.unit.running.comparison.test_operands import exported, ran
from tests.unit.running.suites_on_disk import make_suite


def test_a_row_for_every_outcome(tmp_path: Path) -> None:
    configuration = make_suite(tmp_path)
    run = ran(configuration, trials=2)
    rows = list(outcome_rows(configuration, [run]))
    assert {(row.document, row.trial) for row in rows} == {(name, trial) for name in "ab" for trial in (0, 1)}
    first = rows[0]
    assert (first.run, first.system, first.prompt, first.suite) == (run, "perfect", None, "s")
    assert (first.path, first.kind, first.gold, first.predicted) == (
        "title",
        "correct",
        '"A title"',
        '"A title"',
    )
    assert (first.gold_at, first.predicted_at, first.similarity) == ("title", "title", 1.0)
    who = [row for row in rows if row.path == "facts[].who" and row.trial == 0 and row.document == "a"]
    assert [row.gold_at for row in who] == ["facts[0].who", "facts[1].who"]


def test_absent_values_and_null_are_told_apart(tmp_path: Path) -> None:
    configuration = make_suite(tmp_path)
    ran(configuration)
    answering(
        configuration, "odd", a='{"title": null, "facts": [{"who": "Zoë", "amount": NaN}]}', b=FailureKind.EMPTY
    )
    rows = [row for row in outcome_rows(configuration, ["odd"]) if row.document == "a"]
    (title,) = (row for row in rows if row.path == "title")
    assert (title.predicted, title.predicted_presence) == ("null", "null")
    invented = [row for row in rows if row.kind == "spurious"]
    assert [(row.gold, row.gold_at, row.similarity) for row in invented] == [(None, None, None)] * 2
    assert [row.predicted for row in invented] == ['"Zo\\u00eb"', '"NaN"']
    failed = [row for row in outcome_rows(configuration, ["odd"]) if row.document == "b"]
    assert {row.kind for row in failed} == {"missing"}
    assert any(row.reason.startswith("no extraction, empty") for row in failed)


def test_several_runs_and_files(tmp_path: Path) -> None:
    configuration = make_suite(tmp_path)
    ours, theirs = ran(configuration), ran(configuration, "null")
    path = exported(configuration, theirs, tmp_path / "run.jsonl")
    rows = list(outcome_rows(configuration, [ours, str(path)]))
    assert list(dict.fromkeys(row.run for row in rows)) == [ours, theirs]


def test_progress_is_told(tmp_path: Path) -> None:
    configuration = make_suite(tmp_path)
    heard: list[tuple[str, int, int]] = []
    ran(configuration)
    list(outcome_rows(configuration, ["latest"], progress=lambda *told: heard.append(told)))
    assert heard == [("exporting answers", 1, 2), ("exporting answers", 2, 2)]


def test_parquet_is_read_back_by_its_columns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pyarrow import parquet

    monkeypatch.setattr(outcome_files, "ROWS", 3)
    configuration = make_suite(tmp_path)
    ran(configuration, "noisy")
    rows = list(outcome_rows(configuration, ["latest"]))
    path = tmp_path / "o.parquet"
    assert write_parquet(rows, path) == len(rows)
    file = parquet.ParquetFile(path)
    assert file.num_row_groups == -(-len(rows) // 3)
    table = file.read()
    assert tuple(table.column_names) == OutcomeRow._fields
    assert [OutcomeRow(**row) for row in table.to_pylist()] == rows
    assert str(table.schema.field("trial").type) == "int32"
    assert str(table.schema.field("similarity").type) == "double"


def test_csv_is_read_back(tmp_path: Path) -> None:
    configuration = make_suite(tmp_path)
    ran(configuration)
    rows = list(outcome_rows(configuration, ["latest"]))
    path = tmp_path / "o.csv"
    assert write_csv(rows, path) == len(rows)
    with path.open(encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file))
    assert [json.loads(one["gold"]) for one in found if one["gold"]] == [
        json.loads(row.gold) for row in rows if row.gold
    ]
    assert [one["path"] for one in found] == [row.path for row in rows]


@pytest.mark.parametrize("write", [write_parquet, write_csv])
def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path, write: object) -> None:
    assert callable(write)
    configuration = make_suite(tmp_path)
    ran(configuration)
    folder = tmp_path / "out"
    folder.mkdir()
    path = folder / "o.file"

    def breaking() -> Iterator[OutcomeRow]:
        yield from outcome_rows(configuration, ["latest"])
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write(breaking(), path)
    assert list(folder.iterdir()) == []
    rows = list(outcome_rows(configuration, ["latest"]))
    write(rows, path)
    before = path.read_bytes()
    with pytest.raises(StoreError, match="there already"):
        write(rows[:1], path)
    with pytest.raises(KeyboardInterrupt):
        write(breaking(), path, overwrite=True)
    assert path.read_bytes() == before
    write(rows[:1], path, overwrite=True)
    assert path.read_bytes() != before
    assert list(folder.iterdir()) == [path]
    with pytest.raises(StoreError, match="cannot be written"):
        write(rows, folder / "none" / "o.file")


def test_no_row_is_a_file_with_its_columns(tmp_path: Path) -> None:
    from pyarrow import parquet

    assert write_parquet([], tmp_path / "o.parquet") == 0
    assert tuple(parquet.read_table(tmp_path / "o.parquet").column_names) == OutcomeRow._fields
    assert write_csv([], tmp_path / "o.csv") == 0
    assert (tmp_path / "o.csv").read_text() == ",".join(OutcomeRow._fields) + "\n"


def test_without_pyarrow_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    with pytest.raises(UsageError, match="pyarrow is not installed") as caught:
        write_parquet([], tmp_path / "o.parquet")
    assert caught.value.hint == "pip install 'extraction-harness[parquet]'"
    assert list(tmp_path.iterdir()) == []
