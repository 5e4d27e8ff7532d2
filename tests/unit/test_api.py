from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any

import pytest
from pydantic import BaseModel, Field

import harness
from harness.errors import GoldError, SchemaError, UsageError
from harness.marks import Evidence
from harness.records import Counts, FactCounts, FailureKind, OutcomeKind


class Child(BaseModel):
    name: str
    age: int | None = None
    quotes: Annotated[list[str], Evidence()] = []


class Person(BaseModel):
    name: str
    wealth: Annotated[Decimal | None, Field(alias="money")] = None
    children: list[Child] = []


ADA: dict[str, Any] = {
    "name": "Ada",
    "money": "3.50",
    "children": [{"name": "Bo", "age": 3, "quotes": ["Bo, 3"]}],
}
BOB: dict[str, Any] = {"name": "Bob"}


def test_one_record_as_model_or_mapping() -> None:
    model = Person.model_validate(ADA)
    for gold in (ADA, model):
        for predicted in (ADA, model, {**ADA, "money": Decimal("3.5"), "children": [Child(name="Bo", age=3)]}):
            result = harness.score(Person, gold, predicted)
            assert result.f1 == result.precision == result.recall == result.exactly_right == 1.0
            assert result.counts == Counts(correct=4)
            assert result.facts == {"children": FactCounts(right=1)}


def test_figures_are_those_of_the_scorer() -> None:
    result = harness.score(Person, ADA, {"name": "Eva", "children": []})
    assert result.precision == 0.0
    assert result.recall == 0.0
    assert result.fields["name"] == Counts(incorrect=1)
    assert result.fact_f1 == 0.0
    assert result.macro_f1 == 0.0
    assert result.document_f1 == 0.0
    assert result.scores[0].total == result.counts == result.sums.totals


def test_lists_are_many_records() -> None:
    result = harness.score(Person, [ADA, BOB], (ADA, harness.Failure("refused", "I would rather not")))
    assert [score.document for score in result.scores] == ["0", "1"]
    assert result.failures == {FailureKind.REFUSED: 1}
    assert result.exactly_right == 0.5
    assert [one.kind for one in result.outcomes(1) if one.gold is not None] == [OutcomeKind.MISSING]
    assert "1 (refused: I would rather not)" in result.explain(1)


def test_mappings_by_id_are_many_records() -> None:
    result = harness.score(Person, {"x": ADA, 7: Person(name="Bob")}, {"x": ADA})
    assert [score.document for score in result.scores] == ["x", "7"]
    assert result.failures == {FailureKind.NOT_ANSWERED: 1}
    assert len(result.outcomes()) == len(result.outcomes("x")) + len(result.outcomes(7))


def test_a_mapping_with_a_field_of_the_model_is_one_record() -> None:
    class Nested(BaseModel):
        child: Child | None = None

    result = harness.score(Nested, {"child": {"name": "Bo"}}, {"child": {"name": "Bo"}})
    assert result.fields == {"child.name": Counts(correct=1), "child.age": Counts(absent=1)}


@pytest.mark.parametrize(
    ("gold", "predicted", "seen"),
    [
        ([ADA, BOB], [ADA], "2 gold records, 1 predictions"),
        ([ADA], ADA, "one side is a list"),
        (ADA, [ADA], "one side is a list"),
        ({"x": ADA}, [ADA], "one side is a list"),
        ({"x": ADA}, None, "gold is a mapping by id and the predictions are not"),
        ({"x": ADA}, {"x": ADA, "y": ADA}, "'y' has no gold"),
        ({1: ADA, "1": ADA}, {1: ADA}, "print alike"),
    ],
)
def test_sides_of_different_shape_are_refused(gold: Any, predicted: Any, seen: str) -> None:
    with pytest.raises(UsageError, match=seen):
        harness.score(Person, gold, predicted)


@pytest.mark.parametrize(
    ("gold", "text", "exact"),
    [
        (ADA, "Bo, 3", 2),
        ([ADA, BOB], ["Bo, 3", None], 2),
        ({"x": ADA, "y": BOB}, {"x": "Bo, 3"}, 2),
        (ADA, "nothing", 0),
        (ADA, None, 0),
    ],
)
def test_quotes_are_looked_for_in_the_text(gold: Any, text: Any, exact: int) -> None:
    assert harness.score(Person, gold, gold, text=text).sums.grounding.right_exact == exact


