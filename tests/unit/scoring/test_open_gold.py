"""What gold leaves open is charged to nobody, wherever it stands."""

from __future__ import annotations

from typing import Annotated

import pytest
from pydantic import BaseModel

from harness.marks import Date, Number, Records
from harness.records import Counts, Extraction, ExtractionFailure, FactCounts, FailureKind, Json, OutcomeKind
from harness.schema.compile import compile_model
from harness.scoring.binding import bind
from harness.scoring.reading import read_gold
from harness.scoring.scorer import Scorer
from harness.scoring.unreadable import unreadable


class Said(BaseModel):
    speaker: str | None = None
    quote: str | None = None
    kind: str | None = None
    about: str | None = None


class Person(BaseModel):
    name: str | None = None


class Page(BaseModel):
    title: str | None = None
    authors: list[str] = []
    head: Person | None = None
    said: Annotated[list[Said], Records(keys=("speaker", "quote"))] = []
    people: list[Person] = []


SCORER = Scorer(compile_model(Page))


def total(gold: Json, predicted: Json) -> Counts:
    return SCORER.score(gold, Extraction("d", 0, predicted)).total


@pytest.mark.parametrize("key", [{"$optional": "Bob"}, {"$any": [None, "Bob"]}])
def test_a_key_that_may_be_absent_forbids_no_pair(key: Json) -> None:
    gold = {"said": [{"speaker": key, "kind": "a", "about": "b"}]}
    found = total(gold, {"said": [{"kind": "a", "about": "b"}]})
    assert (found.correct, found.missing, found.spurious) == (2, 0, 0)


def test_an_unlabelled_key_forbids_no_pair_and_costs_nothing() -> None:
    gold: Json = {"said": [{"speaker": {"$unlabelled": True}, "kind": "a", "about": "b"}]}
    found = total(gold, {"said": [{"speaker": "x", "kind": "a", "about": "b"}]})
    assert (found.correct, found.missing, found.spurious, found.ungraded) == (2, 0, 0, 1)


@pytest.mark.parametrize(
    ("field", "predicted"),
    [
        ("authors", "Bob"),
        ("authors", ["Bob"]),
        ("people", ["Bob"]),
        ("people", 3),
        ("head", "many"),
        ("head", []),
    ],
)
def test_what_does_not_fit_an_unlabelled_place_costs_nothing(field: str, predicted: Json) -> None:
    found = total({"title": "t", field: {"$unlabelled": True}}, {"title": "t", field: predicted})
    assert (found.correct, found.incorrect, found.missing, found.spurious) == (1, 0, 0, 0)
    assert found.ungraded == 1


def test_an_item_that_cannot_be_read_is_a_spurious_fact() -> None:
    score = SCORER.score({"people": [{"name": "a"}]}, Extraction("d", 0, {"people": [{"name": "a"}, "foo"]}))
    assert score.facts == {"people": FactCounts(right=1, spurious=1)}
    assert score.total.spurious == 1
    whole = SCORER.score({"people": [{"name": "a"}]}, Extraction("d", 0, {"people": "foo"}))
    assert whole.facts == {"people": FactCounts(missing=1)}


def test_a_whole_number_field_reads_no_fraction() -> None:
    class Near(BaseModel):
        count: Annotated[int | None, Number(abs_tol=1)] = None

    scorer = Scorer(compile_model(Near))
    assert scorer.score({"count": 3}, Extraction("d", 0, {"count": 3.5})).total.incorrect == 1
    assert scorer.score({"count": 3}, Extraction("d", 0, {"count": 4.0})).total.correct == 1


def test_a_day_is_the_day_that_the_prediction_writes_whatever_its_offset() -> None:
    class Dated(BaseModel):
        when: Annotated[str | None, Date()] = None

    scorer = Scorer(compile_model(Dated))

    def is_right(gold: str, predicted: str) -> bool:
        return scorer.score({"when": gold}, Extraction("d", 0, {"when": predicted})).total.correct == 1

    assert is_right("2022-08-25", "2022-08-25T23:00:00-05:00")
    assert not is_right("2022-08-26", "2022-08-25T23:00:00-05:00")
    assert is_right("2022-08-25T23:00:00-05:00", "2022-08-26T04:00:00Z")
    assert not is_right("2022-08-25T23:00:00-05:00", "2022-08-25T23:00:00Z")


def test_agreements_that_are_equal_as_fractions_tie() -> None:
    class Fact(BaseModel):
        a: int | None = None
        b: int | None = None
        c: int | None = None
        d: int | None = None
        e: int | None = None

    class Facts(BaseModel):
        v: Annotated[list[Fact], Records(match_at=0.3)] = []

    # 4/5 alone ties with 2/5 + 2/5; the tie goes to more right leaves, and both have four.
    gold = {"v": [{"a": 1, "b": 1, "c": 1, "d": 1, "e": 1}, {"a": 1, "b": 1, "c": 7, "d": 7, "e": 7}]}
    predicted = {"v": [{"a": 1, "b": 1, "c": 1, "d": 1, "e": 9}, {"a": 8, "b": 8, "c": 1, "d": 1, "e": 8}]}
    scorer = Scorer(compile_model(Facts))
    forth = scorer.score(gold, Extraction("d", 0, predicted))
    turned = {"v": gold["v"][::-1]}
    back = scorer.score(turned, Extraction("d", 0, {"v": predicted["v"][::-1]}))
    assert forth == back
    assert forth.total.correct == 4


def test_a_failure_says_why_each_leaf_is_missing() -> None:
    failure = ExtractionFailure("d", 0, FailureKind.REFUSED, "no\nluck")
    (missing,) = (one for one in SCORER.explain({"title": "t"}, failure) if one.kind is OutcomeKind.MISSING)
    assert missing.reason == "no extraction, refused: no luck"


def test_lists_in_lists_are_placed_without_a_name() -> None:
    class Grid(BaseModel):
        rows: list[list[int]] = []

    (outcome,) = Scorer(compile_model(Grid)).explain({"rows": [[1]]}, Extraction("d", 0, {"rows": [[1]]}))
    assert (outcome.gold_at, outcome.predicted_at) == ("rows[0][0]", "rows[0][0]")


@pytest.mark.parametrize("total_", [float("nan"), "NaN", {"$any": [1, float("inf")]}])
def test_gold_that_no_comparator_reads_is_found(total_: Json) -> None:
    class Bill(BaseModel):
        total: float | None = None

    bound = bind(compile_model(Bill))
    assert [path for path, _ in unreadable(read_gold(bound, {"total": total_}))] == [("total",)]
    assert not list(unreadable(read_gold(bound, {"total": {"$any": [1, None]}})))
