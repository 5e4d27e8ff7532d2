"""`Number`: within an absolute or a relative tolerance."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from harness.scoring.comparators.equality import EqualityMatrix
from harness.scoring.comparators.values import number

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from harness.scoring.comparators.base import Prepared

_SLACK = 1e-6


@dataclass(frozen=True, slots=True)
class NumberComparator:
    """Right when `|gold - predicted| <= max(abs_tol, rel_tol * |gold|)`, in exact arithmetic.

    Symmetric only without a relative tolerance.
    """

    abs_tol: Decimal
    rel_tol: Decimal
    right_from: float = 1.0

    @property
    def exact(self) -> bool:
        """Whether there is no tolerance at all."""
        return not (self.abs_tol or self.rel_tol)

    @property
    def symmetric(self) -> bool:
        """Whether the tolerance does not depend on gold."""
        return not self.rel_tol

    def prepare(self, raw: object) -> Prepared:
        """The number as an `int` or an exact `Decimal`."""
        return number(raw)

    def similarity(self, gold: Prepared, predicted: Prepared) -> float:
        """1 within the tolerance, else 0."""
        if self.exact:
            return 0.0
        wanted, given = _decimal(gold), _decimal(predicted)
        return 1.0 if abs(wanted - given) <= max(self.abs_tol, self.rel_tol * abs(wanted)) else 0.0

    def matrix(self, gold: Sequence[Prepared], predicted: Sequence[Prepared]) -> NDArray[np.float64]:
        """Floating point finds the pairs that are near; exact arithmetic decides those near the edge."""
        if self.exact:
            return EqualityMatrix().matrix(gold, predicted)
        import numpy as np

        rows = np.array([_float(value) for value in gold])
        columns = np.array([_float(value) for value in predicted])
        tolerance = np.maximum(float(self.abs_tol), float(self.rel_tol) * np.abs(rows))[:, None]
        with np.errstate(invalid="ignore", over="ignore"):
            distance = np.abs(rows[:, None] - columns[None, :])
            slack = _SLACK * (np.abs(rows)[:, None] + np.abs(columns)[None, :] + tolerance)
            surely = distance < tolerance - slack
            maybe = ~surely & ~(distance > tolerance + slack)
        result: NDArray[np.float64] = surely.astype(np.float64)
        for i, j in zip(*np.nonzero(maybe), strict=True):
            result[i, j] = 1.0 if gold[i] == predicted[j] else self.similarity(gold[i], predicted[j])
        return result


def _decimal(value: Prepared) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(str(value))


def _float(value: Prepared) -> float:
    """Through text, since `float(10**400)` raises where `float("1e400")` is infinite."""
    return float(str(value))
