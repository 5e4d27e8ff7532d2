"""Several trials of the same documents."""

from __future__ import annotations

from math import comb
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def pass_hat_k(right: Iterable[int], trials: Iterable[int]) -> tuple[float, ...]:
    """pass^k: how often k trials of a document in a row are all right (Yao and others 2024, τ-bench).

    With c of n trials right, C(c, k) / C(n, k) of the ways to choose k of them are all right, which estimates
    it without bias; the mean over the documents.

    Args:
        right: How many trials of each document are exactly right.
        trials: How many trials each document has, in the same order.

    Returns:
        pass^k for k from 1 to the fewest trials that any document has; empty without documents.

    Raises:
        ValueError: The two have not the same length, or more trials are right than there are.

    >>> pass_hat_k([3, 2, 0], [3, 3, 3])
    (0.5555555555555555, 0.4444444444444444, 0.3333333333333333)
    """
    pairs = _pairs(right, trials)
    most = min((n for _, n in pairs), default=0)
    return tuple(sum(comb(c, k) / comb(n, k) for c, n in pairs) / len(pairs) for k in range(1, most + 1))


def flip_rate(right: Iterable[int], trials: Iterable[int]) -> float | None:
    """How often two trials of a document disagree on being exactly right.

    Args:
        right: How many trials of each document are exactly right.
        trials: How many trials each document has, in the same order.

    Returns:
        The share of its pairs of trials that disagree, the mean over the documents with two trials or more;
        `None` when there is no such document.

    Raises:
        ValueError: The two have not the same length, or more trials are right than there are.

    >>> flip_rate([3, 2, 0], [3, 3, 3]), flip_rate([1], [1])
    (0.2222222222222222, None)
    """
    rates = [c * (n - c) / comb(n, 2) for c, n in _pairs(right, trials) if n > 1]
    return sum(rates) / len(rates) if rates else None


def _pairs(right: Iterable[int], trials: Iterable[int]) -> list[tuple[int, int]]:
    pairs = [(int(c), int(n)) for c, n in zip(right, trials, strict=True)]
    for c, n in pairs:
        if not 0 <= c <= n:
            raise ValueError(f"{c} of {n} trials is no number of trials")
    return pairs
