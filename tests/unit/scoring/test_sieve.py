"""Which pairs are worth comparing. That no possible pair is lost is held by `properties/test_long_lists.py`."""

from typing import Annotated, Any

import pytest
from pydantic import BaseModel

from harness.marks import Number, Records, Text
from harness.schema.compile import compile_model
from harness.scoring.binding import bind
from harness.scoring.bound import BoundRecord
from harness.scoring.sieve import FEW, Sieve, likely_pairs
from tests.scored import made


class Item(BaseModel):
    kind: str | None = None
    size: Annotated[int | None, Number(abs_tol=1)] = None
    note: Annotated[str | None, Text(0.6)] = None
    place: str | None = None


class Free(BaseModel):
    items: list[Item] = []


class Keyed(BaseModel):
    items: Annotated[list[Item], Records(keys=("kind",))] = []


def items(model: type[BaseModel], *raws: dict[str, Any]) -> tuple[BoundRecord, list[tuple[object, ...]]]:
    (bound,) = bind(compile_model(model)).branches[0].variants
    return bound, [one.cells for one in bound.read(raws, (), None) if one]


def test_of_short_lists_every_pair_is_compared() -> None:
    bound, cells = items(Free, {"kind": "a"}, {"kind": "b"})
    assert list(likely_pairs(bound, cells, cells, 0.5)) == [(0, 0), (0, 1), (1, 0), (1, 1)]


def test_of_long_lists_those_that_agree_in_nothing_are_not() -> None:
    raws = [{"kind": f"k{at}", "size": 10 * at, "note": f"{at}" * 9, "place": f"p{at}"} for at in range(10)]
    bound, cells = items(Free, *raws)
    assert len(cells) ** 2 > FEW
    assert list(likely_pairs(bound, cells, cells, 0.5)) == [(at, at) for at in range(10)]


@pytest.mark.parametrize(
    ("gold", "predicted", "let_through"),
    [
        ({"kind": "a", "size": 1, "place": "x"}, {"kind": "a", "size": 2, "place": "y"}, True),
        (
            {"kind": "a", "size": 1, "place": "x"},
            {"kind": "a", "size": 3, "place": "y"},
            True,
        ),  # a note may agree
        ({"kind": "a", "size": 1, "place": "x"}, {"kind": "b", "size": 3, "place": "y"}, False),
        ({"kind": "a"}, {"kind": "a"}, True),  # nothing else is there to disagree
        ({}, {}, True),
    ],
)
def test_what_may_reach_half_is_let_through(gold: Any, predicted: Any, *, let_through: bool) -> None:
    bound, (ours, theirs) = items(Free, gold, predicted)
    assert bool(Sieve(bound, [ours], [theirs], 0.5).pairs()) is let_through


def test_a_key_that_cannot_be_right_is_enough() -> None:
    same = {"size": 1, "note": "same", "place": "x"}
    for model, found in ((Free, [(0, 0)]), (Keyed, [])):
        bound, (ours, theirs) = items(model, {**same, "kind": "a"}, {**same, "kind": "b"})
        assert Sieve(bound, [ours], [theirs], 0.5).pairs() == found


def test_columns_that_are_not_looked_at_may_all_agree() -> None:
    wide: Any = made("Wide", **{f"f{at}": (str | None, None) for at in range(120)})
    half = {f"f{at}": "x" for at in range(60)}
    bound, (ours, theirs) = items(
        made(items=(list[wide], [])),
        {**half, **{f"f{at}": "y" for at in range(60, 120)}},
        {**half, **{f"f{at}": "z" for at in range(60, 120)}},
    )
    assert Sieve(bound, [ours], [theirs], 0.5).pairs() == [(0, 0)]
    assert bound.edges([ours], [theirs], 0.5) == {(0, 0): (0.5, 121)}
