"""Open a SQLite file as a store: folder, connection settings, tables and their version."""

from __future__ import annotations

import sqlite3
import time
from typing import TYPE_CHECKING

from sqlalchemy import URL, Connection, Engine, create_engine, event

from harness.errors import StoreError
from harness.storage import tables
from harness.storage.database import WRITES, Database
from harness.storage.failures import translated
from harness.storage.migrations import upgrade
from harness.storage.rows import decoding

if TYPE_CHECKING:
    from pathlib import Path

BUSY_SECONDS = 30.0
"""How long a writer waits for another process before it gives up."""


def open_sqlite(path: Path, where: str) -> Database:
    """The store in a file, which is made, with its folder, when it does not exist, and upgraded when it is old.

    The journal is a write-ahead log, so that readers and a writer do not wait for each other, and `synchronous`
    is NORMAL: a commit is in the system's hands before it returns, and a killed process loses nothing.
    What FULL adds is one flush to the disk for each answer; without it a machine that loses power can lose the
    last commits, never the file. Answers come seconds apart from many tasks at once, and the flush would block
    them all.

    Args:
        path: The file.
        where: The store, as errors name it.

    Raises:
        StoreError: When the file cannot be opened or made, is not a store, or was made by a newer version.
    """
    _make_folder(path)
    with translated(where):
        engine = _engine(path)
        try:
            try:
                _write_ahead(engine)
            except sqlite3.OperationalError:
                if not _is_still(path):
                    raise
                engine.dispose()
                engine = _engine(path, still=True)
            _check_tables(engine, where)
        except BaseException:
            engine.dispose()
            raise
    return Database(engine, where)


def _engine(path: Path, *, still: bool = False) -> Engine:
    engine = create_engine(
        URL.create("sqlite+pysqlite", database=str(path)),
        creator=lambda: _connect(path, still=still),
        hide_parameters=True,
        paramstyle="named",
    )
    event.listen(engine, "begin", _begin)
    return engine


def _is_still(path: Path) -> bool:
    """Whether the file can be read as it lies there, where nobody may write and no log can be made beside it.

    What a log holds that was left there would be overlooked.
    """
    return path.is_file() and not path.with_name(f"{path.name}-wal").exists()


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


def _connect(path: Path, *, still: bool) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"{path.as_uri()}?immutable=1" if still else path,
        uri=still,
        timeout=BUSY_SECONDS,
        check_same_thread=False,
        isolation_level=None,  # a transaction begins where `_begin` says, not where the driver guesses
    )
    try:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = NORMAL")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get(WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _write_ahead(engine: Engine) -> None:
    """Switch the journal. SQLite does not wait for other processes here, so that this has to."""
    deadline = time.monotonic() + BUSY_SECONDS
    lent = engine.raw_connection()
    try:
        while True:
            try:
                lent.cursor().execute("PRAGMA journal_mode = WAL")
            except sqlite3.OperationalError as failure:
                if "locked" not in str(failure) or time.monotonic() > deadline:
                    raise
                time.sleep(0.02)
            else:
                return
    finally:
        lent.close()


def _check_tables(engine: Engine, where: str) -> None:
    """Make the tables in a new file, upgrade those of an older one; refuse what is not a store."""
    with engine.connect() as connection:
        version = _version(connection, where)
    if version == tables.VERSION:
        return
    with engine.execution_options(**{WRITES: True}).begin() as connection:
        # Another process may have done the same before this one had the lock: look again.
        version = _version(connection, where)
        if version == 0:
            tables.metadata.create_all(connection)
        else:
            with decoding(where):
                upgrade(connection, version)
        connection.exec_driver_sql(f"PRAGMA user_version = {tables.VERSION}")


def _version(connection: Connection, where: str) -> int:
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
            where=where,
            hint="name another file",
        )
    if version > tables.VERSION:
        raise StoreError(
            f"the store has version {version}; this harness reads version {tables.VERSION}",
            where=where,
            hint="update the harness, or name another store",
        )
    return version if names else 0
