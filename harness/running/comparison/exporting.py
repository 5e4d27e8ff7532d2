"""Every outcome of runs as rows, for pandas, polars and spreadsheets."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from harness.records import Presence
from harness.reporting.json_results import json_value
from harness.reporting.visible import visible
from harness.running.comparison.labels import prompt_version
from harness.running.comparison.references import opened_runs
from harness.running.rescoring import past_run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from harness.records import Json, Outcome
    from harness.storage import RunRecord
    from harness.suites.configuration import Configuration


class OutcomeRow(NamedTuple):
    """One judged leaf of one answer. Its fields are the columns of the file.

    Attributes:
        run: The run's id.
        system: The system's name.
        prompt: The prompt's version; `None` for a system that has none.
        suite: The suite's name.
        document: The document's id.
        trial: Which repeat, from 0.
        path: The field's path.
        kind: The outcome: `correct`, `missing` …
        gold: Gold's value as JSON; `None` when it is left out.
        predicted: The predicted value as JSON; `None` when it is left out.
        gold_at: Where gold's value stands; `None` when nowhere.
        predicted_at: The same of the prediction.
        gold_presence: How gold's value is there or not: `value`, `null`, `left out`, `empty`.
        predicted_presence: The same of the prediction.
        similarity: Between 0 and 1; `None` when one side is absent.
        comparator: With its parameters.
        reason: Why, in a few words.
    """

    run: str
    system: str
    prompt: str | None
    suite: str
    document: str
    trial: int
    path: str
    kind: str
    gold: str | None
    predicted: str | None
    gold_at: str | None
    predicted_at: str | None
    gold_presence: str
    predicted_presence: str
    similarity: float | None
    comparator: str
    reason: str


def outcome_rows(
    configuration: Configuration,
    references: Sequence[str],
    *,
    progress: Callable[[str, int, int], None] | None = None,
) -> Iterator[OutcomeRow]:
    """Every outcome of runs by today's gold and schema, one answer in memory at a time.

    Args:
        configuration: Names the store, and has the runs' suites.
        references: Runs of the store or files; see `harness.running.comparison.references.opened_runs`.
        progress: Told how many answers have been explained.

    Raises:
        UsageError: When there is no such run.
        HarnessError: As `score_run`, while iterating too.
    """
    with opened_runs(configuration, references) as found:
        total = sum(one.run.documents * one.run.trials for one in found)
        done = 0
        for one in found:
            past = past_run(configuration, one.store, one.run)
            for extraction in past.extractions():
                facts = past.gold[extraction.document].facts
                for outcome in past.scorer.explain(facts, extraction):
                    yield _row(one.run, extraction.document, extraction.trial, outcome)
                done += 1
                if progress is not None:
                    progress("exporting answers", done, total)


def _row(run: RunRecord, document: str, trial: int, outcome: Outcome) -> OutcomeRow:
    return OutcomeRow(
        run=run.id,
        system=run.system,
        prompt=prompt_version(run),
        suite=run.suite,
        document=document,
        trial=trial,
        path=outcome.path,
        kind=str(outcome.kind),
        gold=_json(outcome.gold, outcome.gold_presence),
        predicted=_json(outcome.predicted, outcome.predicted_presence),
        gold_at=outcome.gold_at or None,
        predicted_at=outcome.predicted_at or None,
        gold_presence=str(outcome.gold_presence),
        predicted_presence=str(outcome.predicted_presence),
        similarity=outcome.similarity,
        comparator=visible(outcome.comparator),
        reason=visible(outcome.reason),
    )


def _json(value: Json, presence: Presence) -> str | None:
    """In ASCII: no file format takes every string that a model may write."""
    return None if presence is Presence.LEFT_OUT else json.dumps(json_value(value), allow_nan=False)
