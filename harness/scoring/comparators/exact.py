"""`Exact`: equal to the letter; the number it is; the truth value it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.scoring.comparators.equality import Equality

if TYPE_CHECKING:
    from harness.scoring.comparators.base import Prepare


@dataclass(frozen=True, slots=True)
class ExactComparator(Equality):
    """Values are right when their prepared forms are equal.

    Attributes:
        prepare: How a value of the leaf's type is prepared.
    """

    prepare: Prepare
    exact: bool = True
    dear: bool = False
    symmetric: bool = True
    right_from: float = 1.0
