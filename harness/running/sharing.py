"""Keep the scores of many documents in little memory: most of their counts are a few, over and over."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from harness.records import DocumentScore


class Shared:
    """Gives scores whose equal parts are one object. What is shared is never changed."""

    def __init__(self) -> None:
        self._parts: dict[Any, Any] = {}

    def score(self, score: DocumentScore) -> DocumentScore:
        """An equal score that shares its counts, and its paths, with those before it."""
        # Counts of different classes have different lengths, so that none equals another.
        one = self._parts.setdefault
        return replace(
            score,
            leaves={one(path, path): one(counts, counts) for path, counts in score.leaves.items()},
            facts={one(path, path): one(counts, counts) for path, counts in score.facts.items()},
            grounding=one(score.grounding, score.grounding),
        )
