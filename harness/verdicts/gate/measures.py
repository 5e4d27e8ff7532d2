"""What a rule sees of one run, or of two: a figure, its one-sided bounds, and how sure they are."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from harness.statistics.exact_shares import exact_bounds
from harness.statistics.intervals import jackknife, paired_jackknife
from harness.verdicts.gate.rules import Sort
from harness.verdicts.gate.settling import documents_to_settle, share_to_settle, trials_to_settle
from harness.verdicts.measures import failure_measure, field_measure, headline_measure
from harness.verdicts.sums import run_sums

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from harness.records import DocumentScore, Expense
    from harness.statistics.arrays import Floats, Measure
    from harness.statistics.intervals import Jackknife
    from harness.verdicts.gate.error_costs import ErrorCosts
    from harness.verdicts.gate.rules import Rule
    from harness.verdicts.gate.settling import Settles
    from harness.verdicts.sums import Layout, RunSums


@dataclass(frozen=True, slots=True, eq=False)
class GateSide:
    """What a gate knows of one run.

    Attributes:
        whole: What each document adds, its trials averaged.
        trials: The same of each trial alone; empty when documents have one, or not all the same number.
        expense: What the answers took.
    """

    whole: RunSums
    trials: tuple[RunSums, ...]
    expense: Expense

    @classmethod
    def of(cls, scores: Sequence[DocumentScore], layout: Layout, expense: Expense) -> GateSide:
        """A run by its scores; two sides that are compared have one layout."""
        whole = run_sums(scores, layout)
        numbers = sorted({score.trial for score in scores})
        if len(numbers) < 2 or set(whole.trials.tolist()) != {len(numbers)}:
            return cls(whole, (), expense)
        alone = [[score for score in scores if score.trial == number] for number in numbers]
        return cls(whole, tuple(run_sums(one, layout) for one in alone), expense)


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """A figure of a run, or a difference of two.

    Attributes:
        value: `None` when it is not defined.
        low: The one-sided 95 % bound below it; `None` when there is none.
        high: The one above.
        documents: How many documents have anything to say about it.
        of: How many documents there are.
        same: Whether every document adds the same to both sides of a difference.
        found: What the bounds are from; `None` when they are exact, or there are none.
        noise: How much of the squared error the differences between trials make up; 0 when that is not known.
        trials: How many trials each document has.
    """

    value: float | None
    low: float | None = None
    high: float | None = None
    documents: int = 0
    of: int = 0
    same: bool = False
    found: Jackknife | None = None
    noise: float = 0.0
    trials: int = 1

    def more_documents(self, settles: Settles) -> int | None:
        """How many more documents would settle a rule; `None` when no number would, or nobody can tell."""
        if self.found is not None:
            return documents_to_settle(self.found, self.of, settles)
        if self.value is None or self.low is None:
            return None
        return share_to_settle(self.value, self.of, settles)

    def more_trials(self, settles: Settles) -> int | None:
        """How many more trials of each document would; likewise."""
        if self.found is None:
            return None
        return trials_to_settle(self.found, self.trials, self.noise, settles)


def measured(rule: Rule, costs: ErrorCosts, side: GateSide) -> Seen:
    """The figure that a rule is about, in one run.

    The bounds of a share of documents are exact ones: none of 5 documents that failed is no proof of none.
    """
    run = side.whole
    n = len(run.documents)
    if rule.measured.sort is Sort.EXPENSE:
        return Seen(_expense(rule.metric, side.expense), documents=n, of=n)
    measure = _measure(rule, run.layout)
    if measure is None or not n:
        return Seen(None, of=n)
    columns = _columns(rule, costs)
    found = jackknife(columns(run), measure, shares=rule.measured.share)
    if rule.measured.sort is Sort.PROPORTION:
        share = float(found.values[0])
        return Seen(share, *exact_bounds(share * n, n), documents=n, of=n)
    seen = _seen(found, n, trials=max(1, len(side.trials)), noise=_noise(columns, measure, side))
    if rule.measured.sort is Sort.ERROR_COST and not float(found.errors[0]) > 0:
        # The same cost everywhere has no spread to learn from, and what a document can cost has no end.
        return replace(seen, low=None, high=None, found=None)
    return seen


def difference(rule: Rule, costs: ErrorCosts, baseline: GateSide, candidate: GateSide) -> Seen:
    """How much more of it the candidate has than the baseline, over the same documents.

    Args:
        rule: A rule against the baseline.
        costs: What mistakes cost.
        baseline: What was there; its sums have the candidate's layout.
        candidate: What might replace it.
    """
    before, after = baseline.whole, candidate.whole
    columns, measure = _columns(rule, costs), _measure(rule, after.layout)
    n = len(after.documents)
    if measure is None or not n:
        return Seen(None, of=n)
    sides = columns(before), columns(after)
    found = paired_jackknife(*sides, measure, shares=rule.measured.share)
    seen = _seen(found, n, trials=max(1, len(candidate.trials)), noise=_noise(columns, measure, candidate))
    part = _part(rule, after.layout)
    return replace(seen, same=bool(part) and bool((sides[0][:, part] == sides[1][:, part]).all()))


def _seen(found: Jackknife, documents: int, *, trials: int, noise: float) -> Seen:
    lower, upper = found.one_sided()
    return Seen(
        value=_defined(found.values[0]),
        low=_defined(lower[0]),
        high=_defined(upper[0]),
        documents=int(found.documents[0]),
        of=documents,
        found=found,
        noise=noise,
        trials=trials,
    )


def _defined(number: float) -> float | None:
    return float(number) if math.isfinite(number) else None


def _columns(rule: Rule, costs: ErrorCosts) -> Callable[[RunSums], Floats]:
    if rule.measured.sort is Sort.ERROR_COST:
        return partial(_costs, costs, rule.path)
    return lambda run: run.sums


def _costs(costs: ErrorCosts, path: str, run: RunSums) -> Floats:
    import numpy as np

    return np.stack([costs.column(run, path), np.ones(len(run.documents))], axis=-1)


def _measure(rule: Rule, layout: Layout) -> Measure | None:
    """The one metric; `None` when no document has the field."""
    if rule.measured.sort is Sort.ERROR_COST:
        return _mean
    if rule.path and rule.path not in layout.paths:
        return None
    if rule.metric == "failure_rate":
        return failure_measure(layout)
    if not rule.path:
        return headline_measure(layout, (rule.metric,))
    every = field_measure(layout, rule.metric)
    at = every.at(rule.path)
    return lambda sums: every(sums)[..., [at]]


def _mean(sums: Floats, /) -> Floats:
    import numpy as np

    with np.errstate(divide="ignore", invalid="ignore"):
        mean: Floats = sums[..., [0]] / sums[..., [1]]
    return mean


def _part(rule: Rule, layout: Layout) -> list[int]:
    """The columns that the metric counts; none for a share of documents, whose bounds tell more."""
    if rule.measured.sort is Sort.PROPORTION:
        return []
    if rule.measured.sort is Sort.ERROR_COST:
        return [0]
    if rule.path:
        return list(range(layout.paths.index(rule.path), layout.facts, len(layout.paths)))
    if rule.metric.startswith("fact_"):
        return list(range(layout.facts, layout.document("f1")))
    if rule.metric == "document_f1":
        return [layout.document("f1"), layout.document("defined")]
    return list(range(layout.facts))


def _noise(columns: Callable[[RunSums], Floats], measure: Measure, side: GateSide) -> float:
    """The variance of the metric that comes from the differences between the trials of a document.

    Each trial in turn stands for its document; what that moves the metric by varies from trial to trial.
    """
    if not side.trials:
        return 0.0
    import numpy as np

    mean = columns(side.whole)
    total, now = mean.sum(axis=0), measure(mean.sum(axis=0))
    moves = np.stack([measure(total - mean + columns(one)) - now for one in side.trials])
    noise = float(np.var(moves, axis=0, ddof=1).sum()) / len(side.trials)
    return noise if math.isfinite(noise) else 0.0


def _expense(metric: str, expense: Expense) -> float | None:
    if metric == "dollars_per_document":
        return float(expense.cost) / expense.answers if expense.answers else None
    return expense.latency_p50 if metric == "latency_p50" else expense.latency_p95
