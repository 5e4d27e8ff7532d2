"""Pair the items of two lists one to one, by maximum total agreement.

A pair is possible when its agreement reaches the list's `match_at` and, where the list has keys and either item
has one, one of them is right. Scalars pair only where they are right. Of short lists every pair is compared, of
long ones those that `sieve` lets through; a property test holds that this changes nothing. Scalars compared by
equality need neither: equal values pair.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

from harness.scoring.agreement import Agreement, best_reading, key_agrees, of_likely, plain, readings_of
from harness.scoring.assignment import assign
from harness.scoring.comparators import Malformed
from harness.scoring.readings import Alternatives, Choices, Reading, canonical
from harness.scoring.sieve import Sieve

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from harness.scoring.agreement import Pairer
    from harness.scoring.assignment import Edges
    from harness.scoring.binding import Branch
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
    edges: Edges = {}
    others = list(map(plain, predicted))
    at_least = 0.0 if branch.scalar else branch.match_at
    keyed = bool(branch.key_names)
    found: tuple[float, float, int] | None
    for i, j in _likely(branch, gold, others):
        item, other = gold[i], others[j]
        required = True
        if isinstance(item, Choices):
            reading, found = best_reading(item, other, pair)
            required = not item.optional
        else:
            reading, found = item, of_likely(item, other, at_least, pair)
            if found is None:
                continue
        shared, mass, right = found
        if not shared:
            continue
        similarity = shared / mass
        if right if branch.scalar else similarity >= at_least and (not keyed or key_agrees(reading, other)):
            edges[i, j] = (similarity, 2 * right + required)
    return edges


def _likely(branch: Branch, gold: Sequence[Item], predicted: Sequence[Reading]) -> Iterable[tuple[int, int]]:
    """Every possible pair, as positions, and some that are none: all pairs of short lists."""
    if len(branch.variants) == 1:
        return _of_one_model(branch, gold, predicted, range(len(gold)), range(len(predicted)))
    found: list[tuple[int, int]] = []
    for bound in branch.variants:
        ours = [i for i, item in enumerate(gold) if any(one.bound is bound for one in readings_of(item))]
        theirs = [j for j, other in enumerate(predicted) if other.bound is bound]
        found += _of_one_model(branch, gold, predicted, ours, theirs)
    return found


def _of_one_model(
    branch: Branch,
    gold: Sequence[Item],
    predicted: Sequence[Reading],
    ours: Sequence[int],
    theirs: Sequence[int],
) -> Iterable[tuple[int, int]]:
    if len(ours) * len(theirs) <= FEW:
        return product(ours, theirs)
    plain = {i: item for i in ours if isinstance(item := gold[i], Reading) and not item.special}
    rows = list(plain)
    columns = [j for j in theirs if not predicted[j].special]
    likely: list[tuple[int, int]] = []
    if rows and columns:
        sieve = Sieve(branch, list(plain.values()), [predicted[j] for j in columns])
        likely = [(rows[i], columns[j]) for i, j in sieve.pairs()]
    likely += product(set(ours).difference(rows), theirs)
    likely += product(rows, set(theirs).difference(columns))
    return likely


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