@pytest.mark.parametrize(
    ("gold", "text"), [(ADA, ["Bo"]), ([ADA], "Bo"), ([ADA], ["Bo", "Bo"]), ({"x": ADA}, {"z": "Bo"})]
)
def test_texts_of_another_shape_are_refused(gold: Any, text: Any) -> None:
    with pytest.raises(UsageError):
        harness.score(Person, gold, gold, text=text)


def test_gold_may_be_annotated() -> None:
    gold = {"name": {"$any": ["Ada", "A."]}, "money": {"$unlabelled": True}, "children": [{"$optional": BOB}]}
    result = harness.score(Person, gold, {"name": "A.", "money": "12"})
    assert result.f1 == 1.0
    assert result.counts.ungraded == 1


def test_gold_need_not_have_every_required_field() -> None:
    assert harness.score(Person, {"children": [{"age": 3}]}, {"children": [{"age": 3}]}).f1 == 1.0
    assert harness.score(Person, {"name": None}, {}).f1 is None
    assert harness.score(Person, None, None).f1 is None


@pytest.mark.parametrize(
    ("gold", "where", "seen"),
    [
        ({"nam": "Ada"}, "nam", 'no field "nam"'),
        ({"name": {"$any": ["Ada"]}}, "name", "at least two readings"),
        ({"name": 3}, "name", "valid string"),
        ([BOB, {"name": "A", "children": [{"name": "B", "age": "x"}]}], "gold '1'", r"children\[0\].age: "),
        (harness.Failure("refused"), "", "gold is a harness.Failure"),
    ],
)
def test_gold_that_does_not_fit_is_refused(gold: Any, where: str, seen: str) -> None:
    predicted = [None] * len(gold) if isinstance(gold, list) else None
    with pytest.raises(GoldError, match=seen) as caught:
        harness.score(Person, gold, predicted)
    assert caught.value.where == where


@pytest.mark.parametrize(
    "predicted",
    [None, 3, "text", [], {"name": ["x"]}, {"name": "\ud800"}, {"name": object()}, {"money": float("nan")}],
)
def test_no_prediction_crashes(predicted: Any) -> None:
    result = harness.score(Person, [ADA], [predicted])
    assert result.counts.correct == 0
    assert result.counts.possible == 4


def test_a_prediction_nested_without_end_is_scored() -> None:
    value: Any = "deep"
    for _ in range(100_000):
        value = {"name": value}
    assert harness.score(Person, BOB, value).counts.possible == 1


def test_failures_have_known_kinds() -> None:
    with pytest.raises(UsageError, match="no kind of failure 'bored'") as caught:
        harness.Failure("bored")
    assert "refused" in caught.value.hint


def test_a_model_that_cannot_be_scored_is_refused() -> None:
    class Odd(BaseModel):
        anything: Any

    with pytest.raises(SchemaError, match="cannot be scored"):
        harness.score(Odd, {}, {})


def test_it_prints_and_explains_itself() -> None:
    result = harness.score(Person, {"x": ADA, "y": BOB}, {"x": {**ADA, "name": "Eva"}, "y": BOB})
    assert str(result) == repr(result)
    assert "children[].age" in str(result)
    assert "0.800" in str(result)
    explained = result.explain("x")
    assert '"Eva"' in explained
    assert "children" not in explained
    assert "Outcomes of y" in result.explain()


def test_an_unknown_id_is_refused_with_the_near_ones() -> None:
    result = harness.score(Person, {"alpha": BOB, "beta": BOB}, {"alpha": BOB})
    for ask in (result.outcomes, result.explain):
        with pytest.raises(UsageError, match="no record 'alfa'") as caught:
            ask("alfa")
        assert "alpha" in caught.value.hint


def loaded(code: str) -> set[str]:
    names = "('openai', 'instructor', 'sqlalchemy', 'rich', 'pydantic', 'numpy', 'scipy', 'yaml')"
    code += f"; import sys; print(*[name for name in {names} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_importing_harness_loads_nothing() -> None:
    assert loaded("import harness") == set()
    assert loaded("import harness; harness.score") <= {"pydantic", "numpy"}


def test_a_name_that_is_not_there() -> None:
    with pytest.raises(AttributeError, match="no attribute 'scores'"):
        harness.scores  # noqa: B018


def test_gold_is_a_mapping_of_any_kind() -> None:
    gold: Mapping[str, Any] = {"name": "Ada"}
    assert harness.score(Person, gold, Person(name="ada")).f1 == 1.0
