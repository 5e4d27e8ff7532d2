"""The plain values of a fact of gold whose parts have alternatives."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

from harness.errors import GoldError
from harness.scoring.annotations import options

if TYPE_CHECKING:
    from harness.records import Json
    from harness.scoring.bound import BoundRecord, Level

MOST_READINGS = 256
"""How many combinations of alternatives of one fact are tried."""


def combinations(bound: BoundRecord, value: Json) -> list[Json]:
    """The plain values of a record whose nested models and branches as a whole have alternatives.

    Alternatives of single leaves and of items stay: they are opened where they stand.
    """
    found: list[Json] = []
    for option in options(value):
        found.extend(_combined(bound.level, option) if bound.name else [option])
        if len(found) > MOST_READINGS:
            raise GoldError(
                f"more than {MOST_READINGS} combinations of alternatives in one fact",
                where=bound.path,
                hint="put the alternatives on the leaves, or mark the place $unlabelled",
            )
    return found


def _combined(level: Level, raw: Json) -> list[Json]:
    """`raw` once for each combination of the alternatives on its nested models and branches."""
    if not isinstance(raw, dict):
        return [raw]
    choices: dict[str, list[Json]] = {}
    for key in level.compound:
        value = raw.get(key)
        if not isinstance(value, dict):
            continue
        if key in level.branches:
            opened = options(value)
        else:
            opened = [one for option in options(value) for one in _combined(level.nested[key], option)]
        if len(opened) > 1 or opened[0] is not value:
            choices[key] = opened
    if not choices:
        return [raw]
    size = 1
    for opened in choices.values():
        size *= len(opened)
    if size > MOST_READINGS:
        return [raw] * (MOST_READINGS + 1)
    return [{**raw, **dict(zip(choices, picked, strict=True))} for picked in product(*choices.values())]
