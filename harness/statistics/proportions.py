"""Shares of documents."""

from __future__ import annotations

from math import sqrt
from statistics import NormalDist


def wilson(successes: int, of: int, level: float = 0.95) -> tuple[float, float]:
    """The score interval of a share (Wilson 1927). It stays within 0 and 1, and has a width at both ends.

    Args:
        successes: How many are.
        of: How many there are.
        level: The two-sided confidence, between 0 and 1.

    Returns:
        The lower and the upper bound: 0 and 1 when there are none.

    Raises:
        ValueError: More are than there are, or fewer than none.

    >>> [round(bound, 3) for bound in wilson(10, 10)]
    [0.722, 1.0]
    """
    if not 0 <= successes <= of:
        raise ValueError(f"{successes} of {of} is no share")
    if not of:
        return 0.0, 1.0
    z = NormalDist().inv_cdf((1 + level) / 2)
    share, squared = successes / of, z * z
    middle = (share + squared / (2 * of)) / (1 + squared / of)
    reach = z / (1 + squared / of) * sqrt(share * (1 - share) / of + squared / (4 * of * of))
    # At the ends the bound is the end itself, whatever rounding makes of it.
    return (0.0 if not successes else middle - reach), (1.0 if successes == of else middle + reach)
