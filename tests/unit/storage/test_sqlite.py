"""What a SQLite file can be like when a store is opened in it."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

from harness.errors import StoreError
from harness.records import Attempt, Response, Signature
from harness.storage import Kept, RunRecord, RunStatus, Store, open_store

RUN = RunRecord("r", "suite", "system", RunStatus.STARTED, "2026-11-22T05:34:40Z", None, 1, 3, Signature(()))


def response(document: str, raw: str = "{}") -> Response:
    return Response(document, 0, (Attempt(raw, 0.5),))


def kept(document: str, raw: str = "{}") -> list[Kept]:
    return [Kept(response(document, raw))]


def make(path: Path) -> None:
    with open_store(path) as store:
        store.create_run(RUN, ["a"])
        store.append("r", kept("a"))


def query(path: Path, statement: str) -> Any:
    with closing(sqlite3.connect(path)) as connection, connection:
        return connection.execute(statement).fetchone()


def test_makes_the_folder_and_keeps_it_out_of_a_repository(tmp_path: Path) -> None:
    path = tmp_path / "new" / ".harness" / "runs.sqlite"
    make(path)
    assert (path.parent / ".gitignore").read_text() == "*\n"
    assert not (tmp_path / "new" / ".gitignore").exists()


def test_leaves_a_folder_that_was_there_alone(tmp_path: Path) -> None:
    make(tmp_path / "runs.sqlite")
    assert [path.name for path in tmp_path.iterdir()] == ["runs.sqlite"]


def test_the_file_has_a_version_and_a_write_ahead_log(tmp_path: Path) -> None:
    make(tmp_path / "runs.sqlite")
    assert query(tmp_path / "runs.sqlite", "PRAGMA user_version") == (2,)
    assert query(tmp_path / "runs.sqlite", "PRAGMA journal_mode") == ("wal",)


def test_an_empty_file_becomes_a_store(tmp_path: Path) -> None:
    (tmp_path / "runs.sqlite").touch()
    make(tmp_path / "runs.sqlite")


def test_a_path_with_special_characters_is_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in (":memory:", "a?b=c#d%20.sqlite", "файл.sqlite"):
        make(Path(name))
        assert (tmp_path / name).stat().st_size > 0


def test_refuses_a_newer_version_and_leaves_it_alone(tmp_path: Path) -> None:
    path = tmp_path / "runs.sqlite"
    make(path)
    query(path, "PRAGMA user_version = 7")
    before = path.read_bytes()
    with pytest.raises(StoreError, match="has version 7; this harness reads version 2\n  update"):
        open_store(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("version", [0, 1, 7])
def test_refuses_the_database_of_something_else(tmp_path: Path, version: int) -> None:
    path = tmp_path / "other.sqlite"
    query(path, "CREATE TABLE bookmarks (url)")
    query(path, f"PRAGMA user_version = {version}")
    with pytest.raises(StoreError, match=r"other\.sqlite: this is a SQLite database, but not a store"):
        open_store(path)


def test_refuses_a_file_that_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "runs.sqlite"
    path.write_text("just some words, and enough of them to fill a header of a hundred bytes. " * 10)
    with pytest.raises(StoreError, match=r"runs\.sqlite: .*not a database\n  this file is not a store"):
        open_store(path)


def test_refuses_a_folder_and_a_file_for_a_folder(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="the store is a folder"):
        open_store(tmp_path)
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="cannot be made"):
        open_store(tmp_path / "file" / "runs.sqlite")


def test_a_damaged_page_is_an_error_with_the_file(tmp_path: Path) -> None:
    path = tmp_path / "runs.sqlite"
    make(path)
    with open_store(path) as store:
        store.append("r", [Kept(response(f"d{number}", "x" * 5000)) for number in range(50)])
    data = bytearray(path.read_bytes())
    for offset in range(4096 * 4, len(data)):
        data[offset] = 0x55
    path.write_bytes(data)
    with open_store(path) as store, pytest.raises(StoreError, match=r"runs\.sqlite: .*\n  .*restore a copy"):
        list(store.responses("r"))


def test_a_changed_record_is_an_error_with_the_file(tmp_path: Path) -> None:
    path = tmp_path / "runs.sqlite"
    make(path)
    query(path, "UPDATE answers SET attempts = CAST('[{}]' AS BLOB)")
    with open_store(path) as store, pytest.raises(StoreError, match="cannot be read"):
        list(store.responses("r"))


def test_a_full_disk_keeps_what_was_stored(tmp_path: Path) -> None:
    path = tmp_path / "runs.sqlite"
    make(path)

    def limit(connection: sqlite3.Connection, _record: object) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages + 5}")

    event.listen(Engine, "connect", limit)
    try:
        with open_store(path) as store:
            store.append("r", kept("b"))
            with pytest.raises(StoreError, match=r"runs\.sqlite: .*full\n  free space"):
                store.append("r", kept("c", "x" * 100_000))
            with pytest.raises(StoreError, match="full"):
                store.create_run(replace(RUN, id="s"), [f"{number**9:x}" for number in range(20_000)])
            assert [one.document for one in store.responses("r")] == ["a", "b"]
    finally:
        event.remove(Engine, "connect", limit)
    with open_store(path) as store:
        store.append("r", kept("c", "x" * 100_000))
        assert [run.id for run in store.runs()] == ["r"]


# In a process of its own, since the superuser, whom nothing stops, has to become somebody else first.
AS_NOBODY = """
import os, sys
from pathlib import Path
from harness.errors import StoreError
from harness.records import Attempt, Response
from harness.storage import Kept, open_store
import harness.storage.sql, harness.storage.sqlite
import sqlalchemy.dialects.sqlite.pysqlite
user = os.geteuid()
if user == 0:
    os.seteuid(65534)
