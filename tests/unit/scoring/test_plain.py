"""Which records are read as plain, and what is made of them."""

from typing import Annotated, Any

import pytest
from pydantic import AliasChoices, BaseModel, Field

from harness.marks import Evidence, Ungraded
from harness.schema.compile import compile_model
from harness.scoring.binding import bind
from harness.scoring.bound import BoundRecord
from harness.scoring.comparators.base import Malformed, NotPlain
from harness.scoring.comparators.remembered import MOST_KEPT, Remembered
from harness.scoring.comparators.values import folded
from harness.scoring.loops import Loops
from harness.scoring.readings import Reading
from tests.scored import BY_NAME, LOOPS, made


class Size(BaseModel):
    amount: float | None = None
    whole: int | None = None


class Thing(BaseModel):
    name: Annotated[str | None, Field(validation_alias=AliasChoices("Name", "it's"))] = None
    sure: bool | None = None
    size: Size | None = None
    words: list[str] = []
    quotes: Annotated[list[str], Evidence()] = []


BOUNDS = [pytest.param(bind(compile_model(Thing), loops), id=loops.name) for loops in LOOPS]
WHOLE: dict[str, Any] = {
    "Name": " A ",
    "sure": True,
    "size": {"amount": 1.5, "whole": 2},
    "words": [],
    "quotes": [],
}


def read(bound: BoundRecord, raw: Any) -> Reading:
    (found,) = bound.read([raw], (), None)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("changed", "cells"),
    [
        ({}, ("a", True, 1.5, 2)),
        ({"Name": None}, (None, True, 1.5, 2)),
        ({"size": None}, ("a", True, None, None)),
        ({"size": {}}, ("a", True, None, None)),
        ({"size": {"whole": "3"}}, ("a", True, None, 3)),
        ({"size": {"amount": 1, "whole": 2.0}}, ("a", True, 1.0, 2)),
    ],
)
@pytest.mark.parametrize("bound", BOUNDS)
def test_plain_records(bound: BoundRecord, changed: Any, cells: Any) -> None:
    found = read(bound, {**WHOLE, **changed})
    assert found.cells == cells
    assert list(map(type, found.cells)) == list(map(type, cells))
    assert list(found.inside) == [[]]


@pytest.mark.parametrize("bound", BOUNDS)
def test_keys_may_be_left_out_or_called_by_another_name(bound: BoundRecord) -> None:
    found = read(bound, {"it's": "B"})
    assert found.cells == ("b", None, None, None)
    assert list(found.inside) == [None]


@pytest.mark.parametrize("bound", BOUNDS)
def test_quotes_are_kept_apart(bound: BoundRecord) -> None:
    records = [{**WHOLE, "quotes": ["q", 1, "r"]}, {**WHOLE, "quotes": "s"}]
    first, second = bound.read(records, ("things",), ["of the whole"])
    assert first is not None
    assert second is not None
    assert (first.quotes, second.quotes) == (["q", "r"], ["s"])
    assert (first.at(), second.at()) == (("things", 0), ("things", 1))


@pytest.mark.parametrize(
    "raw",
    [
        None, 1, "abcde", [], ["Name", "sure", "size", "words", "quotes"],
        {**WHOLE, "stray": 1},
        {"Name": "a", "it's": "b"},
        {**WHOLE, "Name": 1},
        {**WHOLE, "Name": ["a"]},
        {**WHOLE, "Name": {"$any": ["a", "b"]}},
        {**WHOLE, "sure": 1},
        {**WHOLE, "size": []},
        {**WHOLE, "size": {"amount": float("nan"), "whole": 1}},
        {**WHOLE, "size": {"amount": float("inf"), "whole": 1}},
        {**WHOLE, "size": {"amount": True, "whole": 1}},
        {**WHOLE, "size": {"amount": 1.0, "whole": True}},
        {**WHOLE, "size": {"amount": 1.0, "whole": 10**400}},
        {**WHOLE, "size": {"$unlabelled": True}},
        {**WHOLE, "words": {"$unlabelled": True}},
    ],
)  # fmt: skip
@pytest.mark.parametrize("bound", BOUNDS)
def test_other_records(bound: BoundRecord, raw: Any) -> None:
    found = bound.read([raw, WHOLE], (), None)
    assert found[0] is None
    assert found[1] is not None


@pytest.mark.parametrize("loops", LOOPS, ids=BY_NAME)
def test_a_field_name_cannot_leave_its_quotes(loops: Loops) -> None:
    aliases = ["']", '"]', "\\", "\n"]
    fields: dict[str, Any] = {f"f{at}": (str | None, Field(None, alias=one)) for at, one in enumerate(aliases)}
    bound = bind(compile_model(made(**fields)), loops)
    assert read(bound, dict(zip(aliases, "abcd", strict=True))).cells == ("a", "b", "c", "d")


@pytest.mark.parametrize("loops", LOOPS, ids=BY_NAME)
def test_fields_that_share_a_key_are_never_plain(loops: Loops) -> None:
    class Shared(BaseModel):
        one: Annotated[str | None, Field(validation_alias=AliasChoices("a", "b"))] = None
        other: Annotated[str | None, Field(validation_alias=AliasChoices("b", "c"))] = None

    assert bind(compile_model(Shared), loops).read([{"a": "x", "b": "y"}], (), None) == [None]


def test_only_strings_are_remembered() -> None:
    calls: list[object] = []

    def prepare(raw: object) -> object:
        calls.append(raw)
        return Malformed("") if raw == "bad" else raw

    known = Remembered(prepare)
    for raw in ("a", "a", 1, True, 1.0, None):
        assert known[raw] is raw
    assert calls == ["a", 1, True, 1.0]
    with pytest.raises(NotPlain):
        known["bad"]
    assert "bad" not in known


def test_what_is_remembered_has_an_end() -> None:
    known = Remembered(folded)
    for at in range(MOST_KEPT + 10):
        assert known[f"A{at}"] == f"a{at}"
    assert len(known) < 20
    assert known[None] is None


@pytest.mark.parametrize("loops", LOOPS, ids=BY_NAME)
def test_records_that_share_only_what_is_ungraded_are_not_alike(loops: Loops) -> None:
    class Aside(BaseModel):
        note: Annotated[str, Ungraded()]

    class Root(BaseModel):
        name: str
        asides: list[Aside]

    (bound,) = bind(compile_model(Root), loops).branches[0].variants
    cells: list[tuple[object, ...]] = [("a",)]
    assert bound.edges(cells, cells, 0.5) == {}
    assert bound.like(cells[0], cells[0], 0.5, 0.0) == (0.0, 0.0, 0)
