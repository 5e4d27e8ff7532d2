"""Which model of a union a value is."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from harness.records import Json
    from harness.scoring.bound import BoundRecord, Branch, Level


def variant_of(branch: Branch, value: Json) -> BoundRecord | None:
    """The model of a union that a value is: the one whose tags it has and of whose keys it has most."""
    variants = branch.variants
    if len(variants) == 1:
        return variants[0]
    if not isinstance(value, dict):
        return next((bound for bound in variants if not bound.name), None)
    best: tuple[int, int] | None = None
    chosen = None
    for bound in variants:
        tagged = [key for key in bound.tags if value.get(key) is not None]
        if not bound.name or any(value[key] != bound.tags[key] for key in tagged):
            continue
        known = sum(_has(bound.level, key) for key in value)
        rank = (len(tagged), 2 * known - len(value))
        if best is None or rank > best:
            best, chosen = rank, bound
    return chosen


def _has(level: Level, key: str) -> bool:
    return key in level.columns or key in level.branches or key in level.nested or key in level.evidence
