"""One connection that answers are written through: the path of every answer, kept short.

SQLAlchemy describes the statements, and compiles each of them once. What it does around every transaction and
execution takes more time than SQLite takes to store an answer, so that here the driver is called without it.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from harness.storage.failures import driver_errors, translated

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy.engine.interfaces import DBAPIConnection, DBAPICursor
    from sqlalchemy.sql.elements import CompilerElement

    from harness.errors import StoreError
    from harness.storage.database import Database


class Writer:
    """Writes through a connection of its own, one thread at a time.

    Args:
        database: Where to.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._connection: DBAPIConnection | None = None

    def sql(self, statement: CompilerElement) -> str:
        """A statement as the driver takes it, with its parameters in a dictionary."""
        return str(statement.compile(dialect=self._database.engine.dialect))

    @contextmanager
    def transaction(self, conflict: Callable[[], StoreError], first: str) -> Iterator[DBAPICursor]:
        """A transaction, committed at the end and undone by any exception.

        Args:
            conflict: Makes the error to raise when a constraint was broken; called when all is undone.
            first: The statement that it begins with. When the connection turns out to have been lost since the
                last transaction, another one is made.

        Raises:
            StoreError: When the database fails, or the one of `conflict`.
        """
        integrity_error = self._database.engine.dialect.loaded_dbapi.IntegrityError
        with translated(self._database.where, self._database.secret), self._lock:
            cursor = self._begun(first)
            try:
                yield cursor
                self._connection.commit()  # type: ignore[union-attr] # `_begun` made it
            except integrity_error as failure:
                self._undo()
                raise conflict() from failure
            except BaseException:
                self._undo()
                raise
            finally:
                with suppress(*driver_errors()):
                    cursor.close()

    def close(self) -> None:
        """Let go of the connection; another is made when something is written again."""
        with self._lock:
            self._drop()

    def _begun(self, first: str) -> DBAPICursor:
        kept = self._connection is not None
        try:
            return self._begin(first)
        except driver_errors() as failure:
            lost = self._database.engine.dialect.is_disconnect(failure, self._connection, None)  # type: ignore[arg-type] # what it began with
            self._undo()
            if not (kept and lost):
                raise
            self._drop()
            return self._begin(first)
        except BaseException:
            self._undo()
            raise

    def _begin(self, first: str) -> DBAPICursor:
        if self._connection is None:
            lent = self._database.engine.raw_connection()
            self._connection = lent.dbapi_connection
            lent.detach()
        assert self._connection is not None  # noqa: S101 - a connection that was just made is there
        cursor = self._connection.cursor()
        cursor.execute(first)
        return cursor

    def _undo(self) -> None:
        """Roll back; a connection that cannot do even that is given up."""
        if self._connection is not None:
            try:
                self._connection.rollback()
            except driver_errors():
                self._drop()

    def _drop(self) -> None:
        if self._connection is not None:
            with suppress(*driver_errors()):
                self._connection.close()
            self._connection = None
