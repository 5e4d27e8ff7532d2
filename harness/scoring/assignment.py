"""Choose pairs from those that are possible: one to one, of maximum total similarity, whatever the order.

Ties go to more right leaves, then to the canonical text of the items. A pair worth more than the best two
pairs that it excludes is in every best matching, and is taken at once; most are. What is left falls into
connected components that do not bear on each other, and each is solved alone.
"""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from functools import lru_cache
from math import lcm
from operator import itemgetter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Edges = dict[tuple[int, int], tuple[float, int]]
    Values = list[list[tuple[float, int]]]
    """Similarity and rank by row and column; similarity 0 where a pair is not possible."""
    Pairs = tuple[tuple[int, int], ...]

SMALL = 7
"""Components of at most so many items a side are searched; SciPy, slow to import, solves larger ones."""

SIMILARITY_STEPS = 2**24
_LARGEST = 10**6
"""The largest denominator of an agreement that is told from its neighbours in a search."""
RANK_STEPS = 2**16
ROUNDING = 4 * RANK_STEPS
"""More than what rounding can add to the worths of three pairs."""


def outstanding(edges: Edges) -> tuple[list[tuple[int, int]], Edges]:
    """Take the pairs that are in every best matching.

    Whatever matching leaves such a pair out gains by exchanging the at most two pairs that exclude it.

    Returns:
        The pairs, and the edges between what is left.
    """
    rows, columns = ([edge[side] for edge in edges] for side in (0, 1))
    if len(set(rows)) == len(set(columns)) == len(edges):
        return list(edges), {}
    in_row, in_column = Counter(rows), Counter(columns)
    pairs = [edge for edge in edges if in_row[edge[0]] == in_column[edge[1]] == 1]
    alone = set(pairs)
    worths = {edge: worth(*found) for edge, found in edges.items() if edge not in alone}
    while worths:
        gold, predicted = _best_two(worths, 0), _best_two(worths, 1)
        taken = []
        for edge, value in worths.items():
            first, second = gold[edge[0]]
            one = second if value == first else first
            first, second = predicted[edge[1]]
            if value > one + (second if value == first else first) + ROUNDING:
                taken.append(edge)
        if not taken:
            break
        pairs.extend(taken)
        used_gold, used_predicted = {i for i, _ in taken}, {j for _, j in taken}
        worths = {
            edge: value
            for edge, value in worths.items()
            if edge[0] not in used_gold and edge[1] not in used_predicted
        }
    return pairs, {edge: edges[edge] for edge in worths}


def _best_two(worths: dict[tuple[int, int], int], side: int) -> dict[int, tuple[int, int]]:
    """Position on one side to the worths of its best and its second-best edge."""
    best: dict[int, tuple[int, int]] = {edge[side]: (0, 0) for edge in worths}
    for edge, value in worths.items():
        first, second = best[edge[side]]
        if value > first:
            best[edge[side]] = (value, first)
        elif value > second:
            best[edge[side]] = (first, value)
    return best


def assign(
    edges: Edges,
    canonical_gold: Callable[[int], str],
    canonical_predicted: Callable[[int], str],
    outstanding: Callable[[Edges], tuple[list[tuple[int, int]], Edges]] = outstanding,
) -> list[tuple[int, int]]:
    """The pairs of the best matching.

    Args:
        edges: (gold position, predicted position) of each possible pair to its similarity, above 0, and the
            rank that decides between equal similarities.
        canonical_gold: The canonical text of a gold item; asked only where matchings tie, or SciPy solves.
        canonical_predicted: The same for predicted items.
        outstanding: Takes the pairs that are in every best matching; see `loops`.
    """
    pairs, edges = outstanding(edges)
    for rows, columns in components(edges):
        if max(len(rows), len(columns)) <= SMALL:
            values = [[edges.get((i, j), (0.0, 0)) for j in columns] for i in rows]
            chosen, only = _search(values)
            if only:
                pairs.extend((rows[row], columns[column]) for row, column in chosen)
                continue
        gold = sorted((canonical_gold(i), i) for i in rows)
        predicted = sorted((canonical_predicted(j), j) for j in columns)
        # Solve the same problem when gold and predicted change places: the smaller side, by content, first.
        swapped = _rank(predicted) < _rank(gold)
        first, second = (predicted, gold) if swapped else (gold, predicted)
        values = [[edges.get((j, i) if swapped else (i, j), (0.0, 0)) for _, j in second] for _, i in first]
        chosen = _search(values)[0] if len(second) <= SMALL else _solve(values)
        found = [(first[row][1], second[column][1]) for row, column in chosen]
        pairs.extend((j, i) if swapped else (i, j) for i, j in found)
    return pairs


