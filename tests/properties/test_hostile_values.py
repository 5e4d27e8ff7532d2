"""No JSON value, however wrong, crashes the scorer."""

import datetime as dt
import uuid
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import AnyUrl, BaseModel

from harness.marks import Choice, Date, Evidence, Exact, Number, Records, Text, Ungraded
from harness.records import OutcomeKind
from harness.schema.compile import compile_model
from harness.scoring.scorer import Scorer
from tests.scored import counted, extraction, long_lists_from
from tests.strategies import Shape, json_values, models, spoilt


class Colour(Enum):
    RED = "red"
    TWO = 2


class Inner(BaseModel):
    name: str | None = None
    size: Annotated[int | None, Number(abs_tol=1)] = None
    quotes: Annotated[list[str], Evidence()] = []


class Cat(BaseModel):
    kind: Literal["cat"]
    lives: int = 9


class Dog(BaseModel):
    kind: Literal["dog"]
    tricks: list[str] = []


class Everything(BaseModel):
    """A field of every kind."""

    text: str | None = None
    code: Annotated[str | None, Exact()] = None
    near: Annotated[str | None, Text()] = None
    place: Annotated[str | None, Choice({"Donetsk": ("DPR",)})] = None
    when: Annotated[str | None, Date()] = None
    day: dt.date | None = None
    moment: dt.datetime | None = None
    clock: dt.time | None = None
    span: dt.timedelta | None = None
    truth: bool | None = None
    whole: int | None = None
    real: Annotated[float | None, Number(rel_tol=0.1)] = None
    money: Annotated[Decimal | None, Number(abs_tol=0.01)] = None
    choice: Literal["a", 1, True] | None = None
    colour: Colour | None = None
    key: uuid.UUID | None = None
    url: AnyUrl | None = None
    either: int | str | None = None
    dated: dt.date | bool | float | None = None
    inner: Inner | None = None
    inners: Annotated[list[Inner], Records(keys=("name",))] = []
    words: list[str] = []
    numbers: set[int] = set()
    lists: list[list[str]] = []
    table: dict[str, int] = {}
    named: dict[str, Inner] = {}
    pet: Cat | Dog | None = None
    pets: list[Cat | Dog] = []
    chain: "Everything | None" = None
    aside: Annotated[Inner | None, Ungraded()] = None
    quotes: Annotated[list[str], Evidence()] = []


def nested(depth: int, *, key: str = "") -> Any:
    """A list in a list in a list …, or the same with objects of one key."""
    value: Any = "x"
    for _ in range(depth):
        value = {key: value} if key else [value]
    return value


def doubled(depth: int) -> dict[str, Any]:
    """A model inside itself."""
    value: dict[str, Any] = {"text": "x"}
    for _ in range(depth):
        value = {"chain": value}
    return value


GOLD: dict[str, Any] = {
    "text": "a",
    "code": "b",
    "near": "c",
    "place": "DPR",
    "when": "2022-08",
    "day": "2022-08-25",
    "moment": "2022-08-25T10:00:00Z",
    "clock": "10:00",
    "span": "P1D",
    "truth": True,
    "whole": 1,
    "real": 1.5,
    "money": "1.50",
    "choice": "a",
    "colour": "red",
    "key": "12345678-1234-5678-1234-567812345678",
    "url": "http://a.example/",
    "either": 1,
    "dated": "2022-08-25",
    "inner": {"name": "a", "size": 1, "quotes": ["q"]},
    "inners": [{"name": "a", "size": 1}, {"name": "b"}, {"name": "a"}],
    "words": ["a", "a", "b"],
    "numbers": [1, 2],
    "lists": [["a"], ["b", "c"]],
    "table": {"k": 1},
    "named": {"k": {"name": "a"}},
    "pet": {"kind": "cat", "lives": 9},
    "pets": [{"kind": "cat", "lives": 9}, {"kind": "dog", "tricks": ["sit"]}],
    "chain": {"text": "a", "chain": {"text": "b"}},
    "aside": {"name": "a"},
    "quotes": ["q"],
}
WRONG: dict[str, Any] = {
    "null": None,
    "true": True,
    "false": False,
    "zero": 0,
    "minus zero": -0.0,
    "NaN": float("nan"),
    "Infinity": float("inf"),
    "minus Infinity": float("-inf"),
    "401 digits": 10**400,
    "minus 401 digits": -(10**400),
    "4000 digits": 10**3999,
    "5001 digits": 10**5000,
    "largest float": 1.7976931348623157e308,
    "smallest float": 5e-324,
    "written NaN": "NaN",
    "written overflow": "1e999999999",
    "empty": "",
    "blank": " \n\u00a0",
    "surrogate": "\ud800",
    "surrogates": "\udfff\ud800",
    "zero byte": "\x00",
    "long": "x" * 100_000,
    "digits": "9" * 100_000,
    "control": "\x1b[31m",
    "list": [],
    "object": {},
    "list of nulls": [None, None],
    "list of lists": [[], [[]], [[[]]]],
    "list of everything": [None, True, 1, 1.5, "x", [], {}],
    "lists 500 deep": nested(500),
    "objects 500 deep": nested(500, key="text"),
    "stray 500 deep": {"stray": nested(500)},
    "chain 500 deep": nested(500, key="chain"),
    "inners 500 deep": nested(500, key="inners"),
    "an annotation": {"$any": ["a", "b"]},
    "unlabelled": {"$unlabelled": True},
    "keys that look alike": {"text": "a", "Text": "b", " text": "c", "TEXT": "d", "teхt": "e"},
    "an empty key": {"": "x"},
    "a surrogate key": {"\ud800": "x", "text": "\ud800"},
    "a list of deep strays": [
        {"name": "a", "stray": nested(500)},
        {"name": "a", "stray": nested(499)},
        {"name": "a"},
    ],
    "a very wide list": ["x"] * 300,
    "a wide list of objects": [{"name": "a"}] * 60,
    "all kinds of text": {"name": 1, "size": "x", "quotes": "q"},
    "quotes of any kind": {"quotes": [1, None, {"a": 1}, "q"]},
    "no such model": {"kind": "bird"},
    "a list as tag": {"kind": ["cat"]},
}
SCORER = Scorer(compile_model(Everything))


