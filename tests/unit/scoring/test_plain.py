"""Which records the generated functions take, and what they make of them."""

from typing import Annotated, Any

import pytest
from pydantic import AliasChoices, BaseModel, Field

from harness.marks import Evidence, Ungraded
from harness.schema.compile import compile_model
from harness.scoring.binding import BoundRecord, bind
from harness.scoring.comparators.base import Malformed, NotPlain
from harness.scoring.comparators.remembered import MOST_KEPT, Remembered
from harness.scoring.comparators.values import folded
from harness.scoring.plain import NOT_PLAIN
from tests.scored import made


class Size(BaseModel):
    amount: float | None = None
    whole: int | None = None


class Thing(BaseModel):
    name: Annotated[str | None, Field(validation_alias=AliasChoices("Name", "it's"))] = None
    sure: bool | None = None
    size: Size | None = None
    words: list[str] = []
    quotes: Annotated[list[str], Evidence()] = []


BOUND: BoundRecord = bind(compile_model(Thing))
WHOLE: dict[str, Any] = {
    "Name": " A ",
    "sure": True,
    "size": {"amount": 1.5, "whole": 2},
    "words": [],
    "quotes": [],
}


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
def test_plain_records(changed: Any, cells: Any) -> None:
    found, inside = BOUND.plain({**WHOLE, **changed}, [])
    assert found == cells
    assert list(map(type, found)) == list(map(type, cells))
    assert inside == ([],)


def test_keys_may_be_left_out_or_called_by_another_name() -> None:
    assert BOUND.plain({"it's": "B"}, []) == (("b", None, None, None), (None,))


def test_quotes_are_kept_apart() -> None:
    quotes: list[str] = []
    BOUND.plain({**WHOLE, "quotes": ["q", 1, "r"]}, quotes)
    assert quotes == ["q", "r"]


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
def test_other_records(raw: Any) -> None:
    with pytest.raises(NOT_PLAIN):
        BOUND.plain(raw, [])


def test_a_field_name_cannot_leave_its_quotes() -> None:
    aliases = ["']", '"]', "\\", "\n"]
    fields: dict[str, Any] = {f"f{at}": (str | None, Field(None, alias=one)) for at, one in enumerate(aliases)}
    bound = bind(compile_model(made(**fields)))
    assert bound.plain(dict(zip(aliases, "abcd", strict=True)), None)[0] == ("a", "b", "c", "d")


def test_fields_that_share_a_key_are_never_plain() -> None:
    class Shared(BaseModel):
        one: Annotated[str | None, Field(validation_alias=AliasChoices("a", "b"))] = None
        other: Annotated[str | None, Field(validation_alias=AliasChoices("b", "c"))] = None

    with pytest.raises(NOT_PLAIN):
        bind(compile_model(Shared)).plain({"a": "x", "b": "y"}, None)


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


def test_records_that_share_only_what_is_ungraded_are_not_alike() -> None:
    class Aside(BaseModel):
        note: Annotated[str, Ungraded()]

    class Root(BaseModel):
        name: str
        asides: list[Aside]

    (bound,) = bind(compile_model(Root)).branches[0].variants
    cells = {0: ("a",)}
    assert bound.edges(cells, cells, [(0, 0)], 0.5, 0.0) == {}
    assert bound.like(cells[0], cells[0], 0.5, 0.0) == (0.0, 0.0, 0)
