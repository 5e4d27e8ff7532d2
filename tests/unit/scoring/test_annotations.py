from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.errors import GoldError
from harness.scoring.annotations import annotation, best, check, is_unlabelled, options, readings
from tests.strategies import annotated, json_values, models

UNLABELLED = {"$unlabelled": True}


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ({"$any": [1, 2]}, "$any"),
        ({"$optional": 1}, "$optional"),
        (UNLABELLED, "$unlabelled"),
        ({"$other": 1}, None),
        ({"$any": [1, 2], "a": 1}, None),
        ({}, None),
        ("$any", None),
        (["$any"], None),
        (None, None),
    ],
)
def test_what_is_an_annotation(value: Any, found: str | None) -> None:
    assert annotation(value) == found
    assert is_unlabelled(value) is (found == "$unlabelled")


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("a", ["a"]),
        (None, [None]),
        ([1], [[1]]),
        ({"$any": ["a", "b"]}, ["a", "b"]),
        ({"$optional": "a"}, ["a", None]),
        ({"$any": ["a", {"$any": ["b", "c"]}]}, ["a", "b", "c"]),
        ({"$optional": {"$any": ["a", "b"]}}, ["a", "b", None]),
        ({"$any": [["a"], ["b"]]}, [["a"], ["b"]]),
        (UNLABELLED, [UNLABELLED]),
    ],
)
def test_options(value: Any, found: Any) -> None:
    assert options(value) == found


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ({"a": {"$any": [1, 2]}, "b": UNLABELLED}, {"a": 1, "b": None}),
        ([{"$optional": 3}, {"$any": [{"a": {"$any": [4, 5]}}, 6]}], [3, {"a": 4}]),
        (UNLABELLED, None),
        ({"$any": [{"$any": [1, 2]}, 3]}, 1),
        ("a", "a"),
    ],
)
def test_the_best_reading(value: Any, found: Any) -> None:
    assert best(value) == found


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("a", ["a"]),
        ({"$any": ["a", "b"]}, ["a", "b"]),
        (
            {"a": {"$any": [1, 2]}, "b": {"$any": [3, 4, 5]}},
            [{"a": 1, "b": 3}, {"a": 2, "b": 4}, {"a": 2, "b": 5}],
        ),
        ([{"$optional": 1}, 2], [[1, 2], [2]]),
        ({"a": UNLABELLED, "b": 1}, [{"b": 1}]),
        (UNLABELLED, [None]),
        ({"$any": [{"a": {"$any": [1, 2]}}, {"a": 3}]}, [{"a": 1}, {"a": 2}, {"a": 3}]),
        ([], [[]]),
    ],
)
def test_readings(value: Any, found: Any) -> None:
    assert list(readings(value)) == found


@given(st.data())
def test_plain_values_have_one_reading(data: st.DataObject) -> None:
    value = data.draw(json_values().filter(lambda one: "$" not in repr(one) and "None" not in repr(one)))
    assert repr(list(readings(value))) == repr([value])
    assert repr(best(value)) == repr(value)
    assert options(value) == [value]
    check(value)


@given(st.data())
def test_every_reading_is_plain_and_checked_values_read(data: st.DataObject) -> None:
    shape = data.draw(models())
    value = data.draw(annotated(data.draw(shape.values), shape.values))
    check(value)
    for reading in [*readings(value), best(value)]:
        assert "$" not in repr(reading)


@pytest.mark.parametrize(
    ("value", "where", "said"),
    [
        ({"$ny": [1, 2]}, "$", "$ny"),
        ({"a": [{"$optionl": 1}]}, "a[0]", "$optionl"),
        ({"$any": [1, 2], "b": 1}, "$", "beside"),
        ({"a": {"$any": [1]}}, "a", "two"),
        ({"a": {"$any": []}}, "a", "two"),
        ({"a": {"$any": "xy"}}, "a", "two"),
        ({"a": {"$unlabelled": False}}, "a", "true"),
        ({"a": {"$unlabelled": 1}}, "a", "true"),
        ({"a": [UNLABELLED]}, "a[0]", "item"),
        ({"a": {"$any": [{"$x": 1}, 2]}}, 'a."$any"[0]', "$x"),
        ({"a": {"$optional": {"b": {"$any": [1]}}}}, 'a."$optional".b', "two"),
    ],
)
def test_annotations_that_say_nothing_are_refused(value: Any, where: str, said: str) -> None:
    with pytest.raises(GoldError) as caught:
        check(value)
    assert caught.value.where == where
    assert said in str(caught.value)


@pytest.mark.parametrize(
    "value",
    [{"a": UNLABELLED}, {"$any": [1, None]}, {"$optional": [1]}, {"a": {"$any": [[1], []]}}, None, "$any"],
)
def test_good_annotations_pass(value: Any) -> None:
    check(value)