def components(edges: Iterable[tuple[int, int]]) -> list[tuple[list[int], list[int]]]:
    """The connected components of a bipartite graph, as the positions on either side."""
    group: dict[tuple[str, int], tuple[list[int], list[int]]] = {}
    for i, j in edges:
        left, right = group.get(("gold", i)), group.get(("predicted", j))
        if left is None and right is None:
            group["gold", i] = group["predicted", j] = ([i], [j])
        elif left is None and right is not None:
            right[0].append(i)
            group["gold", i] = right
        elif right is None and left is not None:
            left[1].append(j)
            group["predicted", j] = left
        elif left is not None and right is not None and left is not right:
            large, small = (
                (left, right) if len(left[0]) + len(left[1]) >= len(right[0]) + len(right[1]) else (right, left)
            )
            large[0].extend(small[0])
            large[1].extend(small[1])
            group.update({("gold", one): large for one in small[0]})
            group.update({("predicted", one): large for one in small[1]})
    return list({id(one): one for one in group.values()}.values())


def worth(similarity: float, rank: int) -> int:
    """One whole number that orders pairs by similarity, then by rank, and can be added up."""
    return round(similarity * SIMILARITY_STEPS) * RANK_STEPS + rank


def _rank(side: list[tuple[str, int]]) -> tuple[int, list[str]]:
    return len(side), [text for text, _ in side]


@lru_cache(maxsize=65_536)
def _fraction(similarity: float) -> Fraction:
    return Fraction(similarity).limit_denominator(_LARGEST)


def _search(values: Values) -> tuple[Pairs, bool]:
    """Try every matching of a small component, row by row, over the sets of used columns.

    Similarities are added up as fractions of one denominator: 2/5 and 2/5 tie with 4/5, as no rounded numbers
    reliably do.

    Returns:
        The positions of the best matching, and whether no other is as good.
    """
    fractions = [[_fraction(similarity) for similarity, _ in row] for row in values]
    whole = lcm(*(one.denominator for row in fractions for one in row))
    best: dict[int, tuple[tuple[int, int], Pairs, bool]] = {0: ((0, 0), (), True)}
    for row, options in enumerate(values):
        following = dict(best)
        for used, ((total, ranks), chosen, only) in best.items():
            for column, (similarity, rank) in enumerate(options):
                if similarity and not used & (1 << column):
                    key = used | (1 << column)
                    share = fractions[row][column]
                    reached = (total + share.numerator * (whole // share.denominator), ranks + rank)
                    known = following.get(key)
                    if known is None or reached > known[0]:
                        following[key] = (reached, (*chosen, (row, column)), only)
                    elif reached == known[0]:
                        following[key] = (reached, known[1], False)
        best = following
    most, chosen, only = max(best.values(), key=itemgetter(0))
    return chosen, only and sum(reached == most for reached, _, _ in best.values()) == 1


def _solve(values: Values) -> Pairs:
    """A large component, by SciPy's shortest augmenting paths. Its sums are exact below 2^53."""
    import numpy as np
    from scipy.optimize import linear_sum_assignment

    matrix = np.array([[worth(*one) for one in row] for row in values], dtype=np.float64)
    rows, columns = linear_sum_assignment(matrix, maximize=True)
    return tuple((int(i), int(j)) for i, j in zip(rows, columns, strict=True) if matrix[i, j] > 0)
