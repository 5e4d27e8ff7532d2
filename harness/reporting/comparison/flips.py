"""What flipped between two runs: documents and leaves, worst first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.records import Presence
from harness.reporting.figures import score
from harness.reporting.outcomes import LONGEST_VALUE
from harness.reporting.tables import Column, Holds, Row, Table, numbers
from harness.reporting.visible import shortened, value_text
from harness.verdicts.comparison.wording import documents_text, points

if TYPE_CHECKING:
    from collections.abc import Sequence

    from harness.records import Comparison, DocumentFlip, LeafFlip, Outcome

FEW_DOCUMENTS = 5
"""Of fewer documents, each that differs is listed, whatever the limit."""
NOT_THERE = "(not there)"
"""Stands for a leaf that one run does not have at all."""
LONGEST_QUOTE = 100
_PREDICTED = "predicted"


def document_table(comparison: Comparison, *, limit: int | None) -> Table:
    """The documents whose scores differ, those that lose most first.

    Args:
        comparison: The comparison.
        limit: How many are listed at most; `None` for all of them.
    """
    every = comparison.flipped_documents
    listed = every if limit is None or comparison.documents < FEW_DOCUMENTS else every[:limit]
    names = [shortened(side.label, 40) for side in (comparison.baseline, comparison.candidate)]
    right = any(one.was_right or one.is_right for one in listed)
    failing = any(map(failure_change, listed))
    columns = (
        Column("document", Holds.ID),
        *numbers(*names, "points"),
        *((Column("exactly right"),) if right else ()),
        *((Column("answer"),) if failing else ()),
    )
    rows = tuple(
        (
            one.document,
            score(one.baseline),
            score(one.candidate),
            points(one.change, sign=True),
            *((_right(one),) if right else ()),
            *((failure_change(one),) if failing else ()),
        )
        for one in listed
    )
    notes = ["points: how far the whole suite's F1 would move if this document alone changed."]
    if left := len(every) - len(listed):
        notes.append(f"{left:,} more; --all lists them.")
    if same := comparison.documents - len(every):
        notes.append(f"{documents_text(same)} {'has' if same == 1 else 'have'} the same counts in both.")
    return Table("Documents that differ, worst first", columns, rows, notes=tuple(notes))


def leaf_table(comparison: Comparison, *, limit: int | None) -> Table:
    """The leaves that only one run has right: what was lost, then what was gained.

    Args:
        comparison: The comparison.
        limit: How many lost ones, and how many gained ones, are listed at most; `None` for all of them.
    """
    ordered = by_worst_document(comparison)
    lost = [one for one in ordered if not one.better]
    gained = [one for one in ordered if one.better]
    listed = [*lost[:limit], *gained[:limit]]
    names = [shortened(side.label, 40) for side in (comparison.baseline, comparison.candidate)]
    columns = (
        Column("at", Holds.PATH),
        Column("flip", Holds.VERDICT),
        Column("document", Holds.ID),
        *(Column(name, Holds.VALUE) for name in ("gold", *names, "gold's evidence")),
    )
    rows = tuple(_row(one) for one in listed)
    notes = [f"Leaves that only one of both has right: {len(lost):,} lost, {len(gained):,} gained."]
    if len(listed) < len(ordered):
        notes.append(f"{len(ordered) - len(listed):,} more; --all lists them.")
    if any(row[0].startswith(f"{_PREDICTED} ") for row in rows):
        notes.append(f"{_PREDICTED}: gold has nothing there, and the place is one of the prediction.")
    if comparison.noise:
        notes.append(
            f"Set aside as noise: {comparison.noise:,} {'leaf' if comparison.noise == 1 else 'leaves'} "
            "that the trials of one system do not agree on."
        )
    return Table("Leaves that flipped, worst first", columns, rows, notes=tuple(notes))


def by_worst_document(comparison: Comparison) -> Sequence[LeafFlip]:
    """The flipped leaves: the lost ones first, and those of the documents that lose most before others."""
    change = {one.document: one.change for one in comparison.flipped_documents}
    # A stable sort: inside a document they stay in the comparison's order.
    return sorted(
        comparison.flipped_leaves, key=lambda one: (one.better, change.get(one.document, 0.0), one.document)
    )


def flip_place(flip: LeafFlip) -> str:
    """Where the leaf stands in gold, or else, and said so, in what was predicted."""
    one = flip.candidate or flip.baseline
    if one is None:
        return NOT_THERE
    return one.gold_at or (f"{_PREDICTED} {one.predicted_at}" if one.predicted_at else one.path)


def gold_text(flip: LeafFlip, limit: int = LONGEST_VALUE) -> str:
    """Gold's value, or how it is absent."""
    one = flip.candidate or flip.baseline
    if one is None:
        return NOT_THERE
    return value_text(one.gold, limit) if one.gold_presence is Presence.VALUE else f"({one.gold_presence})"


def predicted_text(outcome: Outcome | None, limit: int = LONGEST_VALUE) -> str:
    """What one run says there, or how it is absent."""
    if outcome is None:
        return NOT_THERE
    if outcome.predicted_presence is Presence.VALUE:
        return value_text(outcome.predicted, limit)
    return f"({outcome.predicted_presence})"


def failure_change(flip: DocumentFlip) -> str:
    """Whether the candidate failed where the baseline answered, or the other way round; empty for neither."""
    if flip.is_failed == flip.was_failed:
        return ""
    if flip.is_failed > flip.was_failed:
        return "failed" if flip.was_failed == 0 and flip.is_failed == 1 else "failed more"
    return "answered" if flip.was_failed == 1 and flip.is_failed == 0 else "failed less"


def _row(flip: LeafFlip) -> Row:
    return (
        flip_place(flip),
        "gained" if flip.better else "lost",
        flip.document,
        gold_text(flip),
        predicted_text(flip.baseline),
        predicted_text(flip.candidate),
        shortened(flip.evidence, LONGEST_QUOTE) if flip.evidence else "",
    )


def _right(flip: DocumentFlip) -> str:
    if flip.was_right == flip.is_right:
        return "in both" if flip.is_right else ""
    return "gained" if flip.is_right else "lost"
