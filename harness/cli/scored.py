"""What `harness score` reports: of a run or of files, a whole evaluation or one document."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harness.cli.run_records import run_as_json
from harness.cli.selection import configuration_of, import_root
from harness.records import OutcomeKind
from harness.reporting import (
    as_json,
    fact_table,
    field_table,
    grounding_table,
    outcome_as_json,
    outcome_table,
    run_table,
)
from harness.reporting.figures import number_of

if TYPE_CHECKING:
    import argparse

    from harness.reporting import Table
    from harness.scoring.evaluation import Evaluation

_FREE = (OutcomeKind.CORRECT, OutcomeKind.ABSENT, OutcomeKind.UNGRADED)
_MEANINGS = {
    "f1": "over all leaf values (micro): the headline",
    "precision": "correct of predicted",
    "recall": "correct of gold",
    "macro_f1": "mean of the fields",
    "document_f1": "mean of the documents",
    "exactly_right": "share of documents without a mistake",
    "fact_f1": "over whole facts, right when all of a fact is",
    "fact_precision": "right of predicted facts",
    "fact_recall": "right of gold's facts",
    "edit_accuracy": "share that nobody need edit",
    "over_generation": "spurious of predicted",
    "under_generation": "missing of gold",
    "null_specificity": "how often it is silent where gold is",
}


@dataclass(frozen=True, slots=True)
class Report:
    """What is to be printed, for a person or for a program.

    Attributes:
        tables: For a person.
        remarks: Lines below the tables.
        json: The same for a program.
    """

    tables: tuple[Table, ...]
    remarks: tuple[str, ...]
    json: dict[str, Any]


def scored(arguments: argparse.Namespace) -> Report:
    """The evaluation of a run or of a predictions file."""
    from harness.running import score_files, score_run

    if arguments.run_id is None:
        score = score_files(
            arguments.schema,
            Path(arguments.gold),
            Path(arguments.predictions),
            root=str(import_root(arguments)),
        )
        title = f"{arguments.predictions} against {arguments.gold}"
        data = {"unanswered": list(score.unanswered), "evaluation": as_json(score.evaluation)}
        return Report(_tables(title, score.evaluation), _unanswered(score.unanswered), data)
    again = score_run(configuration_of(arguments), arguments.run_id)
    title = f"{again.run.system} over {again.run.suite}, run {again.run.id}"
    data = {
        "run": run_as_json(again.run),
        "changed": list(again.changed),
        "evaluation": as_json(again.evaluation),
    }
    remarks = _changed(again.changed)
    if again.not_kept:
        remarks += (f"These scores are not kept: {again.not_kept}.",)
    return Report(_tables(title, again.evaluation), remarks, data)


def explained(arguments: argparse.Namespace) -> Report:
    """The outcomes of one document."""
    from harness.running import explain, explain_files

    trial = arguments.trial or 0
    if arguments.run_id is None:
        outcomes = explain_files(
            arguments.schema,
            Path(arguments.gold),
            Path(arguments.predictions),
            arguments.explain,
            trial=trial,
            root=str(import_root(arguments)),
        )
    else:
        outcomes = explain(configuration_of(arguments), arguments.run_id, arguments.explain, trial)
    title = f"{arguments.explain}, trial {trial}" if arguments.trial is not None else arguments.explain
    listed = [one for one in outcomes if arguments.all or one.kind not in _FREE]
    return Report(
        (outcome_table(outcomes, only_charged=not arguments.all, title=title),),
        (),
        {"document": arguments.explain, "trial": trial, "outcomes": [outcome_as_json(one) for one in listed]},
    )


def _tables(title: str, evaluation: Evaluation) -> tuple[Table, ...]:
    rows = [
        {
            "figure": name.replace("_", " ").replace("f1", "F1"),
            "value": value,
            "meaning": _MEANINGS.get(name, ""),
        }
        for name, value in evaluation.headline().items()
    ]
    headline = run_table(rows, ("figure", "value", "meaning"), title=title)
    tables = [replace(headline, notes=tuple(_remarks(evaluation))), field_table(evaluation)]
    if evaluation.facts:
        tables.append(fact_table(evaluation))
    if any(evaluation.grounding):
        tables.append(grounding_table(evaluation))
    return tuple(tables)


def _remarks(evaluation: Evaluation) -> list[str]:
    extent = f"{number_of(evaluation.documents, 'document')}, {number_of(evaluation.trials, 'trial')} each"
    remarks = [f"Over {extent}."]
    if evaluation.failures:
        kinds = ", ".join(f"{count} {kind}" for kind, count in evaluation.failures.items())
        remarks.append(f"Failed answers: {kinds}; each misses every gold value.")
    else:
        remarks.append("No answer failed.")
    remarks.append(f"Predicted keys outside the schema: {evaluation.stray}.")
    return remarks


def _changed(keys: tuple[str, ...]) -> tuple[str, ...]:
    if not keys:
        return ()
    return (f"Changed since the run was made: {', '.join(keys)}. These figures are by what is there now.",)


def _unanswered(ids: tuple[str, ...]) -> tuple[str, ...]:
    if not ids:
        return ()
    more = f" and {len(ids) - 10} more" if len(ids) > 10 else ""
    return (f"Gold has, and the predictions have not: {', '.join(ids[:10])}{more}. Each counts as a failure.",)
