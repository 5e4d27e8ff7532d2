"""Several questions asked at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from harness.statistics.arrays import Floats


def holm(p: Sequence[float] | Floats) -> Floats:
    """Adjust p-values so that all those under 0.05 together are wrong at most one time in twenty.

    The smallest is multiplied by the number of questions, the next by one less, and so on; none ends below one
    that was smaller (Holm 1979). It holds whatever the questions have to do with each other.

    Args:
        p: The p-values of a family, in any order. NaN is no question: it stays, and is not counted.

    Returns:
        The adjusted ones in the same order.

    >>> holm([0.01, 0.04, 0.03])
    array([0.03, 0.06, 0.06])
    """
    import numpy as np

    raw = np.asarray(p, dtype=np.float64)
    order = np.argsort(raw, kind="stable")[: np.count_nonzero(~np.isnan(raw))]
    adjusted = np.full(raw.shape, np.nan)
    steps = raw[order] * np.arange(len(order), 0, -1)
    adjusted[order] = np.minimum(1.0, np.maximum.accumulate(steps))
    return adjusted
