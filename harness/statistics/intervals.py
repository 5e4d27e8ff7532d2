"""How far off a metric of so few documents may be: the delete-one-document jackknife.

The documents are a sample of those that a system will meet. Leave each out in turn, and see how far the metric
over the others moves: the standard error is √((n − 1)/n · Σ(θ₍ᵢ₎ − θ₍·₎)²) (Tukey 1958; Efron and Stein 1981,
who show that it errs on the large side). Only the documents that touch a metric count as n. A metric over the
corpus is no mean of its documents, and needs no formula of its own here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from harness.statistics.arrays import ROUNDING, Rounding
from harness.statistics.shares import difference_bounds, share_bounds

if TYPE_CHECKING:
    from harness.statistics.arrays import Bools, Floats, Integers, Measure

FEWEST = 5
"""Fewer documents than these have no interval."""

_BLOCK = 2**22
"""How many numbers are worked on at a time."""


@dataclass(frozen=True, slots=True, eq=False)
class Jackknife:
    """Metrics with their standard errors.

    Attributes:
        values: Each metric over all documents; NaN where it is 0/0.
        errors: The standard error of each; NaN where leaving out one document leaves the metric undefined.
        documents: How many documents touch each metric: the n of its t distribution.
        influences: (documents, metrics): n − 1 times what leaving out the document takes from the metric, its
            pseudo-value less the metric; NaN where it does not touch it. Their variance over n is error².
        shares: Whether each metric lies between 0 and 1, so that its ends are known.
        sides: Of a difference of shares, the baseline and the candidate by themselves, of the documents that
            touch the metric on either side.
        differing: Of a difference of shares, how many documents differ: the metric of the baseline moves when
            the document is answered as the candidate answers it, or the other way round.
    """

    values: Floats
    errors: Floats
    documents: Integers
    influences: Floats
    shares: bool = False
    sides: tuple[Jackknife, Jackknife] | None = None
    differing: Integers | None = None

    def bounds(self, level: float = 0.95) -> tuple[Floats, Floats]:
        """The two-sided intervals, t(n − 1) errors to either side.

        Of shares on the scale of log odds; of a difference of shares put together from the intervals of its
        sides, and no narrower than the plain one; of anything else on its own scale.
        `harness/statistics/shares.py` tells why.

        Args:
            level: The confidence, between 0 and 1.

        Returns:
            The lower and the upper bounds. NaN for fewer than 5 documents, and where leaving out one document
            leaves the metric undefined.
        """
        return self._reach((1 - level) / 2, one_sided=False)

    def one_sided(self, level: float = 0.95) -> tuple[Floats, Floats]:
        """The lower bounds and the upper bounds, each of that confidence on its own.

        What a two-sided interval misses on one side it has too much of on the other; a bound has no other side.
        Those of a difference of shares are therefore a little wider than the two-sided interval's with as much
        beyond each of its ends, where few documents differ or the differences lean to one side.
        """
        return self._reach(1 - level, one_sided=True)

    def _reach(self, tail: float, *, one_sided: bool) -> tuple[Floats, Floats]:
        import numpy as np
        from scipy.special import stdtrit

        enough = self.documents >= FEWEST
        n = np.where(enough, self.documents, FEWEST).astype(np.float64)
        reach = np.where(enough, -stdtrit(n - 1, tail), np.nan)
        if self.sides is not None:
            was, now = ((side.values, *share_bounds(side.values, side.errors, n, reach)) for side in self.sides)
            low, high = difference_bounds(was, now, self._correlation())
            down, up = self._plain(n, tail, one_sided=one_sided)
            return (
                np.maximum(np.minimum(low, self.values - down * self.errors), -1.0),
                np.minimum(np.maximum(high, self.values + up * self.errors), 1.0),
            )
        if self.shares:
            return share_bounds(self.values, self.errors, n, reach)
        return self.values - reach * self.errors, self.values + reach * self.errors

    def _plain(self, n: Floats, tail: float, *, one_sided: bool) -> tuple[Floats, Floats]:
        """How many errors the plain interval of a difference reaches down and up.

        Documents that are alike on both sides do not tell how far those that differ may differ: t has as many
        degrees of freedom as documents differ, one more when it is two-sided. A bound on the side to which
        differences lean gets Johnson's term for their skewness (1978); none is taken off on the other.
        """
        import numpy as np
        from scipy.special import stdtrit

        differing = n - 1 if self.differing is None else self.differing
        known: Floats = np.asarray(differing if one_sided else differing + 1, dtype=np.float64)
        reach = -stdtrit(np.minimum(np.maximum(known, 1.0), n - 1), tail).astype(np.float64)
        if not one_sided:
            return reach, reach
        lean = _skewness(self.influences) * (1 + 2 * reach**2) / (6 * np.sqrt(n))
        return reach + np.maximum(-lean, 0.0), reach + np.maximum(lean, 0.0)

    def _correlation(self) -> Floats:
        """Of the errors of the two sides, which are those of their difference, too; 0 where one has none."""
        import numpy as np

        assert self.sides is not None  # noqa: S101 - for the type checker
        was, now = (side.errors for side in self.sides)
        product = was * now
        together = (was**2 + now**2 - self.errors**2) / 2
        clipped: Floats = np.clip(together / np.where(product > 0, product, 1.0), -1.0, 1.0)
        return np.where(product > 0, clipped, 0.0)


def jackknife(sums: Floats, measure: Measure, *, shares: bool = True) -> Jackknife:
    """Metrics over all documents, with their standard errors.

    Args:
        sums: (documents, columns).
        measure: What to compute.
        shares: Whether every metric lies between 0 and 1.
    """
    (without,), touched = _left_out((sums,), measure)
    return _jackknife(measure(sums.sum(axis=0)), without, touched, shares=shares)


def paired_jackknife(
    baseline: Floats, candidate: Floats, measure: Measure, *, shares: bool = True
) -> Jackknife:
    """Metrics of the candidate minus those of the baseline; a document is left out of both.

    Args:
        baseline: (documents, columns).
        candidate: The same documents in the same order.
        measure: What to compute of each.
        shares: Whether every metric lies between 0 and 1.

    Raises:
        ValueError: The two have not the same shape.
    """
    if baseline.shape != candidate.shape:
        raise ValueError(f"The two sides have not the same shape: {baseline.shape} and {candidate.shape}")
    (was, now), touched = _left_out((baseline, candidate), measure)
    values = measure(baseline.sum(axis=0)), measure(candidate.sum(axis=0))
    difference = _jackknife(values[1] - values[0], now - was, touched, shares=False)
    if not shares:
        return difference
    sides = (
        _jackknife(values[0], was, touched, shares=True),
        _jackknife(values[1], now, touched, shares=True),
    )
    differing = _differing(baseline, candidate, measure) & touched
    return replace(difference, sides=sides, differing=differing.sum(axis=0))


def _differing(baseline: Floats, candidate: Floats, measure: Measure) -> Bools:
    """Which documents move which metric when they change sides."""
    import numpy as np

    rounding = Rounding.of(baseline, candidate)
    change = candidate - baseline
    moved: Bools | None = None
    for total, sign in ((baseline.sum(axis=0), 1.0), (candidate.sum(axis=0), -1.0)):
        found = measure(rounding.cleared(total + sign * change))
        before = measure(total)
        still = (np.abs(found - before) <= ROUNDING) | (np.isnan(found) & np.isnan(before))
        moved = ~still if moved is None else moved | ~still
    assert moved is not None  # noqa: S101 - for the type checker
    return moved


def _skewness(influences: Floats) -> Floats:
    """Of the documents that touch each metric; 0 where they do not differ."""
    import numpy as np

    touched = ~np.isnan(influences)
    n = np.maximum(touched.sum(axis=0), 1)
    known = np.where(touched, influences, 0.0)
    apart = np.where(touched, known - known.sum(axis=0) / n, 0.0)
    spread = np.sqrt((apart**2).sum(axis=0) / n)
    skewness: Floats = (apart**3).sum(axis=0) / n / np.where(spread > ROUNDING, spread, 1.0) ** 3
    return np.where(spread > ROUNDING, skewness, 0.0)


def _left_out(sides: tuple[Floats, ...], measure: Measure) -> tuple[list[Floats], Bools]:
    """The metrics of each side without each document, and which documents touch which metric on any side."""
    import numpy as np

    documents, columns = sides[0].shape
    totals = [side.sum(axis=0) for side in sides]
    roundings = [Rounding.of(side) for side in sides]
    without = [np.empty((documents, len(measure(total)))) for total in totals]
    touched: Bools = np.zeros(without[0].shape, dtype=np.bool_)
    rows = max(1, _BLOCK // max(1, columns))
    for start in range(0, documents, rows):
        part = slice(start, start + rows)
        for found, side, total, rounding in zip(without, sides, totals, roundings, strict=True):
            found[part] = measure(rounding.cleared(total - side[part]))
            touched[part] |= ~np.isnan(measure(side[part]))
    return without, touched


def _jackknife(values: Floats, without: Floats, touched: Bools, *, shares: bool) -> Jackknife:
    import numpy as np

    n = touched.sum(axis=0)
    some = np.maximum(n, 1)
    middle = np.where(touched, without, 0.0).sum(axis=0) / some
    squares = np.where(touched, (without - middle) ** 2, 0.0).sum(axis=0)
    errors = np.where(n > 1, np.sqrt((some - 1) / some * squares), np.nan)
    influences = np.where(touched, (some - 1) * (values - without), np.nan)
    return Jackknife(values, errors, n, influences, shares)
