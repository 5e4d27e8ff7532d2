"""Is the candidate no worse than the baseline by more than a margin?"""

from __future__ import annotations

from dataclasses import dataclass
from math import copysign, inf, isnan

from harness.statistics.intervals import FEWEST


@dataclass(frozen=True, slots=True)
class Noninferiority:
    """The one-sided t test, and the bounds that say the same.

    Attributes:
        t: (difference + margin) / error, with documents − 1 degrees of freedom.
        p: Of a candidate that is worse by the margin: small when it is not.
        lower: Of the difference, one-sided: above −margin it is no worse.
        upper: Of the difference, one-sided: below −margin it is worse.
    """

    t: float
    p: float
    lower: float
    upper: float


def noninferiority(
    difference: float, error: float, documents: int, margin: float, level: float = 0.95
) -> Noninferiority | None:
    """Test one difference (Blackwelder 1982).

    Args:
        difference: Candidate − baseline.
        error: Its standard error.
        documents: How many documents it is from.
        margin: How much worse is still no worse, from 0.
        level: The one-sided confidence of each bound.

    Returns:
        `None` for fewer than 5 documents, and where the difference or its error is NaN. Where the documents do
        not vary, p is 0 or 1: whether the difference is above −margin.

    Raises:
        ValueError: The margin is below 0.

    >>> found = noninferiority(difference=-0.01, error=0.01, documents=40, margin=0.05)
    >>> round(found.t, 2), round(found.lower, 4)
    (4.0, -0.0268)
    """
    if not margin >= 0:
        raise ValueError(f"A margin of {margin} is below 0")
    if documents < FEWEST or isnan(difference) or isnan(error):
        return None
    from scipy.special import stdtr, stdtrit

    above = difference + margin
    if error == 0:
        t = copysign(inf, above) if above else 0.0
        return Noninferiority(t, 0.0 if above > 0 else 1.0, difference, difference)
    t = above / error
    reach = -float(stdtrit(documents - 1, 1 - level)) * error
    return Noninferiority(t, float(stdtr(documents - 1, -t)), difference - reach, difference + reach)
