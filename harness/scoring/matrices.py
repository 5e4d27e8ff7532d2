"""Which pairs of two long lists are possible, worked out with whole arrays.

Says bit for bit what `alignment.edges_one_by_one` says: agreement is a sum of quantised terms, so it does not
matter in which order arrays add them up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.scoring.agreement import mass_of, of_branches, of_cells, plain, readings_of
from harness.scoring.comparators import Malformed
from harness.scoring.reading import UNLABELLED, Alternatives

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from harness.scoring.assignment import Edges
    from harness.scoring.binding import Branch, Column
    from harness.scoring.reading import Item, Reading

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]


def edges_at_once(
    branch: Branch, gold: Sequence[Item], predicted: Sequence[Item], pair: Callable[..., list[tuple[int, int]]]
) -> Edges:
    """Each possible pair with its similarity and its number of right leaves.

    Args:
        branch: The list; its items are of one model here.
        gold: n items.
        predicted: m items.
        pair: Pairs the items of lists inside the items.
    """
    import numpy as np

    rows = [reading for item in gold for reading in readings_of(item)]
    columns = [plain(item) for item in predicted]
    shared, mass, right, keyed = _sums(rows, columns)
    if rows[0].bound.branches:
        _add_branches(branch, rows, columns, (shared, mass, right, keyed), pair)
    with np.errstate(invalid="ignore"):
        similarity = np.where(mass > 0, shared / np.where(mass > 0, mass, 1.0), 0.0)
    if len(rows) > len(gold):
        similarity, right, keyed = _best_rows(gold, similarity, right, keyed)
    alike = (similarity >= branch.match_at) & (similarity > 0) & keyed
    possible = right > 0 if branch.scalar else alike
    i, j = np.nonzero(possible)
    found = zip(similarity[i, j].tolist(), right[i, j].tolist(), strict=True)
    return dict(zip(zip(i.tolist(), j.tolist(), strict=True), found, strict=True))


def _sums(
    rows: Sequence[Reading], columns: Sequence[Reading]
) -> tuple[Floats, Floats, NDArray[np.int64], Bools]:
    """Shared weight, mass, right leaves and whether a key agrees, of every pair, branches aside."""
    import numpy as np

    bound = rows[0].bound
    shape = (len(rows), len(columns))
    shared, right = np.zeros(shape), np.zeros(shape, dtype=np.int64)
    mass = _column_of(mass_of_misplaced(one) for one in rows)[:, None] + _column_of(
        mass_of_misplaced(one) for one in columns
    )
    keyed = np.full(shape, not bound.key_columns)
    for position, column in enumerate(bound.columns):
        if not column.graded:
            continue
        wanted, given = [one.cells[position] for one in rows], [one.cells[position] for one in columns]
        similarity, present, agrees = _leaf(column, wanted, given)
        shared += column.weight * similarity
        mass += column.weight * present
        right += agrees
        if position in bound.key_columns:
            keyed |= agrees
    return shared, mass, right, keyed


def _leaf(column: Column, wanted: list[object], given: list[object]) -> tuple[Floats, Bools, Bools]:
    """Similarity, presence on either side and rightness of one leaf, for every pair."""
    import numpy as np

    comparator = column.comparator
    there_gold = np.array([cell is not None for cell in wanted])
    there_predicted = np.array([cell is not None for cell in given])
    present = there_gold[:, None] | there_predicted[None, :]
    special = [i for i, cell in enumerate(wanted) if cell is UNLABELLED or type(cell) is Alternatives]
    plain_gold = [i for i, cell in enumerate(wanted) if _is_plain(cell)]
    plain_predicted = [j for j, cell in enumerate(given) if _is_plain(cell)]
    similarity = np.zeros(present.shape)
    if plain_gold and plain_predicted:
        compared = comparator.matrix([wanted[i] for i in plain_gold], [given[j] for j in plain_predicted])
        if compared.shape == present.shape:
            similarity = compared
        else:
            similarity[np.ix_(plain_gold, plain_predicted)] = compared
    agrees = similarity >= comparator.right_from
    for i in special:
        for j, cell in enumerate(given):
            shared, mass, right = of_cells(column, wanted[i], cell)
            similarity[i, j], present[i, j], agrees[i, j] = shared / column.weight, mass > 0, right
    return similarity, present, agrees


def _is_plain(cell: object) -> bool:
    return cell is not None and cell is not UNLABELLED and type(cell) not in (Alternatives, Malformed)


def _add_branches(
    branch: Branch,
    rows: Sequence[Reading],
    columns: Sequence[Reading],
    sums: tuple[Floats, Floats, NDArray[np.int64], Bools],
    pair: Callable[..., list[tuple[int, int]]],
) -> None:
    """Add what lists and the like inside the items share, for the pairs that this could make possible.

    Branches share at most all that the lighter side has. A pair that stays below `match_at` even so is not
    possible, and is not looked into. Alternatives can weigh less than they seem: then nothing is left out.
    """
    import numpy as np

    shared, mass, right, keyed = sums
    heavy_gold, heavy_predicted = _column_of(map(_branch_mass, rows)), _column_of(map(_branch_mass, columns))
    most = np.minimum(heavy_gold[:, None], heavy_predicted[None, :])
    least_mass = mass + np.maximum(heavy_gold[:, None], heavy_predicted[None, :])
    worthwhile = keyed & (shared + most >= branch.match_at * least_mass * (1 - 1e-9))
    worthwhile |= np.array([_has_choices(row) for row in rows])[:, None]
    for i, j in np.argwhere(worthwhile).tolist():
        found = of_branches(rows[i], columns[j], pair)
        shared[i, j] += found.shared
        mass[i, j] += found.mass
        right[i, j] += found.right
    # What was not looked into must not look possible without its branches.
    shared[~worthwhile] = 0.0


def _branch_mass(reading: Reading) -> float:
    cells = sum(
        column.weight
        for column, cell in zip(reading.bound.columns, reading.cells, strict=True)
        if column.graded and cell is not None and cell is not UNLABELLED and not _may_be_absent(cell)
    )
    return mass_of(reading) - cells - mass_of_misplaced(reading)


def _may_be_absent(cell: object) -> bool:
    return type(cell) is Alternatives and None in cell.options


def _has_choices(reading: Reading) -> bool:
    """Whether gold leaves something open below this reading, so that its mass is no bound."""
    for inside in reading.branches:
        if inside is UNLABELLED:
            return True
        items = (
            inside
            if isinstance(inside, list)
            else list(inside.values())
            if isinstance(inside, dict)
            else [inside]
        )
        for item in items:
            if item is None:
                continue
            one = plain(item)  # type: ignore[arg-type]
            if one is not item or any(type(cell) is Alternatives or cell is UNLABELLED for cell in one.cells):
                return True
            if _has_choices(one):
                return True
    return False


def _best_rows(
    gold: Sequence[Item], similarity: Floats, right: NDArray[np.int64], keyed: Bools
) -> tuple[Floats, NDArray[np.int64], Bools]:
    """One row for each item of gold: for each prediction the reading that agrees best."""
    import numpy as np

    kept: list[tuple[Floats, NDArray[np.int64], Bools]] = []
    start = 0
    for item in gold:
        count = len(readings_of(item))
        best = (similarity[start], right[start], keyed[start])
        for row in range(start + 1, start + count):
            better = (similarity[row] > best[0]) | ((similarity[row] == best[0]) & (right[row] > best[1]))
            best = (
                np.where(better, similarity[row], best[0]),
                np.where(better, right[row], best[1]),
                np.where(better, keyed[row], best[2]),
            )
        kept.append(best)
        start += count
    return (
        np.array([one[0] for one in kept]),
        np.array([one[1] for one in kept]),
        np.array([one[2] for one in kept]),
    )


def mass_of_misplaced(reading: Reading) -> float:
    """What cannot be read weighs 1."""
    return float(sum(one.graded for one in reading.misplaced)) if reading.misplaced else 0.0


def _column_of(values: object) -> Floats:
    import numpy as np

    return np.array(list(values), dtype=np.float64)  # type: ignore[call-overload]
