"""Comparators for which equality is everything."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from harness.scoring.comparators.base import Prepared


def equal_pairs(gold: Sequence[Prepared], predicted: Sequence[Prepared]) -> bytes:
    """A byte for each pair, row by row: 1 where the values are equal, else 0.

    >>> list(equal_pairs(["a", "b"], ["b", "c", "a"]))
    [0, 0, 1, 1, 0, 0]
    """
    rows: dict[Prepared, bytearray] = {}
    width = len(predicted)
    for at, value in enumerate(predicted):
        row = rows.get(value)
        if row is None:
            row = rows[value] = bytearray(width)
        row[at] = 1
    none = bytes(width)
    return b"".join([rows.get(value, none) for value in gold])


class Equality:
    """What comparators for which equality is everything have in common."""

    __slots__ = ()

    def similarity(self, gold: Prepared, predicted: Prepared) -> float:
        """Always 0: equal values are never asked for."""
        del gold, predicted
        return 0.0

    def near(self, gold: Sequence[Prepared], predicted: Sequence[Prepared]) -> bytes:
        """The pairs that are equal."""
        return equal_pairs(gold, predicted)
