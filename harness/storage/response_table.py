"""The responses of a store: read, counted and added up."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from harness.records import FailureKind, Response, Source
from harness.storage.base import Spending
from harness.storage.encoding import decode_attempts
from harness.storage.failures import driver_errors
from harness.storage.money import EXACT
from harness.storage.rows import decoding
from harness.storage.tables import answers, responses

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import CursorResult, Select

    from harness.storage.database import Database

_BATCH = 16  # responses in memory at a time; each may hold megabytes


@dataclass(frozen=True, slots=True)
class ResponseTable:
    """The responses in a database."""

    database: Database

    def takes(self, run_id: str, *, newest: bool) -> Iterator[tuple[int, Response]]:
        """The takes of a run, or only the newest of each document and trial, in order, one at a time."""
        table = responses.c
        query = (
            select(table.document, table.trial, table.take, table.source, answers.c.attempts)
            .select_from(responses.join(answers))
            .where(table.run == run_id)
            .order_by(table.document, table.trial, table.take)
            .execution_options(yield_per=_BATCH)
        )
        with self.database.reading() as connection:
            # Out of the pool: it is closed with this iterator, even when that outlives the store.
            connection.detach()
            with _closed_at_last(connection.execute(_newest(query) if newest else query)) as rows:
                for document, trial, take, source, data in rows:
                    with decoding(self.database.where):
                        response = Response(document, trial, decode_attempts(data), Source(source))
                    yield take, response

    def standing(self, run_id: str) -> dict[tuple[str, int], FailureKind | None]:
        """The document and trial of every response, and how the newest take of each failed."""
        table = responses.c
        query = select(table.document, table.trial, table.failure).where(table.run == run_id)
        with self.database.reading() as connection, decoding(self.database.where):
            rows = connection.execute(query.order_by(table.document, table.trial, table.take))
            return {
                (document, trial): None if failure is None else FailureKind(failure)
                for document, trial, failure in rows
            }

    def spending(self, run_id: str) -> Spending:
        """What was asked in a run came to."""
        table = responses.c
        figures = [
            table.calls,
            table.input_tokens,
            table.cached_input_tokens,
            table.output_tokens,
            table.reasoning_tokens,
            table.unpriced,
        ]
        # Rows of equal cost are added up by the database. Different costs are texts, exact, and are added here.
        query = (
            select(table.cost, func.count(), *(func.sum(figure) for figure in figures))
            .where(table.run == run_id, table.source == Source.ASKED.value)
            .group_by(table.cost)
        )
        totals = [0] * len(figures)
        answers, dollars = 0, Decimal(0)
        with self.database.reading() as connection, decoding(self.database.where):
            for cost, rows, *sums in connection.execute(query):
                answers += rows
                totals = [total + int(one) for total, one in zip(totals, sums, strict=True)]
                if cost is not None:
                    dollars = EXACT.add(dollars, EXACT.multiply(Decimal(cost), Decimal(rows)))
        calls, asked, cached, answered, thought, unpriced = totals
        return Spending(answers, calls, asked, cached, answered, thought, dollars, unpriced)


@contextmanager
def _closed_at_last(rows: CursorResult[Any]) -> Iterator[Any]:
    """Close the driver's cursor too; SQLAlchemy leaves it open when the connection was lost."""
    cursor = rows.cursor
    try:
        yield rows
    finally:
        if cursor is not None:
            with suppress(*driver_errors()):
                cursor.close()


def _newest(query: Select[Any]) -> Select[Any]:
    """Without the takes that a later one stands in the place of."""
    table, later = responses.c, responses.alias("later")
    same = [later.c[name] == table[name] for name in ("run", "document", "trial")]
    return query.where(~select(later.c.take).where(*same, later.c.take > table.take).exists())
