"""The store in a SQL database, through SQLAlchemy."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, Self

from sqlalchemy import delete, insert, select

from harness.records import Response
from harness.storage import tables
from harness.storage.base import StoredScores
from harness.storage.database import Database
from harness.storage.encoding import (
    decode_attempts,
    decode_score,
    decode_signature,
    encode_attempts,
    encode_score,
    encode_signature,
)
from harness.storage.rows import check_names, decoding, encoding
from harness.storage.run_table import RunTable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from types import TracebackType

    from sqlalchemy import Engine

    from harness.errors import StoreError
    from harness.records import DocumentScore, Signature
    from harness.storage.base import RunRecord, RunStatus

_BATCH = 16  # responses in memory at a time; each may hold megabytes


class SqlStore:
    """A `harness.storage.base.Store` behind a SQLAlchemy engine. Its methods are described there.

    Args:
        engine: Connects to a database that has the tables; disposed of when the store is closed.
        where: The store, as errors name it.
    """

    def __init__(self, engine: Engine, where: str) -> None:
        self._database = Database(engine, where)
        self._runs = RunTable(self._database)

    def create_run(self, run: RunRecord) -> None:
        """Add a run."""
        self._runs.add(run)

    def finish_run(
        self, run_id: str, status: RunStatus, finished: str, summary: Mapping[str, float | None]
    ) -> None:
        """Say how a run ended."""
        self._runs.finish(run_id, status, finished, summary)

    def run(self, reference: str) -> RunRecord:
        """The run that an id, the beginning of one, or `"latest"` names."""
        return self._runs.find(reference)

    def runs(self, limit: int | None = None) -> tuple[RunRecord, ...]:
        """The runs, newest first."""
        return self._runs.newest(limit=limit)

    def append(self, run_id: str, response: Response) -> None:
        """Keep a response."""
        self.append_many(run_id, (response,))

    def append_many(self, run_id: str, responses: Iterable[Response]) -> None:
        """Keep many responses, or none."""
        keys: set[tuple[str, int]] = set()
        rows = self._rows(run_id, responses, keys)
        batch = list(islice(rows, _BATCH))
        if not batch:
            self._runs.require(run_id)
            return
        with self._database.writing(lambda: self._refusal(run_id, keys)) as connection:
            while batch:
                connection.execute(insert(tables.responses), batch)
                batch = list(islice(rows, _BATCH))

    def responses(self, run_id: str) -> Iterator[Response]:
        """The responses of a run, in order, one at a time."""
        self._runs.require(run_id)
        return self._stream(run_id)

    def answered(self, run_id: str) -> set[tuple[str, int]]:
        """The (document, trial) pairs that have a response."""
        self._runs.require(run_id)
        table = tables.responses.c
        with self._database.reading() as connection:
            rows = connection.execute(select(table.document, table.trial).where(table.run == run_id))
            return {(document, trial) for document, trial in rows}

    def save_scores(self, run_id: str, signature: Signature, scores: Iterable[DocumentScore]) -> None:
        """Keep the scores of a run in the place of the earlier ones."""
        where = self._database.where
        with encoding(where):
            head = {"run": run_id, "signature": encode_signature(signature)}
        rows = []
        for score in scores:
            check_names(where, score.document)
            with encoding(where):
                body = encode_score(score)
            rows.append({"run": run_id, "document": score.document, "trial": score.trial, "score": body})
        self._runs.require(run_id)
        with self._database.writing(lambda: self._twice(run_id)) as connection:
            connection.execute(delete(tables.score_sets).where(tables.score_sets.c.run == run_id))
            connection.execute(insert(tables.score_sets), head)
            if rows:
                connection.execute(insert(tables.scores), rows)

    def scores(self, run_id: str) -> StoredScores | None:
        """The scores of a run."""
        self._runs.require(run_id)
        head, table = tables.score_sets.c, tables.scores.c
        # One statement, so that the signature and the scores are of one saving.
        query = (
            select(head.signature, table.document, table.trial, table.score)
            .select_from(tables.score_sets.outerjoin(tables.scores))
            .where(head.run == run_id)
            .order_by(table.document, table.trial)
        )
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        if not rows:
            return None
        with decoding(self._database.where):
            return StoredScores(
                decode_signature(rows[0].signature),
                tuple(
                    decode_score(document, trial, score)
                    for _, document, trial, score in rows
                    if score is not None
                ),
            )

    def scored_by(self, run_id: str) -> Signature | None:
        """The signature of a run's scores."""
        self._runs.require(run_id)
        query = select(tables.score_sets.c.signature).where(tables.score_sets.c.run == run_id)
        with self._database.reading() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            return None
        with decoding(self._database.where):
            return decode_signature(row.signature)

    def close(self) -> None:
        """Let go of the database."""
        self._database.engine.dispose()

    def __enter__(self) -> Self:
        """The store itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close the store."""
        self.close()

    def _rows(
        self, run_id: str, responses: Iterable[Response], keys: set[tuple[str, int]]
    ) -> Iterator[dict[str, Any]]:
        """The rows of responses, whose keys are noted on the way."""
        where = self._database.where
        check_names(where, run_id)
        for response in responses:
            check_names(where, response.document)
            key = (response.document, response.trial)
            if key in keys:
                raise self._answered_already(run_id, *key)
            keys.add(key)
            with encoding(where):
                attempts = encode_attempts(response.attempts)
            yield {"run": run_id, "document": key[0], "trial": key[1], "attempts": attempts}

    def _stream(self, run_id: str) -> Iterator[Response]:
        table = tables.responses.c
        query = (
            select(table.document, table.trial, table.attempts)
            .where(table.run == run_id)
            .order_by(table.document, table.trial)
            .execution_options(yield_per=_BATCH)
        )
        with self._database.reading() as connection:
            # Out of the pool: it is closed with this iterator, even when that outlives the store.
            connection.detach()
            for document, trial, data in connection.execute(query):
                with decoding(self._database.where):
                    attempts = decode_attempts(data)
                yield Response(document, trial, attempts)

    def _refusal(self, run_id: str, keys: set[tuple[str, int]]) -> StoreError:
        """Why responses broke a constraint."""
        if not self._runs.has(run_id):
            return self._runs.unknown(run_id)
        taken = min(keys & self.answered(run_id), default=None)
        if taken is None:
            return self._database.error(f"a response of the run {run_id} is incomplete", "nothing was stored")
        return self._answered_already(run_id, *taken)

    def _answered_already(self, run_id: str, document: str, trial: int) -> StoreError:
        return self._database.error(
            f"the run {run_id} has a response for the document {document!r}, trial {trial}",
            "responses are never overwritten: use another trial, or a new run",
        )

    def _twice(self, run_id: str) -> StoreError:
        return self._database.error(
            f"two scores of the run {run_id} are for the same document and trial", "the earlier scores are kept"
        )