def survives(gold: Any, predicted: Any) -> None:
    found = SCORER.score(gold, extraction(predicted), "q and “q” again")
    outcomes = SCORER.explain(gold, extraction(predicted))
    assert counted(outcomes) == found.leaves
    assert all(outcome.reason for outcome in outcomes)
    assert all(count >= 0 for counts in found.leaves.values() for count in counts)


def test_the_gold_of_these_tests_is_perfect() -> None:
    found = SCORER.score(GOLD, extraction(GOLD)).total
    assert found.possible == found.correct == found.actual


@pytest.mark.parametrize("wrong", sorted(WRONG))
def test_a_wrong_value_in_one_field(wrong: str) -> None:
    for field in Everything.model_fields:
        survives(GOLD, {**GOLD, field: WRONG[wrong]})


@pytest.mark.parametrize("wrong", sorted(WRONG))
def test_a_wrong_value_everywhere(wrong: str) -> None:
    value = WRONG[wrong]
    survives(GOLD, value)
    survives(None, value)
    survives({}, dict.fromkeys(Everything.model_fields, value))
    survives(GOLD, dict.fromkeys(Everything.model_fields, value))
    lists = ("inners", "words", "numbers", "lists", "pets")
    survives(GOLD, {name: [value, value, *GOLD[name]] for name in lists})
    survives(GOLD, {"table": {"k": value}, "named": {"k": value, "": value}})
    survives(GOLD, {"inner": {"name": value, "size": value, "quotes": value}})


@pytest.mark.parametrize("wrong", sorted(WRONG))
def test_a_wrong_value_in_long_lists(wrong: str) -> None:
    value = WRONG[wrong]
    with long_lists_from(0):
        survives(GOLD, {name: [value, value, *GOLD[name]] for name in ("inners", "words", "numbers", "pets")})
        survives(GOLD, {"inners": [{"name": value, "size": value}, {"name": "a", "size": value}]})


def test_a_chain_of_models_deeper_than_is_followed_is_one_wrong_value() -> None:
    found = SCORER.score(doubled(3), extraction(doubled(500)))
    assert found.total.spurious == 1
    assert found.total.missing == 1


def test_a_wrong_enum_member_is_incorrect_whatever_it_is() -> None:
    for value in (True, 1.0, [1], {"a": 1}, "RED", "Red ", 10**400):
        outcomes = {one.path: one for one in SCORER.explain({"colour": "red"}, extraction({"colour": value}))}
        assert outcomes["colour"].kind is OutcomeKind.INCORRECT


@given(st.data(), models())
def test_no_json_value_crashes_any_schema(data: st.DataObject, shape: Shape) -> None:
    scorer = Scorer(compile_model(shape.annotation))
    gold = data.draw(shape.values)
    predicted = data.draw(json_values(20) | spoilt(gold, 2))
    with long_lists_from(data.draw(st.sampled_from([0, 50]))):
        found = scorer.score(gold, extraction(predicted), "text")
        assert counted(scorer.explain(gold, extraction(predicted))) == found.leaves


@given(st.data())
def test_no_json_value_crashes_a_schema_of_everything(data: st.DataObject) -> None:
    survives(GOLD, data.draw(spoilt(GOLD, 3)))
