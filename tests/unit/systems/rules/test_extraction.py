import datetime as dt
import sys
from decimal import Decimal
from types import FrameType
from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, Field

from harness.systems.rules.extraction import Extractor


def extracted(model: type[BaseModel], text: str) -> Any:
    """What the stub extracts, checked against the model."""
    value = Extractor(model.model_json_schema()).extract(text)
    model.model_validate(value, strict=False)
    return value


class Line(BaseModel):
    """A line of the invoice: goods, with their price."""

    description: str
    quantity: int
    unit_price: float


class Invoice(BaseModel):
    """An invoice."""

    invoice_number: str
    vendor: str
    issued: dt.date
    currency: Literal["USD", "EUR"]
    total: Decimal
    paid: bool
    lines: list[Line] = []
    extra: dict[str, int] = {}
    note: str | None = None


INVOICE = """Invoice number: INV-7
Vendor: Acme Tools Ltd
Issued: 05.03.2024
Currency: EUR
Total: €1,234.50
Paid: yes
"""


def test_labelled_lines_are_read_in_the_type_of_the_field() -> None:
    assert extracted(Invoice, INVOICE) == {
        "invoice_number": "INV-7",
        "vendor": "Acme Tools Ltd",
        "issued": "2024-03-05",
        "currency": "EUR",
        "total": 1234.5,
        "paid": True,
    }


def test_what_is_required_and_not_found_is_the_least_that_fits() -> None:
    value = extracted(Invoice, "")
    assert value["currency"] == "USD"
    assert value["total"] == 0
    assert "note" not in value


class Voyage(BaseModel):
    """A ship's voyage to a harbour."""

    status: Literal["departed", "arrived", "planned"] = Field(
        description="departed: the ship left. arrived: it is there. planned: people think it could sail."
    )
    harbour: str | None = Field(None, description="The city of the harbour, such as Oslo or Rotterdam.")
    passengers: int | None = Field(None, description="The number of passengers.")
    when: Annotated[
        str | None, Field(pattern=r"^(\d{4}|XXXX)(-\d\d(-\d\d)?)?$", description="A date in EDTF.")
    ] = None
    evidence: list[str] = Field(default=[], description="Verbatim quotes of the document.")


class Log(BaseModel):
    """A harbour master's log."""

    title: str | None = None
    voyages: list[Voyage] = []


LOG = """Two ships and a rumour

The ship departed to Rotterdam on June 17 with about 140 passengers on board.
The harbour master was asleep. A ship arrived in Oslo in 1987.
"""


def test_each_sentence_with_cues_is_an_item() -> None:
    value = extracted(Log, LOG)
    assert value["title"] == "Two ships and a rumour"
    first, second = value["voyages"]
    assert first == {
        "status": "departed",
        "harbour": "Rotterdam",
        "passengers": 140,
        "when": "XXXX-06-17",
        "evidence": ["The ship departed to Rotterdam on June 17 with about 140 passengers on board."],
    }
    assert (second["status"], second["harbour"], second["when"]) == ("arrived", "Oslo", "1987")


def test_a_modal_verb_is_not_the_deed() -> None:
    (item,) = extracted(Log, "A title here\nThe ship could have departed to Rotterdam, they think.")["voyages"]
    assert item["status"] == "planned"


def test_a_sentence_without_cues_is_none() -> None:
    assert extracted(Log, "A title here\nThe cook likes Rotterdam and 140 onions.") == {"title": "A title here"}


class Remark(BaseModel):
    """What a speaker says."""

    speaker: str = Field(description="The name of the person who says it.")
    quote: str | None = Field(None, description="The words in quotation marks.")


class Remarks(BaseModel):
    remarks: list[Remark] = []


def test_a_speaker_and_the_quoted_words() -> None:
    assert extracted(Remarks, "“It rains in Rome, as ever,” said Ada Byron.\nIt stopped at noon.") == {
        "remarks": [{"speaker": "Ada Byron", "quote": "It rains in Rome, as ever"}]
    }


class Node(BaseModel):
    name: str
    children: list["Node"] = []
    parent: "Node | None" = None


def test_a_recursive_model_is_filled_once() -> None:
    assert extracted(Node, "Ada Lovelace was born in 1815.") == {"name": "Ada Lovelace"}


def test_no_word_of_the_suite_is_built_in() -> None:
    class Empty(BaseModel):
        korean_workers: int | None = None

    assert extracted(Empty, "There were 300 miners in Rome.") in ({}, {"korean_workers": None})


HOSTILE = {
    "empty": "",
    "control": "".join(map(chr, range(300))) * 50,
    "one long line": "a" * 5_000_000,
    "long words": "Word said, " * 400_000,
    "digits": "1," * 300_000,
    "ranges": "$1 to " * 60_000,
    "initials": "A. " * 100_000,
    "open quotes": ("“" + "x " * 300 + ". ") * 300,
    "labels": "a b c d: x\n" * 40_000,
    "blanks": "x said" + " " * 400_000 + "y",
    "months": "1 May " * 60_000,
    "surrogate": "\ud800 said \udfff. The ship departed \ud800 to Rotterdam.",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_is_read_to_its_end(name: str) -> None:
    for model in (Log, Remarks, Invoice):
        assert isinstance(extracted(model, HOSTILE[name]), dict)


def test_the_cost_grows_with_the_length_and_no_faster() -> None:
    """Counts calls, of C functions too, because seconds depend on who else uses the machine."""
    extractor = Extractor(Log.model_json_schema())

    def calls(times: int) -> int:
        count = 0

        def called(frame: FrameType, event: str, argument: object) -> None:
            nonlocal count
            count += event in ("call", "c_call")

        text = "A title here\n" + LOG.split("\n\n")[1] * times
        before = sys.getprofile()
        sys.setprofile(called)
        try:
            extractor.extract(text)
        finally:
            sys.setprofile(before)
        return count

    assert calls(800) < 4.5 * calls(200)
