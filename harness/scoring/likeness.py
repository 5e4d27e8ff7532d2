"""Compare and judge plain records: for every bound record three Python functions written out of its columns.

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

The second does the same for those pairs of two lists that `sieve` lets through, without a call for each:

    def edges(golds, predicteds, pairs, match_at, slack):
        found = {}
        for pair in pairs:
            i, j = pair
            gold, predicted = golds[i], predicteds[j]
            if gold == predicted and None not in gold and shares: found[pair] = same; continue
            …
            if shared and shared / mass >= match_at: found[pair] = shared / mass, 2 * right + 1
        return found

The third tells the kinds of the leaves of two records that were paired, as whole numbers:

    def kinds(gold, predicted):
        [g0, g1] = gold
        [p0, p1] = predicted
        return (
            (ABSENT if p0 is None else SPURIOUS) if g0 is None else
                CORRECT if g0 == p0 else MISSING if p0 is None else INCORRECT,
            (ABSENT if p1 is None else SPURIOUS) if g1 is None else
                CORRECT if g1 == p1 else MISSING if p1 is None else
                CORRECT if similarity1(g1, p1) >= 1.0 else INCORRECT,
        )
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from harness.scoring.comparators.base import slack
from harness.scoring.kinds import ABSENT, CORRECT, INCORRECT, MISSING, SILENT, SPURIOUS, UNGRADED
from harness.scoring.sieve import likely_pairs

if TYPE_CHECKING:
    from harness.scoring.bound import BoundRecord, Column

Cells = tuple[object, ...]
Likeness = Callable[[Cells, Cells, float, float], tuple[float, float, int] | None]
"""From the cells of gold and of a prediction, `match_at`, and what is added to their mass times `match_at`, to
the parts of their agreement, or to `None` when what they share stays below that."""
Edging = Callable[[list[Cells], list[Cells], float], dict[tuple[int, int], tuple[float, int]]]
"""From the cells of two lists and `match_at` to the pairs that reach it, by position, with similarity and rank;
see `possible_pairs`."""
Verdicts = Callable[[Cells, Cells], tuple[int, ...]]
"""From the cells of gold and of its counterpart to the kinds of their leaves."""


def likeness(bound: BoundRecord) -> Likeness:
    """The function that compares two plain records of a model, branches left out."""
    lines = [
        "def like(gold, predicted, match_at, slack):",
        "    if gold == predicted and None not in gold: return same",
        *_comparison(bound, "    ", "return None"),
        "    return shared, mass, right",
    ]
    function: Likeness = _compiled(bound, lines, same=(bound.whole, bound.whole, len(bound.steps)))["like"]
    return function


def edging(bound: BoundRecord) -> Edging:
    """The function that compares the plain records of two lists, of a model that has no branches."""
    lines = [
        "def edges(golds, predicteds, pairs, match_at, slack):",
        "    found = {}",
        "    for pair in pairs:",
        "        i, j = pair",
        "        gold, predicted = golds[i], predicteds[j]",
        "        if gold == predicted and None not in gold and shares: found[pair] = same; continue",
        *_comparison(bound, "        ", "continue"),
        "        if shared and shared / mass >= match_at: found[pair] = shared / mass, 2 * right + 1",
        "    return found",
    ]
    shares, same, room = bool(bound.steps), (1.0, 2 * len(bound.steps) + 1), slack(bound.whole)
    compared = _compiled(bound, lines, shares=shares, same=same)["edges"]

    def edges(
        gold: list[Cells], predicted: list[Cells], match_at: float
    ) -> dict[tuple[int, int], tuple[float, int]]:
        likely = likely_pairs(bound, gold, predicted, match_at)
        found: dict[tuple[int, int], tuple[float, int]] = compared(gold, predicted, likely, match_at, -room)
        return found

    return edges


def verdicts(bound: BoundRecord) -> Verdicts:
    """The function that tells the kinds of the leaves of two plain records."""
    lines = [
        "def kinds(gold, predicted):",
        *(f"    {line}" for line in _unpacking(bound)),
        f"    return ({' '.join(_kind(at, column) for at, column in enumerate(bound.columns))})",
    ]
    function: Verdicts = _compiled(bound, lines)["kinds"]
    return function


def _compiled(bound: BoundRecord, lines: list[str], **names: object) -> dict[str, Any]:
    """What the lines define; they refer to similarities and `names` by name."""
    for step in bound.steps:
        names[f"similarity{step.position}"] = step.similarity
    exec("\n".join(lines), names)  # noqa: S102 - numbers and our own words
    return names


def _comparison(bound: BoundRecord, indent: str, stop: str) -> list[str]:
    """The lines that add up what the cells of `gold` and `predicted` share, or `stop`."""
    lines = [*_unpacking(bound), f"shared, mass, right = 0.0, {bound.whole!r}, 0"]
    for step, following in zip_longest(bound.steps, bound.steps[1:]):
        at, weight = step.position, step.weight
        lines += [
            f"if g{at} == p{at}:",
            f"    if g{at} is None: mass -= {weight!r}",
            f"    else: shared += {weight!r}; right += 1",
        ]
        if step.similarity is not None:
            lines += [
                f"elif g{at} is not None and p{at} is not None:",
                f"    alike = similarity{at}(g{at}, p{at})",
                f"    if alike: shared += {weight!r} * alike; right += alike >= {step.right_from!r}",
            ]
        if following is not None and following.similarity is not None:
            lines.append(f"if shared + {step.rest!r} < match_at * mass + slack: {stop}")
    return [indent + line for line in lines]


def _kind(at: int, column: Column) -> str:
    """The expression for the kind of one leaf, with the comma that comes after it."""
    gold, predicted, comparator = f"g{at}", f"p{at}", column.comparator
    if not column.graded:
        return f"{SILENT} if {gold} is None and {predicted} is None else {UNGRADED},"
    alike = f"similarity{at}({gold}, {predicted}) >= {comparator.right_from!r}"
    unequal = f"{INCORRECT}" if comparator.exact else f"{CORRECT} if {alike} else {INCORRECT}"
    return (
        f"({ABSENT} if {predicted} is None else {SPURIOUS}) if {gold} is None else "
        f"{CORRECT} if {gold} == {predicted} else {MISSING} if {predicted} is None else {unequal},"
    )


def _unpacking(bound: BoundRecord) -> list[str]:
    """The lines that name the cells of `gold` and `predicted`."""
    golds, predicteds = (", ".join(f"{side}{at}" for at in range(len(bound.columns))) for side in "gp")
    return [f"[{golds}] = gold", f"[{predicteds}] = predicted"]
