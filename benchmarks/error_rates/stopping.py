"""Stop asking early: as the gate does it, and as it must not be done.

The gate stops when no answer that is still to come could change the verdict. Here it is given documents one by
one, and must come to the verdict that all of them give. `peeking` is what many do instead: look at the bounds
every few documents, and stop as soon as they please.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.error_rates.populations import EVERYTHING, layout, worse
from benchmarks.error_rates.published import SYSTEMS, TRIALS, published
from benchmarks.error_rates.trying import Rate
from harness.records import Counts, Verdict
from harness.scoring import metrics
from harness.statistics.intervals import paired_jackknife
from harness.verdicts.gate.curtailment import Curtailment, Expected
from harness.verdicts.gate.rules import parse_rule
from harness.verdicts.measures import field_measure

if TYPE_CHECKING:
    from collections.abc import Sequence

    from harness.records import DocumentScore

RULES = ("f1 >= 0.7", "f1 >= 0.8", "f1 >= 0.9", "over_generation <= 0.1", "failure_rate <= 0")
LOOKS = 5
MARGIN = 0.05


@dataclass
class Stopped:
    """What came of one rule.

    Attributes:
        rule: The rule.
        other: How often the verdict was another than that of all documents.
        fail: How often that was FAIL.
        asked: The share of the documents that were asked about until a FAIL was certain, on average.
    """

    rule: str
    other: Rate
    fail: Rate
    asked: float


def try_stopping(rule: str, documents: int, times: int, seed: Sequence[int]) -> Stopped:
    """Give the gate the documents of one run after the other, in any order."""
    random = np.random.default_rng(seed)
    stated = parse_rule(rule)
    stopped = Stopped(rule, Rate(), Rate(), 0.0)
    shares = []
    for _ in range(times):
        scores = _run(random, documents)
        curtailment = Curtailment(
            {score.document: _expected(score) for score in scores}, trials=1, weight=lambda _: 1.0
        )
        early, asked = Verdict.INCONCLUSIVE, 0
        for score in scores:
            curtailment.add(score)
            asked += 1
            decided = curtailment.verdict([stated])
            if decided is not None:
                early = decided
                break
        late = _verdict(rule, scores)
        stopped.other.add(early is not late)
        stopped.fail.add(late is Verdict.FAIL)
        if late is Verdict.FAIL:
            shares.append(asked / documents)
    stopped.asked = float(np.mean(shares)) if shares else 1.0
    return stopped


def try_peeking(documents: int, times: int, seed: Sequence[int]) -> tuple[Rate, Rate]:
    """How often a candidate worse by exactly the margin passes: looked at once, and every few documents."""
    random = np.random.default_rng(seed)
    measure = field_measure(layout(EVERYTHING))
    populations = worse(MARGIN)
    once, often = Rate(), Rate()
    for number in range(times):
        baseline, candidate = populations[number % len(populations)].draw(random, documents)
        passed = [
            float(paired_jackknife(baseline[:seen], candidate[:seen], measure).one_sided()[0][0]) > -MARGIN
            for seen in range(2 * LOOKS, documents + 1, LOOKS)
        ]
        once.add(passed[-1])
        often.add(any(passed))
    return once, often


def _run(random: np.random.Generator, documents: int) -> list[DocumentScore]:
    scores = published(SYSTEMS[random.integers(len(SYSTEMS))])
    taken = random.integers(0, len(scores) // TRIALS, documents) * TRIALS
    places = (taken + random.integers(0, TRIALS, documents)).tolist()
    return [replace(scores[place], document=f"{number:03}", trial=0) for number, place in enumerate(places)]


def _expected(score: DocumentScore) -> Expected:
    return Expected({path: counts.possible for path, counts in score.leaves.items() if counts.possible})


def _verdict(rule: str, scores: Sequence[DocumentScore]) -> Verdict:
    """By the value over all documents, worked out apart from the gate."""
    stated = parse_rule(rule)
    limit = stated.limit or 0.0
    if stated.metric == "failure_rate":
        value: float | None = sum(score.failure is not None for score in scores) / len(scores)
    else:
        total = Counts()
        for score in scores:
            total = total.plus(score.total)
        value = metrics.METRICS[stated.metric](total)
    if value is None:
        return Verdict.INCONCLUSIVE
    good = value >= limit - 1e-9 if stated.measured.more_is_better else value <= limit + 1e-9
    return Verdict.PASS if good else Verdict.FAIL
