"""Compare plain records: for every bound record a Python function written out of its columns.

All items of two lists are held against each other, so this is where a loop over columns would cost most. The
columns come in the order in which comparing them is cheap; what is still to come can at most agree in full, and
where even that is too little the function stops. For a folded `kind` and a number it is

    def like(gold, predicted, match_at, slack):
        if gold == predicted and None not in gold: return same
        [g0, g1] = gold
        [p0, p1] = predicted
        shared, mass, right = 0.0, 2.0, 0
        if g0 == p0:
            if g0 is None: mass -= 1.0
            else: shared += 1.0; right += 1
        if shared + 1.0 < match_at * mass + slack: return None
        if g1 == p1:
            if g1 is None: mass -= 1.0
            else: shared += 1.0; right += 1
        elif g1 is not None and p1 is not None:
            alike = similarity1(g1, p1)
            if alike: shared += 1.0 * alike; right += alike >= 1.0
        return shared, mass, right
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import zip_longest
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from harness.scoring.binding import BoundRecord

Cells = tuple[object, ...]
Likeness = Callable[[Cells, Cells, float, float], tuple[float, float, int] | None]
"""From the cells of gold and of a prediction, `match_at`, and what is added to their mass times `match_at`, to
the parts of their agreement, or to `None` when what they share stays below that."""


def likeness(bound: BoundRecord) -> Likeness:
    """The function that compares the plain records of a model, branches left out."""
    names: dict[str, object] = {"same": (bound.whole, bound.whole, len(bound.steps))}
    lines = [
        "def like(gold, predicted, match_at, slack):",
        "    if gold == predicted and None not in gold: return same",
        f"    [{', '.join(f'g{at}' for at in range(len(bound.columns)))}] = gold",
        f"    [{', '.join(f'p{at}' for at in range(len(bound.columns)))}] = predicted",
        f"    shared, mass, right = 0.0, {bound.whole!r}, 0",
    ]
    for step, following in zip_longest(bound.steps, bound.steps[1:]):
        at, weight = step.position, step.weight
        lines += [
            f"    if g{at} == p{at}:",
            f"        if g{at} is None: mass -= {weight!r}",
            f"        else: shared += {weight!r}; right += 1",
        ]
        if step.similarity is not None:
            names[f"similarity{at}"] = step.similarity
            lines += [
                f"    elif g{at} is not None and p{at} is not None:",
                f"        alike = similarity{at}(g{at}, p{at})",
                f"        if alike: shared += {weight!r} * alike; right += alike >= {step.right_from!r}",
            ]
        if following is not None and following.similarity is not None:
            lines.append(f"    if shared + {step.rest!r} < match_at * mass + slack: return None")
    exec("\n".join([*lines, "    return shared, mass, right"]), names)  # noqa: S102 - numbers and our own words
    found: Likeness = names["like"]  # type: ignore[assignment]
    return found
