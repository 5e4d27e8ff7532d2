"""The outcomes of leaves as numbers, in which scoring counts them."""

from __future__ import annotations

from harness.records import OutcomeKind

KINDS = tuple(OutcomeKind)
CORRECT, INCORRECT, MISSING, SPURIOUS, ABSENT, UNGRADED = range(len(KINDS))
"""Positions in `KINDS` and in `Counts`."""
SILENT = -1
"""Of a leaf there is nothing to say: it is absent, and ungraded or left open."""
WRONG = frozenset({INCORRECT, MISSING, SPURIOUS})
