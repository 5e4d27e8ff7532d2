"""Documents that are right in one run and not in the other."""

from __future__ import annotations


def mcnemar(lost: int, gained: int) -> float:
    """McNemar's exact test: could as many be lost as gained in the long run?

    Of the documents that changed, the smaller number or fewer would fall on one side by tossing a coin for each
    (McNemar 1947), times two. Documents that are right in both or in neither say nothing.

    Args:
        lost: How many were right, and are not.
        gained: How many were not, and are.

    Returns:
        The two-sided p; 1 when none changed.

    Raises:
        ValueError: A number is below 0.

    >>> mcnemar(0, 5), mcnemar(1, 1), mcnemar(0, 0)
    (0.0625, 1.0, 1.0)
    """
    if lost < 0 or gained < 0:
        raise ValueError(f"There are no {min(lost, gained)} documents")
    changed = lost + gained
    # The next of Pascal's row from the last; whole numbers, so that nothing is rounded but the answer.
    ways = total = 1
    for one in range(1, min(lost, gained) + 1):
        ways = ways * (changed - one + 1) // one
        total += ways
    return min(1.0, 2 * total / (1 << changed))
