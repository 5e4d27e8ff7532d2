"""The outcomes of leaves as numbers, in which scoring counts them."""

from __future__ import annotations

from functools import lru_cache
from struct import unpack
from typing import TYPE_CHECKING

from harness.records import Counts, OutcomeKind

if TYPE_CHECKING:
    from collections.abc import Sequence

KINDS = tuple(OutcomeKind)
CORRECT, INCORRECT, MISSING, SPURIOUS, ABSENT, UNGRADED = range(len(KINDS))
"""Positions in `KINDS` and in `Counts`."""
SILENT = -1
"""Of a leaf there is nothing to say: it is absent, and ungraded or left open."""
WRONG = frozenset({INCORRECT, MISSING, SPURIOUS})

_LANES = len(KINDS) + 1
"""Lanes of 32 bits that a leaf has: one for each kind, and one for `SILENT`."""


NOTHING = Counts()
"""The counts of a leaf of which there is nothing to say; always this one object."""
_ONE = (*(Counts(*(int(one == kind) for one in range(len(KINDS)))) for kind in range(len(KINDS))), NOTHING)
"""The counts of one leaf of each kind; those of `SILENT` come last."""


def counted(rows: Sequence[tuple[int, ...]]) -> Sequence[Counts]:
    """The counts of each leaf in rows of kinds, all of one length.

    >>> counted([(CORRECT, SILENT), (CORRECT, ABSENT)])[0].correct
    2
    """
    if len(rows) == 1:
        return [_ONE[kind] for kind in rows[0]]
    leaves = len(rows[0])
    total = sum(map(_coded, rows))
    lanes = unpack(f"<{_LANES * leaves}I", total.to_bytes(4 * _LANES * leaves, "little"))
    found = [lanes[at : at + len(KINDS)] for at in range(0, _LANES * leaves, _LANES)]
    return [Counts(*one) if any(one) else NOTHING for one in found]


@lru_cache(maxsize=65_536)
def _coded(kinds: tuple[int, ...]) -> int:
    """The kinds of a row as a whole number that can be added up: a lane for each leaf and kind."""
    return sum(1 << 32 * (_LANES * at + kind % _LANES) for at, kind in enumerate(kinds))
