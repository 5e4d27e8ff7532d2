"""What every comparator is."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


RESOLUTION = 2.0**20
"""Similarities are multiples of 1/2^20, and weights of 1/2^10, so that their sums are exact in any order."""


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

    def hashed(
        self, gold: Sequence[Prepared], predicted: Sequence[Prepared]
    ) -> tuple[Sequence[Prepared], Sequence[Prepared]] | None:
        """The values in a form in which equality is all there is to know of these, `None` if there is none.

        Args:
            gold: Prepared values; absent ones stay `None`.
            predicted: The same.
        """
        ...

    def matrix(self, gold: Sequence[Prepared], predicted: Sequence[Prepared]) -> NDArray[np.float64]:
        """`similarity` of every pair at once; 1 where the prepared values are equal.

        Args:
            gold: n prepared values, none absent or malformed.
            predicted: m prepared values, none absent or malformed.

        Returns:
            An (n, m) array.
        """
        ...


@runtime_checkable
class DearComparator(Comparator, Protocol):
    """A comparator whose comparisons are worth avoiding: it is asked about chosen pairs."""

    def each(self, gold: Sequence[Prepared], predicted: Sequence[Prepared]) -> NDArray[np.float64]:
        """`similarity` of the first with the first, the second with the second, and so on; 1 where equal.

        Args:
            gold: n prepared values, none absent or malformed.
            predicted: n prepared values, likewise.

        Returns:
            An array of n.
        """
        ...
