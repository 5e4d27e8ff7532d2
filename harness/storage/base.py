"""What every store can do, and the records that it keeps."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol, Self

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from types import TracebackType

    from harness.records import DocumentScore, Response, Signature


class RunStatus(StrEnum):
    """How far a run came. A run that still says `STARTED` is going on, or its process was killed."""

    STARTED = "started"
    FINISHED = "finished"
    INTERRUPTED = "interrupted"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class RunRecord:
    """One system over one suite.

    Attributes:
        id: Unique in the store; `new_run_id` makes one.
        suite: The suite's name.
        system: The system's name.
        status: How far the run came.
        created: When it began: UTC, ISO 8601. Runs are ordered by this text, so one form is used throughout.
        finished: When it ended; `None` while it has not.
        trials: How often each document is put to the system.
        documents: How many documents are planned.
        signature: What its numbers depend on.
        identity: What the system is: kind, model, prompt, parameters.
        details: Where things came from: the configuration's path, the schema's target, folders.
        summary: Headline figures by name; `None` is a figure that is not defined. Empty until finished.
    """

    id: str
    suite: str
    system: str
    status: RunStatus
    created: str
    finished: str | None
    trials: int
    documents: int
    signature: Signature
    identity: Mapping[str, str] = field(default_factory=dict)
    details: Mapping[str, str] = field(default_factory=dict)
    summary: Mapping[str, float | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StoredScores:
    """The scores of a run, as last saved.

    Attributes:
        signature: What the scores depend on; it can differ from the run's after gold or marks changed.
        scores: In the order of document and trial.
    """

    signature: Signature
    scores: tuple[DocumentScore, ...]


class Store(Protocol):
    """Keeps runs. Every write is durable before its method returns, and is done as a whole or not at all.

    Several processes, and several threads of one, may use a store at the same time. Text survives to the
    letter, NUL characters and lone surrogates too; names of documents, suites and systems are ordinary text.

    Every method raises `StoreError` when the store cannot be read or written, or the run is not in it.
    """

    def create_run(self, run: RunRecord) -> None:
        """Add a run. `StoreError` when its id is taken."""

    def finish_run(
        self, run_id: str, status: RunStatus, finished: str, summary: Mapping[str, float | None]
    ) -> None:
        """Say how a run ended. May be said again after it was resumed."""

    def run(self, reference: str) -> RunRecord:
        """The run with that id, the only one whose id begins so, or with `"latest"` the newest.

        Raises:
            UsageError: When there is none (with the near ids) or more than one (with all of them).
        """

    def runs(self, limit: int | None = None) -> tuple[RunRecord, ...]:
        """The runs, newest first; of equal age, the one added last comes first."""

    def append(self, run_id: str, response: Response) -> None:
        """Keep a response. `StoreError` when its document has that trial already: nothing is overwritten."""

    def append_many(self, run_id: str, responses: Iterable[Response]) -> None:
        """Keep many responses, all of them or, when one is refused, none.

        Other writers wait while the responses are iterated.
        """

    def responses(self, run_id: str) -> Iterator[Response]:
        """The responses of a run in the order of document and trial, not held in memory together.

        What is appended after the first one was read may be missing.
        """

    def answered(self, run_id: str) -> set[tuple[str, int]]:
        """The (document, trial) pairs that have a response."""

    def save_scores(self, run_id: str, signature: Signature, scores: Iterable[DocumentScore]) -> None:
        """Keep the scores of a run in the place of the earlier ones."""

    def scores(self, run_id: str) -> StoredScores | None:
        """The scores of a run; `None` when none were saved."""

    def scored_by(self, run_id: str) -> Signature | None:
        """The signature of a run's scores, without reading them; `None` when none were saved."""

    def close(self) -> None:
        """Let go of the store. It is not to be used afterwards; closing twice is fine."""

    def __enter__(self) -> Self:
        """The store itself."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close the store."""
