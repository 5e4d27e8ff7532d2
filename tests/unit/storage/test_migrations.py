"""Stores of earlier versions: the files in `tests/data` were made by the harness of that time."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import pytest

from harness.errors import StoreError
from harness.records import (
    Attempt,
    Counts,
    DocumentScore,
    FactCounts,
    FailureKind,
    GroundingCounts,
    Response,
    Signature,
)
from harness.storage import Kept, RunStatus, Spending, StoredScores, migrations, open_store

DATA = Path(__file__).parents[2] / "data"
SIGNATURE = Signature((("schema", "3f|a:"), ("model", "модель\ud800")))
OK = Attempt('{"a": 1}', 0.1 + 0.2, 10, 20, "stop")
CUT = Attempt('{"a": "\ud83d', 1.5, 11, 3, "length", FailureKind.TRUNCATED, "cut \0 off")
REFUSED = Attempt(None, 3.25, failure=FailureKind.REFUSED, detail="no \ud83d\ude00 \ud800")
FIRST, SECOND, THIRD = "20261101-000000-aaaa", "20261102-000000-bbbb", "20261103-000000-cccc"


@pytest.fixture
def version_1(tmp_path: Path) -> Path:
    return Path(shutil.copy(DATA / "store-v1.sqlite", tmp_path / "runs.sqlite"))


def test_everything_of_version_1_is_found(version_1: Path) -> None:
    with open_store(version_1) as store:
        third, second, first = store.runs()
        assert [run.id for run in (first, second, third)] == [FIRST, SECOND, THIRD]
        assert (first.status, second.status, third.status) == (
            RunStatus.FINISHED,
            RunStatus.INTERRUPTED,
            RunStatus.STARTED,
        )
        assert first.summary == {"f1": 2 / 3, "precision": None}
        assert first.signature == SIGNATURE
        assert first.identity == {"kind": "rules", "note": "\0\udfff"}
        assert first.details == {"config": "/somewhere/harness.toml", "limit": "3"}
        assert (first.trials, first.documents, first.finished) == (2, 3, "2026-11-01T00:01:00.000Z")
        assert first.tags == ()
        assert list(store.takes(FIRST)) == [
            (0, Response("article", 0, (CUT, OK))),
            (0, Response("article", 1, (REFUSED,))),
            (0, Response("документ", 0, (OK,))),
        ]
        assert list(store.responses(SECOND)) == [Response("article", 0, (Attempt("{}", 0.0),))]
        assert store.standing(FIRST) == {
            ("article", 0): None,
            ("article", 1): FailureKind.REFUSED,
            ("документ", 0): None,
        }
        assert store.scores(FIRST) == StoredScores(
            SIGNATURE,
            (
                DocumentScore(
                    "article",
                    0,
                    {"deployments[].status": Counts(1, 2, 3, 4, 5, 6)},
                    {"deployments": FactCounts(1, 2, 3, 4)},
                    GroundingCounts(right_exact=2),
                    7,
                ),
                DocumentScore("article", 1, {"x\ud800": Counts(missing=2)}, failure=FailureKind.REFUSED),
            ),
        )
        assert store.scores(SECOND) is None


def test_what_version_1_did_not_know_is_said_so(version_1: Path) -> None:
    with open_store(version_1) as store:
        assert store.planned(FIRST) == ("article", "документ")
        assert store.planned(THIRD) == ()
        assert store.spending(FIRST) == Spending(3, 4, 31, 0, 43, 0, Decimal(0), 4)
        assert store.cache_stats().answers == 0


def test_an_upgraded_store_goes_on(version_1: Path) -> None:
    with open_store(version_1) as store:
        store.append(FIRST, [Kept(Response("article", 1, (OK,)), "key")])
        assert store.standing(FIRST)["article", 1] is None
        assert store.cached(["key"]) == {"key": (OK,)}
        store.tag_run(FIRST, ["old"])
        store.delete_run(SECOND)
    with open_store(version_1) as store:
        assert [run.id for run in store.runs()] == [THIRD, FIRST]
        assert store.run("old").id == FIRST


def shape(path: Path) -> set[tuple[str, ...]]:
    """Every column, key and index of a file."""
    found = set()
    with closing(sqlite3.connect(path)) as connection:
        for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            for pragma in ("table_info", "foreign_key_list", "index_list"):
                for row in connection.execute(f"PRAGMA {pragma}({table})").fetchall():
                    # Not the automatic names, and not the number that an index happens to have.
                    found.add(
                        (
                            table,
                            pragma,
                            *map(str, row if pragma != "index_list" else row[2:4]),
                            *indexed(connection, row, pragma),
                        )
                    )
            (without_rowid,) = connection.execute(
                "SELECT sql LIKE '%WITHOUT ROWID%' FROM sqlite_master WHERE name = ?", (table,)
            ).fetchone()
            found.add((table, str(without_rowid)))
    return found


def indexed(connection: sqlite3.Connection, row: tuple[str, ...], pragma: str) -> list[str]:
    if pragma != "index_list":
        return []
    return [str(name) for _, _, name in connection.execute(f"PRAGMA index_info({row[1]})")]


def test_an_upgraded_store_has_the_tables_of_a_new_one(version_1: Path, tmp_path: Path) -> None:
    open_store(version_1).close()
    open_store(tmp_path / "new.sqlite").close()
    assert shape(version_1) == shape(tmp_path / "new.sqlite")


def test_a_failed_upgrade_leaves_the_file_as_it_was(version_1: Path) -> None:
    with closing(sqlite3.connect(version_1)) as connection, connection:
        connection.execute("UPDATE responses SET attempts = CAST('[{}]' AS BLOB) WHERE number = 3")
    with pytest.raises(StoreError, match=r"runs\.sqlite: the store holds a record that cannot be read"):
        open_store(version_1)
    with closing(sqlite3.connect(version_1)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (1,)
        names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        assert names == {"runs", "responses", "score_sets", "scores"}
        assert connection.execute("SELECT count(*) FROM responses").fetchone() == (4,)


def test_four_processes_upgrade_one_store(version_1: Path) -> None:
    code = (
        "import sys; from harness.storage import open_store\n"
        "with open_store(sys.argv[1]) as store: print(len(list(store.takes('20261101-000000-aaaa'))))"
    )
    words = [sys.executable, "-c", code, str(version_1)]
    started = [
        subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(4)
    ]
    assert [process.communicate() for process in started] == [("3\n", "")] * 4


def test_every_version_has_its_step_and_its_file() -> None:
    from harness.storage.tables import VERSION

    assert sorted(migrations.STEPS) == list(range(2, VERSION + 1))
    assert all((DATA / f"store-v{version}.sqlite").exists() for version in range(1, VERSION))
