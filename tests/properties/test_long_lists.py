"""Of long lists only the pairs that a sieve lets through are compared; that changes no number."""

from itertools import product
from random import Random
from typing import Annotated, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from harness.marks import Date, Evidence, Number, Records, Text, Ungraded, Weight
from harness.schema import Plan
from harness.schema.compile import compile_model
from harness.scoring import assignment
from harness.scoring.scorer import Scorer
from tests.scored import LOOPS, extraction, long_lists_from
from tests.strategies import Shape, annotated, json_values, models, shuffled, spoilt


def agree(plan: Plan, gold: Any, predicted: Any) -> None:
    """Assert that all ways give one score, whichever solver picks the pairs."""
    found = []
    for loops, few in product(LOOPS, (10**9, 0)):
        with long_lists_from(few):
            scorer = Scorer(plan, loops)
            outcomes = sorted(map(repr, scorer.explain(gold, extraction(predicted))))
            found.append((scorer.score(gold, extraction(predicted), "Ada, x"), outcomes))
    assert all(one == found[0] for one in found)


@given(st.data(), models())
def test_any_schema(data: st.DataObject, shape: Shape) -> None:
    gold = data.draw(annotated(data.draw(shape.values), shape.values))
    agree(compile_model(shape.annotation), gold, data.draw(spoilt(data.draw(shape.values))))


class Part(BaseModel):
    name: str
    note: Annotated[str | None, Text(0.6)] = None


class Whole(BaseModel):
    key: str | None = None
    number: Annotated[int | None, Number(abs_tol=1), Weight(0.3)] = None
    when: Annotated[str | None, Date()] = None
    note: Annotated[str | None, Text(0.6), Weight(3)] = None
    aside: Annotated[str | None, Ungraded()] = None
    parts: list[Part] = []
    words: list[Annotated[str, Text(0.7)]] = []
    table: dict[str, int] = {}


class Keyed(BaseModel):
    items: Annotated[list[Whole], Records(keys=("key", "number"), match_at=0.3)]


class Free(BaseModel):
    items: Annotated[list[Whole], Records(match_at=0.4)]


_SHORT = st.sampled_from(["a", "b", "abcdefgh", "abcdefgx", "abcdexyz"])
_PART = st.fixed_dictionaries({"name": _SHORT}, optional={"note": _SHORT | st.none()})
_WHOLE = st.fixed_dictionaries(
    {"key": _SHORT | st.none()},
    optional={
        "number": st.integers(0, 4),
        "when": st.sampled_from(["2022", "2022-08", "2022-08-25"]),
        "note": _SHORT,
        "aside": _SHORT,
        "parts": st.lists(_PART, max_size=3),
        "words": st.lists(_SHORT, max_size=3),
        "table": st.dictionaries(st.sampled_from(["k", "l"]), st.integers(0, 2), max_size=2),
    },
)


@pytest.mark.parametrize("model", [Keyed, Free])
@given(data=st.data())
def test_items_with_lists_inside(data: st.DataObject, model: type[BaseModel]) -> None:
    gold = [data.draw(annotated(item, _WHOLE)) for item in data.draw(st.lists(_WHOLE, max_size=5))]
    predicted = data.draw(st.lists(_WHOLE | spoilt(data.draw(_WHOLE)), max_size=5))
    plan = compile_model(model)
    agree(plan, {"items": gold}, {"items": predicted})


@given(st.lists(_WHOLE, max_size=4), st.lists(json_values(4) | _WHOLE, max_size=5))
def test_items_that_are_none(gold: list[Any], predicted: list[Any]) -> None:
    agree(compile_model(Free), {"items": gold}, {"items": predicted})


class Words(BaseModel):
    near: list[Annotated[str, Text(0.6)]] = []
    numbers: list[Annotated[float, Number(abs_tol=0.1)]] = []
    dates: list[Annotated[str, Date()]] = []
    either: list[int | str] = []


@given(st.data())
def test_scalars(data: st.DataObject) -> None:
    value: st.SearchStrategy[dict[str, list[Any]]] = st.fixed_dictionaries(
        {
            "near": st.lists(_SHORT, max_size=4),
            "numbers": st.lists(st.sampled_from([1.0, 1.1, "1.2", 1.3, 7, "x"]), max_size=4),
            "dates": st.lists(
                st.sampled_from(["2022", "2022-08", "2022-08-25", "XXXX-08", "never"]), max_size=4
            ),
            "either": st.lists(st.sampled_from([1, "1", "x", 2.0, True]), max_size=4),
        }
    )
    gold: dict[str, list[Any]] = data.draw(value)
    open_gold = {
        name: [data.draw(annotated(item, top=False)) for item in items] for name, items in gold.items()
    }
    kept = {
        name: [item for item in items if item != {"$unlabelled": True}] for name, items in open_gold.items()
    }
    agree(compile_model(Words), kept, data.draw(value))


def test_a_hundred_items_against_scipy() -> None:
    plan = compile_model(Free)
    gold = {"items": [{"key": "k", "number": at % 7, "note": "abcdefgh"[: at % 9]} for at in range(40)]}
    predicted = {"items": [{"key": "k", "number": at % 5, "note": "abcdefgh"[at % 9 :]} for at in range(40)]}
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(assignment, "SMALL", 0)
        agree(plan, gold, predicted)


class Twin(BaseModel):
    """So few values that most items have a twin, told apart by quotes and alternatives alone."""

    name: Annotated[str | None, Text(0.6)] = None
    size: Annotated[int | None, Number(abs_tol=1)] = None
    parts: list[Part] = []
    quotes: Annotated[list[str], Evidence()] = []


class Twins(BaseModel):
    items: Annotated[list[Twin], Records(match_at=0.4)] = []
    words: list[Annotated[str, Text(0.6)]] = []


_TWIN = st.fixed_dictionaries(
    {"name": st.sampled_from(["abcdefgh", "abcdefgx"])},
    optional={
        "size": st.integers(0, 2),
        "parts": st.lists(st.fixed_dictionaries({"name": st.sampled_from("ab")}), max_size=2),
        "quotes": st.lists(st.sampled_from(["Ada", "ada", "nowhere", ""]), max_size=2),
    },
)
_TWINS: st.SearchStrategy[dict[str, list[Any]]] = st.fixed_dictionaries(
    {"items": st.lists(_TWIN, max_size=4), "words": st.lists(st.sampled_from(["abcd", "abcx"]), max_size=4)}
)


@given(st.data(), st.randoms(use_true_random=False), st.sampled_from([0, 10**9]), st.sampled_from([0, 7]))
def test_the_order_of_twins_changes_no_number(
    data: st.DataObject, random: Random, few: int, small: int
) -> None:
    gold: Any = {
        name: [
            {"$optional": item} if data.draw(st.integers(0, 3)) == 0 else data.draw(annotated(item))
            for item in items
        ]
        for name, items in data.draw(_TWINS).items()
    }
    predicted: Any = data.draw(_TWINS)
    scorer = Scorer(compile_model(Twins))
    with long_lists_from(few), pytest.MonkeyPatch.context() as patched:
        patched.setattr(assignment, "SMALL", small)
        found = scorer.score(gold, extraction(predicted), "Ada")
        assert scorer.score(shuffled(gold, random), extraction(shuffled(predicted, random)), "Ada") == found
    agree(scorer.plan, gold, predicted)
