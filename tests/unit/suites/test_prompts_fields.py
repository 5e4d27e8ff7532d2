from __future__ import annotations

import datetime as dt
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from harness.marks import Evidence
from harness.suites.prompt_fields import PromptField, prompt_fields


class Colour(Enum):
    RED = "red"
    BLUE = "blue"


class Person(BaseModel):
    name: str = Field(description="In full.")
    friend: Person | None = None


class Firm(BaseModel):
    number: int


class All(BaseModel):
    """Everything."""

    text: str | None = Field(None, description="A text.")
    day: dt.date
    at: dt.datetime | None = None
    price: Decimal | None = None
    share: float = 0.0
    sure: bool = False
    kind: Literal["a", "b"]
    always: Literal[5] = 5
    colour: Colour | None = Field(None, description="Which.")
    either: int | str = 0
    names: list[str] = Field([], description="All of them.")
    colours: list[Colour] = []
    grid: list[list[int]] = []
    people: list[Person] = []
    owner: Person | Firm | None = None
    by_year: dict[str, Firm] = {}
    counts: dict[str, int] = Field({}, description="How many.")
    quotes: Annotated[list[str], Evidence()] = []
    pair: tuple[int, str] = (0, "")
    anything: Any = None


def test_every_leaf_has_its_path_description_and_type() -> None:
    assert [(one.path, one.description, one.type) for one in prompt_fields(All)] == [
        ("text", "A text.", "string"),
        ("day", "", "date"),
        ("at", "", "date and time"),
        ("price", "", "number"),
        ("share", "", "number"),
        ("sure", "", "boolean"),
        ("kind", "", "one of: a, b"),
        ("always", "", "one of: 5"),
        ("colour", "Which.", "one of: red, blue"),
        ("either", "", "integer or string"),
        ("names[]", "All of them.", "list of string"),
        ("colours[]", "", "list of one of: red, blue"),
        ("grid[][]", "", "list of integer"),
        ("people[].name", "In full.", "string"),
        ("owner.name", "In full.", "string"),
        ("owner.number", "", "integer"),
        ("by_year.*.number", "", "integer"),
        ("counts.*", "How many.", "integer"),
        ("quotes[]", "", "list of string"),
        ("pair", "", "array"),
        ("anything", "", "any value"),
    ]


def test_a_model_of_one_scalar() -> None:
    class One(BaseModel):
        a: int

    assert prompt_fields(One) == (PromptField("a", "", "integer"),)
