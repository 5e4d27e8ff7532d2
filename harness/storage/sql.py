"""The store in a SQL database, through SQLAlchemy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from harness.storage.appending import Appending
from harness.storage.base import Kept
from harness.storage.cache import Cache
from harness.storage.database import Database
from harness.storage.response_table import ResponseTable
from harness.storage.run_table import RunTable
from harness.storage.score_table import ScoreTable

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from types import TracebackType

    from harness.records import Attempt, DocumentScore, FailureKind, Response, Signature
    from harness.storage.base import CacheStats, RunRecord, RunStatus, Spending, StoredScores
    from harness.storage.portable_reading import RunFile


class SqlStore:
    """A `harness.storage.base.Store` in a database. Its methods are described there.

    Args:
        database: Has the tables; let go of when the store is closed.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._runs = RunTable(database)
        self._responses = ResponseTable(database)
        self._cache = Cache(database)
        self._scores = ScoreTable(database)
        self._appending = Appending(database, self._runs)

    def create_run(self, run: RunRecord, planned: Sequence[str]) -> None:
        """Add a run with the ids of its documents."""
        self._runs.add(run, planned)

    def planned(self, run_id: str) -> tuple[str, ...]:
        """The ids of the documents that a run is to ask about."""
        return self._runs.planned(run_id)

    def reopen_run(self, run_id: str, details: Mapping[str, str]) -> None:
        """Say that a run goes on."""
        self._runs.reopen(run_id, details)

    def finish_run(
        self, run_id: str, status: RunStatus, finished: str, summary: Mapping[str, float | None]
    ) -> None:
        """Say how a run ended."""
        self._runs.finish(run_id, status, finished, summary)

    def tag_run(self, run_id: str, tags: Collection[str]) -> None:
        """Give a run these tags."""
        self._runs.tag(run_id, tags)

    def move_tag(self, run_id: str, tag: str) -> None:
        """Give one run a tag, and take it from every other."""
        self._runs.move_tag(run_id, tag)

    def delete_run(self, run_id: str) -> None:
        """Remove a run; the cache keeps its answers."""
        self._runs.remove(run_id)

    def run(self, reference: str) -> RunRecord:
        """The run that an id, the beginning of one, a tag, or `"latest"` names."""
        return self._runs.find(reference)

    def runs(self, limit: int | None = None) -> tuple[RunRecord, ...]:
        """The runs, newest first."""
        return self._runs.newest(limit=limit)

    def find(self, run_id: str) -> RunRecord | None:
        """The run with exactly that id; `None` when there is none."""
        return self._runs.get(run_id)

    def restore(self, run: RunRecord, file: RunFile) -> None:
        """Add a whole run, or nothing of it.

        Args:
            run: The run, whose id is not taken.
            file: What else there is of it, read up to the run.

        Raises:
            StoreError: When the file is cut short or holds what it should not, or the store cannot be written.
        """
        with self._database.writing(lambda: self._runs.taken(run.id)) as connection:
            self._runs.insert(connection, run, file.planned())
            responses = self._appending.restore(connection, run.id, (Kept(one) for _, one in file.takes()))
            signature = file.scored_by()
            scores = (
                0 if signature is None else self._scores.insert(connection, run.id, signature, file.scores())
            )
            file.end(responses, scores)

    def append(self, run_id: str, answers: Iterable[Kept]) -> None:
        """Keep responses, or none of them."""
        self._appending.add(run_id, answers)

    def responses(self, run_id: str) -> Iterator[Response]:
        """The newest takes of a run, in order, one at a time."""
        self._runs.require(run_id)
        return (response for _, response in self._responses.takes(run_id, newest=True))

    def takes(self, run_id: str) -> Iterator[tuple[int, Response]]:
        """Every take of a run, in order, one at a time."""
        self._runs.require(run_id)
        return self._responses.takes(run_id, newest=False)

    def standing(self, run_id: str) -> Mapping[tuple[str, int], FailureKind | None]:
        """What has a response, and how its newest take failed."""
        self._runs.require(run_id)
        return self._responses.standing(run_id)

    def spending(self, run_id: str) -> Spending:
        """What the calls of a run came to."""
        self._runs.require(run_id)
        return self._responses.spending(run_id)

    def cached(self, keys: Collection[str]) -> Mapping[str, tuple[Attempt, ...]]:
        """The attempts of the answers that the cache has under these keys."""
        return self._cache.find(keys)

    def count_cached(self, keys: Collection[str]) -> int:
        """How many of these keys the cache has."""
        return self._cache.count(keys)

    def cache_stats(self) -> CacheStats:
        """What the cache holds."""
        return self._cache.stats()

    def clear_cache(self) -> int:
        """Forget the keys of all answers."""
        return self._cache.clear()

    def save_scores(self, run_id: str, signature: Signature, scores: Iterable[DocumentScore]) -> None:
        """Keep the scores of a run in the place of the earlier ones."""
        self._runs.require(run_id)
        self._scores.save(run_id, signature, scores)

    def scores(self, run_id: str) -> StoredScores | None:
        """The scores of a run."""
        self._runs.require(run_id)
        return self._scores.read(run_id)

    def scored_by(self, run_id: str) -> Signature | None:
        """The signature of a run's scores."""
        self._runs.require(run_id)
        return self._scores.signature(run_id)

    def close(self) -> None:
        """Let go of the database."""
        self._appending.close()
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
