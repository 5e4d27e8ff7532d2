"""What every comparator is."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Protocol

RESOLUTION = 2.0**20
"""Similarities are multiples of 1/2^20, and weights of 1/2^10, so that their sums are exact in any order."""


def slack(mass: float) -> float:
    """Room for rounding where a pair is given up early because what it shares stays below `match_at` of a mass.

    It is far more than rounding needs: whoever gets through is compared in full.

    >>> slack(0.5), slack(4e6)
    (1e-09, 0.004)
    """
    return 1e-9 * max(1.0, mass)


def quantised(similarity: float) -> float:
    """The nearest multiple of 1/2^20.

    >>> quantised(1 / 3) * 2**20
    349525.0
    """
    return round(similarity * RESOLUTION) / RESOLUTION


@dataclass(frozen=True, slots=True, eq=False)
class Malformed:
    """A value that its leaf cannot read: of the wrong type, not finite, no date. Equal to nothing but itself.

    Attributes:
        problem: What is wrong with it, in a few words.
    """

    problem: str


class NotPlain(Exception):  # noqa: N818 - no error: it says that the long way has to be gone
    """A value is not what its leaf or model plainly holds."""


Prepared = Hashable
"""A value in the form in which it is compared; `None` when it is absent."""

Prepare = Callable[[object], Prepared]


class Comparator(Protocol):
    """Decides how alike two values of one leaf are, and when that is right.

    Values come prepared. Two equal prepared values have similarity 1 and are right, whatever the comparator;
    `similarity` is asked only for unequal ones, never for an absent or malformed one.
    """

    @property
    def exact(self) -> bool:
        """Whether unequal prepared values always have similarity 0."""
        ...

    @property
    def dear(self) -> bool:
        """Whether comparing all pairs, even by `near`, is worth avoiding."""
        ...

    @property
    def symmetric(self) -> bool:
        """Whether gold and predicted may change places."""
        ...

    @property
    def right_from(self) -> float:
        """The least similarity that is right."""
        ...

    def prepare(self, raw: object) -> Prepared:
        """Bring a present value into the form in which it is compared.

        Returns:
            The prepared value, `None` when the value is blank and so states nothing, or a `Malformed`.
        """
        ...

    def similarity(self, gold: Prepared, predicted: Prepared) -> float:
        """How alike two unequal prepared values are, from 0 to 1, quantised."""
        ...

    def near(self, gold: Sequence[Prepared], predicted: Sequence[Prepared]) -> bytes:
        """Which pairs may be alike, for all pairs at once.

        Args:
            gold: n prepared values, `None` where absent, none malformed.
            predicted: m prepared values, likewise.

        Returns:
            A byte for each pair, row by row: 1 where the values are equal or both absent and wherever
            `similarity` is above 0, else mostly 0.
        """
        ...
