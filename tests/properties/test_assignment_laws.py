"""The pairs that are chosen are one to one and worth the most, whatever the order and the solver."""

from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.scoring import assignment
from harness.scoring.assignment import assign, components, worth
from tests.scored import LOOPS

Edges = dict[tuple[int, int], tuple[float, int]]

_SIMILARITIES = st.sampled_from([0.25, 0.5, 0.5, 0.75, 1.0]) | st.integers(1, 2**20).map(lambda n: n / 2**20)


def graphs(most: int) -> st.SearchStrategy[Edges]:
    return st.dictionaries(
        st.tuples(st.integers(0, most - 1), st.integers(0, most - 1)),
        st.tuples(_SIMILARITIES, st.integers(0, 3)),
        max_size=most * most,
    )


def _name(prefix: str) -> Any:
    return lambda position: f"{prefix}{position:03}"


def _solve(edges: Edges) -> list[tuple[int, int]]:
    found = [assign(edges, _name("g"), _name("p"), loops.outstanding) for loops in LOOPS]
    assert all(sorted(one) == sorted(found[0]) for one in found)
    return found[0]


def _value(edges: Edges, pairs: list[tuple[int, int]]) -> int:
    return sum(worth(*edges[pair]) for pair in pairs)


def _brute_force(edges: Edges) -> int:
    gold = sorted({i for i, _ in edges})
    predicted = [*sorted({j for _, j in edges}), *([-1] * len(gold))]
    return max(
        (
            sum(worth(*edges[pair]) for pair in zip(gold, chosen, strict=True) if pair in edges)
            for chosen in set(permutations(predicted, len(gold)))
        ),
        default=0,
    )


@given(graphs(4))
def test_it_is_the_best_matching(edges: Edges) -> None:
    pairs = _solve(dict(edges))
    assert len({i for i, _ in pairs}) == len({j for _, j in pairs}) == len(pairs)
    assert set(pairs) <= set(edges)
    assert _value(edges, pairs) == _brute_force(edges)


@given(graphs(9))
def test_scipy_finds_the_same_total(edges: Edges) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(assignment, "SMALL", 0)
        solved = _solve(dict(edges))
        patched.setattr(assignment, "SMALL", 9)
        searched = _solve(dict(edges))
    assert len({i for i, _ in solved}) == len({j for _, j in solved}) == len(solved)
    assert set(solved) <= set(edges)
    assert _value(edges, solved) == _value(edges, searched)


@given(graphs(9), st.permutations(range(9)), st.permutations(range(9)), st.sampled_from([0, 7]))
def test_positions_do_not_matter(edges: Edges, gold: list[int], predicted: list[int], small: int) -> None:
    moved = {(gold[i], predicted[j]): found for (i, j), found in edges.items()}
    old_gold, old_predicted = (
        {new: old for old, new in enumerate(gold)},
        {new: old for old, new in enumerate(predicted)},
    )
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(assignment, "SMALL", small)
        pairs = assign(moved, lambda i: f"g{old_gold[i]:03}", lambda j: f"p{old_predicted[j]:03}")
        assert sorted((old_gold[i], old_predicted[j]) for i, j in pairs) == sorted(_solve(dict(edges)))


@given(graphs(9), st.sampled_from([0, 7]))
def test_the_sides_may_change_places(edges: Edges, small: int) -> None:
    turned = {(j, i): found for (i, j), found in edges.items()}
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(assignment, "SMALL", small)
        pairs = assign(turned, _name("p"), _name("g"))
        assert sorted((i, j) for j, i in pairs) == sorted(_solve(dict(edges)))


@given(graphs(6))
def test_components_split_the_edges(edges: Edges) -> None:
    found = components(edges)
    for side in (0, 1):
        members = [position for component in found for position in component[side]]
        assert sorted(members) == sorted({edge[side] for edge in edges})
    for i, j in edges:
        assert sum(i in rows and j in columns for rows, columns in found) == 1


@given(graphs(4))
def test_components_cannot_be_split_further(edges: Edges) -> None:
    for rows, columns in components(edges):
        reached = {("g", rows[0])}
        while True:
            more = {("p", j) for i, j in edges if ("g", i) in reached}
            more |= {("g", i) for i, j in edges if ("p", j) in more}
            if more <= reached:
                break
            reached |= more
        assert reached == {*(("g", i) for i in rows), *(("p", j) for j in columns)}


def test_similarity_comes_before_right_leaves_and_adds_up() -> None:
    assert worth(0.5, 3) < worth(0.5 + 2**-20, 0)
    assert worth(0.5, 0) < worth(0.5, 1)
    assert worth(0.25, 1) + worth(0.25, 2) == worth(0.5, 3)


def test_the_total_counts_not_the_best_pair() -> None:
    edges = {(0, 0): (1.0, 1), (0, 1): (0.9, 1), (1, 0): (0.9, 1)}
    assert sorted(_solve(edges)) == [(0, 1), (1, 0)]


def test_ties_go_to_more_right_leaves_then_to_the_text() -> None:
    assert _solve({(0, 0): (0.5, 1), (0, 1): (0.5, 2)}) == [(0, 1)]
    assert _solve({(0, 0): (0.5, 1), (0, 1): (0.5, 1)}) == [(0, 0)]
    assert assign({(0, 0): (0.5, 1), (0, 1): (0.5, 1)}, _name("g"), lambda j: f"p{9 - j}") == [(0, 1)]
