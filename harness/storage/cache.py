"""The cache: answers that later runs find by what they were asked."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, select, update

from harness.storage.base import CacheStats
from harness.storage.encoding import decode_attempts
from harness.storage.rows import decoding, is_name
from harness.storage.tables import answers, responses

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from sqlalchemy import Connection

    from harness.errors import StoreError
    from harness.records import Attempt
    from harness.storage.database import Database

_KEYS = 500  # of one statement; some builds of SQLite take no more than 999


@dataclass(frozen=True, slots=True)
class Cache:
    """The answers in a database that have a key."""

    database: Database

    def find(self, keys: Collection[str]) -> dict[str, tuple[Attempt, ...]]:
        """The attempts of the first stored answer of each key that is known."""
        table = answers.c
        found: dict[str, tuple[Attempt, ...]] = {}
        with self.database.reading() as connection, decoding(self.database.where):
            for some in _portions(keys):
                query = select(table.key, table.attempts).where(table.key.in_(some)).order_by(table.number)
                for key, data in connection.execute(query).all():
                    if key not in found:
                        found[key] = decode_attempts(data)
        return found

    def count(self, keys: Collection[str]) -> int:
        """How many of the keys are known."""
        table = answers.c
        with self.database.reading() as connection:
            return sum(
                connection.execute(
                    select(func.count(func.distinct(table.key))).where(table.key.in_(some))
                ).scalar_one()
                for some in _portions(keys)
            )

    def stats(self) -> CacheStats:
        """How much there is, and how old it is."""
        table = answers.c
        first = select(func.min(table.number)).where(table.key.is_not(None)).group_by(table.key)
        query = select(
            func.count(),
            func.sum(func.length(table.attempts)),
            func.min(table.created),
            func.max(table.created),
        ).where(table.number.in_(first))
        with self.database.reading() as connection:
            count, size, oldest, newest = connection.execute(query).one()
        return CacheStats(count, int(size or 0), oldest, newest)

    def clear(self) -> int:
        """Forget all keys, and the answers that no run refers to; returns how many keys."""
        table = answers.c
        with self.database.writing(self._unexpected) as connection:
            self.database.lock_removal(connection)
            keys: int = connection.execute(select(func.count(func.distinct(table.key)))).scalar_one()
            connection.execute(update(answers).where(table.key.is_not(None)).values(key=None))
            remove_unused(connection)
        return keys

    def _unexpected(self) -> StoreError:
        return self.database.error("the cache is in use", "try again; nothing was changed")


def _portions(keys: Collection[str]) -> Iterator[list[str]]:
    names = iter(sorted({key for key in keys if is_name(key)}))
    while some := list(islice(names, _KEYS)):
        yield some


def remove_unused(connection: Connection) -> Any:
    """Remove the answers that have no key and that no response refers to. `lock_removal` comes before it."""
    used = select(responses.c.answer).where(responses.c.answer == answers.c.number).exists()
    connection.execute(delete(answers).where(answers.c.key.is_(None), ~used))
