"""Draw documents of a population many times, ask the shipped functions, and count how often they are wrong."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import isnan, nan, sqrt
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import stdtrit

from benchmarks.error_rates.populations import layout, single, truth
from harness.statistics.intervals import FEWEST, jackknife, paired_jackknife
from harness.statistics.power import power
from harness.statistics.randomisation import label_swap
from harness.verdicts.measures import field_measure

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.error_rates.populations import Population
    from harness.statistics.intervals import Jackknife

ALPHA = 0.05
SWAPS = 999
"""Label swaps a comparison, where they are drawn; the tool draws 100,000. The test is valid with either."""
FORESEEN = 4000
"""How many documents a population's spread is measured on."""


@dataclass
class Rate:
    """How often something happened."""

    hits: int = 0
    of: int = 0

    def add(self, happened: bool) -> None:
        """Count one more."""
        self.hits += bool(happened)
        self.of += 1

    @property
    def share(self) -> float:
        """NaN when it could never happen."""
        return self.hits / self.of if self.of else nan

    @property
    def error(self) -> float:
        """The Monte-Carlo standard error of the share."""
        return sqrt(self.share * (1 - self.share) / self.of) if self.of else nan


def together(rates: Sequence[Rate]) -> Rate:
    """Several as one."""
    return Rate(sum(rate.hits for rate in rates), sum(rate.of for rate in rates))


@dataclass
class Tried:
    """What came of the draws of one population.

    Attributes:
        name: The population's.
        covered: How often the 95 % interval had the truth in it, of the intervals that there were.
        plainly: The same of value ± t(n − 1) · error.
        given: How often there was an interval.
        significant: How often p was at most 0.05.
        said: How often the tool said better or worse: p at most 0.05, and 0 outside of the interval.
        foretold: What `power` says of the population, by its spread.
        passed: Margin to how often the gate said PASS.
        failed: Margin to how often it said FAIL.
    """

    name: str
    covered: Rate = field(default_factory=Rate)
    plainly: Rate = field(default_factory=Rate)
    given: Rate = field(default_factory=Rate)
    significant: Rate = field(default_factory=Rate)
    said: Rate = field(default_factory=Rate)
    foretold: float = nan
    passed: dict[float, Rate] = field(default_factory=dict)
    failed: dict[float, Rate] = field(default_factory=dict)


def try_single(system: str, path: str, documents: int, times: int, seed: Sequence[int]) -> Tried:
    """The interval of one system's F1."""
    random = np.random.default_rng(seed)
    draw, measure, right = single(system, path), field_measure(layout(path)), truth(system, path)
    tried = Tried(system)
    for _ in range(times):
        _cover(tried, jackknife(draw(random, documents), measure), right)
    return tried


def try_pair(
    population: Population,
    path: str,
    documents: int,
    times: int,
    seed: Sequence[int],
    *,
    margins: Sequence[float] = (),
    compared: bool = True,
) -> Tried:
    """The difference of two systems: its interval, its p, what the tool says, and what the gate decides.

    Args:
        population: The two.
        path: What F1 is of.
        documents: How many are drawn.
        times: How often.
        seed: Of the draws.
        margins: Of the gate's rule `f1 >= baseline - margin`.
        compared: Whether to test; without it there are intervals and the gate alone.
    """
    random = np.random.default_rng(seed)
    measure = field_measure(layout(path))
    tried = Tried(population.name)
    if compared and population.truth:
        tried.foretold = _foretold(population, path, documents)
    tried.passed, tried.failed = ({margin: Rate() for margin in margins} for _ in range(2))
    for _ in range(times):
        baseline, candidate = population.draw(random, documents)
        found = paired_jackknife(baseline, candidate, measure)
        low, high = _cover(tried, found, population.truth)
        same = bool((baseline == candidate).all())
        lower, upper = (float(bound[0]) for bound in found.one_sided())
        for margin in margins:
            tried.passed[margin].add(same or lower > -margin)
            tried.failed[margin].add(not same and upper < -margin)
        if not compared:
            continue
        swapped = label_swap(baseline, candidate, measure, draws=SWAPS, seed=int(random.integers(2**31)))
        significant = bool(swapped.p[0] <= ALPHA)
        tried.significant.add(significant)
        tried.said.add(significant and (low > 0 or high < 0))
    return tried


def _foretold(population: Population, path: str, documents: int) -> float:
    """The power that the spread of many documents promises; only those that touch the metric count."""
    sides = population.draw(np.random.default_rng(FORESEEN), FORESEEN)
    found = paired_jackknife(*sides, field_measure(layout(path)))
    touching = int(found.documents[0])
    variance = float(found.errors[0]) ** 2 * touching
    return power(variance, max(1, round(documents * touching / FORESEEN)), population.truth)


def _cover(tried: Tried, found: Jackknife, right: float) -> tuple[float, float]:
    low, high = (float(bound[0]) for bound in found.bounds())
    tried.given.add(not isnan(low))
    if not isnan(low):
        tried.covered.add(low <= right <= high)
        reach = -float(stdtrit(max(FEWEST, found.documents[0]) - 1, 0.025)) * found.errors[0]
        tried.plainly.add(abs(found.values[0] - right) <= reach)
    return low, high
