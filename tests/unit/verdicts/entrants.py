"""Runs by their counts, for tests of comparisons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel

from harness.marks import Evidence, Ungraded, Weight
from harness.records import Counts, DocumentScore, Expense, FailureKind, Side, Signature
from harness.schema.compile import compile_model
from harness.verdicts.comparison.comparing import Entrant
from harness.verdicts.comparison.stability import stability_of


class Part(BaseModel):
    name: str | None = None
    amount: int | None = None
    quote: Annotated[str | None, Evidence()] = None


class Stock(BaseModel):
    a: str | None = None
    b: Annotated[str | None, Weight(2)] = None
    note: Annotated[str | None, Ungraded()] = None
    parts: list[Part] = []


PLAN = compile_model(Stock)
SHARED = (
    ("suite", "s"),
    ("documents", "d0"),
    ("gold", "g0"),
    ("schema", "x0"),
    ("marks", "m0"),
    ("metric", "1"),
)


def right(*names: str) -> list[DocumentScore]:
    """One correct value each."""
    return [one(name, a=Counts(1)) for name in names]


def one(
    document: str, trial: int = 0, *, failure: FailureKind | None = None, **leaves: Counts
) -> DocumentScore:
    return DocumentScore(document, trial, leaves, failure=failure)


def row(*counts: Counts, path: str = "a") -> list[DocumentScore]:
    """A document each, with these counts of one field."""
    return [DocumentScore(f"d{at:02}", 0, {path: found}) for at, found in enumerate(counts)]


def entrant(label: str, scores: Sequence[DocumentScore], *, instrument: bool = False, **keys: str) -> Entrant:
    entries: Mapping[str, str] = {**dict(SHARED), "system": label, "prompt": "none", "trials": "1", **keys}
    side = Side(
        label,
        f"run-{label}",
        "2026-11-22T05:34:40.000Z",
        Signature(tuple(entries.items())),
        stability_of(scores),
        Expense(len(scores), Decimal(0), 0, 0, 0, None, None),
        instrument,
    )
    return Entrant(side, scores)
