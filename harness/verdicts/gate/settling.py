"""How much more would settle what is undecided: documents like these, or trials of them.

Both answers suppose that what was measured stays as it is and only becomes surer; so they are the size of the
task and no promise. A figure that moves towards its limit needs more.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from harness.statistics.intervals import FEWEST
from harness.statistics.searching import LARGEST, first

if TYPE_CHECKING:
    from collections.abc import Callable

    from harness.statistics.intervals import Jackknife

    Settles = Callable[[float, float], bool]

MOST_TRIALS = 100
"""No more trials than these are ever asked for."""


def documents_to_settle(found: Jackknife, documents: int, settles: Settles) -> int | None:
    """How many more documents like these bring one of the bounds to where it settles a rule.

    Args:
        found: One metric with its error, which shrinks with the root of the number of documents.
        documents: How many there are. Where fewer touch the metric, it is that share of the new ones, too.
        settles: Whether a rule is settled by a lower and an upper bound.

    Returns:
        `None` when nobody can tell, as of one document, or when no number up to a million would: the value is
        the limit itself.
    """
    touched = int(found.documents[0])
    if touched < 2 or not math.isfinite(float(found.errors[0])):
        return None
    if (
        not float(found.errors[0])
        and touched < FEWEST
        and not settles(float(found.values[0]), float(found.values[0]))
    ):
        return None
    needed = first(
        lambda number: settles(*_bounds(found, number, touched / number)), max(FEWEST, touched + 1), LARGEST
    )
    return None if needed is None else math.ceil(needed * documents / touched) - documents


def trials_to_settle(found: Jackknife, trials: int, noise: float, settles: Settles) -> int | None:
    """How many more trials of each document bring one of the bounds to where it settles a rule.

    Args:
        found: One metric with its error.
        trials: How many there are.
        noise: How much of the error's square the differences between the trials of a document make up; it
            shrinks with their number, and the rest stays.
        settles: Whether a rule is settled by a lower and an upper bound.

    Returns:
        `None` when no number up to 100 would: the documents differ too much, are fewer than 5, or have one
        trial each, from which nobody can tell.
    """
    touched, square = int(found.documents[0]), float(found.errors[0]) ** 2
    if trials < 2 or touched < FEWEST or not square > 0 or not noise > 0:
        return None
    noise = min(noise, square)  # both are estimates: documents may by chance differ less than their trials do
    between = square - noise

    def settled(number: int) -> bool:
        return settles(*_bounds(found, touched, (between + noise * trials / number) / square))

    needed = first(settled, trials + 1, MOST_TRIALS)
    return None if needed is None else needed - trials


def share_to_settle(share: float, documents: int, settles: Settles) -> int | None:
    """How many more documents bring an exact bound of a share to where it settles a rule; `None` for none."""
    from harness.statistics.exact_shares import exact_bounds

    needed = first(lambda number: settles(*exact_bounds(share * number, number)), documents + 1, LARGEST)
    return None if needed is None else needed - documents


def _bounds(found: Jackknife, documents: int, shrunk: float) -> tuple[float, float]:
    """The one-sided bounds that so many documents and a so much smaller squared error would give."""
    low, high = _with(found, documents, math.sqrt(shrunk)).one_sided()
    return float(low[0]), float(high[0])


def _with(found: Jackknife, documents: int, factor: float) -> Jackknife:
    import numpy as np

    sides = None if found.sides is None else tuple(_with(side, documents, factor) for side in found.sides)
    return replace(
        found,
        errors=found.errors * factor,
        documents=np.full_like(found.documents, documents),
        sides=sides,  # type: ignore[arg-type] # two, as before
    )
