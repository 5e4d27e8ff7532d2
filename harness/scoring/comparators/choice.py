"""`Choice`: names with several spellings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.scoring.comparators.equality import Equality
from harness.scoring.comparators.folding import fold
from harness.scoring.comparators.values import folded

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from harness.scoring.comparators.base import Prepared


@dataclass(frozen=True, slots=True)
class ChoiceComparator(Equality):
    """A name and its spellings are one value; any other string is compared folded.

    Attributes:
        names: Folded spelling to folded name; see `canonical_names`.
    """

    names: Mapping[str, str]
    exact: bool = True
    dear: bool = False
    symmetric: bool = True
    right_from: float = 1.0

    def prepare(self, raw: object) -> Prepared:
        """The folded name that the string spells."""
        value = folded(raw)
        return self.names.get(value, value) if isinstance(value, str) else value


def canonical_names(spellings: Sequence[tuple[str, Sequence[str]]]) -> dict[str, str]:
    """Folded spelling to folded name.

    Raises:
        ValueError: When one spelling belongs to two names.
    """
    names: dict[str, str] = {}
    for name, others in spellings:
        for spelling in (name, *others):
            known = names.setdefault(fold(spelling), fold(name))
            if known != fold(name):
                raise ValueError(f"{spelling!r} is a spelling of both {known!r} and {fold(name)!r}")
    return names
