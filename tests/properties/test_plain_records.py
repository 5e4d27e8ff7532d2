"""Plain records are read and compared by generated functions; that changes nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from typing import Any, NoReturn

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.schema.compile import compile_model
from harness.scoring import binding
from harness.scoring.agreement import SLACK, of_cells, of_likely, of_records
from harness.scoring.alignment import Pairing
from harness.scoring.binding import bind
from harness.scoring.comparators.base import NotPlain
from harness.scoring.judging import kind_of
from harness.scoring.reading import read_gold, read_prediction
from harness.scoring.readings import Reading
from harness.scoring.scorer import Scorer
from tests.scored import extraction
from tests.strategies import Shape, annotated, json_values, models, spoilt


@contextmanager
def nothing_plain() -> Iterator[None]:
    """Read every record key by key."""

    def never(raw: Any, quotes: Any) -> NoReturn:
        raise NotPlain

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(binding, "plain_reader", lambda bound: never)
        yield


@given(st.data(), models())
def test_reading(data: st.DataObject, shape: Shape) -> None:
    plan = compile_model(shape.annotation)
    gold = data.draw(annotated(data.draw(shape.values), shape.values))
    predicted = data.draw(spoilt(data.draw(shape.values)) | json_values())
    scorer = Scorer(plan)
    score = scorer.score(gold, extraction(predicted), "Ada, x")
    outcomes = scorer.explain(gold, extraction(predicted))
    with nothing_plain():
        scorer = Scorer(plan)
        assert scorer.score(gold, extraction(predicted), "Ada, x") == score
        assert sorted(map(repr, scorer.explain(gold, extraction(predicted)))) == sorted(map(repr, outcomes))


@given(st.data(), models(), st.sampled_from([0.0, 0.3, 0.5, 0.8, 1.0]))
def test_comparing(data: st.DataObject, shape: Shape, match_at: float) -> None:
    bound = bind(compile_model(shape.annotation))
    values = data.draw(st.lists(shape.values, min_size=1, max_size=3))
    for one, other in product(values, values):
        gold, predicted = read_gold(bound, one), read_prediction(bound, other)
        assert isinstance(gold, Reading)
        wanted = of_records(gold, predicted, Pairing())
        found = of_likely(gold, predicted, match_at, Pairing())
        if found is None:
            assert wanted.shared < match_at * wanted.mass + SLACK
        else:
            assert found == wanted


@given(st.data(), models(), st.sampled_from([0.1, 0.3, 0.5, 0.8, 1.0]))
def test_comparing_many(data: st.DataObject, shape: Shape, match_at: float) -> None:
    bound = bind(compile_model(shape.annotation))
    values = data.draw(st.lists(shape.values, min_size=1, max_size=3))
    cells = {at: read_prediction(bound, value).cells for at, value in enumerate(values)}
    wanted = {}
    for i, j in product(cells, cells):
        parts = [
            of_cells(column, one, other)
            for column, one, other in zip(bound.columns, cells[i], cells[j], strict=True)
            if column.graded
        ]
        shared, mass, right = (sum(part) for part in zip(*parts, strict=True))
        if shared and shared / mass >= match_at:
            wanted[i, j] = (shared / mass, 2 * right + 1)
    assert bound.edges(cells, cells, product(cells, cells), match_at, -SLACK) == wanted


@given(st.data(), models())
def test_judging(data: st.DataObject, shape: Shape) -> None:
    bound = bind(compile_model(shape.annotation))
    gold, predicted = (read_prediction(bound, data.draw(shape.values)) for _ in range(2))
    wanted = tuple(map(kind_of, bound.columns, gold.cells, predicted.cells))
    assert bound.kinds(gold.cells, predicted.cells) == wanted
