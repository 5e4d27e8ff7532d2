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
    from harness.scoring.binding import BoundRecord, Branch, Step
    from harness.scoring.comparators import DearComparator
    from harness.scoring.readings import Item, Reading

    Values = Sequence[object]
    Cells = Sequence[tuple[Values, Values]]
    """For each step, gold's cells and the predicted ones."""
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
    ours = list(zip(*[one.cells for one in rows], strict=True))
    theirs = list(zip(*[one.cells for one in columns], strict=True))
    cells = [(ours[step.position], theirs[step.position]) for step in bound.steps]
    keyed = _keyless(bound.key_columns, ours, theirs) if bound.key_columns else None
    mass = _mass(bound.steps, cells, bound.whole)
    shared, right, later = _equal(bound, cells, keyed)
    rest = sum(bound.steps[at].weight for at in later)
    for at in later:
        step, (wanted, given) = bound.steps[at], cells[at]
        likely = shared + rest >= match_at * mass - SLACK
        if step.dear is not None and int(np.count_nonzero(likely)) * DENSE < likely.size:
            alike = _of_some(step.dear, wanted, given, likely)
        else:
            alike = _of_all(bound.columns[step.position].comparator.matrix, wanted, given)
        agrees = alike >= step.right_from
        shared += alike if step.weight == 1.0 else step.weight * alike
        right += agrees
        rest -= step.weight
        if keyed is not None and step.position in bound.key_columns:
            keyed |= agrees
    if bound.branches:
        mass = mass + np.zeros(shared.shape)
        _add_branches(rows, columns, (shared, mass, right), pair, keyed)
    possible = right > 0 if branch.scalar else shared >= branch.match_at * mass - SLACK
    possible &= shared > 0
    if keyed is not None:
        possible &= keyed
    i, j = np.nonzero(possible)
    masses = mass[i, j].tolist() if isinstance(mass, np.ndarray) else [mass] * len(i)
    edges: Edges = {}
    found = zip(i.tolist(), j.tolist(), shared[i, j].tolist(), masses, right[i, j].tolist(), strict=True)
    for row, column, share, whole, count in found:
        similarity = share / whole
        if branch.scalar or similarity >= branch.match_at:
            edges[gold[row][0], predicted[column][0]] = (similarity, 2 * count + 1)
    return edges


def _keyless(keys: Sequence[int], ours: Sequence[Values], theirs: Sequence[Values]) -> Bools:
    """The pairs in which neither side has a key."""
    import numpy as np

    rows, columns = (
        np.array(
            [all(cell is None for cell in cells) for cells in zip(*[side[at] for at in keys], strict=True)]
        )
        for side in (ours, theirs)
    )
    both: Bools = rows[:, None] & columns
    return both


def _mass(steps: Sequence[Step], cells: Cells, whole: float) -> Floats | float:
    """The weights of the leaves present on either side, for every pair: all, less those absent on both."""
    import numpy as np

    gaps = [
        (step.weight, *pair)
        for step, pair in zip(steps, cells, strict=True)
        if None in pair[0] and None in pair[1]
    ]
    if not gaps:
        return whole
    ours = np.array([[weight * (cell is None) for cell in wanted] for weight, wanted, _ in gaps])
    theirs = np.array([[float(cell is None) for cell in given] for _, _, given in gaps])
    absent: Floats = ours.T @ theirs
    return whole - absent


def _equal(
    bound: BoundRecord, cells: Cells, keyed: Bools | None
) -> tuple[Floats, NDArray[np.int64], list[int]]:
    """What pairs share by equality alone.

    Returns:
        Shared weight and right leaves of every pair, and the positions of the steps that equality does not
        settle.
    """
    import numpy as np

    later: list[int] = []
    ours: list[list[int]] = []
    theirs: list[list[int]] = []
    weights: list[float] = []
    keys: list[int] = []
    for at, (step, (wanted, given)) in enumerate(zip(bound.steps, cells, strict=True)):
        hashed = bound.columns[step.position].comparator.hashed(wanted, given)
        if hashed is None:
            later.append(at)
            continue
        codes: dict[object, int] = {}
        ours.append([codes.setdefault(value, len(codes)) for value in hashed[0]])
        codes.pop(None, None)
        theirs.append([codes.get(value, -1) for value in hashed[1]])
        weights.append(step.weight)
        if step.position in bound.key_columns:
            keys.append(len(weights) - 1)
    shape = (len(cells[0][0]), len(cells[0][1]))
    if not weights:
        return np.zeros(shape), np.zeros(shape, dtype=np.int64), later
    agrees = np.array(ours, dtype=np.int32)[:, :, None] == np.array(theirs, dtype=np.int32)[:, None, :]
    if keyed is not None and keys:
        keyed |= agrees[keys].any(axis=0)
    right = agrees[0].astype(np.int64)
    for one in agrees[1:]:
        right += one
    if all(weight == 1.0 for weight in weights):
        return right.astype(np.float64), right, later
    shared: Floats = np.tensordot(np.array(weights), agrees.astype(np.float64), axes=1)
    return shared, right, later


def _of_all(
    matrix: Callable[[Sequence[object], Sequence[object]], Floats],
    wanted: Sequence[object],
    given: Sequence[object],
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


def _of_some(comparator: DearComparator, wanted: Values, given: Values, likely: Bools) -> Floats:
    """The similarity of one leaf in the pairs that are still possible; 0 in the others."""
    import numpy as np

    if None in wanted or None in given:
        there_gold, there_predicted = (
            np.array([cell is not None for cell in cells]) for cells in (wanted, given)
        )
        likely = likely & there_gold[:, None] & there_predicted
    i, j = np.nonzero(likely)
    alike = np.zeros(likely.shape)
    if len(i):
        ours, theirs = (np.fromiter(cells, dtype=object, count=len(cells)) for cells in (wanted, given))
        alike[i, j] = comparator.each(ours[i].tolist(), theirs[j].tolist())
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
