"""One row a system, the best first."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from harness.reporting.figures import duration, number_of, part, score
from harness.reporting.spending import spent
from harness.reporting.tables import Column, Holds, Table, numbers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from harness.scoring.evaluation import Evaluation

FEW_DOCUMENTS = 5
"""Below so many documents a reader is told to read them and not the figures."""


@dataclass(frozen=True)
class Entry:
    """One system on a leaderboard.

    Attributes:
        name: The system's name.
        evaluation: What its scores come to.
        run: The run's id; empty when nothing was stored.
        seconds: How long it took; `None` when that is not known.
        instrument: Whether it is a test instrument (noisy-gold): it has seen gold, so it gets no rank.
        cost: US dollars that its answers cost, as far as that is known.
        unpriced: How many calls have no known cost.
    """

    name: str
    evaluation: Evaluation
    run: str = ""
    seconds: float | None = None
    instrument: bool = False
    cost: Decimal = Decimal(0)
    unpriced: int = 0


def leaderboard(entries: Sequence[Entry]) -> Table:
    """Systems by leaf-level micro F1, best first; equal F1 is an equal rank, an undefined one comes last."""
    ranked = sorted(entries, key=_order)
    ranks = _ranks(ranked)
    columns = (
        Column("#", Holds.NUMBER),
        Column("system", Holds.NAME),
        *numbers("F1", "P", "R", "macro F1", "doc F1", "docs right", "facts F1", "failed"),
    )
    rows = [(rank, *_cells(entry)) for rank, entry in zip(ranks, ranked, strict=True)]
    if any(entry.seconds is not None for entry in ranked):
        columns += numbers("time")
        rows = [(*row, duration(entry.seconds)) for row, entry in zip(rows, ranked, strict=True)]
    if any(entry.cost or entry.unpriced for entry in ranked):
        columns += numbers("cost")
        rows = [(*row, spent(entry.cost, entry.unpriced)) for row, entry in zip(rows, ranked, strict=True)]
    if any(entry.run for entry in ranked):
        columns += (Column("run", Holds.ID),)
        rows = [(*row, entry.run) for row, entry in zip(rows, ranked, strict=True)]
    strong = frozenset(position for position, rank in enumerate(ranks) if rank == "1")
    return Table("Leaderboard", columns, tuple(rows), notes=_notes(ranked), strong=strong)


def _ranked_by(entry: Entry) -> float | None:
    """F1 without the last bits, in which sums of weights can differ for systems that do not."""
    f1 = entry.evaluation.f1
    return None if f1 is None else round(f1, 12)


def _order(entry: Entry) -> tuple[float, str]:
    f1 = _ranked_by(entry)
    return (1.0 if f1 is None else -f1, entry.name)


def _ranks(ranked: Sequence[Entry]) -> list[str]:
    """One more than the number of better systems; instruments have no rank and count for nobody's."""
    scores = [_ranked_by(entry) for entry in ranked if not entry.instrument]
    ranks = []
    for entry in ranked:
        f1 = _ranked_by(entry)
        if entry.instrument or f1 is None:
            ranks.append("")
        else:
            ranks.append(str(1 + sum(other is not None and other > f1 for other in scores)))
    return ranks


def _cells(entry: Entry) -> tuple[str, ...]:
    evaluation = entry.evaluation
    return (
        f"{entry.name}*" if entry.instrument else entry.name,
        score(evaluation.f1),
        score(evaluation.precision),
        score(evaluation.recall),
        score(evaluation.macro_f1),
        score(evaluation.document_f1),
        part(evaluation.exactly_right, evaluation.documents),
        score(evaluation.fact_f1),
        str(sum(evaluation.failures.values())),
    )


def _notes(ranked: Sequence[Entry]) -> tuple[str, ...]:
    if not ranked:
        return ("No system has been scored.",)
    notes = [
        _extent(ranked),
        "F1, P, R: over all leaf values (micro); F1 is the headline. macro F1: mean of the fields'.",
        "doc F1: mean of the documents'. docs right: without a mistake. facts F1: over whole facts.",
    ]
    if min(entry.evaluation.documents for entry in ranked) < FEW_DOCUMENTS:
        notes.append(f"Fewer than {FEW_DOCUMENTS} documents: the figures say little; read the documents.")
    if any(_answers(entry) != _answers(ranked[0]) for entry in ranked):
        notes.append("Not all were scored on the same documents and trials: their figures do not compare.")
    for entry in ranked:
        if failures := entry.evaluation.failures:
            kinds = ", ".join(f"{count} {kind}" for kind, count in failures.items())
            notes.append(f"{entry.name}: {kinds}; a failed answer misses every gold value.")
    notes += [
        f"* {entry.name} is a test instrument: it answers with gold, spoilt on purpose, and has no rank."
        for entry in ranked
        if entry.instrument
    ]
    return tuple(notes)


def _extent(ranked: Sequence[Entry]) -> str:
    """Over how many documents and trials, when that is the same for all."""
    extents = {(entry.evaluation.documents, entry.evaluation.trials) for entry in ranked}
    texts = [
        f"{number_of(documents, 'document')}, {number_of(trials, 'trial')} each"
        for documents, trials in sorted(extents)
    ]
    return f"Over {' or '.join(texts)}."


def _answers(entry: Entry) -> set[tuple[str, int]]:
    return {(score.document, score.trial) for score in entry.evaluation.scores}
