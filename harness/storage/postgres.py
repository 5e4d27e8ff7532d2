"""Open a PostgreSQL database as a store: driver, connection settings, tables and their version."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Connection, create_engine, make_url, text
from sqlalchemy.exc import ArgumentError

from harness.errors import StoreError
from harness.storage import tables
from harness.storage.addresses import postgres_url, store_name
from harness.storage.database import Database
from harness.storage.failures import translated
from harness.storage.migrations import upgrade
from harness.storage.rows import decoding

if TYPE_CHECKING:
    from sqlalchemy import Engine

CONNECT_SECONDS = 10
"""How long a server may take to answer."""

_UPGRADE_LOCK = 0x68_61_72_6E_65_74_61
"""The number of the lock that lets one process at a time make or change the tables."""


def open_postgres(address: str) -> Database:
    """The store in a database, whose tables are made when it has none, and upgraded when they are older.

    A connection that was lost while nobody used it is replaced by another. One that is lost in the middle of
    something is an error, and what comes next has a connection again.

    Args:
        address: `postgresql+psycopg://USER:PASSWORD@HOST:PORT/DATABASE`.

    Raises:
        StoreError: When the driver is not installed, the server cannot be reached, the database is not a store,
            or it was made by a newer version.
    """
    where = store_name(address)
    url_text = postgres_url(address)
    try:
        url = make_url(url_text)
        secret = str(url.password or url.query.get("password") or "")
        engine = create_engine(
            url,
            hide_parameters=True,
            pool_pre_ping=True,
            connect_args={"connect_timeout": CONNECT_SECONDS, "application_name": "extraction-harness"},
        )
    except (ArgumentError, ValueError):
        # Not shown: what cannot be taken apart may be quoted as a whole, with its password.
        raise StoreError(
            "this is not the address of a database",
            where=where,
            hint="write postgresql+psycopg://USER:PASSWORD@HOST:PORT/DATABASE; characters like @ in it as %40",
        ) from None
    except ImportError:
        raise StoreError(
            "the driver for PostgreSQL is not installed",
            where=where,
            hint="install it: pip install 'extraction-harness[postgres]'",
        ) from None
    try:
        with translated(where, secret):
            _check_tables(engine, where)
    except BaseException:
        engine.dispose()
        raise
    return Database(engine, where, secret)


def _check_tables(engine: Engine, where: str) -> None:
    """Make the tables in a new database, upgrade those of an older one; refuse what is not a store."""
    with engine.connect() as connection:
        version = _version(connection, where)
    if version == tables.VERSION:
        return
    today = {"version": tables.VERSION}
    with engine.begin() as connection:
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_UPGRADE_LOCK})")
        # Another process may have done the same before this one had the lock: look again.
        version = _version(connection, where)
        if version == tables.VERSION:
            return
        if version == 0:
            tables.metadata.create_all(connection)
            connection.exec_driver_sql("CREATE TABLE store_version (version INTEGER NOT NULL)")
            connection.execute(text("INSERT INTO store_version VALUES (:version)"), today)
        else:
            with decoding(where):
                upgrade(connection, version)
            connection.execute(text("UPDATE store_version SET version = :version"), today)


def _version(connection: Connection, where: str) -> int:
    """The version of the tables in the database; 0 when it holds none of their names."""
    found = connection.exec_driver_sql("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
    names = set(found.scalars())
    if "store_version" not in names:
        taken = sorted(names & set(tables.metadata.tables))
        if taken:
            raise StoreError(
                f"this database is not a store, and has a table {taken[0]}",
                where=where,
                hint="give the store a database of its own",
            )
        return 0
    version = int(connection.exec_driver_sql("SELECT version FROM store_version").scalar_one())
    if version > tables.VERSION:
        raise StoreError(
            f"the store has version {version}; this harness reads version {tables.VERSION}",
            where=where,
            hint="update the harness, or name another store",
        )
    return version
