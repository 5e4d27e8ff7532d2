"""The matrix of a comparator for which equality is everything."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from harness.scoring.comparators.base import Prepared


class EqualityMatrix:
    """Compares by hash: values get whole numbers, and the numbers are compared."""

    __slots__ = ()

    def hashed(
        self, gold: Sequence[Prepared], predicted: Sequence[Prepared]
    ) -> tuple[Sequence[Prepared], Sequence[Prepared]] | None:
        """The values as they are."""
        return gold, predicted

    def matrix(self, gold: Sequence[Prepared], predicted: Sequence[Prepared]) -> NDArray[np.float64]:
        """1 where the values are equal, 0 elsewhere."""
        import numpy as np

        codes: dict[Prepared, int] = {}
        rows = np.array([codes.setdefault(value, len(codes)) for value in gold], dtype=np.int64)
        columns = np.array([codes.get(value, -1) for value in predicted], dtype=np.int64)
        agrees: NDArray[np.bool_] = rows[:, None] == columns[None, :]
        return agrees.astype(np.float64)
