"""The runs that a comparison or a gate is about, with their scores."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.records import FailureKind, Side
from harness.running.comparison.expenses import expense_of
from harness.running.comparison.labels import label_of
from harness.running.comparison.references import looks_like_a_file as looks_like_a_file
from harness.running.comparison.references import opened_runs
from harness.running.planning import INSTRUMENT
from harness.running.rescoring import past_run
from harness.running.signature import rescored
from harness.storage import RunStatus

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from harness.records import DocumentScore, Expense, Response, Signature
    from harness.running.comparison.references import OpenRun
    from harness.storage import RunRecord, Store
    from harness.suites.configuration import Configuration


@dataclass(frozen=True, slots=True, eq=False)
class Operand:
    """One run with its scores; its answers are read from the store when they are asked for.

    Attributes:
        reference: As the user named it.
        run: The run.
        signature: What the scores depend on.
        scores: One for each planned document and trial, in that order; what was not answered is a failure.
        documents: The ids of the planned documents, sorted.
        store: Has its answers, while it is open.
        remarks: What a reader of its numbers must know, such as that it is not finished.
        from_file: Whether it is from a file, and not from the configuration's store.
    """

    reference: str
    run: RunRecord
    signature: Signature
    scores: tuple[DocumentScore, ...]
    documents: tuple[str, ...]
    store: Store
    remarks: tuple[str, ...] = ()
    from_file: bool = False

    @property
    def label(self) -> str:
        """What tables call it: the system and, where it has one, the prompt's version."""
        return label_of(self.run)

    @property
    def instrument(self) -> bool:
        """Whether the system is a test instrument that answers with gold."""
        return self.run.identity.get("kind") == INSTRUMENT

    def scores_of(self, documents: Collection[str] | None = None) -> tuple[DocumentScore, ...]:
        """The scores of some documents, in order; of all when `None`."""
        if documents is None:
            return self.scores
        wanted = frozenset(documents)
        return tuple(score for score in self.scores if score.document in wanted)

    def responses(self, documents: Collection[str] | None = None) -> Iterator[Response]:
        """The newest answers of some documents in the order of document and trial, one in memory at a time."""
        wanted = None if documents is None else frozenset(documents)
        for response in self.store.responses(self.run.id):
            if wanted is None or response.document in wanted:
                yield response

    def expense(self, documents: Collection[str] | None = None) -> Expense:
        """What the answers of some documents took; of all when `None`."""
        return expense_of(self.responses(documents), self.scores_of(documents))

    def side(self, *, label: str = "", documents: Collection[str] | None = None) -> Side:
        """The run as one side of a comparison.

        Args:
            label: What tables call it; its own label when empty.
            documents: Only these documents; all when `None`.
        """
        from harness.verdicts.comparison.stability import stability_of

        return Side(
            label=label or self.label,
            run=self.run.id,
            created=self.run.created,
            signature=self.signature,
            stability=stability_of(self.scores_of(documents)),
            expense=self.expense(documents),
            instrument=self.instrument,
        )


@contextmanager
def opened(configuration: Configuration, references: Sequence[str]) -> Iterator[tuple[Operand, ...]]:
    """Open runs with their scores; they can be read until the block ends.

    Stored scores are taken as they are. A run that has none, or is not finished, is scored by today's gold and
    schema, and nothing of that is kept.

    Args:
        configuration: Names the store and the suites.
        references: As `harness.running.comparison.references.opened_runs` reads them.

    Raises:
        UsageError: When there is no such run or file.
        StoreError: When the store or a file cannot be read, or the file is of a newer format.
        HarnessError: As `score_run`, when a run is to be scored and cannot be.
    """
    with opened_runs(configuration, references) as found:
        yield tuple(_operand(configuration, one) for one in found)


def _operand(configuration: Configuration, found: OpenRun) -> Operand:
    run, store = found.run, found.store
    planned = tuple(sorted(store.planned(run.id)))
    places = {(name, trial) for name in planned for trial in range(run.trials)}
    stored = store.scores(run.id) if run.status is RunStatus.FINISHED else None
    if stored is not None and places == {(score.document, score.trial) for score in stored.scores}:
        scores, signature = stored.scores, stored.signature
    else:
        past = past_run(configuration, store, run)
        scores = tuple(sorted(past.scores(), key=lambda score: (score.document, score.trial)))
        signature = rescored(run.signature, past.scored_by())
    return Operand(
        reference=found.reference,
        run=run,
        signature=signature,
        scores=scores,
        documents=planned,
        store=store,
        remarks=_unfinished(run, scores),
        from_file=found.from_file,
    )


def _unfinished(run: RunRecord, scores: Sequence[DocumentScore]) -> tuple[str, ...]:
    left = sum(score.failure in (FailureKind.NOT_ANSWERED, FailureKind.INTERRUPTED) for score in scores)
    if not left:
        return ()
    return (
        f"The run {run.id} is not finished ({run.status}): {left} of {len(scores)} answers are not there, "
        "and each counts as a failure.",
    )
