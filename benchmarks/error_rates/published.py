"""Read the counts of six published systems: `counts.csv` beside this file."""

from __future__ import annotations

import csv
import string
from functools import cache
from pathlib import Path

from harness.records import Counts, DocumentScore, FailureKind

COUNTS = Path(__file__).with_name("counts.csv")
SYSTEMS = ("VanillaOpenAI", "LMFormatEnforcer", "Instructor", "Mirascope", "LlamaIndex", "Marvin")
TRIALS = 10
FAILED = "-"
_DIGITS = string.digits + string.ascii_lowercase


def digit(count: int) -> str:
    """A count as one character.

    Raises:
        IndexError: When it is over 35.
    """
    return _DIGITS[count]


@cache
def published(system: str) -> tuple[DocumentScore, ...]:
    """Every trial of a system over the 100 documents, by document and trial."""
    leaves: dict[tuple[str, int], dict[str, Counts]] = {}
    failed = set()
    with COUNTS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(line for line in file if not line.startswith("#")):
            gold = int(row["gold"])
            for trial, (correct, spurious) in enumerate(zip(*row[system].split("/"), strict=True)):
                of_trial = leaves.setdefault((row["document"], trial), {})
                if correct == FAILED:
                    failed.add((row["document"], trial))
                right, extra = (_DIGITS.find(one) if one != FAILED else 0 for one in (correct, spurious))
                if gold or right or extra:
                    of_trial[row["path"]] = Counts(correct=right, missing=gold - right, spurious=extra)
    return tuple(
        DocumentScore(*key, found, failure=FailureKind.INVALID if key in failed else None)
        for key, found in sorted(leaves.items())
    )
