from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, Field, RootModel

from harness.marks import Ungraded, Weight
from harness.records import (
    Counts,
    DocumentScore,
    Extraction,
    ExtractionFailure,
    FactCounts,
    FailureKind,
    GroundingCounts,
)
from harness.schema.compile import compile_model
from harness.scoring.evaluation import Evaluation, weight_at
from harness.scoring.scorer import Scorer
from tests.scored import made, model_of


class Item(BaseModel):
    name: Annotated[str, Weight(3)]
    size: int | None = None


class Cat(BaseModel):
    kind: Literal["cat"]
    lives: Annotated[int, Weight(5)] = 9


class Dog(BaseModel):
    kind: Literal["dog"]


class Whole(BaseModel):
    title: str | None = None
    items: Annotated[list[Item], Weight(2)] = []
    table: dict[str, Annotated[int, Weight(0.5)]] = {}
    pet: Cat | Dog | None = None
    pets: list[Cat | Dog] = []
    odd: Annotated[int | None, Weight(7)] = Field(None, alias="odd key")
    below: "Whole | None" = None
    aside: Annotated[int | None, Ungraded(), Weight(9)] = None


PLAN = compile_model(Whole)


def scored(*pairs: tuple[str, int, Any, Any]) -> Evaluation:
    scorer = Scorer(PLAN)
    scores = []
    for document, trial, gold, predicted in pairs:
        if isinstance(predicted, FailureKind):
            scores.append(scorer.score(gold, ExtractionFailure(document, trial, predicted)))
        else:
            scores.append(scorer.score(gold, Extraction(document, trial, predicted)))
    return Evaluation(PLAN, tuple(scores))


@pytest.mark.parametrize(
    ("path", "weight"),
    [
        ("title", 1),
        ("items[].name", 6),
        ("items[].size", 2),
        ("table.*", 0.5),
        ("pet<Cat>.lives", 5),
        ("pets[]<Cat>.lives", 5),
        ("pet<Dog>.kind", 1),
        ('"odd key"', 7),
        ("below.title", 1),
        ("below.items[].name", 6),
        ("below.below.below.items[].name", 6),
        ("items", 1),
        ("items[]", 1),
        ("pet", 1),
        ("nowhere", 1),
        ("title.nowhere", 1),
        ("$", 1),
        ("pet.lives", 1),
        ("pet<Bird>.lives", 1),
    ],
)
def test_the_weight_at_a_path(path: str, weight: float) -> None:
    assert weight_at(PLAN.root, path) == weight


def test_the_weight_of_a_root_that_is_no_model() -> None:
    plan = compile_model(RootModel[list[Annotated[int, Weight(4)]]])
    assert weight_at(plan.root, "[]") == 4
    assert weight_at(compile_model(RootModel[Annotated[int, Weight(4)]]).root, "$") == 4


def test_every_leaf_is_found_by_its_path() -> None:
    from harness.paths import render
    from harness.schema import leaves

    for leaf in leaves(PLAN.root):
        assert weight_at(PLAN.root, render(leaf.path)) == leaf.weight


def test_nothing_at_all() -> None:
    found = Evaluation(PLAN, ())
    assert (found.documents, found.trials, found.totals) == (0, 0, Counts())
    assert set(found.headline().values()) == {None}
    assert (found.failures, found.fields, found.facts) == ({}, {}, {})


def test_weights_enter_the_headline_and_not_the_counts() -> None:
    found = scored(
        ("d", 0, {"title": "t", "items": [{"name": "a", "size": 1}]}, {"items": [{"name": "a", "size": 2}]})
    )
    assert found.fields["items[].name"] == Counts(correct=1)
    assert found.totals[:4] == (1, 1, 1, 0)
    assert found.weighted[:4] == (6, 2, 1, 0)
    assert found.recall == 6 / 9
    assert found.precision == 6 / 8
    assert found.f1 == 12 / 17


