"""Intervals of metrics that lie between 0 and 1, and of the difference of two such.

Value ± t · error is wrong for them on few documents: it runs past 1, is as wide on the side where there is no
room as on the other, and has no width at all where the documents of a sample happen to agree. How often each
was wrong is measured in `benchmarks/error_rates` and told in docs/statistics.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.statistics.arrays import ROUNDING

if TYPE_CHECKING:
    from harness.statistics.arrays import Floats


def share_bounds(values: Floats, errors: Floats, documents: Floats, reach: Floats) -> tuple[Floats, Floats]:
    """Where shares lie.

    On the scale of log odds: an error there is the error here over v · (1 − v). Where the documents are all
    alike, as when all are right, an error of 0 says only that nothing else was seen: there Wilson's bounds for
    so many documents are taken, each as if it were right or wrong as a whole.

    Args:
        values: Between 0 and 1; NaN where undefined.
        errors: Their standard errors.
        documents: How many documents each is of, over 0.
        reach: How many errors to go to either side.

    Returns:
        The lower and the upper bounds, between 0 and 1 and around the values; NaN where anything is.
    """
    import numpy as np
    from scipy.special import expit, logit

    alike = errors <= ROUNDING
    inside = np.clip(values, ROUNDING, 1 - ROUNDING)
    steps = reach * errors / (inside * (1 - inside))
    squares = reach**2 / documents
    middle = (values + squares / 2) / (1 + squares)
    spread = np.sqrt(np.maximum(values * (1 - values) * squares + squares**2 / 4, 0.0)) / (1 + squares)
    low = np.where(alike, middle - spread, expit(logit(inside) - steps))
    high = np.where(alike, middle + spread, expit(logit(inside) + steps))
    return np.minimum(np.maximum(low, 0.0), values), np.maximum(np.minimum(high, 1.0), values)


def difference_bounds(
    baseline: tuple[Floats, Floats, Floats],
    candidate: tuple[Floats, Floats, Floats],
    correlation: Floats,
) -> tuple[Floats, Floats]:
    """Where the difference of two shares of the same documents lies, from where each of them does.

    The distances from the values to their bounds are put together as errors are, those to the side that
    matters (Zou and Donner 2008; Newcombe's method 10 for paired proportions).

    Args:
        baseline: Value, lower and upper bound of each metric.
        candidate: The same.
        correlation: How the errors of the two go together, between −1 and 1.

    Returns:
        The lower and the upper bounds of candidate − baseline.
    """
    import numpy as np

    was, was_low, was_high = baseline
    now, now_low, now_high = candidate

    def together(one: Floats, other: Floats) -> Floats:
        squares: Floats = np.maximum(one**2 + other**2 - 2 * correlation * one * other, 0.0)
        return np.sqrt(squares)

    difference = now - was
    return (
        difference - together(now - now_low, was_high - was),
        difference + together(now_high - now, was - was_low),
    )
