"""The leaves that flipped between two runs: both answers beside gold, and what gold quotes for them."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from harness.paths import parse
from harness.records import ExtractionFailure, FailureKind
from harness.running.comparison.today import label_lines, line_of
from harness.running.engine.extraction import extraction_of
from harness.suites.places import shown
from harness.verdicts.comparison.evidence import evidence_for
from harness.verdicts.comparison.flips import DocumentFlips, leaf_flips

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from harness.records import Extraction, Json, LeafFlip, Outcome
    from harness.running.comparison.operands import Operand
    from harness.running.comparison.today import Lines, SuiteToday

LONGEST_VALUE = 2_000
"""Characters of a value that a flip keeps, so that thousands of flips stay small; `harness score RUN --explain`
has it whole."""


@dataclass(frozen=True, slots=True)
class FlippedLeaves:
    """Looks for leaves that flipped.

    Attributes:
        today: The suite, whose gold is what both were scored by.
        baseline: What was there.
        candidate: What might replace it.
    """

    today: SuiteToday
    baseline: Operand
    candidate: Operand

    def by_document(self, documents: Sequence[str]) -> Iterator[DocumentFlips]:
        """What flipped in each document; one document in memory at a time.

        Args:
            documents: The ids of documents whose scores differ, sorted.
        """
        sides = (_answers(self.baseline, documents), _answers(self.candidate, documents))
        for (name, ours), (_, theirs) in zip(*sides, strict=True):
            label = self.today.gold()[name]
            facts = label.facts
            found = leaf_flips(
                name,
                [self.today.scorer.explain(facts, one) for one in ours],
                [self.today.scorer.explain(facts, one) for one in theirs],
            )
            stated = _Stated(facts, shown(label.path), label_lines(label) if found.flips else {})
            yield replace(found, flips=tuple(self._told(flip, stated) for flip in found.flips))

    def _told(self, flip: LeafFlip, gold: _Stated) -> LeafFlip:
        gold_at = next((one.gold_at for one in (flip.candidate, flip.baseline) if one is not None), "")
        return replace(
            flip,
            baseline=_bounded(flip.baseline),
            candidate=_bounded(flip.candidate),
            evidence=evidence_for(self.today.plan.root, gold.facts, flip.path, gold_at)[:LONGEST_VALUE],
            line=line_of(gold.lines, parse(gold_at)) if gold_at else None,
            label=gold.label,
        )


@dataclass(frozen=True, slots=True)
class _Stated:
    """The gold of a document, and where its file states each part of it."""

    facts: Json
    label: str
    lines: Lines


def _answers(
    operand: Operand, documents: Sequence[str]
) -> Iterator[tuple[str, list[Extraction | ExtractionFailure]]]:
    """What was extracted from each document in each trial; both come in the same order."""
    responses = operand.responses(documents)
    waiting = next(responses, None)
    for name in documents:
        trials: dict[int, Extraction | ExtractionFailure] = {}
        while waiting is not None and waiting.document == name:
            trials[waiting.trial] = extraction_of(waiting)
            waiting = next(responses, None)
        yield (
            name,
            [
                trials.get(trial) or ExtractionFailure(name, trial, FailureKind.NOT_ANSWERED)
                for trial in range(operand.run.trials)
            ],
        )


def _bounded(outcome: Outcome | None) -> Outcome | None:
    if outcome is None:
        return None
    return replace(outcome, gold=_cut(outcome.gold), predicted=_cut(outcome.predicted))


def _cut(value: Json) -> Json:
    if value is None or isinstance(value, bool | int | float):
        return value
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return value if len(text) <= LONGEST_VALUE else text[:LONGEST_VALUE] + "…"
