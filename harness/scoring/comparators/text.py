"""`Text`: nearly the same words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.scoring.comparators.base import RESOLUTION, quantised
from harness.scoring.comparators.values import folded

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from harness.scoring.comparators.base import Prepared

NOISE = 0.5
"""Below this, likeness says nothing and counts as none (the threshold of ANLS: Biten et al. 2019, ICCV)."""


@dataclass(frozen=True, slots=True)
class TextComparator:
    """Normalised Levenshtein similarity of the folded texts: 1 - distance / length of the longer.

    Below `NOISE`, or below `min_similarity` where that is lower still, it is 0.
    """

    min_similarity: float
    exact: bool = False
    symmetric: bool = True

    @property
    def right_from(self) -> float:
        """The least similarity that is right, quantised like the similarities."""
        return quantised(self.min_similarity)

    @property
    def _cutoff(self) -> float:
        return min(NOISE, self.min_similarity)

    def prepare(self, raw: object) -> Prepared:
        """The folded text."""
        return folded(raw)

    def similarity(self, gold: Prepared, predicted: Prepared) -> float:
        """The similarity of two folded texts."""
        from rapidfuzz.distance import Levenshtein

        return quantised(
            Levenshtein.normalized_similarity(str(gold), str(predicted), score_cutoff=self._cutoff)
        )

    def matrix(self, gold: Sequence[Prepared], predicted: Sequence[Prepared]) -> NDArray[np.float64]:
        """All pairs at once, in native code."""
        import numpy as np
        from rapidfuzz.distance import Levenshtein
        from rapidfuzz.process import cdist

        scores = cdist(
            [str(value) for value in gold],
            [str(value) for value in predicted],
            scorer=Levenshtein.normalized_similarity,
            score_cutoff=self._cutoff,
            dtype=np.float64,
        )
        return np.rint(np.asarray(scores) * RESOLUTION) / RESOLUTION
