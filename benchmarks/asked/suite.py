"""A suite of generated documents, with gold that is partly another than what the server answers."""

from __future__ import annotations

import hashlib
import json
import random
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel

from harness.marks import Date, Number, Text

SEED = 20221122
WORDS = ["amber", "basalt", "cedar", "delta", "ember", "flint", "garnet", "harbour", "iron", "mill", "oak"]


class Line(BaseModel):
    """One item of a sheet."""

    item: Annotated[str | None, Text(0.85)] = None
    amount: Annotated[float | None, Number(rel_tol=0.01)] = None
    unit: Literal["kg", "m", "h", "pieces"] | None = None


class Sheet(BaseModel):
    """Seven scalar fields and one list."""

    title: str | None = None
    author: Annotated[str | None, Text(0.85)] = None
    place: str | None = None
    published: Annotated[str | None, Date()] = None
    pages: int | None = None
    price: Annotated[float | None, Number(abs_tol=0.005)] = None
    language: Literal["en", "de", "fr", "ko"] | None = None
    lines: list[Line] = []


ANSWER = {
    "title": "Amber and flint",
    "author": "Ida Ferry",
    "place": "Harbour",
    "published": "2022-11-22",
    "pages": 212,
    "price": 18.5,
    "language": "en",
    "lines": [
        {"item": "cedar", "amount": 12.0, "unit": "m"},
        {"item": "cobalt", "amount": 3.5, "unit": "kg"},
        {"item": "oak", "amount": 40.0, "unit": "pieces"},
    ],
}
"""What the server answers, whatever it is asked."""

PROMPT = "Record what the document states by calling the tool once. Leave out what it does not say."
CONFIGURATION = """
[suites.sheets]
schema = "benchmarks.asked.suite:Sheet"
documents = "documents"
gold = "gold"
prompt = "prompts/plain.md"

[systems.mock]
kind = "model"
model = "openai/mock"
base_url = "{base_url}"
mode = "tools"
limits = {{ concurrency = {concurrency} }}

[prices."openai/mock"]
input = 0.25
output = 2.0
"""


def text_of(number: int) -> str:
    """A document of about a thousand characters."""
    draw = random.Random(f"{SEED}-{number}")
    words = " ".join(draw.choice(WORDS) for _ in range(160))
    return f"Sheet {number}. {words}.\n"


def gold_of(number: int) -> dict[str, object]:
    """The answer, one value of it changed in every third document."""
    gold: dict[str, object] = dict(ANSWER)
    if number % 3 == 0:
        gold["pages"] = number
    return gold


def write_suite(folder: Path, documents: int, *, base_url: str, concurrency: int) -> None:
    """The suite as a person would have it in a folder."""
    for name in ("documents", "gold", "prompts"):
        (folder / name).mkdir(parents=True)
    (folder / "prompts" / "plain.md").write_text(PROMPT + "\n")
    (folder / "harness.toml").write_text(CONFIGURATION.format(base_url=base_url, concurrency=concurrency))
    for number in range(documents):
        data = text_of(number).encode()
        (folder / "documents" / f"{number:05}.txt").write_bytes(data)
        label = {
            "document": f"{number:05}.txt",
            "sha256": hashlib.sha256(data).hexdigest(),
            "schema": "pending",
            "facts": gold_of(number),
        }
        (folder / "gold" / f"{number:05}.json").write_text(json.dumps(label))
