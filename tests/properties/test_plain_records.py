"""Plain records are read and compared by generated functions; that changes nothing."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.schema.compile import compile_model
from harness.scoring.agreement import of_cells, of_likely, of_records
from harness.scoring.alignment import Pairing
from harness.scoring.binding import bind
from harness.scoring.comparators.base import slack
from harness.scoring.judging import kind_of
from harness.scoring.loops import INTERPRETED, Loops
from harness.scoring.reading import read_gold, read_prediction
from harness.scoring.readings import Reading
from harness.scoring.scorer import Scorer
from tests.scored import BY_NAME, LOOPS, extraction
from tests.strategies import Shape, annotated, json_values, models, spoilt

KEY_BY_KEY = INTERPRETED._replace(plain_reader=lambda bound: lambda raws, here, quotes: [None] * len(raws))
"""Reads every record key by key."""


@pytest.mark.parametrize("loops", LOOPS, ids=BY_NAME)
@given(data=st.data(), shape=models())
def test_reading(loops: Loops, data: st.DataObject, shape: Shape) -> None:
    plan = compile_model(shape.annotation)
    gold = data.draw(annotated(data.draw(shape.values), shape.values))
    predicted = data.draw(spoilt(data.draw(shape.values)) | json_values())
    fast, slow = Scorer(plan, loops), Scorer(plan, KEY_BY_KEY)
    assert fast.score(gold, extraction(predicted), "Ada, x") == slow.score(
        gold, extraction(predicted), "Ada, x"
    )
    outcomes = [sorted(map(repr, scorer.explain(gold, extraction(predicted)))) for scorer in (fast, slow)]
    assert outcomes[0] == outcomes[1]


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
            assert wanted.shared < match_at * wanted.mass + slack(wanted.mass)
        else:
            assert found == wanted


@pytest.mark.parametrize("loops", LOOPS, ids=BY_NAME)
@given(data=st.data(), shape=models(), match_at=st.sampled_from([0.1, 0.3, 0.5, 0.8, 1.0]))
def test_comparing_many(loops: Loops, data: st.DataObject, shape: Shape, match_at: float) -> None:
    bound = bind(compile_model(shape.annotation), loops)
    values = data.draw(st.lists(shape.values, min_size=1, max_size=3))
    cells = [read_prediction(bound, value).cells for value in values]
    wanted = {}
    for i, j in product(range(len(cells)), repeat=2):
        parts = [
            of_cells(column, one, other)
            for column, one, other in zip(bound.columns, cells[i], cells[j], strict=True)
            if column.graded
        ]
        shared, mass, right = (sum(part) for part in zip(*parts, strict=True))
        if shared and shared / mass >= match_at:
            wanted[i, j] = (shared / mass, 2 * right + 1)
    assert bound.edges(cells, cells, match_at) == wanted


@given(st.data(), models())
def test_judging(data: st.DataObject, shape: Shape) -> None:
    bound = bind(compile_model(shape.annotation))
    gold, predicted = (read_prediction(bound, data.draw(shape.values)) for _ in range(2))
    wanted = tuple(map(kind_of, bound.columns, gold.cells, predicted.cells))
    assert bound.kinds(gold.cells, predicted.cells) == wanted
