"""Which pairs of two lists are worth comparing, worked out for all of them at once.

Every column tells in one byte a pair whether its two values may be alike. The bytes of a column are one whole
number; times the weight of the column they are added up, and a pair whose byte of the sum stays below what
`match_at` asks for is not possible. Text is looked at only when the other columns leave many pairs. Some pairs
that are let through are not possible either: comparing them decides.
"""

from __future__ import annotations

from itertools import product
from math import ceil
from typing import TYPE_CHECKING

from harness.scoring.comparators.base import slack

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from harness.scoring.bound import BoundRecord, Step
    from harness.scoring.likeness import Cells

FEW = 80
"""Up to so many pairs are compared without a sieve."""
FEW_LEFT = 32
"""Text is looked at, for all pairs, when more than one in so many is possible without it."""

_HIGHEST = 255
_MOST_COLUMNS = 50
"""So many columns are looked at; the weight of each may be rounded up by one."""


def likely_pairs(
    bound: BoundRecord, gold: Sequence[Cells], predicted: Sequence[Cells], match_at: float
) -> Iterable[tuple[int, int]]:
    """The positions of every possible pair of two lists, and of some that are none.

    Args:
        bound: The model of the items.
        gold: Their cells, nothing special in them.
        predicted: The same.
        match_at: The least agreement of a pair; 0 where anything alike is a pair.
    """
    if len(gold) * len(predicted) <= FEW:
        return product(range(len(gold)), range(len(predicted)))
    return Sieve(bound, gold, predicted, match_at).pairs()


class Sieve:
    """The pairs of two lists that may be possible; the arguments are those of `likely_pairs`."""

    def __init__(
        self, bound: BoundRecord, gold: Sequence[Cells], predicted: Sequence[Cells], match_at: float
    ) -> None:
        self._bound = bound
        self._gold = list(zip(*gold, strict=True))
        self._predicted = list(zip(*predicted, strict=True))
        self._width = len(predicted)
        self._size = len(gold) * len(predicted)
        self._scale = (_HIGHEST - _MOST_COLUMNS) / (bound.whole or 1.0)
        steps = bound.steps[:_MOST_COLUMNS]
        unseen = steps[-1].rest if steps else 0.0
        self._cheap = [step for step in steps if not step.dear]
        self._dear = [step for step in steps if step.dear]
        # Where a leaf is absent on both sides less is needed, but its weight is added all the same.
        needed = match_at * bound.whole - slack(bound.whole)
        self._needed = needed - unseen if unseen else max(needed, 1 / self._scale)

    def pairs(self) -> list[tuple[int, int]]:
        """Every possible pair, as positions, and some that are none."""
        likely = self._keyed(b"\1" * self._size)
        if not self._bound.branches:
            sums = self._sums(self._cheap)
            rest = sum(step.weight for step in self._dear)
            likely = self._keyed(self._reaching(sums, self._needed - rest))
            if self._dear and likely.count(1) * FEW_LEFT > self._size:
                likely = self._keyed(self._reaching(sums + self._sums(self._dear), self._needed))
        return self._positions(likely)

    def _units(self, step: Step) -> int:
        """The weight of a column in the units in which sums are kept."""
        return ceil(step.weight * self._scale)

    def _sums(self, steps: Iterable[Step]) -> int:
        """For every pair the weights of the columns that may be alike."""
        return sum(self._units(step) * self._alike(step.position) for step in steps)

    def _reaching(self, sums: int, needed: float) -> bytes:
        """The pairs whose sum is high enough."""
        least = max(int(needed * self._scale), 0)
        return sums.to_bytes(self._size, "little").translate(bytes(least) + b"\1" * (_HIGHEST + 1 - least))

    def _keyed(self, likely: bytes) -> bytes:
        """Those of some pairs in which a key may be right, or none counts."""
        keys = self._bound.key_columns
        if not keys:
            return likely
        keyed = 0
        for position in keys:
            keyed |= self._alike(position)
        return (int.from_bytes(likely, "little") & keyed).to_bytes(self._size, "little")

    def _alike(self, position: int) -> int:
        """The pairs in which a leaf may be alike, or is absent on both sides."""
        near = self._bound.columns[position].comparator.near
        return int.from_bytes(near(self._gold[position], self._predicted[position]), "little")

    def _positions(self, likely: bytes) -> list[tuple[int, int]]:
        """The pairs whose byte is 1."""
        import numpy as np

        found = np.frombuffer(likely, dtype=np.bool_).reshape(-1, self._width).nonzero()
        return list(zip(*(at.tolist() for at in found), strict=True))
