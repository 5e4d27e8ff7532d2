"""Transactions on a store's database, and what is said when one fails."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Select, select
from sqlalchemy.exc import IntegrityError

from harness.errors import StoreError
from harness.storage.failures import translated
from harness.storage.tables import runs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Connection, Engine

WRITES = "writes"
"""The execution option of a connection that is going to write; SQLite locks at once then, not half way."""

_REMOVAL_LOCK = 0x68_61_72_6E_65_73_73
"""PostgreSQL's number for the lock that keeps answers from being removed while responses refer to them."""


@dataclass(frozen=True, slots=True)
class Database:
    """A database that has the tables of a store.

    Attributes:
        engine: Connects to it.
        where: The store, as errors name it.
        secret: What errors must not show; empty when there is nothing.
    """

    engine: Engine
    where: str
    secret: str = ""

    @property
    def is_postgres(self) -> bool:
        """Whether it is PostgreSQL; otherwise it is SQLite."""
        return self.engine.dialect.name == "postgresql"

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection to read with.

        Raises:
            StoreError: When the database fails.
        """
        with translated(self.where, self.secret), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self, conflict: Callable[[], StoreError]) -> Iterator[Connection]:
        """A transaction, committed at the end and undone by any exception.

        Args:
            conflict: Makes the error to raise when a constraint was broken; called when all is undone.

        Raises:
            StoreError: When the database fails, or the one of `conflict`.
        """
        with translated(self.where, self.secret):
            try:
                with self.engine.execution_options(**{WRITES: True}).begin() as connection:
                    yield connection
            except IntegrityError as failure:
                raise conflict() from failure

    def lock_removal(self, connection: Connection) -> None:
        """Let no response come to refer to an answer until this transaction ends.

        SQLite has one writer at a time, and needs nothing.
        """
        if self.is_postgres:
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_REMOVAL_LOCK})")

    @property
    def keep_removal_out(self) -> str:
        """The statement of PostgreSQL that waits for who has `lock_removal`, and then keeps others from it."""
        return f"SELECT pg_advisory_xact_lock_shared({_REMOVAL_LOCK})"

    def error(self, seen: str, hint: str) -> StoreError:
        """An error that names this store."""
        return StoreError(seen, where=self.where, hint=hint)


def run_locked(run_id: object) -> Select[tuple[int]]:
    """The statement that finds a run, and lets others who would change it wait; in SQLite, all who write do."""
    return select(runs.c.number).where(runs.c.id == run_id).with_for_update(key_share=True)


def lock_run(connection: Connection, run_id: str) -> bool:
    """Let others who would change a run wait until this transaction ends; whether there is such a run."""
    return connection.execute(run_locked(run_id)).first() is not None
