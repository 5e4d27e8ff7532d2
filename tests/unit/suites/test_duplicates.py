from __future__ import annotations

from typing import Any

import pytest

from harness.suites.duplicates import duplicates
from tests.unit.suites.label_schema import PLAN

FACT = {"place": "DPR", "count": {"low": 3}, "when": "2022-08", "names": ["Ann", "Bob"], "evidence": ["one"]}


def found(*facts: Any) -> list[tuple[Any, Any]]:
    return list(duplicates(PLAN, {"facts": list(facts)}))


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"place": "Donetsk People’s Republic"},
        {"names": ["bob", "ANN"]},
        {"evidence": ["another"], "remark": "not graded"},
        {"count": {"low": 3.0, "wording": None}},
        {"when": {"$any": ["2022-08", "2022-09"]}},
    ],
)
def test_the_same_graded_content_is_one_fact(change: dict[str, Any]) -> None:
    assert found(FACT, {"names": ["Eve"]}, {**FACT, **change}) == [(("facts", 2), ("facts", 0))]


@pytest.mark.parametrize(
    "change",
    [
        {"place": "Luhansk"},
        {"names": ["Ann"]},
        {"names": ["Ann", "Bob", "Bob"]},
        {"count": None},
        {"when": "2022"},
        {"when": {"$any": ["2022-09", "2022-08"]}},
        {"sure": False},
    ],
)
def test_another_value_makes_another_fact(change: dict[str, Any]) -> None:
    assert found(FACT, {**FACT, **change}) == []


def test_optional_facts_and_unions_are_compared_too() -> None:
    ban = {"kind": "ban", "body": "UN"}
    facts: Any = {"others": [ban, {"kind": "payment", "amount": 3}, {"$optional": {**ban, "body": "un"}}]}
    assert list(duplicates(PLAN, facts)) == [(("others", 2), ("others", 0))]


def test_lists_of_scalars_may_repeat() -> None:
    assert found({"names": ["Ann", "Ann"]}) == []
