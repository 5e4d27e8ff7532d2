"""`Number`: within an absolute or a relative tolerance."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from harness.scoring.comparators.equality import EqualityMatrix

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from harness.scoring.comparators.base import Prepare, Prepared

_SLACK = 1e-9
"""Relative; rounding is far smaller. A pair nearer than this to its tolerance is decided exactly."""


@dataclass(frozen=True, slots=True)
class NumberComparator:
    """Right when `|gold - predicted| <= max(abs_tol, rel_tol * |gold|)`, in exact arithmetic.

    Symmetric only without a relative tolerance.

    Attributes:
        prepare: How a number of the leaf's type is prepared: `number` or `real`.
        abs_tol: The absolute tolerance.
        rel_tol: The tolerance as a share of gold.
        exact: Whether there is no tolerance at all.
    """

    prepare: Prepare
    abs_tol: Fraction
    rel_tol: Fraction
    right_from: float = 1.0
    exact: bool = field(init=False)
    _absolute: float = field(init=False)
    _relative: float = field(init=False)

    def __post_init__(self) -> None:
        """Keep the tolerances as floats too, and whether there is none."""
        object.__setattr__(self, "exact", not (self.abs_tol or self.rel_tol))
        object.__setattr__(self, "_absolute", float(self.abs_tol))
        object.__setattr__(self, "_relative", float(self.rel_tol))

    @property
    def symmetric(self) -> bool:
        """Whether the tolerance does not depend on gold."""
        return not self.rel_tol

    def similarity(self, gold: Any, predicted: Any) -> float:
        """1 within the tolerance, else 0."""
        wanted, given = float(gold), float(predicted)
        distance = abs(wanted - given)
        size = abs(wanted)
        tolerance = self._relative * size
        tolerance = max(tolerance, self._absolute)
        slack = _SLACK * (size + distance + tolerance)
        if distance > tolerance + slack:
            return 0.0
        return 1.0 if distance < tolerance - slack else self._exactly(gold, predicted)

    def _exactly(self, gold: Prepared, predicted: Prepared) -> float:
        wanted, given = Fraction(str(gold)), Fraction(str(predicted))
        return 1.0 if abs(wanted - given) <= max(self.abs_tol, self.rel_tol * abs(wanted)) else 0.0

    def hashed(
        self, gold: Sequence[Prepared], predicted: Sequence[Prepared]
    ) -> tuple[Sequence[Prepared], Sequence[Prepared]] | None:
        """The values as they are, where there is no tolerance."""
        return (gold, predicted) if self.exact else None

    def matrix(self, gold: Sequence[Any], predicted: Sequence[Any]) -> NDArray[np.float64]:
        """Sorting finds the pairs that are near; `similarity` decides them."""
        if self.exact:
            return EqualityMatrix().matrix(gold, predicted)
        import numpy as np

        rows = np.array([float(value) for value in gold])
        columns = np.array([float(value) for value in predicted])
        sizes = np.abs(rows)
        far = np.maximum(self._absolute, self._relative * sizes)
        far += 3 * _SLACK * (sizes + far)
        order = np.argsort(columns)
        inside = columns[order]
        first = np.searchsorted(inside, rows - far, side="left").tolist()
        last = np.searchsorted(inside, rows + far, side="right").tolist()
        places = order.tolist()
        result: NDArray[np.float64] = np.zeros((len(gold), len(predicted)))
        for i, (start, end) in enumerate(zip(first, last, strict=True)):
            for j in places[start:end]:
                same = gold[i] == predicted[j]
                result[i, j] = 1.0 if same else self.similarity(gold[i], predicted[j])
        return result
