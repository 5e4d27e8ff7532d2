from __future__ import annotations

from typing import Annotated, Any

import pytest
from pydantic import BaseModel, Field

from harness.marks import Evidence
from harness.schema.compile import compile_model
from harness.verdicts.comparison.evidence import evidence_for


class Detail(BaseModel):
    size: int | None = None
    quote: Annotated[str | None, Evidence()] = None


class Plain(BaseModel):
    size: int | None = None


class Fact(BaseModel):
    who: str | None = Field(default=None, alias="Who")
    detail: Detail | None = None
    plain: Plain | None = None
    tags: list[str] = []
    quotes: Annotated[list[str], Evidence()] = []


class Report(BaseModel):
    title: str | None = None
    facts: list[Fact] = []
    named: dict[str, Detail] = {}
    either: Detail | Plain | None = None


ROOT = compile_model(Report).root
GOLD: dict[str, Any] = {
    "title": "T",
    "facts": [
        {
            "Who": "Ann",
            "detail": {"size": 1, "quote": "one wide"},
            "plain": {"size": 2},
            "quotes": ["q1", "q2"],
        },
        {"$any": [{"Who": "Bob", "quotes": [{"$any": ["best", "other"]}]}, {"Who": "Rob"}]},
        {"Who": "Cy", "tags": ["x"], "detail": {"size": 5}, "quotes": ["outer"]},
    ],
    "named": {"k": {"size": 3, "quote": "three"}},
    "either": {"size": 4, "quote": "four"},
}


@pytest.mark.parametrize(
    ("path", "gold_at", "quote"),
    [
        ("facts[].Who", "facts[0].Who", "q1 … q2"),
        ("facts[].detail.size", "facts[0].detail.size", "one wide"),
        ("facts[].plain.size", "facts[0].plain.size", "q1 … q2"),
        ("facts[].Who", "facts[1].Who", "best"),
        ("facts[].detail.size", "facts[2].detail.size", "outer"),
        ("facts[].tags[]", "facts[2].tags[0]", "outer"),
        ("named.*.size", "named.k.size", "three"),
        ("either<Detail>.size", "either.size", "four"),
        ("title", "title", ""),
        ("facts[].Who", "", ""),
        ("facts[].Who", "facts[9].Who", ""),
        ("nothing.here", "nothing.here", ""),
    ],
)
def test_the_quote_of_the_innermost_fact_that_has_one(path: str, gold_at: str, quote: str) -> None:
    assert evidence_for(ROOT, GOLD, path, gold_at) == quote
