"""What mistakes cost: an invented, a missed and a wrong value, everywhere and by field."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from harness.paths import parse, render

if TYPE_CHECKING:
    from collections.abc import Mapping

    from harness.records import Counts
    from harness.statistics.arrays import Floats
    from harness.verdicts.sums import RunSums


@dataclass(frozen=True, slots=True)
class Costs:
    """What one mistake costs, by its kind, in whatever unit the policy thinks in.

    Attributes:
        invented: A value where gold has none.
        missed: No value where gold has one. A failed answer misses every value.
        wrong: Another value than gold's.
    """

    invented: float = 1.0
    missed: float = 1.0
    wrong: float = 1.0

    def of(self, counts: Counts) -> float:
        """What these mistakes cost together."""
        return self.invented * counts.spurious + self.missed * counts.missing + self.wrong * counts.incorrect


@dataclass(frozen=True, slots=True)
class ErrorCosts:
    """The costs of every field. Weight marks play no part: the costs say how much a field matters.

    Attributes:
        everywhere: For every field that has no costs of its own. Left alone, each mistake costs 1, and the
            cost of a document is the number of its mistakes.
        fields: Field path to its own costs.
    """

    everywhere: Costs = field(default_factory=Costs)
    fields: Mapping[str, Costs] = field(default_factory=dict)

    def at(self, path: str) -> Costs:
        """The costs of a field."""
        return self.fields.get(path, self.everywhere)

    def of(self, leaves: Mapping[str, Counts], path: str = "") -> float:
        """What the mistakes of one answer cost; those of one field when a path is given."""
        if path:
            return self.at(path).of(leaves[path]) if path in leaves else 0.0
        return sum(self.at(name).of(counts) for name, counts in leaves.items())

    def column(self, run: RunSums, path: str = "") -> Floats:
        """What each document costs, its trials averaged: an array (documents,)."""
        import numpy as np

        paths = run.layout.paths
        total = np.zeros(len(run.documents))
        for position, outcome in enumerate(("spurious", "missing", "incorrect")):
            each = [(one.invented, one.missed, one.wrong)[position] for one in map(self.at, paths)]
            asked = [cost if path in ("", name) else 0.0 for cost, name in zip(each, paths, strict=True)]
            total += run.sums[:, run.layout.outcome(outcome)] @ np.array(asked)
        return total


def canonical(path: str) -> str:
    """A field path as scores have it.

    Raises:
        ValueError: When it is none.
    """
    return render(parse(path))
