"""Transactions on a store's database, and what is said when one fails."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy.exc import IntegrityError

from harness.errors import StoreError
from harness.storage.failures import translated

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Connection, Engine


@dataclass(frozen=True, slots=True)
class Database:
    """A database that has the tables of a store.

    Attributes:
        engine: Connects to it.
        where: The store, as errors name it.
    """

    engine: Engine
    where: str

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection to read with.

        Raises:
            StoreError: When the database fails.
        """
        with translated(self.where), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self, conflict: Callable[[], StoreError]) -> Iterator[Connection]:
        """A transaction, committed at the end and undone by any exception.

        Args:
            conflict: Makes the error to raise when a constraint was broken; called when all is undone.

        Raises:
            StoreError: When the database fails, or the one of `conflict`.
        """
        with translated(self.where):
            try:
                with self.engine.begin() as connection:
                    yield connection
            except IntegrityError as failure:
                raise conflict() from failure

    def error(self, seen: str, hint: str) -> StoreError:
        """An error that names this store."""
        return StoreError(seen, where=self.where, hint=hint)
