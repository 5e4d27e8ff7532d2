from __future__ import annotations

import dataclasses
import json
from decimal import Decimal

from harness.records import Comparison, Estimate
from harness.reporting.comparison.as_json import comparison_as_json
from harness.reporting.json_results import json_text
from tests.unit.reporting.decisions import AFTER, COMPARISON, flip, outcome


def test_everything_of_a_comparison_is_there() -> None:
    found = comparison_as_json(COMPARISON)
    assert {field.name for field in dataclasses.fields(Comparison)} <= found.keys()
    for record, key in (
        (COMPARISON.headline, "headline"),
        (COMPARISON.baseline, "baseline"),
        (COMPARISON.flipped_documents[0], "flipped_documents"),
        (COMPARISON.flipped_leaves[0], "flipped_leaves"),
    ):
        part = found[key][0] if isinstance(found[key], list) else found[key]
        assert {field.name for field in dataclasses.fields(record)} <= part.keys()
    assert {field.name for field in dataclasses.fields(AFTER.expense)} <= found["candidate"]["expense"].keys()
    assert {field.name for field in dataclasses.fields(AFTER.stability)} <= found["candidate"][
        "stability"
    ].keys()


def test_values_are_whole_and_unrounded() -> None:
    found = comparison_as_json(COMPARISON)
    assert found["sentence"].startswith("rules v2 is 4.1 points of F1 worse than rules v1")
    assert found["verdict"] == "worse"
    assert found["headline"]["difference"]["value"] == COMPARISON.headline.difference.value
    assert found["headline"]["path"] is None
    assert found["fields"][2]["path"] == "items[].amount"
    assert found["fields"][2]["noisy"] is True
    assert found["candidate"]["expense"]["cost"] == "1.2"
    assert found["candidate"]["expense"]["failures"] == {"refused": 2}
    assert found["flipped_leaves"][0]["candidate"]["predicted"] == 8
    assert found["flipped_leaves"][1]["candidate"] is None
    assert found["flipped_leaves"][0]["line"] == 12
    assert found["signature"] == {"baseline": "a", "candidate": "b"}


def test_what_is_not_defined_is_null_and_nan_is_in_no_file() -> None:
    nan = flip(candidate=outcome(predicted=float("nan")))
    found = comparison_as_json(dataclasses.replace(COMPARISON, flipped_leaves=(nan,), detectable=None))
    read = json.loads(json_text(found))
    assert read["metrics"][1]["p"] is None
    assert read["metrics"][1]["difference"] == {"value": None, "interval": None}
    assert read["flipped_leaves"][0]["candidate"]["predicted"] == "NaN"
    assert read["detectable"] is None


def test_the_verdicts() -> None:
    same = dataclasses.replace(COMPARISON, identical=True)
    assert comparison_as_json(same)["verdict"] == "identical"
    open_one = dataclasses.replace(COMPARISON.headline, difference=Estimate(-0.041))
    assert comparison_as_json(dataclasses.replace(COMPARISON, headline=open_one))["verdict"] == "cannot tell"


def test_an_unknown_cost_is_null() -> None:
    expense = dataclasses.replace(AFTER.expense, cost=Decimal(0), unpriced=4)
    side = dataclasses.replace(AFTER, expense=expense)
    assert (
        comparison_as_json(dataclasses.replace(COMPARISON, candidate=side))["candidate"]["expense"]["cost"]
        is None
    )
