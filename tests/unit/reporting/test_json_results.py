from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from harness.records import FailureKind, Outcome
from harness.reporting.json_results import as_json, json_text, json_value, outcome_as_json
from harness.scoring.evaluation import Evaluation


def test_an_evaluation_from_the_headline_to_each_document(mixed: Evaluation) -> None:
    result = as_json(mixed)
    assert result["headline"] == mixed.headline()
    assert result["headline"]["f1"] == 12 / 19
    assert result["counts"]["correct"] == 4
    assert list(result["fields"]) == ["title", "note", "parts[].name", "parts[].amount"]
    amount = result["fields"]["parts[].amount"]
    assert (amount["comparator"], amount["weight"]) == ("Number", 1)
    assert result["fields"]["parts[].name"]["weight"] == 2
    assert (amount["possible"], amount["actual"], amount["spurious"], amount["f1"]) == (2, 3, 1, 0.4)
    assert result["fields"]["note"]["comparator"] is None
    assert result["fields"]["note"]["f1"] is None
    assert result["facts"]["parts"] == {
        "right": 1,
        "wrong": 1,
        "missing": 0,
        "spurious": 2,
        "precision": 0.25,
        "recall": 0.5,
        "f1": 1 / 3,
    }
    assert result["grounding"]["right_exact"] == 3
    assert result["grounding"]["readings"]["grounded"] == 3
    assert (result["documents"], result["trials"], result["stray"], result["failures"]) == (1, 1, 1, {})
    assert result["schema"]["schema_hash"] == mixed.plan.schema_hash
    (document,) = result["scores"]
    assert (document["document"], document["trial"], document["f1"]) == ("d0", 0, 12 / 19)
    assert document["exactly_right"] is False


def test_failures_are_counted_by_kind_and_told_of_each_document(evaluate: Callable[..., Evaluation]) -> None:
    result = as_json(evaluate(FailureKind.REFUSED, FailureKind.NOT_ANSWERED, FailureKind.REFUSED))
    assert result["failures"] == {"refused": 2, "not answered": 1}
    assert [score["failure"] for score in result["scores"]] == ["refused", "not answered", "refused"]
    assert result["scores"][0]["missing"] == 5
    assert result["scores"][0]["precision"] is None


@pytest.mark.parametrize("name", ["perfect", "mixed", "empty"])
def test_json_reads_back_to_the_same(name: str, request: pytest.FixtureRequest) -> None:
    result = as_json(request.getfixturevalue(name))
    assert json.loads(json_text(result)) == result


def test_nothing_defined_is_null_and_not_zero(empty: Evaluation) -> None:
    result = as_json(empty)
    assert set(result["headline"].values()) == {None}
    assert (result["documents"], result["fields"], result["scores"]) == (0, {}, [])


def test_an_outcome_has_its_values_whole(outcomes: tuple[Outcome, ...]) -> None:
    long = "x\x1b" * 10_000
    one = outcome_as_json(replace(outcomes[0], gold=long, predicted=float("inf"), similarity=None))
    assert one["gold"] == long
    assert (one["predicted"], one["similarity"]) == ("Infinity", None)
    assert {type(value) for value in one.values()} <= {str, type(None)}
    assert list(one) == list(Outcome.__slots__)


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        ({"a": (1, 2.5, None, True)}, {"a": [1, 2.5, None, True]}),
        (float("nan"), "NaN"),
        (float("-inf"), "-Infinity"),
        ({1: "a"}, {"1": "a"}),
        (2**64, 2**64),
        (Decimal("1.50"), "1.50"),
    ],
)
def test_values_that_json_has_no_word_for(value: Any, plain: Any) -> None:
    assert json_value(value) == plain


def test_endless_digits_and_endless_nesting_become_words() -> None:
    nested: Any = []
    for _ in range(5_000):
        nested = [nested]
    text = json_text(json_value([nested, 10**5000]))
    assert "nested deeper than 200" in text
    assert json.loads(text)[1].startswith("0x")


def test_json_is_ascii_whatever_a_value_holds() -> None:
    value = ["\x1b\x9b\u202e", "\ud800", "東京"]
    text = json_text(value)
    assert text.isascii()
    assert "\x1b" not in text
    assert json.loads(text) == value


def test_json_refuses_what_is_no_number() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        json_text(float("nan"))
