"""Keep responses: each a small row that refers to its answer."""

from __future__ import annotations

import datetime as dt
from itertools import chain
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, func, insert, literal_column, select

from harness.records import Source
from harness.storage.database import run_locked
from harness.storage.encoding import encode_attempts
from harness.storage.money import spent
from harness.storage.rows import check_names, encoding, not_encoded
from harness.storage.tables import answers, responses
from harness.storage.writer import Writer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlalchemy import Connection
    from sqlalchemy.engine.interfaces import DBAPICursor

    from harness.storage.base import Kept
    from harness.storage.database import Database
    from harness.storage.run_table import RunTable

_ROWS = 64  # of one statement
_BYTES = 4_000_000  # of answers in memory at a time; one alone may be larger
_SIZES = (1, _ROWS)

_Row = dict[str, Any]


class Appending:
    """Adds responses to runs, and answers to the cache.

    Args:
        database: Where to.
        runs: Its runs.
    """

    def __init__(self, database: Database, runs: RunTable) -> None:
        self._database = database
        self._runs = runs
        self._writer = Writer(database)
        self._locked = self._writer.sql(run_locked(bindparam("run")))
        self._answer = self._writer.sql(insert(answers))
        self._response = self._writer.sql(_next_take())
        self._first_of = {size: self._writer.sql(_first_of_keys(size)) for size in _SIZES}
        if database.is_postgres:
            self._begin = database.keep_removal_out
            self._numbers = "SELECT nextval('answers_number_seq') FROM generate_series(1, %(count)s)"
        else:
            self._begin = "BEGIN IMMEDIATE"
            self._numbers = "SELECT coalesce(max(number), 0) FROM answers"

    def add(self, run_id: str, kept: Iterable[Kept]) -> None:
        """Keep responses, or none of them; see `harness.storage.base.Store.append`.

        Raises:
            StoreError: When there is no such run, a response cannot be stored, or the database fails.
        """
        where = self._database.where
        check_names(where, run_id)
        chunks = _chunks(self._rows(run_id, kept))
        first = next(chunks, None)
        if first is None:
            self._runs.require(run_id)
            return
        with self._writer.transaction(lambda: self._runs.unknown(run_id), self._begin) as cursor:
            if self._database.is_postgres:
                self._lock_run(cursor, run_id)
            for chunk in chain((first,), chunks):
                self._insert(cursor, chunk)

    def restore(self, connection: Connection, run_id: str, kept: Iterable[Kept]) -> int:
        """Keep responses in a transaction of somebody else; returns how many."""
        cursor = connection.connection.cursor()
        try:
            if self._database.is_postgres:
                cursor.execute(self._begin)
            count = 0
            for chunk in _chunks(self._rows(run_id, kept)):
                self._insert(cursor, chunk)
                count += len(chunk)
            return count
        finally:
            cursor.close()

    def close(self) -> None:
        """Let go of the database."""
        self._writer.close()

    def _rows(self, run_id: str, kept: Iterable[Kept]) -> Iterator[_Row]:
        where = self._database.where
        created = dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        for one in kept:
            response = one.response
            check_names(where, response.document, one.key or "")
            failed = response.failure
            reused = failed is None and one.key is not None and response.source is Source.CACHE
            try:
                calls, asked, cached, answered, thought, cost, unpriced = spent(response.attempts)
                attempts = b"" if reused else encode_attempts(response.attempts)
            except (ValueError, TypeError) as failure:
                raise not_encoded(where, failure) from failure
            yield {
                "run": run_id,
                "document": response.document,
                "trial": response.trial,
                "source": response.source.value,
                "failure": None if failed is None else failed.value,
                "key": one.key if failed is None else None,
                "created": created,
                "attempts": attempts,
                "reused": response if reused else None,
                "calls": calls,
                "input_tokens": asked,
                "cached_input_tokens": cached,
                "output_tokens": answered,
                "reasoning_tokens": thought,
                "cost": cost,
                "unpriced": unpriced,
            }

    def _lock_run(self, cursor: DBAPICursor, run_id: str) -> None:
        """Let others who add takes to the run wait; SQLite has one writer at a time anyway."""
        cursor.execute(self._locked, {"run": run_id})
        if cursor.fetchone() is None:
            raise self._runs.unknown(run_id)

    def _insert(self, cursor: DBAPICursor, rows: list[_Row]) -> None:
        self._insert_answers(cursor, [row for row in rows if row["reused"] is None])
        reused = [row for row in rows if row["reused"] is not None]
        if reused:
            known = self._cached(cursor, [row["key"] for row in reused])
            for row in reused:
                row["answer"] = known.get(row["key"])
            # The cache was cleared since these answers were found in it.
            lost = [row for row in reused if row["answer"] is None]
            with encoding(self._database.where):
                for row in lost:
                    row["attempts"] = encode_attempts(row["reused"].attempts)
            self._insert_answers(cursor, lost)
        cursor.executemany(self._response, rows)

    def _insert_answers(self, cursor: DBAPICursor, rows: list[_Row]) -> None:
        if rows:
            for row, number in zip(rows, self._free_numbers(cursor, len(rows)), strict=True):
                row["answer"] = row["number"] = number
            cursor.executemany(self._answer, rows)

    def _cached(self, cursor: DBAPICursor, keys: list[str]) -> dict[str, int]:
        """The numbers of the answers that the cache has."""
        size = 1 if len(keys) == 1 else _ROWS
        padded = keys + keys[:1] * (size - len(keys))
        cursor.execute(self._first_of[size], {f"key{at}": key for at, key in enumerate(padded)})
        return dict(cursor.fetchall())

    def _free_numbers(self, cursor: DBAPICursor, count: int) -> Iterable[int]:
        cursor.execute(self._numbers, {"count": count})
        found = cursor.fetchall()
        if self._database.is_postgres:
            return [number for (number,) in found]
        last: int = found[0][0]
        return range(last + 1, last + 1 + count)


def _next_take() -> Any:
    """The statement for one response, whose take is the first that is free."""
    table = responses.c
    names = [column.name for column in table if column.name != "take"]
    place = [column == bindparam(column.name) for column in (table.run, table.document, table.trial)]
    free = (
        select(func.coalesce(func.max(table.take), literal_column("-1")) + literal_column("1"))
        .where(*place)
        .scalar_subquery()
    )
    return insert(responses).values(take=free, **{name: bindparam(name) for name in names})


def _first_of_keys(size: int) -> Any:
    keys: list[Any] = [bindparam(f"key{at}") for at in range(size)]
    first = select(answers.c.key, func.min(answers.c.number)).where(answers.c.key.in_(keys))
    return first.group_by(answers.c.key)


def _chunks(rows: Iterator[_Row]) -> Iterator[list[_Row]]:
    """As many rows at a time as a statement takes, and as should be in memory together."""
    chunk: list[_Row] = []
    size = 0
    for row in rows:
        chunk.append(row)
        size += len(row["attempts"])
        if len(chunk) == _ROWS or size >= _BYTES:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk
