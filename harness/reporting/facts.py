"""One row a list of facts; a fact is right when all its graded leaves are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.records import FactCounts
from harness.reporting.figures import score
from harness.reporting.tables import Column, Holds, Row, Table, numbers
from harness.scoring import metrics

if TYPE_CHECKING:
    from harness.scoring.evaluation import Evaluation


def fact_table(evaluation: Evaluation) -> Table:
    """Facts right, wrong, missing and spurious in each list of models, and in all of them together."""
    columns = (Column("facts", Holds.PATH), *numbers("right", "wrong", "missing", "spurious", "P", "R", "F1"))
    total = FactCounts()
    for counts in evaluation.facts.values():
        total = total.plus(counts)
    return Table(
        "Facts",
        columns,
        tuple(_row(path, counts) for path, counts in evaluation.facts.items()),
        (_row("all facts", total),),
        (
            ("right: paired with gold, and all of it right. wrong: paired, with a mistake in it.",)
            if evaluation.facts
            else ("Nothing stands in a list of models.",)
        ),
    )


def _row(name: str, facts: FactCounts) -> Row:
    counts = facts.as_counts()
    figures = (metrics.precision(counts), metrics.recall(counts), metrics.f1(counts))
    return (name, *map(str, facts), *map(score, figures))
