"""Open a SQLite file as a store: folder, connection settings, tables and their version."""

from __future__ import annotations

import sqlite3
import time
from typing import TYPE_CHECKING

from sqlalchemy import URL, Connection, Engine, create_engine
from sqlalchemy.exc import OperationalError

from harness.errors import StoreError
from harness.storage import tables
from harness.storage.failures import translated

if TYPE_CHECKING:
    from pathlib import Path

BUSY_SECONDS = 30.0
"""How long a writer waits for another process before it gives up."""


def open_engine(path: Path) -> Engine:
    """An engine for the store in a file, which is made, with its folder, when it does not exist.

    The journal is a write-ahead log, so that readers and a writer do not wait for each other, and `synchronous`
    is NORMAL: a commit is in the system's hands before it returns, and a killed process loses nothing.
    What FULL adds is one flush to the disk for each answer; without it a machine that loses power can lose the
    last commits, never the file. Answers come seconds apart from many tasks at once, and the flush would block
    them all.

    Raises:
        StoreError: When the file cannot be opened or made, is not a store, or was made by a newer version.
    """
    path = path.absolute()
    _make_folder(path)
    engine = create_engine(
        URL.create("sqlite+pysqlite", database=str(path)),
        creator=lambda: _connect(path),
        hide_parameters=True,
    )
    try:
        with translated(str(path)), engine.connect() as connection:
            _write_ahead(connection)
            _check_tables(connection, path)
    except BaseException:
        engine.dispose()
        raise
    return engine


def _make_folder(path: Path) -> None:
    try:
        if path.is_dir():
            raise StoreError("the store is a folder", where=str(path), hint="name a file inside it")
        if not path.parent.is_dir():
            path.parent.mkdir(parents=True, exist_ok=True)
            (path.parent / ".gitignore").write_text("*\n", encoding="utf-8")
    except OSError as failure:
        raise StoreError(
            f"the folder of the store cannot be made: {failure.strerror or failure}",
            where=str(path),
            hint="make it yourself, or name another store",
        ) from failure


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, check_same_thread=False)
    try:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = NORMAL")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _write_ahead(connection: Connection) -> None:
    """Switch the journal. SQLite does not wait for other processes here, so that this has to."""
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.exec_driver_sql("PRAGMA journal_mode = WAL")
        except OperationalError as failure:
            connection.rollback()
            if "locked" not in str(failure.orig) or time.monotonic() > deadline:
                raise
            time.sleep(0.02)
        else:
            connection.commit()
            return


def _check_tables(connection: Connection, path: Path) -> None:
    """Make the tables in a new file; refuse a file whose tables are not these."""
    if _version(connection, path) == 0:
        # Another process may be doing the same: take the write lock, then look again.
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        if _version(connection, path) == 0:
            tables.metadata.create_all(connection)
            connection.exec_driver_sql(f"PRAGMA user_version = {tables.VERSION}")
    connection.commit()


def _version(connection: Connection, path: Path) -> int:
    """The version of the tables in the file; 0 when it holds none.

    One statement, so that another process cannot make them between two.
    """
    rows = connection.exec_driver_sql(
        "SELECT user_version, name FROM pragma_user_version LEFT JOIN sqlite_master ON type = 'table'"
    ).all()
    version = int(rows[0][0])
    names = {name for _, name in rows if name is not None}
    if names and (version < 1 or not {"runs", "responses"} <= names):
        raise StoreError(
            "this is a SQLite database, but not a store",
            where=str(path),
            hint="name another file",
        )
    if version > tables.VERSION:
        raise StoreError(
            f"the store has version {version}; this harness reads version {tables.VERSION}",
            where=str(path),
            hint="update the harness, or name another store",
        )
    return version if names else 0
