"""What two plain records share, and the kinds of their leaves, on decided edges."""

from typing import Annotated, Any

import pytest
from pydantic import BaseModel

from harness.marks import Number, Text, Ungraded, Weight
from harness.schema.compile import compile_model
from harness.scoring.binding import bind
from harness.scoring.kinds import ABSENT, CORRECT, INCORRECT, MISSING, SILENT, SPURIOUS, UNGRADED


class Item(BaseModel):
    kind: str | None = None
    size: Annotated[int | None, Number(abs_tol=1), Weight(2)] = None
    note: Annotated[str | None, Text(0.9)] = None
    aside: Annotated[str | None, Ungraded()] = None


BOUND = bind(compile_model(Item))


def cells(**raw: Any) -> tuple[object, ...]:
    (found,) = BOUND.read([raw], (), None)
    assert found is not None
    return found.cells


WHOLE = cells(kind="a", size=5, note="abcdefgh", aside="x")


@pytest.mark.parametrize(
    ("predicted", "parts"),
    [
        (WHOLE, (4.0, 4.0, 3)),
        (cells(kind="a", size=6, note="abcdefgh"), (4.0, 4.0, 3)),
        (cells(kind="b", size=5, note="abcdefgh"), (3.0, 4.0, 2)),
        (cells(kind="a", size=5, note="abcdwxyz"), (3.5, 4.0, 2)),  # half alike, and not right
        (cells(kind="a", size=5, note="zzzzzzzz"), (3.0, 4.0, 2)),
        (cells(kind="a", size=5), (3.0, 4.0, 2)),
        (cells(), (0.0, 4.0, 0)),
    ],
)
def test_what_they_share(predicted: Any, parts: Any) -> None:
    assert BOUND.like(WHOLE, predicted, 0.0, 0.0) == parts


def test_what_is_absent_on_both_sides_weighs_nothing() -> None:
    assert BOUND.like(cells(kind="a"), cells(kind="a"), 0.0, 0.0) == (1.0, 1.0, 1)
    assert BOUND.like(cells(), cells(), 0.0, 0.0) == (0.0, 0.0, 0)


def test_it_stops_where_enough_cannot_be_reached() -> None:
    assert BOUND.like(WHOLE, cells(kind="b", size=9, note="abcdefgh"), 0.5, 0.0) is None
    assert BOUND.like(WHOLE, cells(kind="b", size=9, note="abcdefgh"), 0.25, 0.0) == (1.0, 4.0, 1)


@pytest.mark.parametrize(
    ("gold", "predicted", "kinds"),
    [
        (WHOLE, WHOLE, (CORRECT, CORRECT, CORRECT, UNGRADED)),
        (WHOLE, cells(), (MISSING, MISSING, MISSING, UNGRADED)),
        (cells(), WHOLE, (SPURIOUS, SPURIOUS, SPURIOUS, UNGRADED)),
        (cells(), cells(), (ABSENT, ABSENT, ABSENT, SILENT)),
        (WHOLE, cells(kind="b", size=6, note="abcdefgx"), (INCORRECT, CORRECT, INCORRECT, UNGRADED)),
    ],
)
def test_the_kinds_of_leaves(gold: Any, predicted: Any, kinds: Any) -> None:
    assert BOUND.kinds(gold, predicted) == kinds
