from typing import Annotated, Any

import pytest
from pydantic import BaseModel

from harness.marks import Evidence, Exact, Ungraded
from harness.records import GroundingCounts
from harness.scoring.grounding import LONGEST_FUZZY, Located, Locator
from tests.scored import long_lists_from, score

TEXT = "Moscow said on 18 July that “about 4,000 workers”  had arrived.\nThey came by train; nobody met them."


@pytest.mark.parametrize(
    ("quote", "located"),
    [
        ("about 4,000 workers", Located.EXACT),
        ("“about 4,000 workers”  had arrived.\nThey", Located.EXACT),
        (TEXT, Located.EXACT),
        ('"about 4,000 workers" had arrived. They', Located.FUZZY),
        ("MOSCOW SAID", Located.FUZZY),
        ("They came by train; nobody meet them", Located.FUZZY),
        ("They came by plane and everybody met them", Located.INVENTED),
        ("about 9,999 tractors", Located.INVENTED),
        ("x" * (LONGEST_FUZZY + 1), Located.INVENTED),
        ("\ud800", Located.INVENTED),
        ("zq", Located.INVENTED),
    ],
)
def test_where_a_quote_stands(quote: str, located: Located) -> None:
    locator = Locator(TEXT)
    assert locator.locate(quote) is located
    assert locator.locate(quote) is located


@pytest.mark.parametrize(
    ("quotes", "located"),
    [
        ([], Located.NONE),
        (["", "  \n"], Located.NONE),
        (["zq"], Located.INVENTED),
        (["zq", "MOSCOW SAID"], Located.FUZZY),
        (["zq", "MOSCOW SAID", "Moscow said"], Located.EXACT),
        (["", "zq"], Located.INVENTED),
    ],
)
def test_the_best_quote_counts(quotes: list[str], located: Located) -> None:
    assert Locator(TEXT).best(quotes) is located


@pytest.mark.parametrize("text", ["", " "])
def test_a_document_without_text_holds_no_quote(text: str) -> None:
    assert Locator(text).best(["a"]) is Located.INVENTED


class Low(BaseModel):
    depth: str | None = None


class Fact(BaseModel):
    a: str | None = None
    b: Annotated[str | None, Exact()] = None
    low: Low | None = None
    parts: list[Low] = []
    note: Annotated[str | None, Ungraded()] = None
    quotes: Annotated[list[str], Evidence()] = []


class Root(BaseModel):
    title: str | None = None
    facts: list[Fact] = []


REAL, NEAR, FALSE = "about 4,000 workers", "MOSCOW SAID", "about 9,999 tractors"


@pytest.mark.parametrize(
    ("quotes", "right", "wrong"),
    [
        ([REAL], "right_exact", "wrong_exact"),
        ([NEAR], "right_fuzzy", "wrong_fuzzy"),
        ([FALSE], "right_invented", "wrong_invented"),
        ([FALSE, REAL], "right_exact", "wrong_exact"),
        ([], "right_none", "wrong_none"),
        (None, "right_none", "wrong_none"),
        ([" "], "right_none", "wrong_none"),
        (REAL, "right_exact", "wrong_exact"),
        ([1, None, REAL], "right_exact", "wrong_exact"),
        ({"q": REAL}, "right_none", "wrong_none"),
    ],
)
def test_quotes_against_verdicts(quotes: Any, right: str, wrong: str) -> None:
    gold = {"facts": [{"a": "x", "b": "y", "quotes": ["whatever gold quotes"]}]}
    predicted = {"facts": [{"a": "x", "b": "z", "quotes": quotes}]}
    assert score(Root, gold, predicted, TEXT).grounding == GroundingCounts()._replace(**{right: 1, wrong: 1})


def test_leaves_inside_a_fact_stand_on_its_quotes() -> None:
    fact = {"a": "x", "low": {"depth": "1"}, "parts": [{"depth": "2"}], "quotes": [REAL]}
    assert score(Root, {"facts": [fact]}, {"facts": [fact]}, TEXT).grounding == GroundingCounts(right_exact=3)


def test_a_fact_that_gold_does_not_have_is_wrong_whatever_it_quotes() -> None:
    predicted = {"facts": [{"a": "x", "quotes": [REAL]}, {"a": "y", "quotes": [FALSE]}]}
    assert score(Root, {}, predicted, TEXT).grounding == GroundingCounts(wrong_exact=1, wrong_invented=1)


def test_missing_ungraded_and_unlabelled_leaves_quote_nothing() -> None:
    gold = {"facts": [{"a": "x", "b": "y", "low": {"depth": {"$unlabelled": True}}}]}
    predicted = {"facts": [{"a": "x", "low": {"depth": "1"}, "note": "n", "quotes": [REAL]}]}
    assert score(Root, gold, predicted, TEXT).grounding == GroundingCounts(right_exact=1)


def test_leaves_outside_facts_are_left_out() -> None:
    assert score(Root, {"title": "t"}, {"title": "t"}, TEXT).grounding == GroundingCounts()


def test_no_text_leaves_grounding_out() -> None:
    fact = {"facts": [{"a": "x", "quotes": [REAL]}]}
    assert score(Root, fact, fact).grounding == GroundingCounts()
    assert score(Root, fact, fact, "").grounding == GroundingCounts(right_invented=1)


@pytest.mark.parametrize("few", [0, 10**9])
@pytest.mark.parametrize("fact", [{"a": "x"}, {"a": "x", "b": "y"}, {"parts": [{"depth": "1"}]}])
def test_twins_that_quote_differently_ground_alike_in_any_order(fact: dict[str, Any], few: int) -> None:
    """Which of two equal facts is paired is settled by what they quote, not by where they stand."""
    forth = [{**fact, "quotes": [REAL]}, {**fact, "quotes": [FALSE]}]
    with long_lists_from(few):
        one, other = (
            score(Root, {"facts": [fact]}, {"facts": items}, TEXT) for items in (forth, [*reversed(forth)])
        )
        assert one == other
