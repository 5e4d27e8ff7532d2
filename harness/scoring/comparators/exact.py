"""`Exact`: equal to the letter; the number it is; the truth value it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.scoring.comparators.equality import EqualityMatrix

if TYPE_CHECKING:
    from harness.scoring.comparators.base import Prepare, Prepared


@dataclass(frozen=True, slots=True)
class ExactComparator(EqualityMatrix):
    """Values are right when their prepared forms are equal.

    Attributes:
        prepare: How a value of the leaf's type is prepared.
    """

    prepare: Prepare
    exact: bool = True
    symmetric: bool = True
    right_from: float = 1.0

    def similarity(self, gold: Prepared, predicted: Prepared) -> float:
        """Always 0: equal values are never asked for."""
        del gold, predicted
        return 0.0
