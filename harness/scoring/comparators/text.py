"""`Text`: nearly the same words."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from rapidfuzz.distance.Levenshtein import normalized_similarity

from harness.scoring.comparators.base import RESOLUTION, quantised
from harness.scoring.comparators.values import folded

if TYPE_CHECKING:
    from collections.abc import Sequence

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
    dear: bool = True
    symmetric: bool = True
    right_from: float = field(init=False)
    cutoff: float = field(init=False)
    prepare = staticmethod(folded)

    def __post_init__(self) -> None:
        """Quantise the threshold like the similarities that it is held against."""
        object.__setattr__(self, "right_from", quantised(self.min_similarity))
        # A little lower, so that what lies on the edge is not lost to rounding.
        object.__setattr__(self, "cutoff", max(0.0, min(NOISE, self.min_similarity) - 1 / RESOLUTION))

    def similarity(self, gold: Any, predicted: Any) -> float:
        """The similarity of two folded texts."""
        found = normalized_similarity(gold, predicted, score_cutoff=self.cutoff)
        return round(found * RESOLUTION) / RESOLUTION if found else 0.0

    def near(self, gold: Sequence[Any], predicted: Sequence[Any]) -> bytes:
        """All pairs at once, in native code."""
        from rapidfuzz.process import cdist

        ours, theirs = ([one or "" for one in cells] for cells in (gold, predicted))
        # No text is like the empty string, which stands for an absent one, but that itself.
        found = cdist(ours, theirs, scorer=normalized_similarity, score_cutoff=self.cutoff)
        return (found > 0).tobytes()
