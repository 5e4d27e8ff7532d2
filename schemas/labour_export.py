"""Facts about North Korean workers abroad, as an analyst who monitors sanctions wants them.

The root is `ArticleFacts`: what a document says of itself, and six lists of typed facts. Every fact carries
the verbatim quotes that state it. A null means that the document does not say.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from harness.marks import Choice, Date, Evidence, Exact, Number, Records, Text, Ungraded, Weight

PLACES = {
    "Donbas": ("Donbass", "Donbas region", "the Donbas", "DLNR", "DPR and LPR", "Donetsk and Luhansk"),
    "Donetsk People's Republic": ("DPR", "DNR", "Donetsk", "Donetsk region"),
    "Luhansk People's Republic": ("LPR", "LNR", "Luhansk", "Lugansk", "Lugansk People's Republic"),
    "Russia": ("Russian Federation", "RF"),
    "North Korea": ("DPRK", "N. Korea", "N Korea", "Democratic People's Republic of Korea"),
    "South Korea": ("Republic of Korea", "ROK", "S. Korea"),
    "United States": ("US", "U.S.", "USA", "United States of America"),
    "Russian-occupied Ukraine": (
        "Russian-occupied east Ukraine",
        "eastern Ukraine",
        "east Ukraine",
        "Russian-occupied territories",
        "Russian-controlled areas in Ukraine",
    ),
}
BODIES = {
    "UN Security Council": ("UNSC", "Security Council", "United Nations Security Council"),
    "United Nations": ("UN", "U.N."),
    "United States": ("US", "U.S.", "USA"),
}

PartialDate = Annotated[
    str,
    Field(
        pattern=r"^(\d{4}|XXXX)(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$",
        description=(
            "A date, as precise as the document and no more, in EDTF: 2022-08-25, 2022-08, 2022; "
            "with XXXX for a year that the document does not say, as in XXXX-07 or XXXX-07-18."
        ),
    ),
    Date(),
]
Place = Annotated[str, Choice(PLACES)]
Quotes = Annotated[
    list[str],
    Field(description="Verbatim quotes, copied letter for letter from the document, that state this fact."),
    Evidence(),
]


class Sector(StrEnum):
    """The kind of work."""

    CONSTRUCTION = "construction"
    MANUFACTURING = "manufacturing"
    INFORMATION_TECHNOLOGY = "information technology"
    AGRICULTURE = "agriculture"
    OTHER = "other"


class Precision(StrEnum):
    """How a number is meant."""

    EXACT = "exact"
    APPROXIMATE = "approximate"
    AT_LEAST = "at least"
    AT_MOST = "at most"


class Headcount(BaseModel):
    """How many people: a single number has minimum = maximum."""

    minimum: Annotated[int | None, Number(), Weight(2)] = Field(
        None, description="The lowest number of people that the document gives in figures or number words."
    )
    maximum: Annotated[int | None, Number(), Weight(2)] = Field(
        None, description="The highest number. Equal to minimum for a single number; null for 'over N'."
    )
    precision: Precision | None = Field(
        None,
        description="exact; approximate ('about', 'some'); at least ('over', 'more than'); at most ('up to').",
    )
    wording: Annotated[str | None, Text(0.8)] = Field(
        None, description="The words that give the number, such as 'about 4,000' or 'several hundred'."
    )


class Deployment(BaseModel):
    """Workers sent, present, offered, negotiated, ordered, expected or predicted, in one place."""

    destination: Place | None = Field(
        None, description="Where the workers are or would work, such as Russia or Donbas."
    )
    status: Literal["sent", "present", "offered", "negotiated", "ordered", "expected", "predicted"] = Field(
        description=(
            "sent: it happened. present: they are or were there. offered: the sender proposed it. "
            "negotiated: talks are going on. ordered: an authority told someone to send them. "
            "expected: planned or announced. predicted: somebody thinks that it will or could happen."
        )
    )
    workers: Headcount | None = Field(None, description="How many workers; null when no quantity is stated.")
    sectors: list[Sector] = Field(default=[], description="The kinds of work named for these workers.")
    when: PartialDate | None = Field(None, description="When the workers went, were present or are to go.")
    reported_by: Annotated[str | None, Text(0.7)] = Field(
        None, description="The person, office or outlet that says so; null when the document says it itself."
    )
    evidence: Quotes = []


class Statement(BaseModel):
    """What a named or described speaker says, by direct or indirect speech."""

    speaker: Annotated[str | None, Text(0.85)] = Field(
        None, description="The speaker's name, or the description when there is no name ('one worker')."
    )
    role: Annotated[str | None, Text(0.7)] = Field(
        None, description="The speaker's office or profession, such as 'Deputy Prime Minister'."
    )
    affiliation: Annotated[str | None, Text(0.7)] = Field(
        None, description="The country or organisation that the speaker belongs to or speaks for."
    )
    kind: Literal[
        "offer",
        "welcome",
        "interest",
        "forecast",
        "position on sanctions",
        "assessment",
        "report",
        "accusation",
        "denial",
        "account of conditions",
        "congratulation",
    ] = Field(
        description=(
            "offer: proposes workers or help. welcome: approves or praises their coming. interest: wants "
            "cooperation or quotas. forecast: says what will or may happen. position on sanctions: says what "
            "sanctions allow or bind. assessment: explains motives or value. report: passes on that something "
            "happened. accusation: blames somebody. denial: calls something untrue. account of conditions: "
            "tells how workers live. congratulation: greets or congratulates."
        )
    )
    when: PartialDate | None = Field(None, description="When it was said.")
    venue: Annotated[str | None, Text(0.7)] = Field(
        None, description="Where or to whom it was said, such as 'interview with RBC'."
    )
    quote: Annotated[str | None, Text(0.9)] = Field(
        None, description="The longest run of the speaker's own words in quotation marks; null if none."
    )
    summary: Annotated[str | None, Ungraded()] = Field(None, description="The statement in one short sentence.")
    evidence: Quotes = []


class SanctionsMeasure(BaseModel):
    """A sanction, a resolution, a requirement of one, or a veto against one."""

    body: Annotated[str | None, Choice(BODIES)] = Field(
        None, description="The body whose measure it is, such as 'UN Security Council'."
    )
    resolution: Annotated[str | None, Exact()] = Field(
        None, description="The number of the resolution, digits only, such as '2375'."
    )
    action: Literal["imposed", "required", "prohibited", "vetoed"] = Field(
        description=(
            "imposed: sanctions as a whole were put in force. required: the measure makes states or people do "
            "something. prohibited: it forbids something. vetoed: a proposed measure was blocked."
        )
    )
    when: PartialDate | None = Field(None, description="When it was adopted or vetoed.")
    requirement: Annotated[str | None, Text(0.6)] = Field(
        None, description="What is required or forbidden, in the document's words; null when not stated."
    )
    deadline: PartialDate | None = Field(None, description="By when the requirement had to be met.")
    vetoed_by: list[Place] = Field(default=[], description="The states that vetoed it.")
    evidence: Quotes = []


class Payment(BaseModel):
    """Money that workers earn, or that a state receives for them."""

    minimum: Annotated[Decimal | None, Number(rel_tol=0.01), Weight(2)] = Field(
        None, description="The lowest amount, in whole units of the currency (200 million is 200000000)."
    )
    maximum: Annotated[Decimal | None, Number(rel_tol=0.01), Weight(2)] = Field(
        None, description="The highest amount; equal to minimum for a single amount."
    )
    currency: Annotated[str | None, Exact()] = Field(None, description="ISO 4217 code, such as USD or RUB.")
    per: Literal["hour", "day", "week", "month", "year"] | None = Field(
        None, description="The period that the amount is for."
    )
    recipient: Literal["worker", "state"] | None = Field(None, description="Who receives it.")
    wording: Annotated[str | None, Text(0.8)] = Field(
        None, description="The words that give the amount, such as 'hundreds of millions of dollars'."
    )
    evidence: Quotes = []


class WorkingCondition(BaseModel):
    """One thing said of how the workers live or are treated."""

    kind: Literal[
        "hours", "surveillance", "violence", "withheld wages", "confinement", "dehumanisation", "stranded"
    ] = Field(
        description=(
            "hours: how long they work. surveillance: being watched. violence: beaten or threatened. withheld "
            "wages: they keep only a part. confinement: kept from leaving or escaping. dehumanisation: treated "
            "as less than people. stranded: unable to go home."
        )
    )
    amount: Annotated[Decimal | None, Number()] = Field(
        None, description="The number in the measure, such as 18 for 'up to 18 hours a day'."
    )
    unit: Literal["hours a day", "days a week", "percent"] | None = Field(
        None, description="The unit of the amount."
    )
    precision: Precision | None = Field(None, description="How the amount is meant ('up to' is at most).")
    reported_by: Annotated[str | None, Text(0.7)] = Field(
        None, description="The person, office or group that says so; null when the document says it itself."
    )
    evidence: Quotes = []


class DiplomaticAct(BaseModel):
    """A recognition, meeting, letter, negotiation or agreement between states or entities."""

    kind: Literal["recognition", "meeting", "letter", "negotiation", "agreement"] = Field(
        description=(
            "recognition: of independence. meeting: of envoys or officials. letter: a message or letter. "
            "negotiation: talks without a named meeting. agreement: something was agreed or established."
        )
    )
    actors: list[Place] = Field(
        default=[],
        description="Who acts: the recognising states, the sender, or all who meet, negotiate or agree.",
    )
    towards: list[Place] = Field(
        default=[], description="Who is recognised or addressed; empty when all sides are actors."
    )
    when: PartialDate | None = Field(None, description="When it happened.")
    where: Place | None = Field(None, description="The city or country where it happened.")
    evidence: Quotes = []


class ArticleFacts(BaseModel):
    """What one article says of itself, and the facts on labour export that it states."""

    title: str | None = Field(None, description="The headline of the article.")
    outlet: Annotated[str | None, Text(0.85)] = Field(
        None, description="The paper, site or magazine that published this text."
    )
    agency: Annotated[str | None, Choice({"Associated Press": ("AP", "The Associated Press")})] = Field(
        None, description="The news agency that the text is credited to."
    )
    authors: list[str] = Field(default=[], description="The people who wrote this text, names only.")
    published: dt.date | None = Field(None, description="The date that the document gives for itself.")
    dateline: str | None = Field(
        None, description="The place at the head of a news report, without the agency, such as 'PARIS'."
    )
    deployments: Annotated[list[Deployment], Records(match_at=0.5)] = []
    statements: Annotated[list[Statement], Records(keys=("speaker", "quote"))] = []
    sanctions: Annotated[list[SanctionsMeasure], Records(keys=("action",))] = []
    payments: Annotated[list[Payment], Records(match_at=0.5)] = []
    conditions: Annotated[list[WorkingCondition], Records(keys=("kind",))] = []
    diplomacy: Annotated[list[DiplomaticAct], Records(keys=("kind",))] = []
