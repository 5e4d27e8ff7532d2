"""What a comparison depends on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.records import Signature
from harness.version import VERSION

if TYPE_CHECKING:
    from collections.abc import Sequence

    from harness.records import Side

SHARED = ("suite", "documents", "gold", "schema", "marks", "metric")
"""The keys in which the scores of runs must agree to be compared."""


def differing(one: Signature, other: Signature) -> tuple[str, ...]:
    """The keys of `SHARED` whose values differ, in that order."""
    return tuple(key for key in SHARED if one.get(key) != other.get(key))


def comparison_signature(
    baseline: Side,
    candidate: Side,
    *,
    documents: int,
    narrowed: str,
    seed: int,
    draws: int,
    exact: bool,
) -> Signature:
    """The signature of a comparison: what both sides share, what each is, and how it was computed.

    Args:
        baseline: What was there.
        candidate: What might replace it.
        documents: How many documents are compared.
        narrowed: What they were narrowed to on purpose; empty when they were not. The digests of documents and
            gold are then of each side's own.
        seed: Of the label swaps.
        draws: How many were looked at.
        exact: Whether that was each of them.
    """
    entries = _shared([baseline, candidate], documents, narrowed)
    for name, side in (("baseline", baseline), ("candidate", candidate)):
        entries += [
            (name, side.run),
            *((f"{name}.{key}", side.signature.get(key) or "none") for key in ("system", "prompt", "trials")),
        ]
    return Signature((*entries, *_computed(f"all {draws}" if exact else str(draws), seed)))


def ranking_signature(
    sides: Sequence[Side], *, documents: int, narrowed: str, seed: int, draws: int
) -> Signature:
    """The signature of a leaderboard.

    Args:
        sides: The runs.
        documents: How many documents are compared.
        narrowed: As of a comparison.
        seed: Of the label swaps.
        draws: How many are drawn for a pair, when there are too many to look at each.
    """
    runs = ",".join(side.run for side in sides)
    return Signature((*_shared(sides, documents, narrowed), ("runs", runs), *_computed(str(draws), seed)))


def _shared(sides: Sequence[Side], documents: int, narrowed: str) -> list[tuple[str, str]]:
    entries = []
    for key in SHARED:
        values = dict.fromkeys(side.signature.get(key) or "none" for side in sides)
        entries.append((key, " / ".join(values)))
    return [*entries, ("compared", f"{documents} {narrowed}" if narrowed else str(documents))]


def _computed(draws: str, seed: int) -> list[tuple[str, str]]:
    return [
        ("test", "label-swap"),
        ("draws", draws),
        ("seed", str(seed)),
        ("interval", "jackknife-t 0.95"),
        ("harness", VERSION),
    ]
