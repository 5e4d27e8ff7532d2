"""What every store can do, and the records that it keeps."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol, Self

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from decimal import Decimal
    from types import TracebackType

    from harness.records import Attempt, DocumentScore, FailureKind, Response, Signature


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
        documents: How many documents are planned; `Store.planned` has their ids.
        signature: What its numbers depend on.
        identity: What the system is: kind, model, prompt, parameters.
        details: Where things came from: the configuration's path, the schema's target, folders, and what is
            needed to go on with the run.
        summary: Headline figures by name; `None` is a figure that is not defined. Empty until finished.
        tags: Names that a person gave the run, sorted.
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
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StoredScores:
    """The scores of a run, as last saved.

    Attributes:
        signature: What the scores depend on; it can differ from the run's after gold or marks changed.
        scores: In the order of document and trial.
    """

    signature: Signature
    scores: tuple[DocumentScore, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """A response to keep.

    Attributes:
        response: The response.
        key: Its request's `Fingerprint.key`, under which later runs find it; `None` to keep it for its run
            alone. Only a response without a failure is ever found by its key.
    """

    response: Response
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Spending:
    """What the calls of a run came to, those of superseded takes included, those of other runs left out.

    Attributes:
        answers: How many takes they were made for.
        calls: How many were made.
        input_tokens: As reported, cached ones included.
        cached_input_tokens: How many of them the provider had in its cache.
        output_tokens: As reported, reasoning included.
        reasoning_tokens: How many of them the model thought with.
        cost: US dollars of the calls whose cost is known.
        unpriced: How many calls have no known cost.
    """

    answers: int
    calls: int
    input_tokens: int
    cached_input_tokens: int
    output_tokens: int
    reasoning_tokens: int
    cost: Decimal
    unpriced: int


@dataclass(frozen=True, slots=True)
class CacheStats:
    """What the cache holds.

    Attributes:
        answers: How many answers can be found by their key.
        size: Bytes of them, as stored.
        oldest: When the oldest was stored: UTC, ISO 8601; `None` when there is none.
        newest: When the newest was stored.
    """

    answers: int
    size: int
    oldest: str | None
    newest: str | None


class Store(Protocol):
    """Keeps runs. Every write is durable before its method returns, and is done as a whole or not at all.

    Several processes, and several threads of one, may use a store at the same time. Text survives to the
    letter, NUL characters and lone surrogates too; names of documents, suites and systems are ordinary text.

    Every method raises `StoreError` when the store cannot be read or written, or the run is not in it.
    """

    def create_run(self, run: RunRecord, planned: Sequence[str]) -> None:
        """Add a run with the ids of its documents, in order. `StoreError` when its id is taken."""

    def planned(self, run_id: str) -> tuple[str, ...]:
        """The ids of the documents that a run is to ask about, in order."""

    def reopen_run(self, run_id: str, details: Mapping[str, str]) -> None:
        """Say that a run goes on: it has started again, with these details in the place of the earlier ones."""

    def finish_run(
        self, run_id: str, status: RunStatus, finished: str, summary: Mapping[str, float | None]
    ) -> None:
        """Say how a run ended. May be said again after it was resumed."""

    def tag_run(self, run_id: str, tags: Collection[str]) -> None:
        """Give a run these tags in the place of the earlier ones."""

    def move_tag(self, run_id: str, tag: str) -> None:
        """Give one run a tag, and take it from every other; nobody sees two runs with it, or none."""

    def delete_run(self, run_id: str) -> None:
        """Remove a run, its responses and its scores. Answers that the cache holds stay in the cache."""

    def run(self, reference: str) -> RunRecord:
        """The run with that id, the only one whose id begins so, or with `"latest"` the newest.

        Raises:
            UsageError: When there is none (with the near ids) or more than one (with all of them).
        """

    def runs(self, limit: int | None = None) -> tuple[RunRecord, ...]:
        """The runs, newest first; of equal age, the one added last comes first."""

    def append(self, run_id: str, answers: Iterable[Kept]) -> None:
        """Keep responses, all of them or, when one is refused, none.

        A response of source `CACHE` refers to the answer that its key has; it is not stored again. A later
        response to the same document and trial is another take: the earlier ones are kept and counted in
        `spending`, and the newest decides.
        """

    def responses(self, run_id: str) -> Iterator[Response]:
        """The newest takes of a run in the order of document and trial, not held in memory together.

        What is appended after the first one was read may be missing.
        """

    def takes(self, run_id: str) -> Iterator[tuple[int, Response]]:
        """Every take of a run, from 0, in the order of document, trial and take; likewise one at a time."""

    def standing(self, run_id: str) -> Mapping[tuple[str, int], FailureKind | None]:
        """The (document, trial) pairs that have a response, and how the newest take of each failed."""

    def spending(self, run_id: str) -> Spending:
        """What the calls of a run came to."""

    def cached(self, keys: Collection[str]) -> Mapping[str, tuple[Attempt, ...]]:
        """The attempts of the answers that the cache has under these keys; the first stored of each."""

    def count_cached(self, keys: Collection[str]) -> int:
        """How many of these keys the cache has, without reading their answers."""

    def cache_stats(self) -> CacheStats:
        """What the cache holds."""

    def clear_cache(self) -> int:
        """Forget the keys of all answers, and the answers that no run refers to; returns how many keys."""

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
