"""The scores of a store's runs."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select

from harness.storage.base import StoredScores
from harness.storage.database import lock_run
from harness.storage.encoding import decode_score, decode_signature, encode_score, encode_signature
from harness.storage.rows import check_names, decoding, encoding
from harness.storage.tables import score_sets, scores

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlalchemy import Connection

    from harness.errors import StoreError
    from harness.records import DocumentScore, Signature
    from harness.storage.database import Database


_PORTION = 500


@dataclass(frozen=True, slots=True)
class ScoreTable:
    """The scores in a database."""

    database: Database

    def save(self, run_id: str, signature: Signature, found: Iterable[DocumentScore]) -> None:
        """Keep the scores of a run in the place of the earlier ones."""
        head = self._head(run_id, signature)
        rows = self._rows(run_id, found)
        with self.database.writing(lambda: self._twice(run_id)) as connection:
            lock_run(connection, run_id)
            connection.execute(delete(score_sets).where(score_sets.c.run == run_id))
            _insert(connection, head, rows)

    def insert(
        self, connection: Connection, run_id: str, signature: Signature, found: Iterable[DocumentScore]
    ) -> int:
        """Add the scores of a run that has none, in a transaction of somebody else; returns how many."""
        return _insert(connection, self._head(run_id, signature), self._rows(run_id, found))

    def _head(self, run_id: str, signature: Signature) -> dict[str, Any]:
        with encoding(self.database.where):
            return {"run": run_id, "signature": encode_signature(signature)}

    def _rows(self, run_id: str, found: Iterable[DocumentScore]) -> Iterator[dict[str, Any]]:
        where = self.database.where
        for score in found:
            check_names(where, score.document)
            with encoding(where):
                body = encode_score(score)
            yield {"run": run_id, "document": score.document, "trial": score.trial, "score": body}

    def read(self, run_id: str) -> StoredScores | None:
        """The scores of a run; `None` when none were saved."""
        head, table = score_sets.c, scores.c
        # One statement, so that the signature and the scores are of one saving.
        query = (
            select(head.signature, table.document, table.trial, table.score)
            .select_from(score_sets.outerjoin(scores))
            .where(head.run == run_id)
            .order_by(table.document, table.trial)
        )
        with self.database.reading() as connection:
            rows = connection.execute(query).all()
        if not rows:
            return None
        with decoding(self.database.where):
            return StoredScores(
                decode_signature(rows[0].signature),
                tuple(
                    decode_score(document, trial, score)
                    for _, document, trial, score in rows
                    if score is not None
                ),
            )

    def signature(self, run_id: str) -> Signature | None:
        """The signature of a run's scores; `None` when none were saved."""
        query = select(score_sets.c.signature).where(score_sets.c.run == run_id)
        with self.database.reading() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            return None
        with decoding(self.database.where):
            return decode_signature(row.signature)

    def _twice(self, run_id: str) -> StoreError:
        return self.database.error(
            f"two scores of the run {run_id} are for the same document and trial", "the earlier scores are kept"
        )


def _insert(connection: Connection, head: dict[str, Any], rows: Iterator[dict[str, Any]]) -> int:
    """Insert the scores of a run, a portion in memory at a time; returns how many."""
    connection.execute(insert(score_sets), head)
    count = 0
    while portion := list(islice(rows, _PORTION)):
        connection.execute(insert(scores), portion)
        count += len(portion)
    return count
