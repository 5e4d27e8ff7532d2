"""A schema with a field of every kind that labels hold, for tests of checking."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel

from harness.marks import Choice, Date, Evidence, Number, Text, Ungraded
from harness.schema.compile import compile_model

Quotes = Annotated[list[str], Evidence()]


class Count(BaseModel):
    low: int | None = None
    wording: Annotated[str | None, Text(0.8)] = None


class Fact(BaseModel):
    place: Annotated[str | None, Choice({"Donetsk People's Republic": ("DPR", "Donetsk")})] = None
    status: Literal["sent", "present"] = "sent"
    count: Count | None = None
    when: Annotated[str | None, Date()] = None
    names: list[str] = []
    sure: bool | None = None
    remark: Annotated[str | None, Ungraded()] = None
    evidence: Quotes = []


class Payment(BaseModel):
    kind: Literal["payment"]
    amount: Annotated[Decimal, Number(rel_tol=0.01)]
    quote: Annotated[str | None, Evidence()] = None


class Ban(BaseModel):
    kind: Literal["ban"]
    body: str


class Article(BaseModel):
    title: str | None = None
    published: dt.date | None = None
    facts: list[Fact] = []
    others: list[Payment | Ban] = []
    by_name: dict[str, Count] = {}


PLAN = compile_model(Article)
