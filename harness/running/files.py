"""Score predictions that were made elsewhere."""

from __future__ import annotations

import difflib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.errors import GoldError, PredictionError, UsageError
from harness.records import Extraction, ExtractionFailure, FailureKind
from harness.running.suite import compiled
from harness.scoring.evaluation import Evaluation
from harness.suites.fitting import misfits
from harness.suites.json_lines import read_lines
from harness.suites.places import place, quoted, suggestion
from harness.suites.predictions import read_gold_lines, read_predictions

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from harness.records import DocumentScore, Json, Outcome
    from harness.schema import Plan
    from harness.scoring.scorer import Scorer
    from harness.suites.predictions import GoldLine


@dataclass(frozen=True)
class FileScore:
    """What a predictions file came to.

    Attributes:
        evaluation: Over every gold record and every trial that the file has of any.
        plan: The compiled schema.
        unanswered: What gold has and the file has not: the id, with its trial where there are several.
    """

    evaluation: Evaluation
    plan: Plan
    unanswered: tuple[str, ...]


def score_files(target: str, gold: Path, predictions: Path, *, root: str = "") -> FileScore:
    """Score a predictions file against a gold file, both JSONL; see `harness.suites.predictions`.

    Predictions are read one at a time; gold and the counts stay in memory. A gold record without a prediction
    is a failure, in every trial that any record has.

    Args:
        target: The schema, as `module:Model`.
        gold: The gold file. Required fields may be left out; annotations are allowed.
        predictions: The predictions file.
        root: A folder to import the schema from first.

    Raises:
        SchemaError: When the schema cannot be found or scored.
        GoldError: With file and line, when gold is malformed or does not fit the schema.
        PredictionError: With file and line, when predictions are malformed or name an id that gold has not.
    """
    pair = _pair(target, gold, predictions, root)
    scores, answered = [], set()
    for extraction in pair.extractions():
        answered.add((extraction.document, extraction.trial))
        scores.append(pair.score(extraction))
    trials = sorted({trial for _, trial in answered})
    unanswered = [(name, trial) for name in pair.records for trial in trials if (name, trial) not in answered]
    scores += [pair.score(_not_answered(*one)) for one in unanswered]
    names = tuple(f"{name} (trial {trial})" if len(trials) > 1 else name for name, trial in unanswered)
    return FileScore(Evaluation(pair.scorer.plan, tuple(scores)), pair.scorer.plan, names)


def explain_files(
    target: str, gold: Path, predictions: Path, document: str, trial: int = 0, *, root: str = ""
) -> tuple[Outcome, ...]:
    """Every outcome of one record of a predictions file.

    Args:
        target: The schema, as `module:Model`.
        gold: The gold file.
        predictions: The predictions file.
        document: The record's id.
        trial: Which repeat.
        root: A folder to import the schema from first.

    Raises:
        UsageError: When gold has no such id (names the near ones), or no prediction has that trial.
        HarnessError: As `score_files` does.
    """
    pair = _pair(target, gold, predictions, root)
    if document not in pair.records:
        near = difflib.get_close_matches(document, pair.records, n=3, cutoff=0.3) or list(pair.records)[:3]
        raise UsageError(
            f"gold has no id {quoted(document)}", where=place(gold), hint=f"ids: {', '.join(near)}"
        )
    found: Extraction | ExtractionFailure | None = None
    trials = set()
    for extraction in pair.extractions():
        trials.add(extraction.trial)
        if (extraction.document, extraction.trial) == (document, trial):
            found = extraction
    if trial not in trials:
        known = ", ".join(map(str, sorted(trials)[:10]))
        raise UsageError(
            f"no prediction has the trial {trial}", where=place(predictions), hint=f"trials: {known}"
        )
    return pair.scorer.explain(pair.gold_of(document), found or _not_answered(document, trial))


@dataclass(frozen=True, slots=True)
class _Record:
    value: bytes
    text: str | None


@dataclass(frozen=True, slots=True)
class _Pair:
    """A gold file, in memory, and a predictions file."""

    scorer: Scorer
    records: dict[str, _Record]
    predictions: Path

    def extractions(self) -> Iterator[Extraction | ExtractionFailure]:
        for extraction in read_predictions(self.predictions):
            if extraction.document not in self.records:
                raise PredictionError(
                    f"the id {quoted(extraction.document)} is not in gold",
                    where=place(self.predictions, self._line(extraction.document)),
                    hint=suggestion(extraction.document, self.records) if len(self.records) < 1_000 else "",
                )
            yield extraction

    def score(self, extraction: Extraction | ExtractionFailure) -> DocumentScore:
        record = self.records[extraction.document]
        return self.scorer.score(self.gold_of(extraction.document), extraction, record.text)

    def gold_of(self, name: str) -> Json:
        value: Json = json.loads(self.records[name].value)
        return value

    def _line(self, name: str) -> int | None:
        lines = read_lines(self.predictions, "predictions file", PredictionError)
        return next((line.number for line in lines if str(line.members.get("id")) == name), None)


def _pair(target: str, gold: Path, predictions: Path, root: str) -> _Pair:
    model, scorer = compiled(target, root)
    records = {}
    for line in read_gold_lines(gold):
        where = place(gold, line.line)
        for misfit in misfits(scorer.plan, model, line.value):
            if not misfit.absent:
                raise misfit.as_error(where)
        _refuse_combinations(scorer, line, where)
        records[line.id] = _Record(json.dumps(line.value).encode(), line.text)
    return _Pair(scorer, records, predictions)


def _refuse_combinations(scorer: Scorer, line: GoldLine, where: str) -> None:
    try:
        scorer.score(line.value, Extraction(line.id, 0, None))
    except GoldError as error:
        raise GoldError(f"{error.where}: {error.seen}", where=where, hint=error.hint) from None


def _not_answered(name: str, trial: int) -> ExtractionFailure:
    return ExtractionFailure(name, trial, FailureKind.NOT_ANSWERED, "there is no prediction")
