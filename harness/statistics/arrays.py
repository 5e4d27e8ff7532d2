"""What the functions of this room take.

A **sums** array has a row a document and a column a thing that adds up: what the document adds to every metric,
its trials averaged. A **measure** makes metrics of sums of columns.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]
    Integers = NDArray[np.int64]

ROUNDING = 1e-12
"""What sums of different order may differ by, as a share of their size; less is taken for equal."""


class Measure(Protocol):
    """Metrics of sums.

    From an array (…, columns) to one (…, metrics); whatever stands in front of the last axis is kept. NaN where
    a metric is 0/0. A document touches a metric when the metric of its row alone is defined: the others have
    nothing to say about it.
    """

    def __call__(self, sums: Floats, /) -> Floats:
        """The metrics."""
        ...


@runtime_checkable
class TwoSteps(Measure, Protocol):
    """A measure that first adds and weighs columns: done once a document, it need not be done again a draw."""

    @property
    def condense(self) -> Callable[[Floats], Floats]:
        """From (…, columns) to (…, fewer columns). The sum of its results is the result of the sum."""
        ...

    @property
    def finish(self) -> Callable[[Floats], Floats]:
        """From there to the metrics (…, metrics)."""
        ...


class Progress(Protocol):
    """Told as work goes on."""

    def __call__(self, done: int, total: int, /) -> None:
        """So many of so many are done."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Rounding:
    """Where sums may be a little off, and by how much: what adds up to 0 must be 0, for 0/0 to be seen.

    Sums of whole numbers, halves and quarters are exact in any order; thirds, as three trials make them, are
    not.

    Attributes:
        columns: Those that are not exact.
        limits: What is no more than rounding in each of them.
    """

    columns: Integers
    limits: Floats

    @classmethod
    def of(cls, *sides: Floats) -> Rounding:
        """That of sums over some or all of these rows."""
        import numpy as np

        rough = np.any([(side * 1024 % 1 != 0).any(axis=0) for side in sides], axis=0)
        columns = np.flatnonzero(rough)
        limits = sum(np.abs(side[:, columns]).sum(axis=0) for side in sides)
        return cls(columns, ROUNDING * limits)

    def cleared(self, sums: Floats) -> Floats:
        """Sums (…, columns), changed in place: 0 where they are no more than rounding."""
        import numpy as np

        if len(self.columns):
            part = sums[..., self.columns]
            sums[..., self.columns] = np.where(np.abs(part) <= self.limits, 0.0, part)
        return sums