for path in sys.argv[1:]:
    try:
        with open_store(Path(path)) as store:
            print([run.id for run in store.runs()], len(list(store.responses("r"))))
            store.append("r", [Kept(Response("x", 0, (Attempt("{}", 1.0),)))])
    except StoreError as error:
        print(error.hint.split(",")[0])
os.seteuid(user)
"""


def as_nobody(*paths: Path) -> list[str]:
    words = [sys.executable, "-c", AS_NOBODY, *map(str, paths)]
    done = subprocess.run(words, check=False, capture_output=True, text=True)
    assert done.stderr == ""
    return done.stdout.splitlines()


def test_a_folder_without_permission_is_an_error() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o555)
        try:
            printed = as_nobody(folder / "new" / "runs.sqlite", folder / "new.sqlite")
        finally:
            folder.chmod(0o755)
    assert printed == ["make it yourself", "make its folder readable and writable"]


@pytest.mark.parametrize("mode", [0o555, 0o777])
def test_a_store_that_may_only_be_read_is_read(mode: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder, path = Path(name), Path(name) / "a?b#c %.sqlite"
        make(path)
        path.chmod(0o444)
        folder.chmod(mode)
        try:
            printed = as_nobody(path)
        finally:
            folder.chmod(0o755)
    assert printed == ["['r'] 1", "make the file and its folder writable"]


def test_four_processes_make_one_store(tmp_path: Path) -> None:
    path = tmp_path / "new" / "runs.sqlite"
    code = (
        "import sys; from pathlib import Path; from harness.storage import open_store\n"
        "open_store(Path(sys.argv[1])).close()"
    )
    started = [
        subprocess.Popen([sys.executable, "-c", code, str(path)], stderr=subprocess.PIPE) for _ in range(4)
    ]
    assert [process.communicate()[1] for process in started] == [b""] * 4
    make(path)


def test_a_forgotten_iterator_leaves_no_connection_open(tmp_path: Path) -> None:
    path = tmp_path / "runs.sqlite"
    make(path)
    store: Store = open_store(path)
    iterator = store.responses("r")
    next(iterator)
    store.close()
    del iterator
    # SQLite removes its log with the last connection.
    assert [found.name for found in tmp_path.iterdir()] == ["runs.sqlite"]
