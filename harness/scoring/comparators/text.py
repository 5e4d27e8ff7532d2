"""`Text`: nearly the same words."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from rapidfuzz.distance.Levenshtein import normalized_similarity

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

    Attributes:
        min_similarity: The least similarity that is right.
        right_from: The same, quantised.
        cutoff: Below it, similarity is 0.
    """

    min_similarity: float
    exact: bool = False
    symmetric: bool = True
    right_from: float = field(init=False)
    cutoff: float = field(init=False)

    def __post_init__(self) -> None:
        """Quantise the threshold like the similarities that it is held against."""
        object.__setattr__(self, "right_from", quantised(self.min_similarity))
        # A little lower, so that what lies on the edge is not lost to rounding.
        object.__setattr__(self, "cutoff", min(NOISE, self.min_similarity) - 1 / RESOLUTION)

    def prepare(self, raw: object) -> Prepared:
        """The folded text."""
        return folded(raw)

    def similarity(self, gold: Any, predicted: Any) -> float:
        """The similarity of two folded texts."""
        found: float = normalized_similarity(gold, predicted, score_cutoff=self.cutoff)
        return round(found * RESOLUTION) / RESOLUTION

    def hashed(self, gold: Sequence[Any], predicted: Sequence[Any]) -> None:
        """Never: unequal values can be alike."""

    def each(self, gold: Sequence[Any], predicted: Sequence[Any]) -> NDArray[np.float64]:
        """`similarity` of the first with the first, the second with the second, and so on; 1 where equal."""
        import numpy as np
        from rapidfuzz.process import cpdist

        scores = cpdist(
            gold, predicted, scorer=normalized_similarity, score_cutoff=self.cutoff, dtype=np.float64
        )
        return np.rint(np.asarray(scores) * RESOLUTION) / RESOLUTION

    def matrix(self, gold: Sequence[Any], predicted: Sequence[Any]) -> NDArray[np.float64]:
        """All pairs at once, in native code."""
        import numpy as np
        from rapidfuzz.process import cdist

        scores = cdist(
            gold, predicted, scorer=normalized_similarity, score_cutoff=self.cutoff, dtype=np.float64
        )
        return np.rint(np.asarray(scores) * RESOLUTION) / RESOLUTION
