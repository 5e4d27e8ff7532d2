"""How many documents and trials it takes to see a difference."""

from __future__ import annotations

from functools import lru_cache
from math import ceil, sqrt
from typing import TYPE_CHECKING

from harness.statistics.searching import LARGEST, first

if TYPE_CHECKING:
    from harness.statistics.spread import Spread

ALPHA = 0.05
"""The p at which a difference is called one."""

POWER = 0.8
"""How often it is to be seen."""


def fewest_documents(alpha: float = ALPHA) -> int:
    """The least number of documents that can show any difference: 2^(1 − n), the least p, is at most alpha.

    >>> fewest_documents(), fewest_documents(0.001)
    (6, 11)
    """
    documents = 1
    while 2.0 ** (1 - documents) > alpha:
        documents += 1
    return documents


def power(variance: float, documents: int, difference: float, alpha: float = ALPHA) -> float:
    """How often a paired test of so many documents sees a difference of that size.

    The paired t test stands in for the randomisation test (noncentral t; Cohen 1988); the two agree but for
    few documents.

    Args:
        variance: Of one document's influence on the difference: error² · documents, or `Spread.at(trials)`.
        documents: How many.
        difference: The true one.
        alpha: The p at which it is called one, two-sided.

    Returns:
        Between 0 and 1; 0 when so few documents can show no difference.

    >>> round(power(variance=0.01, documents=34, difference=0.05), 3)
    0.808
    """
    if documents < fewest_documents(alpha):
        return 0.0
    if variance <= 0:
        return 1.0 if difference else 0.0
    return _power(documents, abs(difference) / sqrt(variance / documents), alpha)


def least_detectable(
    variance: float, documents: int, power: float = POWER, alpha: float = ALPHA
) -> float | None:
    """The least difference that so many documents show that often.

    Args:
        variance: Of one document's influence on the difference: error² · documents, or `Spread.at(trials)`.
        documents: How many.
        power: How often.
        alpha: The p at which it is called one, two-sided.

    Returns:
        `None` when so few documents can show none, and when the variance is 0 or NaN, so that nothing is known.

    >>> least_detectable(variance=0.01, documents=5)
    >>> round(least_detectable(variance=0.01, documents=34), 4)
    0.0495
    """
    if documents < fewest_documents(alpha) or not variance > 0:
        return None
    return _distance(documents, power, alpha) * sqrt(variance / documents)


def documents_needed(
    variance: float, difference: float, power: float = POWER, alpha: float = ALPHA
) -> int | None:
    """How many documents show a difference that often.

    Args:
        variance: Of one document's influence on the difference: error² · documents, or `Spread.at(trials)`.
        difference: The one to be seen.
        power: How often.
        alpha: The p at which it is called one, two-sided.

    Returns:
        `None` when no number up to a million does, or the variance is 0 or NaN.

    >>> documents_needed(variance=0.01, difference=0.05)
    34
    """
    if not (variance > 0 and difference):
        return None

    def seen(documents: int) -> bool:
        least = least_detectable(variance, documents, power, alpha)
        return least is not None and least <= abs(difference)

    return first(seen, 1, LARGEST)


def trials_needed(
    spread: Spread, documents: int, difference: float, power: float = POWER, alpha: float = ALPHA
) -> int | None:
    """How many trials of each document, on both sides, show a difference that often.

    Args:
        spread: Of one document's influence on the difference.
        documents: How many documents.
        difference: The one to be seen.
        power: How often.
        alpha: The p at which it is called one, two-sided.

    Returns:
        `None` when no number does: the documents themselves differ too much, or the trials' part is not known.

    >>> from harness.statistics.spread import Spread
    >>> trials_needed(Spread(documents=0.01, trials=0.02), documents=50, difference=0.05)
    4
    >>> trials_needed(Spread(documents=0.01, trials=0.02), documents=20, difference=0.05)
    """
    if documents < fewest_documents(alpha):
        return None
    return trials_for(spread, documents * (difference / _distance(documents, power, alpha)) ** 2)


def trials_for(spread: Spread, variance: float) -> int | None:
    """How many trials bring the variance of a document's influence down to that; `None` when no number does.

    >>> from harness.statistics.spread import Spread
    >>> trials_for(Spread(documents=0.01, trials=0.02), 0.02), trials_for(Spread(0.01, 0.02), 0.01)
    (2, None)
    """
    left = variance - spread.documents
    if spread.trials is None or left <= 0:
        return None
    trials = ceil(round(spread.trials / left, 9))
    return max(1, trials) if trials <= LARGEST else None


def _power(documents: int, distance: float, alpha: float) -> float:
    from scipy.special import nctdtr, stdtrit

    freedom = documents - 1
    bar = -float(stdtrit(freedom, alpha / 2))
    if distance > bar + _FAR:
        return 1.0
    # Being called different the wrong way round; SciPy has no number for what is next to impossible.
    wrong_way = float(nctdtr(freedom, distance, -bar)) if distance < _FAR / 2 else 0.0
    return 1 - float(nctdtr(freedom, distance, bar)) + wrong_way


_FAR = 10.0
"""So many standard errors beyond the bar, a difference is always seen."""


@lru_cache(maxsize=4096)
def _distance(documents: int, power: float, alpha: float) -> float:
    """How many standard errors away from 0 a difference is seen that often."""
    low, high = 0.0, 1e3
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (low, middle) if _power(documents, middle, alpha) >= power else (middle, high)
    return high
