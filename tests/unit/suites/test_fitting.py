from __future__ import annotations

from typing import Any

import pytest
from pydantic import BaseModel, ConfigDict, field_validator

from harness.schema.compile import compile_model
from harness.suites.annotated_paths import printed
from harness.suites.fitting import misfits
from tests.unit.suites.label_schema import PLAN, Article


def found(value: Any) -> list[tuple[str, str]]:
    return [(printed(one.path), one.seen) for one in misfits(PLAN, Article, value)]


@pytest.mark.parametrize(
    "value",
    [
        {},
        {"title": None, "published": "2022-08-25", "facts": []},
        {"facts": [{"status": {"$any": ["sent", "present"]}, "count": {"$any": [{"low": 3}, None]}}]},
        {"facts": [{"$optional": {"status": "sent"}}], "title": {"$unlabelled": True}},
        {"facts": [{"status": {"$unlabelled": True}}], "by_name": {"x y": {"low": 1}}},
        {"others": [{"kind": "ban", "body": {"$unlabelled": True}}, {"kind": "payment", "amount": "3.5"}]},
        {"others": {"$any": [[{"kind": "ban", "body": "UN"}], []]}},
    ],
)
def test_what_fits(value: Any) -> None:
    assert found(value) == []


@pytest.mark.parametrize(
    ("value", "path", "seen"),
    [
        ({"title": 3}, "title", "Input should be a valid string; it is \"3\""),
        ({"facts": [{}, {"stauts": "sent"}]}, "facts[1].stauts", 'the schema has no field "stauts" here'),
        ({"facts": [{"count": {"lo": 1}}]}, "facts[0].count.lo", 'the schema has no field "lo" here'),
        ({"facts": [{"names": ["a", 7]}]}, "facts[0].names[1]", "Input should be a valid string; it is \"7\""),
        ({"by_name": {"x y": {"low": "a"}}}, 'by_name."x y".low', "unable to parse string"),
        ({"published": "2022-08"}, "published", "valid date"),
        ({"title": {"$any": ["A", ["B"]]}}, "title", "valid string"),
        ({"facts": [{"$optional": {"status": "gone"}}]}, "facts[0].status", 'present\'; it is "gone"'),
        ({"facts": ["text"]}, "facts[0]", "should be an object"),
        ({"facts": "text"}, "facts", "valid array"),
        ({"facts": [None]}, "facts[0]", "null cannot stand for an item of a list"),
        ({"others": [{"kind": "payment"}]}, "others[0].amount", "Field required (read as Payment)"),
        ({"others": [{"kind": "ban", "body": "UN", "amount": 3}]}, "others[0].amount", "no field \"amount\""),
        ({"title": {"$any": ["A"]}}, "title", "$any needs a list of at least two readings"),
        ({"title": {"$al": 1}}, "title", "$al is no annotation"),
    ],
)  # fmt: skip
def test_what_does_not_fit(value: Any, path: str, seen: str) -> None:
    everything = found(value)
    assert path in {at for at, _ in everything}
    assert any(seen in words for at, words in everything if at == path), everything


def test_the_place_is_found_behind_optional_items_and_alternatives() -> None:
    value: Any = {
        "facts": [
            {"$optional": {"status": "sent"}},
            {"$any": [None, {"status": "sent"}, {"status": "gone"}]},
            {"count": {"$any": [{"low": 1}, {"low": "many"}]}},
        ]
    }
    places = {one.path for one in misfits(PLAN, Article, value)}
    assert places == {("facts", 1, "$any", 2, "status"), ("facts", 2, "count", "$any", 1, "low")}


def test_everything_is_said_once() -> None:
    value: Any = {
        "title": {"$any": ["A", "B", "C"]},
        "facts": [{"status": "gone"}, {"names": "x", "nmaes": []}],
    }
    assert [path for path, _ in found(value)] == ["facts[1].nmaes", "facts[0].status", "facts[1].names"]


def test_a_near_name_is_proposed() -> None:
    (misfit,) = misfits(PLAN, Article, {"titel": "A"})
    assert misfit.hint == 'did you mean "title"?'


@pytest.mark.parametrize(
    ("value", "absent"),
    [
        ({"others": [{"kind": "ban"}]}, {True}),
        ({"facts": [{"status": None}]}, {True}),
        ({"facts": [{"status": "gone"}]}, {False}),
    ],
)
def test_what_is_only_absent_is_told_apart(value: Any, absent: set[bool]) -> None:
    tagged = [
        one for one in misfits(PLAN, Article, value) if "kind" not in one.path and "amount" not in one.path
    ]
    assert {one.absent for one in tagged} == absent


def test_strict_models_take_dates_as_labels_write_them() -> None:
    import datetime as dt

    class Strict(BaseModel):
        model_config = ConfigDict(strict=True, extra="forbid")
        on: dt.date

    plan = compile_model(Strict)
    assert misfits(plan, Strict, {"on": "2022-08-25"}) == []
    assert len(misfits(plan, Strict, {"on": "2022-08-25", "of": 1})) == 2


def test_a_validator_that_crashes_is_told() -> None:
    class Odd(BaseModel):
        name: str

        @field_validator("name")
        @classmethod
        def explode(cls, name: str) -> str:
            raise KeyError(name)

    (misfit,) = misfits(compile_model(Odd), Odd, {"name": "x"})
    assert misfit.seen == "the model's validation fails: KeyError: 'x'"


def test_an_error_says_its_field_beside_file_and_line() -> None:
    (misfit,) = misfits(PLAN, Article, {"title": 3})
    assert misfit.as_error("a.yaml:3").seen.startswith("title: Input")
    assert misfit.as_error("").where == "title"
