"""What the answers that are still to come can change: nothing any more, and asking may stop.

This is deterministic curtailment. Every rule on a plain value knows the least and the most that its metric can
come to, whatever the open answers are. It is decided when even the best of them cannot save it, or the worst
cannot break it, so that the verdict is the one that all documents would give. Looking after every answer
therefore makes no verdict wrong more often: nothing is estimated, and no error is spent. Rules on bounds,
against the baseline, on money and on time take no part.

What an answer can have right at most is known from gold: no more leaves than gold has. What it can spoil has no
end, as a system may invent what it likes.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from harness.records import Counts, FactCounts, Verdict
from harness.scoring import metrics
from harness.verdicts.gate.error_costs import ErrorCosts
from harness.verdicts.gate.rules import SLACK, Bound, Sort

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from harness.records import DocumentScore
    from harness.scoring.metrics import Weighted
    from harness.verdicts.gate.rules import Rule

Range = tuple[float, float]
_FAR_ENOUGH = 2 * SLACK
"""What a rule on a value forgives, and as much again for sums in another order."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What gold lets an answer to one document have right at most.

    Attributes:
        leaves: Field path to how many values.
        facts: How many facts.
        known: Whether that is known; alternatives of whole objects leave it open.
    """

    leaves: Mapping[str, int] = field(default_factory=dict)
    facts: int = 0
    known: bool = True


class Curtailment:
    """How far the rules on values are decided while answers come in.

    Args:
        expected: Document id to what its answers can have right, of every document that is asked about.
        trials: How many answers each document gets.
        weight: The weight of a field path.
        costs: What mistakes cost.
    """

    def __init__(
        self,
        expected: Mapping[str, Expected],
        trials: int,
        weight: Callable[[str], float],
        costs: ErrorCosts | None = None,
    ) -> None:
        self._expected = expected
        self._trials = trials
        self._weight = weight
        self._costs = costs or ErrorCosts()
        self._seen: set[tuple[str, int]] = set()
        self._leaves: defaultdict[str, Counts] = defaultdict(Counts)
        self._facts = FactCounts()
        self._open: defaultdict[str, int] = defaultdict(int)
        self._open_facts = 0
        self._unknown = 0
        self._f1: defaultdict[str, list[float | None]] = defaultdict(list)
        self._failed = self._right = 0
        self._by_path: defaultdict[str, float] = defaultdict(float)
        for one in expected.values():
            self._take(one, trials)

    @property
    def planned(self) -> int:
        """How many answers there are to be."""
        return len(self._expected) * self._trials

    @property
    def left(self) -> int:
        """How many of them are still to come."""
        return self.planned - len(self._seen)

    def add(self, score: DocumentScore) -> None:
        """Take in an answer; one that was there already, or was not planned, changes nothing."""
        key = (score.document, score.trial)
        if key in self._seen or score.document not in self._expected or not 0 <= score.trial < self._trials:
            return
        self._seen.add(key)
        self._take(self._expected[score.document], -1)
        for path, counts in score.leaves.items():
            self._leaves[path] = self._leaves[path].plus(counts)
            self._by_path[path] += self._costs.at(path).of(counts)
        for facts in score.facts.values():
            self._facts = self._facts.plus(facts)
        self._f1[score.document].append(metrics.f1(self._weighted(score.leaves)))
        self._failed += score.failure is not None
        self._right += score.exactly_right

    def verdict(self, rules: Iterable[Rule]) -> Verdict | None:
        """What all rules together must say whatever comes; `None` while that is open.

        FAIL as soon as one rule must fail. PASS only when each of them must pass.
        """
        verdicts = [self.decided(rule) for rule in rules]
        if Verdict.FAIL in verdicts:
            return Verdict.FAIL
        return Verdict.PASS if verdicts and all(one is Verdict.PASS for one in verdicts) else None

    def decided(self, rule: Rule) -> Verdict | None:
        """What a rule must say whatever comes; `None` while that is open, and of rules that take no part."""
        if rule.limit is None or rule.bound is not Bound.VALUE:
            return None
        reach = self.reach(rule)
        if reach is None:
            return None
        low, high = reach if rule.measured.more_is_better else (-reach[1], -reach[0])
        limit = rule.limit if rule.measured.more_is_better else -rule.limit
        if high < limit - _FAR_ENOUGH:
            return Verdict.FAIL
        # What rounding may take from the sums of all answers, a rule on a value forgives.
        return Verdict.PASS if low >= limit - (0 if self.left else SLACK) else None

    def reach(self, rule: Rule) -> Range | None:
        """The least and the most that a rule's metric can come to; `None` while it is undefined, or unknown."""
        if rule.measured.sort is Sort.EXPENSE:
            return None
        if rule.metric == "failure_rate":
            return self._failed / self.planned, (self._failed + self.left) / self.planned
        if rule.metric == "exactly_right":
            return self._right / self.planned, (self._right + self.left) / self.planned
        if rule.metric == "error_cost":
            cost = self._by_path.get(rule.path, 0.0) if rule.path else math.fsum(self._by_path.values())
            return cost / self.planned, math.inf if self.left else cost / self.planned
        if self._unknown:
            return None
        if rule.metric == "document_f1":
            return self._document_reach()
        if rule.metric == "macro_f1":
            return self._macro_reach()
        return self._counted_reach(rule)

    def _counted_reach(self, rule: Rule) -> Range | None:
        if rule.metric.startswith("fact_"):
            counts: Counts | Weighted = self._facts.as_counts()
            most: float = self._open_facts
        elif rule.path:
            counts, most = self._leaves.get(rule.path, Counts()), self._open.get(rule.path, 0)
        else:
            counts = self._weighted(self._leaves)
            most = math.fsum(self._weight(path) * number for path, number in self._open.items())
        name = rule.metric.removeprefix("fact_")
        now = metrics.METRICS[name](counts)
        if now is None:
            return None
        return _RANGES[name](counts, max(0.0, most)) if self.left else (now, now)

    def _document_reach(self) -> Range | None:
        lows, highs = [], []
        for document, expected in self._expected.items():
            known = [one for one in self._f1[document] if one is not None] if document in self._f1 else []
            left = self._trials - len(self._f1.get(document, ()))
            best = left if any(expected.leaves.values()) else 0
            if known or left:
                lows.append(math.fsum(known) / (len(known) + left))
            if known or best:
                highs.append((math.fsum(known) + best) / (len(known) + best))
        if not any(one is not None for trials in self._f1.values() for one in trials):
            return None
        return math.fsum(lows) / len(lows), math.fsum(highs) / len(highs)

    def _macro_reach(self) -> Range | None:
        highs = []
        for path in {*self._leaves, *self._open}:
            high = _f1_range(self._leaves.get(path, Counts()), self._open.get(path, 0))
            if high is not None:
                highs.append(high[1])
        if not any(metrics.f1(counts) is not None for counts in self._leaves.values()):
            return None
        most = math.fsum(highs) / len(highs)
        return (0.0 if self.left else most), most

    def _weighted(self, leaves: Mapping[str, Counts]) -> Weighted:
        return metrics.weighted((counts, self._weight(path)) for path, counts in leaves.items())

    def _take(self, expected: Expected, answers: int) -> None:
        for path, number in expected.leaves.items():
            self._open[path] += answers * number
        self._open_facts += answers * expected.facts
        self._unknown += 0 if expected.known else answers


def _f1_range(counts: Counts, most: float) -> Range | None:
    whole = counts.possible + counts.actual + 2 * most
    return (0.0, 2 * (counts.correct + most) / whole) if whole else None


def _part(part: float, whole: float) -> float:
    return part / whole


# Each may only be asked where the metric is defined already; then no denominator below is 0.
_RANGES: dict[str, Callable[[Counts | Weighted, float], Range]] = {
    "precision": lambda c, most: (0.0, _part(c.correct + most, c.actual + most)),
    "recall": lambda c, most: (
        _part(c.correct, c.possible + most),
        _part(c.correct + most, c.possible + most),
    ),
    "f1": lambda c, most: (0.0, _part(2 * (c.correct + most), c.possible + c.actual + 2 * most)),
    "edit_accuracy": lambda c, most: (0.0, _part(c.correct + most, c.possible + c.spurious + most)),
    "over_generation": lambda c, most: (_part(c.spurious, c.actual + most), 1.0),
    "under_generation": lambda c, most: (
        _part(c.missing, c.possible + most),
        _part(c.missing + most, c.possible + most),
    ),
    "null_specificity": lambda _, __: (0.0, 1.0),
}
