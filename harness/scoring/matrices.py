"""Which pairs of two long lists are possible, worked out with whole arrays.

Says bit for bit what `alignment.edges_one_by_one` says: agreement is a sum of quantised terms, so it does not
matter in which order arrays add them up. Cheap comparisons are made for all pairs at once; text, lists inside
items and the like only for the pairs that could still reach `match_at`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.scoring.agreement import SLACK, Agreement, of_branches

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from harness.scoring.agreement import Pairer
    from harness.scoring.assignment import Edges
    from harness.scoring.binding import Branch
    from harness.scoring.comparators import DearComparator
    from harness.scoring.reading import Item, Reading

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]

DENSE = 4
"""A dear comparison is made for all pairs at once when at least one in so many is still possible."""


def edges_at_once(
    branch: Branch,
    gold: Sequence[tuple[int, Item]],
    predicted: Sequence[tuple[int, Item]],
    pair: Pairer,
) -> Edges:
    """Each possible pair with its similarity and its rank.

    Args:
        branch: The list.
        gold: Plain readings of one model, with their positions; nothing special in them.
        predicted: The same.
        pair: Pairs the items of lists inside the items.
    """
    import numpy as np

    rows: list[Reading] = [item for _, item in gold]  # type: ignore[misc]
    columns: list[Reading] = [item for _, item in predicted]  # type: ignore[misc]
    bound = rows[0].bound
    match_at = 0.0 if branch.scalar or bound.branches else branch.match_at
    shape = (len(rows), len(columns))
    shared, mass, right = np.zeros(shape), np.zeros(shape), np.zeros(shape, dtype=np.int64)
    keyed = np.zeros(shape, dtype=bool) if bound.key_columns else None
    rest = sum(step.weight for step in bound.steps)
    likely = np.ones(shape, dtype=bool)
    for step in bound.steps:
        wanted = [one.cells[step.position] for one in rows]
        given = [one.cells[step.position] for one in columns]
        comparator = bound.columns[step.position].comparator
        if step.dear is not None and int(np.count_nonzero(likely)) * DENSE < likely.size:
            alike = _of_some(step.dear, wanted, given, likely)
        else:
            alike = _of_all(comparator.matrix, wanted, given)
        agrees = alike >= step.right_from
        shared += alike if step.weight == 1.0 else step.weight * alike
        mass += step.weight * _present(wanted, given)
        right += agrees
        if keyed is not None and step.position in bound.key_columns:
            keyed |= agrees
        rest = step.rest
        if rest and match_at and bound.steps[-1] is not step:
            likely = shared + rest >= match_at * (mass + rest) - SLACK
    possible = shared > 0 if keyed is None else (shared > 0) & keyed
    if bound.branches:
        _add_branches(rows, columns, (shared, mass, right), pair, keyed)
        possible = shared > 0 if keyed is None else (shared > 0) & keyed
    if branch.scalar:
        possible &= right > 0
    else:
        possible &= shared >= branch.match_at * mass - SLACK
    edges: Edges = {}
    i, j = np.nonzero(possible)
    found = zip(
        i.tolist(), j.tolist(), shared[i, j].tolist(), mass[i, j].tolist(), right[i, j].tolist(), strict=True
    )
    for row, column, share, whole, count in found:
        similarity = share / whole
        if branch.scalar or similarity >= branch.match_at:
            edges[gold[row][0], predicted[column][0]] = (similarity, 2 * count + 1)
    return edges


def _present(wanted: list[object], given: list[object]) -> float | Bools:
    """Where a leaf is present on either side; 1 when that is everywhere."""
    import numpy as np

    if all(cell is not None for cell in wanted) or all(cell is not None for cell in given):
        return 1.0
    ours, theirs = (np.array([cell is not None for cell in cells]) for cells in (wanted, given))
    either: Bools = ours[:, None] | theirs
    return either


def _of_all(
    matrix: Callable[[Sequence[object], Sequence[object]], Floats], wanted: list[object], given: list[object]
) -> Floats:
    """The similarity of one leaf in every pair."""
    import numpy as np

    ours = [i for i, cell in enumerate(wanted) if cell is not None]
    theirs = [j for j, cell in enumerate(given) if cell is not None]
    if len(ours) == len(wanted) and len(theirs) == len(given):
        return matrix(wanted, given)
    alike = np.zeros((len(wanted), len(given)))
    if ours and theirs:
        alike[np.ix_(ours, theirs)] = matrix([wanted[i] for i in ours], [given[j] for j in theirs])
    return alike


def _of_some(comparator: DearComparator, wanted: list[object], given: list[object], likely: Bools) -> Floats:
    """The similarity of one leaf in the pairs that are still possible; 0 in the others."""
    import numpy as np

    i, j = np.nonzero(likely & np.array([cell is not None for cell in given]))
    some = [
        (row, column) for row, column in zip(i.tolist(), j.tolist(), strict=True) if wanted[row] is not None
    ]
    alike = np.zeros(likely.shape)
    if some:
        rows, columns = zip(*some, strict=True)
        alike[rows, columns] = comparator.each(
            [wanted[row] for row in rows], [given[column] for column in columns]
        )
    return alike


def _add_branches(
    rows: Sequence[Reading],
    columns: Sequence[Reading],
    sums: tuple[Floats, Floats, NDArray[np.int64]],
    pair: Pairer,
    keyed: Bools | None,
) -> None:
    """Add what lists and the like inside the items share."""
    import numpy as np

    shared, mass, right = sums
    for i, j in np.argwhere(np.ones(shared.shape, dtype=bool) if keyed is None else keyed).tolist():
        found = of_branches(rows[i], columns[j], pair)
        shared[i, j] += found.shared
        mass[i, j] += found.mass
        right[i, j] += found.right
        agreement = Agreement(float(shared[i, j]), float(mass[i, j]), int(right[i, j]))
        pair.known[id(rows[i]), id(columns[j])] = agreement
