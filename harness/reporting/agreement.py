"""How far two sets of labels agree, measured with the scorer itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.reporting.fields import all_paths, field_f1
from harness.reporting.figures import number_of, score
from harness.reporting.tables import Column, Holds, Table, numbers
from harness.scoring import metrics

if TYPE_CHECKING:
    from harness.scoring.evaluation import Evaluation


def agreement_table(strict: Evaluation, lenient: Evaluation, labels: tuple[str, str]) -> Table:
    """F1 of every field, then of every list of facts, then of all of them.

    Args:
        strict: The second set scored against the first, each by its best reading only.
        lenient: The same with alternatives and optional facts allowed.
        labels: The names of the two sets, the one that stood for gold first.
    """
    columns = (
        Column("unit", Holds.NAME),
        Column("path", Holds.PATH),
        *numbers(labels[0], labels[1], "strict F1", "lenient F1"),
    )
    rows = []
    for path in all_paths((strict, lenient)):
        counts = strict.fields.get(path)
        sizes = (0, 0) if counts is None else (counts.possible, counts.actual)
        rows.append(
            ("leaf", path, *map(str, sizes), score(field_f1(strict, path)), score(field_f1(lenient, path)))
        )
    for path in dict.fromkeys((*strict.facts, *lenient.facts)):
        sizes = (0, 0) if path not in strict.facts else _sizes(strict, path)
        rows.append(
            ("fact", path, *map(str, sizes), score(_fact_f1(strict, path)), score(_fact_f1(lenient, path)))
        )
    leaf, fact = strict.totals, strict.fact_totals
    totals = (
        ("leaf", "all fields", str(leaf.possible), str(leaf.actual), score(strict.f1), score(lenient.f1)),
        (
            "fact",
            "all facts",
            str(fact.possible),
            str(fact.actual),
            score(strict.fact_f1),
            score(lenient.fact_f1),
        ),
    )
    notes = (
        f"Over {number_of(strict.documents, 'document')}. {labels[0]} stands for gold.",
        "The other way round F1 is the same, but for dates and relative tolerances, where gold decides.",
        f"{labels[0]} and {labels[1]} count the values and facts of each set.",
        "strict: the best reading of each label. lenient: alternatives and optional facts count too.",
    )
    return Table(f"Agreement of {labels[0]} and {labels[1]}", columns, tuple(rows), totals, notes)


def _sizes(evaluation: Evaluation, path: str) -> tuple[int, int]:
    counts = evaluation.facts[path].as_counts()
    return counts.possible, counts.actual


def _fact_f1(evaluation: Evaluation, path: str) -> float | None:
    facts = evaluation.facts.get(path)
    return None if facts is None else metrics.f1(facts.as_counts())
