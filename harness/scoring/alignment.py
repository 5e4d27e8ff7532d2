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
from harness.scoring.sieve import likely_pairs

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from harness.scoring.agreement import Pairer
    from harness.scoring.assignment import Edges
    from harness.scoring.bound import BoundRecord, Branch
    from harness.scoring.readings import Item


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
        outstanding = branch.variants[0].loops.outstanding
        pairs = assign(edges, lambda i: canonical(gold[i]), lambda j: canonical(predicted[j]), outstanding)
        return sorted(pairs)


def possible_pairs(branch: Branch, gold: Sequence[Item], predicted: Sequence[Item], pair: Pairer) -> Edges:
    """Each possible pair, with its similarity and its rank among equally similar ones.

    The rank is twice the number of right leaves, and one more for an item that gold does not call optional.
    """
    others = [one if type(one) is Reading else plain(one) for one in predicted]
    if len(branch.variants) == 1:
        (bound,) = branch.variants
        return _of_one_model(branch, bound, gold, others, range(len(gold)), range(len(others)), pair)
    edges: Edges = {}
    for bound in branch.variants:
        rows = [i for i, item in enumerate(gold) if any(one.bound is bound for one in readings_of(item))]
        columns = [j for j, other in enumerate(others) if other.bound is bound]
        edges |= _of_one_model(branch, bound, gold, others, rows, columns, pair)
    return edges


def _of_one_model(
    branch: Branch,
    bound: BoundRecord,
    gold: Sequence[Item],
    predicted: Sequence[Reading],
    rows: Sequence[int],
    columns: Sequence[int],
    pair: Pairer,
) -> Edges:
    """The possible pairs of the items at some positions, all of which may be of one model."""
    ours = [(i, item) for i in rows if type(item := gold[i]) is Reading and not item.special]
    theirs = [(j, other) for j in columns if not (other := predicted[j]).special]
    golds, predicteds = [item.cells for _, item in ours], [other.cells for _, other in theirs]
    edges: Edges = {}
    likely: Iterable[tuple[int, int]] = ()
    if bound.branches or branch.scalar:
        positions = likely_pairs(bound, golds, predicteds, 0.0 if branch.scalar else branch.match_at)
        likely = ((ours[i][0], theirs[j][0]) for i, j in positions)
    else:
        edges = bound.edges(golds, predicteds, branch.match_at)
        if branch.key_names:
            edges = {at: edge for at, edge in edges.items() if key_agrees(ours[at[0]][1], theirs[at[1]][1])}
        if len(ours) < len(gold) or len(theirs) < len(predicted):
            edges = {(ours[i][0], theirs[j][0]): edge for (i, j), edge in edges.items()}
    if len(ours) < len(rows) or len(theirs) < len(columns):
        plain_rows, plain_columns = ({at for at, _ in side} for side in (ours, theirs))
        others = (
            product([i for i in rows if i not in plain_rows], columns),
            product(plain_rows, [j for j in columns if j not in plain_columns]),
        )
        likely = chain(likely, *others)
    for i, j in likely:
        edge = _edge(branch, gold[i], predicted[j], pair)
        if edge is not None:
            edges[i, j] = edge
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
