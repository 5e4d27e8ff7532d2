"""What a schema author writes inside `Annotated[...]` to say how a field is scored.

```python
class Payment(BaseModel):
    amount: Annotated[Decimal | None, Number(rel_tol=0.01)] = None
    currency: Annotated[str | None, Exact()] = None
    when: Annotated[str | None, Date()] = None
    evidence: Annotated[list[str], Evidence()] = []
```

A field without a mark gets a comparator by its type; `harness schema show` prints which and why.
This module imports nothing of the harness, so that a schema which uses it stays a plain Pydantic model.
A mark checks nothing when it is made: the field it stands on is not known yet. Its `problem()` is asked
when the schema is compiled, and the error then names the field.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

GRANULARITIES = ("stated", "year", "month", "day")


def _frozen(value: Any) -> Any:
    """A list or tuple as a tuple; anything else as it is, for `problem()` to speak of."""
    return tuple(value) if isinstance(value, list | tuple) else value


def _is_pair(entry: object) -> bool:
    return isinstance(entry, tuple) and len(entry) == 2 and isinstance(entry[0], str)


@dataclass(frozen=True, slots=True)
class Exact:
    """Equal to the letter: no folding of case, white space or quotes. For codes and identifiers.

    On numbers it is numeric equality (3 and 3.0 are one number), on booleans identity of the truth value.
    """

    def problem(self) -> str | None:
        """Say what is wrong with the parameters; `None` when nothing is."""
        return None


@dataclass(frozen=True, slots=True)
class Folded:
    """Equal after NFKC, case, white space and quote folding. What an unmarked `str` gets."""

    def problem(self) -> str | None:
        """Say what is wrong with the parameters; `None` when nothing is."""
        return None


@dataclass(frozen=True, slots=True)
class Number:
    """Right when `|gold - predicted| <= max(abs_tol, rel_tol * |gold|)`. For numbers.

    An unmarked number gets it with both at 0. The relative tolerance is measured against gold, so it is not
    symmetric.
    """

    abs_tol: float = 0.0
    rel_tol: float = 0.0

    def problem(self) -> str | None:
        """Say what is wrong with the parameters; `None` when nothing is."""
        for name in ("abs_tol", "rel_tol"):
            tolerance = getattr(self, name)
            if isinstance(tolerance, bool) or not isinstance(tolerance, int | float):
                return f"{name} is {tolerance!r}, not a number"
            if not math.isfinite(tolerance) or tolerance < 0:
                return f"{name} is {tolerance!r}; it is a finite number of at least 0"
        if self.rel_tol >= 1:
            return f"rel_tol is {self.rel_tol!r}; from 1 on even 0 is right for every number"
        return None


@dataclass(frozen=True, slots=True)
class Date:
    """Compare dates at the granularity that gold states, or at a coarser one named here.

    On a `str` field the value is an EDTF date (ISO 8601-2): `2022-08-25`, `2022-08`, `2022`, `XXXX-07-18`,
    `XXXX-07`. Gold `2022-08` is met by `2022-08-25`; gold `2022-08-25` is not met by `2022-08`. That makes
    the comparison not symmetric.

    Args:
        granularity: `"stated"` (what gold states), or at most `"day"`, `"month"` or `"year"`.
    """

    granularity: str = "stated"

    def problem(self) -> str | None:
        """Say what is wrong with the parameters; `None` when nothing is."""
        if self.granularity not in GRANULARITIES:
            return f"granularity is {self.granularity!r}; it is one of {', '.join(GRANULARITIES)}"
        return None


@dataclass(frozen=True, slots=True)
class Text:
    """Right when the normalised Levenshtein similarity of the folded texts is at least `min_similarity`."""

    min_similarity: float = 0.8

    def problem(self) -> str | None:
        """Say what is wrong with the parameters; `None` when nothing is."""
        threshold = self.min_similarity
        if isinstance(threshold, bool) or not isinstance(threshold, int | float) or not 0 < threshold <= 1:
            return f"min_similarity is {threshold!r}; it is above 0 and at most 1"
        return None


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a closed set. What an unmarked `Enum` or `Literal` gets: equal to a member, to the letter.

    Args:
        spellings: For a `str` field: a name to its other spellings. Every spelling is folded; a name and its
            spellings are one value. A string outside the set is compared like an unmarked `str`.
    """

    spellings: Mapping[str, Sequence[str]] | tuple[tuple[str, tuple[str, ...]], ...] = ()

    def __post_init__(self) -> None:
        """Freeze the mapping: Python hashes a mark when it stands inside a union."""
        if isinstance(self.spellings, Mapping):
            frozen = tuple((name, _frozen(others)) for name, others in self.spellings.items())
            object.__setattr__(self, "spellings", frozen)
        else:
            object.__setattr__(self, "spellings", _frozen(self.spellings))

    def problem(self) -> str | None:
        """Say what is wrong with the parameters; `None` when nothing is."""
        if not isinstance(self.spellings, tuple) or not all(_is_pair(entry) for entry in self.spellings):
            return f"spellings is {self.spellings!r}; it is a mapping of a name to its other spellings"
        for name, others in self.spellings:
            if not isinstance(others, tuple) or not all(isinstance(other, str) for other in others):
                return f"the spellings of {name!r} are {others!r}; they are a sequence of strings"
        return None


@dataclass(frozen=True, slots=True)
class Records:
    """How the items of a list of models are paired.

    Args:
        keys: Names of leaf fields of the item (dotted inside nested models). A pair in which none of them
            agrees stays unpaired, unless both items have none of them. Empty: no such condition.
        match_at: The least weighted agreement at which two items are the same fact, above 0 and at most 1.
    """

    keys: Sequence[str] = ()
    match_at: float = 0.5

    def __post_init__(self) -> None:
        """Freeze the keys: Python hashes a mark when it stands inside a union."""
        object.__setattr__(self, "keys", _frozen(self.keys))

    def problem(self) -> str | None:
        """Say what is wrong with the parameters; `None` when nothing is."""
        if not isinstance(self.keys, tuple) or not all(isinstance(key, str) for key in self.keys):
            return f"keys is {self.keys!r}; it is a sequence of field names"
        at = self.match_at
        if isinstance(at, bool) or not isinstance(at, int | float) or not 0 < at <= 1:
            return f"match_at is {at!r}; it is above 0 and at most 1"
        return None


@dataclass(frozen=True, slots=True)
class Evidence:
    """Verbatim quotes of the document. Never compared with gold's; located in the document instead."""

    def problem(self) -> str | None:
        """Say what is wrong with the parameters; `None` when nothing is."""
        return None


@dataclass(frozen=True, slots=True)
class Weight:
    """How much a leaf counts in metrics and in pairing (default 1); on a model or list, for all its leaves."""

    value: float = 1.0

    def problem(self) -> str | None:
        """Say what is wrong with the parameters; `None` when nothing is."""
        if isinstance(self.value, bool) or not isinstance(self.value, int | float):
            return f"the weight is {self.value!r}, not a number"
        if not math.isfinite(self.value) or self.value <= 0:
            return f"the weight is {self.value!r}; it is above 0 (to leave a field out, mark it Ungraded)"
        return None


@dataclass(frozen=True, slots=True)
class Ungraded:
    """Extracted but not scored: out of every denominator, counted apart."""

    def problem(self) -> str | None:
        """Say what is wrong with the parameters; `None` when nothing is."""
        return None


Comparison = Exact | Folded | Number | Date | Text | Choice
"""The marks that name a comparator for one leaf."""

Mark = Comparison | Records | Evidence | Weight | Ungraded
"""Everything a schema author may write."""
