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
        one = self._one
        return replace(
            score,
            leaves={one(path): one(counts) for path, counts in score.leaves.items()},
            facts={one(path): one(counts) for path, counts in score.facts.items()},
            grounding=one(score.grounding),
        )

    def _one(self, part: Any) -> Any:
        # Counts of different classes can be equal as tuples.
        return self._parts.setdefault((type(part), part), part)
