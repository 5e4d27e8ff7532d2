"""What an invoice says. The marks inside `Annotated[...]` say how a field is scored.

`harness schema show` prints how each field is compared, and why.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from harness.marks import Evidence, Exact, Number, Records, Text, Weight


class Line(BaseModel):
    """One thing that is charged for."""

    item: Annotated[
        str, Field(description="What is charged for, without its quantity."), Text(min_similarity=0.8)
    ]
    quantity: Annotated[int | None, Field(description="How many.")] = None
    price: Annotated[Decimal | None, Field(description="The price of one.")] = None
    amount: Annotated[Decimal | None, Field(description="The price of all."), Number(abs_tol=0.01)] = None
    evidence: Annotated[
        list[str], Field(description="Verbatim quotes of the document that state this line."), Evidence()
    ] = []


class Invoice(BaseModel):
    """An invoice. A field that the document says nothing about is null."""

    number: Annotated[str | None, Field(description="The invoice's number."), Exact()] = None
    issued: Annotated[dt.date | None, Field(description="The date of the invoice.")] = None
    due: Annotated[dt.date | None, Field(description="The last day to pay, if a date is stated.")] = None
    seller: Annotated[str | None, Field(description="Who asks for the money.")] = None
    buyer: Annotated[str | None, Field(description="Who is to pay.")] = None
    currency: Annotated[Literal["EUR", "GBP", "USD"] | None, Field(description="The currency's code.")] = None
    total: Annotated[
        Decimal | None, Field(description="What is to be paid."), Number(abs_tol=0.01), Weight(2)
    ] = None
    lines: Annotated[
        list[Line], Field(description="Everything that is charged for."), Records(keys=["item"])
    ] = []
