"""Pair the items of two lists one to one, by maximum total agreement.

A pair is possible when its agreement reaches the list's `match_at` and, where the list has keys and either item
has one, one of them is right. Scalars pair only where they are right. Of short lists every pair is compared, of
long ones those that `sieve` lets through; a property test holds that this changes nothing. Scalars compared by
equality need neither: equal values pair.
"""

from __future__ import annotations

from itertools import chain, product
from typing import TYPE_CHECKING

from harness.scoring.agreement import (
    SLACK,
    Agreement,
    best_reading,
    key_agrees,
    of_likely,
    plain,
    readings_of,
)
from harness.scoring.assignment import assign
from harness.scoring.comparators import Malformed
from harness.scoring.readings import Alternatives, Choices, Reading, canonical
from harness.scoring.sieve import Sieve

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from harness.scoring.agreement import Pairer
    from harness.scoring.assignment import Edges
    from harness.scoring.binding import BoundRecord, Branch
    from harness.scoring.readings import Item

FEW = 80
"""Up to so many pairs are compared without a sieve."""


class Pairing:
    """Pairs the lists of one document.

    Attributes:
        known: The agreements of records with branches, by the identities of their readings.
    """

    __slots__ = ("known",)

    def __init__(self) -> None:
        self.known: dict[tuple[int, int], Agreement] = {}

    def __call__(
        self, branch: Branch, gold: Sequence[Item], predicted: Sequence[Item]
    ) -> list[tuple[int, int]]:
        """The pairs of the best matching, as positions."""
        if not gold or not predicted:
            return []
        if branch.scalar and (joined := _by_equality(branch, gold, predicted)) is not None:
            return joined
        edges = possible_pairs(branch, gold, predicted, self)
        return sorted(assign(edges, lambda i: canonical(gold[i]), lambda j: canonical(predicted[j])))


def possible_pairs(branch: Branch, gold: Sequence[Item], predicted: Sequence[Item], pair: Pairer) -> Edges:
    """Each possible pair, with its similarity and its rank among equally similar ones.

    The rank is twice the number of right leaves, and one more for an item that gold does not call optional.
    """
    others = list(map(plain, predicted))
    if len(branch.variants) == 1:
        return _of_one_model(branch, branch.variants[0], dict(enumerate(gold)), dict(enumerate(others)), pair)
    edges: Edges = {}
    for bound in branch.variants:
        ours = {i: item for i, item in enumerate(gold) if any(one.bound is bound for one in readings_of(item))}
        theirs = {j: other for j, other in enumerate(others) if other.bound is bound}
        edges |= _of_one_model(branch, bound, ours, theirs, pair)
    return edges


def _of_one_model(
    branch: Branch,
    bound: BoundRecord,
    gold: Mapping[int, Item],
    predicted: Mapping[int, Reading],
    pair: Pairer,
) -> Edges:
    """The possible pairs of items by position, all of which may be of one model."""
    ours = {i: item for i, item in gold.items() if isinstance(item, Reading) and not item.special}
    theirs = {j: other for j, other in predicted.items() if not other.special}
    golds = {i: item.cells for i, item in ours.items()}
    predicteds = {j: other.cells for j, other in theirs.items()}
    likely: Iterable[tuple[int, int]] = product(ours, theirs)
    if len(ours) * len(theirs) > FEW:
        likely = Sieve(branch, bound, golds, predicteds).pairs()
    edges: Edges = {}
    if not bound.branches and not branch.scalar:
        edges = bound.edges(golds, predicteds, likely, branch.match_at, -SLACK)
        if branch.key_names:
            edges = {at: found for at, found in edges.items() if key_agrees(ours[at[0]], theirs[at[1]])}
        likely = ()
    if len(ours) < len(gold) or len(theirs) < len(predicted):
        others = product(gold.keys() - ours.keys(), predicted), product(ours, predicted.keys() - theirs.keys())
        likely = chain(likely, *others)
    for i, j in likely:
        found = _edge(branch, gold[i], predicted[j], pair)
        if found is not None:
            edges[i, j] = found
    return edges


def _edge(branch: Branch, gold: Item, predicted: Reading, pair: Pairer) -> tuple[float, int] | None:
    """Similarity and rank of one pair, `None` where it is not possible."""
    at_least = 0.0 if branch.scalar else branch.match_at
    required = True
    found: tuple[float, float, int] | None
    if isinstance(gold, Choices):
        reading, found = best_reading(gold, predicted, pair)
        required = not gold.optional
    else:
        reading, found = gold, of_likely(gold, predicted, at_least, pair)
    if found is None or not found[0]:
        return None
    shared, mass, right = found
    if branch.scalar:
        possible = right > 0
    else:
        possible = shared / mass >= at_least and (not branch.key_names or key_agrees(reading, predicted))
    return (shared / mass, 2 * right + required) if possible else None


def _by_equality(
    branch: Branch, gold: Sequence[Item], predicted: Sequence[Item]
) -> list[tuple[int, int]] | None:
    """Pair equal scalars; `None` when equality is not the whole story."""
    (bound,) = branch.variants
    if not bound.columns[0].comparator.exact:
        return None
    waiting: dict[object, list[int]] = {}
    for i, item in enumerate(gold):
        if not isinstance(item, Reading) or type(item.cells[0]) is Alternatives:
            return None
        if item.cells[0] is not None:
            waiting.setdefault(item.cells[0], []).append(i)
    pairs = []
    for j, item in enumerate(predicted):
        cell = plain(item).cells[0]
        if type(cell) is not Malformed and waiting.get(cell):
            pairs.append((waiting[cell].pop(), j))
    return pairs
