"""What of gold cannot be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.scoring.comparators import Malformed
from harness.scoring.readings import WHOLE, Alternatives, BranchReading, Choices, Item, Reading

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harness.paths import Path


def unreadable(item: Item) -> Iterator[tuple[Path, str]]:
    """Everything in gold that its leaves and lists cannot read: where it stands, and what is wrong with it."""
    for reading in item.options if isinstance(item, Choices) else (item,):
        cells = zip(reading.bound.columns, reading.cells, strict=True) if reading.special else ()
        for column, cell in cells:
            for one in cell.options if isinstance(cell, Alternatives) else (cell,):
                if isinstance(one, Malformed):
                    keys = (names[0] for names in column.keys if names[0] != WHOLE)
                    yield (*reading.at(), *keys), one.problem
        for misplaced in reading.misplaced or ():
            yield misplaced.at, misplaced.problem
        for inside in reading.branches:
            for below in _inside(inside):
                yield from unreadable(below)


def _inside(branch: BranchReading) -> list[Item]:
    if isinstance(branch, list):
        return branch
    if isinstance(branch, dict):
        return list(branch.values())
    return [branch] if isinstance(branch, Reading | Choices) else []
