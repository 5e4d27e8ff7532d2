"""Quotes against verdicts: is what was extracted backed by words of the document?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.reporting.figures import score
from harness.reporting.tables import Column, Table, numbers

if TYPE_CHECKING:
    from harness.records import GroundingCounts
    from harness.scoring.evaluation import Evaluation


def readings(counts: GroundingCounts) -> dict[str, int]:
    """The four readings of a quote and a verdict, by name."""
    return {
        "grounded": counts.right_exact + counts.right_fuzzy,
        "real quote that does not support": counts.wrong_exact + counts.wrong_fuzzy,
        "invented quote": counts.right_invented + counts.wrong_invented,
        "no quote": counts.right_none + counts.wrong_none,
    }


def grounding_table(evaluation: Evaluation) -> Table:
    """How many predicted values are right and wrong by how their quote stands in the document."""
    counts = evaluation.grounding
    right, wrong = counts[:4], counts[4:]
    meanings = (
        ("exact", "letter for letter", "grounded", "real quote that does not support"),
        ("nearly", "with small differences", "grounded", "real quote that does not support"),
        ("invented", "not in the document", "invented quote", "invented quote"),
        ("none", "nothing is quoted", "no quote", "no quote"),
    )
    rows = tuple(
        (quote, meaning, str(good), str(bad), str(good + bad))
        for (quote, meaning, *_), good, bad in zip(meanings, right, wrong, strict=True)
    )
    whole = sum(counts)
    total = ("all", "", str(sum(right)), str(sum(wrong)), str(whole))
    columns = (Column("quote"), Column("found"), *numbers("right", "wrong", "values"))
    if not whole:
        notes = [
            "No predicted value stands in a record with a place for evidence, or the documents are not known."
        ]
    else:
        notes = [
            f"{name}: {count} of {whole} ({score(count / whole)})" for name, count in readings(counts).items()
        ]
    return Table("Grounding", columns, rows, (total,), tuple(notes))
