"""Pair the items of two lists one to one, by maximum total agreement.

A pair is possible when its agreement reaches the list's `match_at` and, where the list has keys and either item
has one, one of them is right. Scalars pair only where they are right. `edges_one_by_one` says which pairs are
possible and is the definition; `edges_at_once` says the same of long lists with whole arrays, and a property
test holds the two together. Scalars compared by equality need neither: equal values pair.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.scoring.agreement import Agreement, best_reading, key_agrees, of_likely, plain, readings_of
from harness.scoring.assignment import assign
from harness.scoring.comparators import Malformed
from harness.scoring.matrices import edges_at_once
from harness.scoring.readings import Alternatives, Choices, Reading, canonical

if TYPE_CHECKING:
    from collections.abc import Sequence

    from harness.scoring.agreement import Pairer
    from harness.scoring.assignment import Edges
    from harness.scoring.binding import Branch
    from harness.scoring.readings import Item

    Placed = Sequence[tuple[int, Item]]
    """Items with their positions."""

FEW = 50
"""Up to so many pairs are compared one by one; setting up arrays costs more."""


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
        edges: Edges = {}
        for ours, theirs in _same_model(branch, gold, predicted):
            edges.update(possible_pairs(branch, ours, theirs, self))
        return sorted(assign(edges, lambda i: canonical(gold[i]), lambda j: canonical(predicted[j])))


def possible_pairs(branch: Branch, gold: Placed, predicted: Placed, pair: Pairer) -> Edges:
    """Each possible pair of items of one model, with its similarity and its rank among equally similar ones."""
    if len(gold) * len(predicted) <= FEW:
        return edges_one_by_one(branch, gold, predicted, pair)
    ours = [(i, item) for i, item in gold if isinstance(item, Reading) and not item.special]
    theirs = [(j, item) for j, item in predicted if isinstance(item, Reading) and not item.special]
    edges = edges_at_once(branch, ours, theirs, pair) if ours and theirs else {}
    if len(ours) < len(gold):
        kept = {i for i, _ in ours}
        special = [(i, item) for i, item in gold if i not in kept]
        edges.update(edges_one_by_one(branch, special, predicted, pair))
    if len(theirs) < len(predicted):
        kept = {j for j, _ in theirs}
        special = [(j, item) for j, item in predicted if j not in kept]
        edges.update(edges_one_by_one(branch, ours, special, pair))
    return edges


def edges_one_by_one(branch: Branch, gold: Placed, predicted: Placed, pair: Pairer) -> Edges:
    """Each possible pair of items of one model, compared pair by pair.

    The rank is twice the number of right leaves, and one more for an item that gold does not call optional.
    """
    edges: Edges = {}
    others = [(j, plain(other)) for j, other in predicted]
    at_least = 0.0 if branch.scalar else branch.match_at
    for i, item in gold:
        required = not (isinstance(item, Choices) and item.optional)
        for j, other in others:
            if isinstance(item, Reading):
                reading, found = item, of_likely(item, other, at_least, pair)
                if found is None:
                    continue
                shared, mass, right = found
            else:
                reading, (shared, mass, right) = best_reading(item, other, pair)
            if not shared:
                continue
            similarity = shared / mass
            if right if branch.scalar else (similarity >= at_least and key_agrees(reading, other)):
                edges[i, j] = (similarity, 2 * right + required)
    return edges


def _same_model(branch: Branch, gold: Sequence[Item], predicted: Sequence[Item]) -> list[tuple[Placed, Placed]]:
    """The items that can pair at all: those of one model of a union, by every model."""
    if len(branch.variants) == 1:
        return [(list(enumerate(gold)), list(enumerate(predicted)))]
    groups: list[tuple[Placed, Placed]] = []
    for bound in branch.variants:
        ours = [
            (i, item) for i, item in enumerate(gold) if any(one.bound is bound for one in readings_of(item))
        ]
        theirs = [(j, item) for j, item in enumerate(predicted) if plain(item).bound is bound]
        if ours and theirs:
            groups.append((ours, theirs))
    return groups


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
