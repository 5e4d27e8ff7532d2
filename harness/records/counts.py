"""Whole numbers that add up over documents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from operator import add
from typing import NamedTuple

from harness.records.answers import FailureKind


class Counts(NamedTuple):
    """How often each outcome happened. Whole numbers; adding two documents adds their counts."""

    correct: int = 0
    incorrect: int = 0
    missing: int = 0
    spurious: int = 0
    absent: int = 0
    ungraded: int = 0

    @property
    def possible(self) -> int:
        """Leaves that gold has: correct + incorrect + missing."""
        return self.correct + self.incorrect + self.missing

    @property
    def actual(self) -> int:
        """Leaves that were predicted: correct + incorrect + spurious."""
        return self.correct + self.incorrect + self.spurious

    def plus(self, other: Counts) -> Counts:
        """The sum, outcome by outcome."""
        return Counts._make(map(add, self, other))


class FactCounts(NamedTuple):
    """Facts (the items of lists of models), right when all their graded leaves are.

    Attributes:
        right: Paired, and every graded leaf correct or absent on both sides.
        wrong: Paired, with at least one graded leaf incorrect, missing or spurious.
        missing: In gold only.
        spurious: In the prediction only.
    """

    right: int = 0
    wrong: int = 0
    missing: int = 0
    spurious: int = 0

    def as_counts(self) -> Counts:
        """The same as outcomes, a wrong fact being an incorrect one, for the metrics of leaves."""
        return Counts(self.right, self.wrong, self.missing, self.spurious)

    def plus(self, other: FactCounts) -> FactCounts:
        """The sum, field by field."""
        return FactCounts._make(map(add, self, other))


class GroundingCounts(NamedTuple):
    """Predicted leaves of facts that carry evidence, by the quote's place in the document and by verdict.

    The quote of a leaf is the best-located one of its fact. `exact` is found letter for letter, `fuzzy`
    nearly, `invented` not found, `none` when the fact quotes nothing.
    """

    right_exact: int = 0
    right_fuzzy: int = 0
    right_invented: int = 0
    right_none: int = 0
    wrong_exact: int = 0
    wrong_fuzzy: int = 0
    wrong_invented: int = 0
    wrong_none: int = 0

    def plus(self, other: GroundingCounts) -> GroundingCounts:
        """The sum, field by field."""
        return GroundingCounts._make(map(add, self, other))


@dataclass(frozen=True, slots=True)
class DocumentScore:
    """What one trial on one document adds to every metric. Additive: nothing else of it is needed again.

    Attributes:
        document: The document's id.
        trial: Which repeat this is, from 0.
        leaves: Field path to its counts; a path that nothing touched is left out.
        facts: Path of a list of models to its counts.
        grounding: Quotes against verdicts; all zero when the document's text is not known.
        stray: Predicted keys that the schema does not have.
        failure: Why there was no extraction; `None` when there was one.
    """

    document: str
    trial: int
    leaves: Mapping[str, Counts]
    facts: Mapping[str, FactCounts] = field(default_factory=dict)
    grounding: GroundingCounts = field(default_factory=GroundingCounts)
    stray: int = 0
    failure: FailureKind | None = None

    @property
    def total(self) -> Counts:
        """The counts of all leaves, unweighted."""
        total = Counts()
        for counts in self.leaves.values():
            total = total.plus(counts)
        return total

    @property
    def exactly_right(self) -> bool:
        """Whether nothing is incorrect, missing or spurious, and there was an extraction."""
        return self.failure is None and not any(
            one.incorrect or one.missing or one.spurious for one in self.leaves.values()
        )
