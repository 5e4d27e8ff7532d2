"""Pair the items of two lists one to one, by maximum total agreement.

A pair is possible when its agreement reaches the list's `match_at` and, where the list has keys, one of them is
right. Scalars pair only where they are right. `edges_one_by_one` says which pairs are possible and is the
definition; `edges_at_once` says the same of long lists with whole arrays, and a property test holds the two
together. Scalars compared by equality need neither: equal values pair.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.scoring.agreement import best_reading, of_cells, of_likely, plain, readings_of
from harness.scoring.assignment import assign, canonical
from harness.scoring.comparators import Malformed
from harness.scoring.matrices import edges_at_once
from harness.scoring.reading import Alternatives, Reading

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from harness.scoring.assignment import Edges
    from harness.scoring.binding import Branch
    from harness.scoring.reading import Item

FEW = 50
"""Up to so many pairs are compared one by one; setting up arrays costs more."""


def pair(branch: Branch, gold: Sequence[Item], predicted: Sequence[Item]) -> list[tuple[int, int]]:
    """The pairs of the best matching, as positions."""
    if not gold or not predicted:
        return []
    if branch.scalar and (joined := _by_equality(branch, gold, predicted)) is not None:
        return joined
    pairs: list[tuple[int, int]] = []
    for ours, theirs in _same_variant(branch, gold, predicted):
        some_gold, some_predicted = [gold[i] for i in ours], [predicted[j] for j in theirs]
        edges = possible_pairs(branch, some_gold, some_predicted)
        found = assign(edges, _canonical(some_gold), _canonical(some_predicted))
        pairs.extend((ours[i], theirs[j]) for i, j in found)
    return pairs


def possible_pairs(branch: Branch, gold: Sequence[Item], predicted: Sequence[Item]) -> Edges:
    """Each possible pair with its similarity and its number of right leaves."""
    if len(gold) * len(predicted) <= FEW:
        return edges_one_by_one(branch, enumerate(gold), enumerate(predicted))
    ours = [(i, item) for i, item in enumerate(gold) if isinstance(item, Reading) and not item.special]
    theirs = [(j, item) for j, item in enumerate(predicted) if isinstance(item, Reading) and not item.special]
    edges = edges_at_once(branch, ours, theirs, pair) if ours and theirs else {}
    if len(ours) < len(gold):
        kept = {i for i, _ in ours}
        special = [(i, item) for i, item in enumerate(gold) if i not in kept]
        edges.update(edges_one_by_one(branch, special, list(enumerate(predicted))))
    if len(theirs) < len(predicted):
        kept = {j for j, _ in theirs}
        special = [(j, item) for j, item in enumerate(predicted) if j not in kept]
        edges.update(edges_one_by_one(branch, ours, special))
    return edges


def edges_one_by_one(
    branch: Branch, gold: Iterable[tuple[int, Item]], predicted: Iterable[tuple[int, Item]]
) -> Edges:
    """Each possible pair with its similarity and its number of right leaves, compared pair by pair.

    Args:
        branch: The list.
        gold: Items with their positions, of one model.
        predicted: The same.
    """
    edges: Edges = {}
    others = [(j, plain(other)) for j, other in predicted]
    at_least = 0.0 if branch.scalar else branch.match_at
    for i, item in gold:
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
            if branch.scalar:
                if right:
                    edges[i, j] = (similarity, right)
            elif similarity >= at_least and _key_agrees(reading, other):
                edges[i, j] = (similarity, right)
    return edges


def _key_agrees(gold: Reading, predicted: Reading) -> bool:
    """Whether a key is right, or there is no key."""
    columns = gold.bound.columns
    keys = gold.bound.key_columns
    return not keys or any(of_cells(columns[at], gold.cells[at], predicted.cells[at])[2] for at in keys)


def _same_variant(
    branch: Branch, gold: Sequence[Item], predicted: Sequence[Item]
) -> list[tuple[list[int], list[int]]]:
    """The positions that can pair at all: those of one model of a union."""
    if len(branch.variants) == 1:
        return [(list(range(len(gold))), list(range(len(predicted))))]
    groups: list[tuple[list[int], list[int]]] = []
    for bound in branch.variants:
        ours = [i for i, item in enumerate(gold) if readings_of(item)[0].bound is bound]
        theirs = [j for j, item in enumerate(predicted) if plain(item).bound is bound]
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


def _canonical(items: Sequence[Item]) -> Callable[[int], str]:
    def text(position: int) -> str:
        return canonical([canonical(reading.raw) for reading in readings_of(items[position])])

    return text
