"""The outcomes of leaves as numbers, in which scoring counts them."""

from __future__ import annotations

from functools import lru_cache
from struct import unpack

from harness.records import Counts, OutcomeKind

KINDS = tuple(OutcomeKind)
CORRECT, INCORRECT, MISSING, SPURIOUS, ABSENT, UNGRADED = range(len(KINDS))
"""Positions in `KINDS` and in `Counts`."""
SILENT = -1
"""Of a leaf there is nothing to say: it is absent, and ungraded or left open."""
WRONG = frozenset({INCORRECT, MISSING, SPURIOUS})

_LANES = len(KINDS) + 1
"""Lanes of 32 bits that a leaf has: one for each kind, and one for `SILENT`."""


@lru_cache(maxsize=65_536)
def coded(kinds: tuple[int, ...]) -> int:
    """The kinds of a row as a whole number that can be added up: a lane for each leaf and kind."""
    return sum(1 << 32 * (_LANES * at + kind % _LANES) for at, kind in enumerate(kinds))


def decoded(total: int, leaves: int) -> list[Counts]:
    """The counts of each leaf in a sum of coded rows.

    >>> decoded(coded((CORRECT, SILENT)) + coded((CORRECT, ABSENT)), 2)[0].correct
    2
    """
    lanes = unpack(f"<{_LANES * leaves}I", total.to_bytes(4 * _LANES * leaves, "little"))
    return [Counts(*lanes[at : at + len(KINDS)]) for at in range(0, _LANES * leaves, _LANES)]
