"""`Number`: within an absolute or a relative tolerance."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from harness.scoring.comparators.equality import equal_pairs

if TYPE_CHECKING:
    from collections.abc import Sequence

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
        widest: Slightly more than both tolerances, the relative one first: what differs by more than their sum
            is not alike.
    """

    prepare: Prepare
    abs_tol: Fraction
    rel_tol: Fraction
    right_from: float = 1.0
    dear: bool = False
    exact: bool = field(init=False)
    widest: tuple[float, float] = field(init=False)
    _absolute: float = field(init=False)
    _relative: float = field(init=False)

    def __post_init__(self) -> None:
        """Keep the tolerances as floats too, and whether there is none."""
        object.__setattr__(self, "exact", not (self.abs_tol or self.rel_tol))
        object.__setattr__(self, "_absolute", float(self.abs_tol))
        object.__setattr__(self, "_relative", float(self.rel_tol))
        relative, absolute = (tolerance * (1 + 3 * _SLACK) for tolerance in (self._relative, self._absolute))
        object.__setattr__(self, "widest", (relative + 3 * _SLACK, absolute))

    @property
    def symmetric(self) -> bool:
        """Whether the tolerance does not depend on gold."""
        return not self.rel_tol

    def similarity(self, gold: Any, predicted: Any) -> float:
        """1 within the tolerance, else 0."""
        wanted = float(gold)
        distance, size = abs(wanted - float(predicted)), abs(wanted)
        relative, absolute = self.widest
        if distance > size * relative + absolute:
            return 0.0
        tolerance = max(self._relative * size, self._absolute)
        slack = _SLACK * (size + distance + tolerance)
        if distance > tolerance + slack:
            return 0.0
        return 1.0 if distance < tolerance - slack else self._exactly(gold, predicted)

    def _exactly(self, gold: Prepared, predicted: Prepared) -> float:
        wanted, given = Fraction(str(gold)), Fraction(str(predicted))
        return 1.0 if abs(wanted - given) <= max(self.abs_tol, self.rel_tol * abs(wanted)) else 0.0

    def near(self, gold: Sequence[Any], predicted: Sequence[Any]) -> bytes:
        """Those that float arithmetic cannot tell apart, or barely."""
        if self.exact:
            return equal_pairs(gold, predicted)
        import numpy as np

        wanted, given = np.array(gold, dtype=np.float64)[:, None], np.array(predicted, dtype=np.float64)
        # The sum of both tolerances, and not the larger one: nearly always one of them is 0.
        relative, absolute = self.widest
        far = np.abs(wanted) * relative + absolute
        found = np.abs(wanted - given) <= far
        if None in gold and None in predicted:
            found |= np.isnan(wanted) & np.isnan(given)
        return found.tobytes()
