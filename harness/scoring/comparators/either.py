"""A leaf of several scalar types: each value is compared as the first type that reads it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from harness.scoring.comparators.base import Malformed
from harness.scoring.comparators.equality import equal_pairs
from harness.scoring.comparators.values import type_name

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from harness.scoring.comparators.base import Comparator, Prepared


@dataclass(frozen=True, slots=True)
class EitherComparator:
    """Values of two types never agree; values of one type agree as its comparator says.

    Attributes:
        options: A comparator for each type, with the test that says whether a JSON value is of that type as
            it stands. Where none is, the first comparator that can read the value takes it.
    """

    options: Sequence[tuple[Callable[[object], bool], Comparator]]
    exact: bool = False
    dear: bool = False
    right_from: float = 1.0

    @property
    def symmetric(self) -> bool:
        """Whether every option is."""
        return all(comparator.symmetric for _, comparator in self.options)

    def prepare(self, raw: object) -> Prepared:
        """The position of the type that takes the value, and the value as that type prepares it."""
        blank = False
        for strict in (True, False):
            for position, (is_of_type, comparator) in enumerate(self.options):
                if strict and not is_of_type(raw):
                    continue
                prepared = comparator.prepare(raw)
                blank = blank or prepared is None
                if prepared is not None and not isinstance(prepared, Malformed):
                    return (position, prepared)
        return None if blank else Malformed(f"{type_name(raw)} that no type of the union reads")

    def similarity(self, gold: Prepared, predicted: Prepared) -> float:
        """1 when one type took both and finds them right, else 0."""
        if not (isinstance(gold, tuple) and isinstance(predicted, tuple)) or gold[0] != predicted[0]:
            return 0.0
        comparator = self.options[gold[0]][1]
        return 1.0 if comparator.similarity(gold[1], predicted[1]) >= comparator.right_from else 0.0

    def near(self, gold: Sequence[Any], predicted: Sequence[Any]) -> bytes:
        """The pairs of one type: unions of scalars are rare."""
        ours, theirs = ([None if cell is None else cell[0] for cell in cells] for cells in (gold, predicted))
        return equal_pairs(ours, theirs)
