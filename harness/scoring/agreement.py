"""How alike two records are: the weighted agreement of the graded leaves that are present on either side.

An agreement has three parts: `shared`, the sum of weight times similarity; `mass`, the sum of the weights of
the leaves present on either side; `right`, how many leaves are right. Similarities and weights are quantised so
that these sums are exact whatever their order; shuffling a list can change no bit of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

from harness.scoring.comparators import Malformed
from harness.scoring.comparators.base import slack
from harness.scoring.readings import UNLABELLED, Alternatives, Choices, Reading, Unlabelled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from harness.scoring.bound import Branch, Column
    from harness.scoring.readings import BranchReading, Item


class Pairer(Protocol):
    """Pairs the items of lists.

    Attributes:
        known: The agreements of records with branches, by the identities of their readings. Without it, lists
            in lists would be compared again at every level.
    """

    known: dict[tuple[int, int], Agreement]

    def __call__(
        self, branch: Branch, gold: Sequence[Item], predicted: Sequence[Item]
    ) -> list[tuple[int, int]]:
        """The pairs of the best matching, as positions."""
        ...


class Agreement(NamedTuple):
    """How alike two values are.

    Attributes:
        shared: Sum of weight times similarity.
        mass: Sum of the weights of the graded leaves present on either side.
        right: How many graded leaves are right.
    """

    shared: float
    mass: float
    right: int

    @property
    def similarity(self) -> float:
        """Between 0 and 1; 0 where nothing is present on either side."""
        return self.shared / self.mass if self.mass else 0.0


def of_cells(column: Column, gold: object, predicted: object) -> tuple[float, float, bool]:
    """Shared weight, mass and rightness of one graded leaf.

    Args:
        column: The leaf.
        gold: Gold's cell, which may be `Alternatives` or `UNLABELLED`.
        predicted: The predicted cell.
    """
    if gold is UNLABELLED or (gold is None and predicted is None):
        return 0.0, 0.0, False
    if type(gold) is Alternatives:
        return max((of_cells(column, option, predicted) for option in gold.options), key=_leniency)
    weight = column.weight
    if gold is None or predicted is None:
        return 0.0, weight, False
    if gold == predicted:
        return weight, weight, True
    comparator = column.comparator
    if comparator.exact or type(predicted) is Malformed or type(gold) is Malformed:
        return 0.0, weight, False
    similarity = comparator.similarity(gold, predicted)
    return weight * similarity, weight, similarity >= comparator.right_from


def _leniency(agreement: tuple[float, float, bool]) -> tuple[bool, bool, float]:
    """Right before silence that is allowed, and that before the likest."""
    shared, mass, right = agreement
    return right, mass == 0.0, shared


def of_records(gold: Reading, predicted: Reading, pair: Pairer) -> Agreement:
    """The agreement of two readings of one record.

    Args:
        gold: Gold's reading.
        predicted: The prediction, read by the same bound record.
        pair: Pairs the items of two lists.
    """
    key = (id(gold), id(predicted))
    if gold.branches and key in pair.known:
        return pair.known[key]
    shared = mass = 0.0
    right = 0
    for column, wanted, given in zip(gold.bound.columns, gold.cells, predicted.cells, strict=True):
        if column.graded and (wanted is not None or given is not None):
            shared_here, mass_here, right_here = of_cells(column, wanted, given)
            shared += shared_here
            mass += mass_here
            right += right_here
    mass += _misplaced(gold) + _misplaced(predicted, gold)
    if not gold.branches:
        return Agreement(shared, mass, right)
    found = of_branches(gold, predicted, pair)
    pair.known[key] = Agreement(shared + found.shared, mass + found.mass, right + found.right)
    return pair.known[key]


def of_likely(
    gold: Reading, predicted: Reading, match_at: float, pair: Pairer
) -> tuple[float, float, int] | None:
    """The agreement of two readings of one record, or `None` as soon as it cannot reach `match_at`.

    Readings with something special are compared in full.
    """
    if gold.special or predicted.special:
        return of_records(gold, predicted, pair)
    like = gold.bound.like
    if not gold.branches:
        return like(gold.cells, predicted.cells, match_at, -slack(gold.bound.whole))
    if (id(gold), id(predicted)) in pair.known:
        return pair.known[id(gold), id(predicted)]
    ours, theirs = branch_mass(gold), branch_mass(predicted)
    most, least = (float("inf"), 0.0) if _is_open(gold) else (min(ours, theirs), max(ours, theirs))
    found = like(
        gold.cells, predicted.cells, match_at, match_at * least - most - slack(gold.bound.whole + least)
    )
    if found is None:
        return None
    shared, mass, right = found
    inside = of_branches(gold, predicted, pair)
    agreement = Agreement(shared + inside.shared, mass + inside.mass, right + inside.right)
    pair.known[id(gold), id(predicted)] = agreement
    return agreement


def branch_mass(reading: Reading) -> float:
    """The weights of the graded leaves that are present in the branches of a reading."""
    mass = 0.0
    for branch, inside in zip(reading.bound.branches, reading.branches, strict=True):
        if branch.graded and inside is not None and not isinstance(inside, Unlabelled):
            items = list(inside.values()) if isinstance(inside, dict) else _listed(inside)
            mass += sum(mass_of(item) for item in items)
    return mass


def _is_open(reading: Reading) -> bool:
    """Whether gold leaves something open in the branches, so that their mass bounds nothing."""
    for inside in reading.branches:
        if isinstance(inside, Unlabelled):
            return True
        for item in inside.values() if isinstance(inside, dict) else _listed(inside):
            if isinstance(item, Choices) or item.special or _is_open(item):
                return True
    return False


def of_branches(gold: Reading, predicted: Reading, pair: Pairer) -> Agreement:
    """The agreement of the branches alone."""
    shared = mass = 0.0
    right = 0
    for branch, wanted, given in zip(gold.bound.branches, gold.branches, predicted.branches, strict=True):
        if not branch.graded or isinstance(wanted, Unlabelled) or (wanted is None and given is None):
            continue
        matched, only_gold, only_predicted = match(branch, wanted, given, pair)
        for one, other in matched:
            found = of_items(one, other, pair)
            shared += found.shared
            mass += found.mass
            right += found.right
        mass += sum(mass_of(item) for item in only_gold)
        mass += sum(mass_of(item) for item in only_predicted)
    return Agreement(shared, mass, right)


def of_items(gold: Item, predicted: Item, pair: Pairer) -> Agreement:
    """The agreement of two items, gold at its best reading; two models of a union share nothing."""
    return best_reading(gold, predicted, pair)[1]


def best_reading(gold: Item, predicted: Item, pair: Pairer) -> tuple[Reading, Agreement]:
    """The reading of gold that a prediction is held against.

    It is one of the same model of a union, and one in which a key agrees, where there is such a one. Among
    these it is the likest, then that with most right leaves, then that which charges least, then the first.
    """
    given = plain(predicted)
    readings = [one for one in readings_of(gold) if one.bound is given.bound]
    if not readings:
        first = plain(gold)
        return first, Agreement(0.0, mass_of(first) + mass_of(given), 0)
    keyed = [one for one in readings if key_agrees(one, given)]
    found = [(one, of_records(one, given, pair)) for one in keyed or readings]
    return max(found, key=lambda one: (one[1].similarity, one[1].right, -one[1].mass))


def key_agrees(gold: Reading, predicted: Reading) -> bool:
    """Whether a key is right, or none counts: not in the mark, absent on both sides, or left open by gold."""
    columns = gold.bound.columns
    found = [of_cells(columns[at], gold.cells[at], predicted.cells[at]) for at in gold.bound.key_columns]
    return any(right for _, _, right in found) or not any(mass for _, mass, _ in found)


def match(
    branch: Branch, gold: BranchReading, predicted: BranchReading, pair: Pairer
) -> tuple[list[tuple[Item, Item]], list[Item], list[Item]]:
    """Pair what stands in a branch: the items of a list by agreement, those of a dict by key.

    Returns:
        The pairs, the items of gold alone, the items of the prediction alone.
    """
    if isinstance(gold, dict) or isinstance(predicted, dict):
        wanted = gold if isinstance(gold, dict) else {}
        given = predicted if isinstance(predicted, dict) else {}
        together = {key for key, item in wanted.items() if key in given and _is_same_model(item, given[key])}
        return (
            [(wanted[key], given[key]) for key in wanted if key in together],
            [item for key, item in wanted.items() if key not in together],
            [item for key, item in given.items() if key not in together],
        )
    ours, theirs = _listed(gold), _listed(predicted)
    if not isinstance(gold, list) and not isinstance(predicted, list):
        if ours and theirs and _is_same_model(ours[0], theirs[0]):
            return [(ours[0], theirs[0])], [], []
        return [], ours, theirs
    pairs = pair(branch, ours, theirs)
    paired_gold, paired_predicted = {i for i, _ in pairs}, {j for _, j in pairs}
    return (
        [(ours[i], theirs[j]) for i, j in pairs],
        [item for i, item in enumerate(ours) if i not in paired_gold],
        [item for j, item in enumerate(theirs) if j not in paired_predicted],
    )


def _is_same_model(gold: Item, predicted: Item) -> bool:
    return any(one.bound is plain(predicted).bound for one in readings_of(gold))


def _listed(value: BranchReading) -> list[Item]:
    if isinstance(value, list):
        return value
    return [value] if isinstance(value, Reading | Choices) else []


def plain(item: Item) -> Reading:
    """The first reading of an item: a prediction has only one."""
    return item.options[0] if isinstance(item, Choices) else item


def readings_of(item: Item) -> tuple[Reading, ...]:
    """Every reading of an item."""
    return item.options if isinstance(item, Choices) else (item,)


def mass_of(item: Item) -> float:
    """The weights of the graded leaves that are present in an item; those it may leave out weigh nothing."""
    if isinstance(item, Choices) and item.optional:
        return 0.0
    reading = plain(item)
    mass = _misplaced(reading)
    for column, cell in zip(reading.bound.columns, reading.cells, strict=True):
        if cell is not None and column.graded and is_charged(cell):
            mass += column.weight
    return mass + branch_mass(reading) if reading.branches else mass


def is_charged(cell: object) -> bool:
    """Whether leaving out this present cell of gold costs anything."""
    return cell is not UNLABELLED and not (type(cell) is Alternatives and None in cell.options)


def _misplaced(reading: Reading, gold: Reading | None = None) -> float:
    """What cannot be read weighs 1, unless gold has not decided what belongs there."""
    if not reading.misplaced:
        return 0.0
    return float(sum(one.graded and (gold is None or gold.is_decided(one)) for one in reading.misplaced))
