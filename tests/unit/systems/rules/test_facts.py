"""A schema of another field with every sort of leaf, and the documents of the project's own suite."""

from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, Field

from harness.systems.rules.extraction import Extractor
from schemas.labour_export import ArticleFacts

SEEDS = sorted((Path(__file__).parents[4] / "seeds" / "labour_export").glob("*.txt"))

Hedge = Literal["exact", "approximate", "at least"]


class Size(BaseModel):
    """How large the audience was."""

    lowest: int | None = Field(None, description="The lowest number of listeners.")
    highest: int | None = Field(None, description="The highest number.")
    hedge: Hedge | None = Field(None, description="exact; approximate ('about'); at least ('over').")
    wording: str | None = Field(None, description="The words that give the number.")


class Concert(BaseModel):
    """A concert before an audience."""

    status: Literal["played", "cancelled"] = Field(
        description="played: it took place. cancelled: it was called off."
    )
    hall: str | None = Field(None, description="The city of the hall.")
    audience: Size | None = None
    genres: list[Literal["jazz", "folk music", "opera"]] = []
    resumed: str | None = Field(None, description="The date until when it was put off.")
    cancelled_by: list[str] = []
    evidence: list[str] = Field(default=[], description="Verbatim quotes.")


class Fee(BaseModel):
    """Money that musicians earn."""

    amount: float | str | None = None
    currency: str | None = Field(None, description="ISO 4217 code.")
    per: Literal["hour", "night"] | None = None


class Rehearsal(BaseModel):
    """How the musicians rehearse."""

    kind: Literal["duration", "noise"] = Field(description="duration: how long. noise: how loud it is.")
    amount: float | None = None
    unit: Literal["hours a day", "decibels"] | None = None
    outdoors: bool | None = None


class Opinion(BaseModel):
    """What a speaker says of the music."""

    speaker: str | None = Field(None, description="The speaker's name.")
    role: str | None = Field(None, description="The speaker's profession.")
    affiliation: str | None = Field(None, description="The organisation of the speaker.")
    kind: Literal["praise", "complaint"] = Field(description="praise: admires it. complaint: dislikes it.")
    quote: str | None = Field(None, description="The words in quotation marks.")


class Contract(BaseModel):
    """A contract with a number."""

    kind: Literal["signing", "meeting"] = Field(
        description="signing: a contract was signed. meeting: people met."
    )
    contract: str | None = Field(None, description="The number of the contract, digits only.")
    actors: list[str] = Field(default=[], description="Who acts.")
    towards: list[str] = Field(default=[], description="Who was met.")
    mayor: Annotated[str | None, Field(description="The office, such as 'Lord Mayor'.")] = None


class Season(BaseModel):
    """A season of concerts."""

    dateline: str | None = Field(None, description="The place at the head of the report, such as 'PARIS'.")
    magazine: str | None = Field(None, description="The magazine that published it.")
    authors: list[str] = []
    visitors: int | None = None
    sold_out: bool | None = None
    weather: Literal["sunny", "rainy"] | None = None
    concerts: list[Concert] = []
    fees: list[Fee] = []
    rehearsals: list[Rehearsal] = []
    opinions: list[Opinion] = []
    contracts: list[Contract] = []


def facts(sentence: str, head: str = "A season in review") -> Any:
    text = f"{head}\n\n{sentence}\n"
    value = Extractor(Season.model_json_schema()).extract(text)
    Season.model_validate(value)
    return value


def test_a_range_with_its_wording_and_hedge() -> None:
    (concert,) = facts("The jazz concert was played in Rome before about 200 to 300 listeners.")["concerts"]
    assert concert["audience"] == {
        "lowest": 200,
        "highest": 300,
        "hedge": "approximate",
        "wording": "about 200 to 300",
    }
    assert concert["hall"] == "Rome"
    assert concert["genres"] == ["jazz"]


@pytest.mark.parametrize(
    ("words", "size"),
    [
        ("over 500", {"lowest": 500, "hedge": "at least", "wording": "over 500"}),
        ("500", {"lowest": 500, "highest": 500, "hedge": "exact", "wording": "500"}),
    ],
)
def test_one_sided_and_bare_numbers(words: str, size: dict[str, Any]) -> None:
    (concert,) = facts(f"The concert was played before {words} listeners.")["concerts"]
    assert concert["audience"] == size


def test_who_did_it_and_until_when() -> None:
    (concert,) = facts("Rome and Milan cancelled the concert until 3 May 2024.")["concerts"]
    assert concert["cancelled_by"] == ["Rome", "Milan"]
    assert concert["resumed"] == "2024-05-03"


def test_money_goes_where_a_currency_is_asked_for() -> None:
    value = facts("The musicians earn €300 per night.")
    assert value["fees"] == [{"amount": 300, "currency": "EUR", "per": "night"}]
    assert "concerts" not in value


def test_members_in_several_clauses_are_several_facts() -> None:
    value = facts("The musicians rehearse for a duration of 5 hours a day, with much noise outdoors, they say.")
    assert value["rehearsals"] == [
        {"kind": "duration", "amount": 5, "unit": "hours a day"},
        {"kind": "noise", "outdoors": True},
    ]


def test_a_speaker_with_role_and_affiliation() -> None:
    (opinion,) = facts(
        "Ada Byron, a music critic at the Institute for Song, said with praise that “it was a fine night”."
    )["opinions"]
    assert opinion == {
        "speaker": "Ada Byron",
        "role": "music critic",
        "affiliation": "Institute for Song",
        "kind": "praise",
        "quote": "it was a fine night",
    }


def test_who_acts_and_who_is_acted_on() -> None:
    (met,) = facts("In June, Rome met musicians of Milan over Contract 77.")["contracts"]
    assert (met["actors"], met["towards"], met["contract"]) == (["Rome"], ["Milan"], "77")


def test_an_example_of_the_description_is_found_with_what_stands_before_it() -> None:
    (met,) = facts("The Lord Mayor met musicians of Milan.")["contracts"]
    assert met["mayor"] == "Lord Mayor"


def test_what_stands_at_the_head() -> None:
    value = facts(
        "ROME, Italy (ANSA) – It rained all day on the magazine “Song Today” and its reader.",
        "By Ada Byron and Al Moe",
    )
    assert value["dateline"] == "ROME, Italy"
    assert value["authors"] == ["Ada Byron", "Al Moe"]
    assert value["magazine"] == "Song Today"


def test_leaves_near_their_name() -> None:
    value = facts("There were 4,500 visitors. The season was not sold out. The weather was rainy.")
    assert (value["visitors"], value["sold_out"], value["weather"]) == (4500, False, "rainy")


@pytest.mark.parametrize("seed", SEEDS, ids=lambda path: path.stem[:3])
def test_the_suites_documents_give_facts_with_verbatim_evidence(seed: Path) -> None:
    text = seed.read_text(encoding="utf-8")
    value = Extractor(ArticleFacts.model_json_schema()).extract(text)
    read = ArticleFacts.model_validate(value)
    lists = (read.deployments, read.statements, read.sanctions, read.payments, read.conditions, read.diplomacy)
    found = [fact for group in lists for fact in group]
    assert found
    assert all(fact.evidence and all(quote in text for quote in fact.evidence) for fact in found)


def test_the_suites_documents_are_all_there() -> None:
    assert len(SEEDS) == 5