def test_weights_of_paths_below_a_recursion() -> None:
    value = {"below": {"below": {"items": [{"name": "a"}]}}}
    found = scored(("d", 0, value, {}))
    assert found.weighted.missing == 6


def test_micro_macro_and_mean_per_document() -> None:
    found = scored(
        ("one", 0, {"title": "t", "odd key": 1}, {"title": "t", "odd key": 1}),
        ("two", 0, {"title": "t"}, {"title": "x"}),
        ("three", 0, {}, {}),
    )
    assert found.macro_f1 == (0.5 + 1.0) / 2
    assert found.document_f1 == 0.5
    assert found.exactly_right == 2 / 3
    assert found.f1 == 2 * 8 / (9 + 9)


def test_the_trials_of_a_document_are_averaged_first() -> None:
    right, wrong = {"title": "t"}, {"title": "x"}
    found = scored(
        ("one", 0, right, right), ("one", 1, right, right), ("one", 2, right, wrong), ("two", 0, right, wrong)
    )
    assert (found.documents, found.trials) == (2, 3)
    assert found.document_f1 == pytest.approx((2 / 3 + 0) / 2)
    assert found.exactly_right == pytest.approx((2 / 3 + 0) / 2)
    assert found.f1 == 0.5


def test_failures_are_counted_and_leave_no_denominator() -> None:
    gold = {"title": "t"}
    found = scored(
        ("one", 0, gold, gold), ("two", 0, gold, FailureKind.REFUSED), ("three", 0, {}, FailureKind.REFUSED),
        ("four", 0, gold, FailureKind.EMPTY),
    )  # fmt: skip
    assert found.failures == {FailureKind.REFUSED: 2, FailureKind.EMPTY: 1}
    assert (found.recall, found.precision, found.document_f1) == (1 / 3, 1.0, 1 / 3)
    assert found.exactly_right == 1 / 4


def test_fields_come_in_the_order_of_the_schema() -> None:
    found = scored(
        ("one", 0, {}, {"pet": {"kind": "bird"}, "table": {"k": 1}, "items": [{"name": "a"}]}),
        ("two", 0, {"title": "t"}, {}),
    )
    named = list(found.fields)
    assert named.index("title") < named.index("items[].name") < named.index("table.*")


def test_facts_and_the_rest() -> None:
    gold = {"items": [{"name": "a"}, {"name": "b"}, {"name": "c"}]}
    found = scored(
        ("one", 0, gold, {"items": [{"name": "a"}, {"name": "b", "size": 1}, {"name": "z"}], "stray": 1})
    )
    assert found.facts == {"items": FactCounts(1, 1, 1, 1)}
    assert found.fact_totals == Counts(1, 1, 1, 1)
    assert found.fact_f1 == 2 / 6
    assert found.headline()["fact_precision"] == found.headline()["fact_recall"] == 1 / 3
    assert found.stray == 1
    assert found.grounding == GroundingCounts()


def test_no_list_of_models_has_no_fact_score() -> None:
    plan = compile_model(model_of(str))
    found = Evaluation(plan, (DocumentScore("d", 0, {"v": Counts(1)}),))
    assert found.fact_f1 is None
    assert found.f1 == 1.0


def test_silence_is_a_metric_of_its_own() -> None:
    found = scored(("d", 0, {}, {"title": "x"}))
    headline = found.headline()
    assert headline["precision"] == 0.0
    assert headline["recall"] is None
    assert headline["over_generation"] == 1.0
    assert headline["under_generation"] is None


def test_ungraded_leaves_enter_no_headline() -> None:
    assert scored(("d", 0, {"aside": 1}, {"aside": 2})).f1 is None


def test_a_model_made_while_running_is_scored_too() -> None:
    plan = compile_model(made("Made", v=(Annotated[int, Weight(2)], ...)))
    assert weight_at(plan.root, "v") == 2
