"""Score stored answers again, with today's gold, schema and metrics. Nobody is asked."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from harness.errors import DocumentError, StoreError, UsageError
from harness.records import ExtractionFailure, FailureKind
from harness.running.engine.extraction import extraction_of
from harness.running.gold import load_gold, require_labels
from harness.running.signature import changed, rescored, scored_by
from harness.running.suite import compiled
from harness.scoring.evaluation import Evaluation
from harness.storage import RunRecord, RunStatus, open_store
from harness.suites.documents import document_paths, load_document

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from harness.records import DocumentScore, Extraction, Outcome
    from harness.running.gold import Label
    from harness.schema import Plan
    from harness.scoring.scorer import Scorer
    from harness.storage import Store
    from harness.suites.configuration import Configuration


@dataclass(frozen=True)
class ScoredRun:
    """A stored run, scored again.

    Attributes:
        run: As it is in the store now.
        evaluation: What its answers come to today.
        plan: Today's compiled schema.
        changed: The signature's keys (`gold`, `marks`, `metric` …) that differ from when the run was made.
        not_kept: Why the scores could not be stored; empty when they were.
    """

    run: RunRecord
    evaluation: Evaluation
    plan: Plan
    changed: tuple[str, ...]
    not_kept: str = ""


def score_run(configuration: Configuration, reference: str) -> ScoredRun:
    """Score a stored run again, and keep the scores and its summary.

    A document that an unfinished run did not come to counts as not answered. A document whose file is gone is
    scored without looking for its quotes.

    Args:
        configuration: Names the store and the run's suite.
        reference: The run's id, the beginning of it, or `latest`.

    Raises:
        UsageError: When there is no such run, or no suite of its name.
        SchemaError: When today's schema cannot be found or scored.
        GoldError: When today's gold does not fit it, or lacks a document of the run.
        StoreError: When the store cannot be read. One that cannot be written is said in the result.
    """
    with open_store(configuration.store) as store:
        run = store.run(reference)
        past = past_run(configuration, store, run)
        scores = tuple(past.scores())
        evaluation = Evaluation(past.scorer.plan, scores)
        signature = rescored(run.signature, past.scored_by())
        try:
            store.save_scores(run.id, signature, scores)
            # A run that still says it has started may be going on in another process.
            if run.status is not RunStatus.STARTED and run.finished is not None:
                summary = evaluation.headline()
                store.finish_run(run.id, run.status, run.finished, summary)
                run = replace(run, summary=summary)
        except StoreError as failure:
            not_kept = failure.seen
        else:
            not_kept = ""
        changes = changed(run.signature, signature)
        return ScoredRun(run, evaluation, past.scorer.plan, changes, not_kept)


def explain(configuration: Configuration, reference: str, document: str, trial: int = 0) -> tuple[Outcome, ...]:
    """Every outcome of one document of a stored run, with today's gold and schema.

    Args:
        configuration: Names the store and the run's suite.
        reference: The run's id, the beginning of it, or `latest`.
        document: The document's id.
        trial: Which repeat.

    Raises:
        UsageError: When the run has no such document or trial; names the near ids.
        HarnessError: As `score_run` does.
    """
    with open_store(configuration.store) as store:
        run = store.run(reference)
        past = past_run(configuration, store, run)
        if document not in past.planned:
            near = difflib.get_close_matches(document, past.planned, n=3, cutoff=0.3) or past.planned[:3]
            others = len(past.planned) - len(near)
            raise UsageError(
                f"the run {run.id} has no document {document!r}",
                hint=f"documents: {', '.join(near)}{f' and {others} more' if others else ''}",
            )
        if not 0 <= trial < run.trials:
            raise UsageError(f"the run {run.id} has no trial {trial}", hint=f"it has {run.trials}, from 0")
        for extraction in past.extractions():
            if (extraction.document, extraction.trial) == (document, trial):
                return past.scorer.explain(past.gold[document].facts, extraction)
    raise AssertionError("every planned document has an extraction or a failure")


@dataclass(frozen=True, slots=True)
class PastRun:
    """A stored run beside today's suite.

    Attributes:
        planned: The ids of the run's documents, in the order in which they are asked.
        paths: Document id to file, of every document that is there today.
    """

    store: Store
    run: RunRecord
    scorer: Scorer
    gold: Mapping[str, Label]
    planned: Sequence[str]
    paths: Mapping[str, Path]

    def extractions(self) -> Iterator[Extraction | ExtractionFailure]:
        """What was extracted, one response in memory at a time; then what was not answered."""
        open_ones = {(name, trial): None for name in self.planned for trial in range(self.run.trials)}
        for response in self.store.responses(self.run.id):
            open_ones.pop((response.document, response.trial), None)
            yield extraction_of(response)
        for name, trial in open_ones:
            yield ExtractionFailure(name, trial, FailureKind.NOT_ANSWERED, f"the run is {self.run.status}")

    def scores(self) -> Iterator[DocumentScore]:
        """The score of each of them, by today's gold and schema."""
        text: tuple[str, str | None] = ("", None)
        for extraction in self.extractions():
            name = extraction.document
            if name != text[0]:
                text = (name, self.text(name))
            yield self.scorer.score(self.gold[name].facts, extraction, text[1])

    def text(self, name: str) -> str | None:
        """A document's text; `None` when it is gone or cannot be read."""
        try:
            return load_document(self.paths[name]).text if name in self.paths else None
        except DocumentError:
            return None

    def scored_by(self) -> dict[str, str]:
        """What today's scores of the run depend on."""
        return scored_by(self.scorer.plan, {name: self.hash(name) for name in self.planned}, self.gold)

    def hash(self, name: str) -> str:
        """The SHA-256 of a document's bytes, or why there is none."""
        try:
            return load_document(self.paths[name]).sha256 if name in self.paths else "gone"
        except DocumentError:
            return "unreadable"


def past_run(configuration: Configuration, store: Store, run: RunRecord) -> PastRun:
    """A stored run with what it takes to score or explain its answers.

    Raises:
        HarnessError: As `score_run` does.
    """
    suite = configuration.suite(run.suite)
    model, scorer = compiled(suite.schema, str(configuration.root))
    gold = load_gold(suite.gold, scorer, model)
    try:
        paths = {path.stem: path for path in document_paths(suite.documents)}
    except DocumentError:
        paths = {}
    planned = store.planned(run.id)
    require_labels(gold, planned, suite.gold)
    return PastRun(store, run, scorer, gold, planned, paths)
