"""What a command prints in a suite of forty generated orders, for the screens of docs/comparing.md.

    python docs/forty_documents.py harness compare v2 v3

The systems are test instruments: gold with seeded errors, v1 with the most and v3 with the fewest, so that what
a comparison should find is known. Everything stands in a folder that is removed again.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path

HARNESS = Path(sys.executable).with_name("harness")
SEED = 20221122
DOCUMENTS = 40
BUYERS = ("Ida Ferry", "Jon Marsh", "Lea Stone", "Max Wood", "Nora Field")
CITIES = ("Harbour", "Millfield", "Northgate", "Oakridge")
GOODS = ("bolts", "hinges", "nails", "screws", "tacks", "washers")
SCHEMA = '''
from typing import Annotated

from pydantic import BaseModel

from harness.marks import Date, Evidence, Number, Records


class Item(BaseModel):
    """Something that was ordered."""

    name: str
    amount: int | None = None
    price: Annotated[float | None, Number(abs_tol=0.005)] = None
    evidence: Annotated[str | None, Evidence()] = None


class Order(BaseModel):
    """An order."""

    buyer: str | None = None
    city: str | None = None
    ordered: Annotated[str | None, Date()] = None
    items: Annotated[list[Item], Records(keys=("name",))] = []
'''
CONFIGURATION = """
[suites.orders]
schema = "orders:Order"
documents = "documents"
gold = "gold"
"""
SYSTEMS = (("v1", 1, 0.20), ("v2", 2, 0.14), ("v3", 3, 0.06), ("v4", 4, 0.06))
"""Name, seed, and the share of values that is changed."""
RUNS = (
    *((name, (name,)) for name in ("v1", "v2", "v3", "v4")),
    *((f"{name}-five", (name, "--limit", "5")) for name in ("v2", "v3")),
    *((f"{name}-thrice", (name, "--trials", "3")) for name in ("v2", "v3")),
)
"""The tag of each run, and the system with the options that make it."""


def order(number: int) -> tuple[str, dict[str, object]]:
    """An order's text, and what it states."""
    draw = random.Random(f"{SEED}-{number}")  # noqa: S311 - repeatable, no secret
    buyer, city = draw.choice(BUYERS), draw.choice(CITIES)
    day = f"2022-11-{draw.randint(1, 28):02}"
    items = []
    for name in draw.sample(GOODS, draw.randint(2, 4)):
        amount, price = draw.randint(2, 90), draw.randint(5, 400) / 100
        items.append(
            {"name": name, "amount": amount, "price": price, "evidence": f"{amount} {name} at {price:.2f} each"}
        )
    lines = [f"On {day}, {buyer} of {city} ordered:", *(f"- {item['evidence']}" for item in items)]
    return "\n".join(lines) + "\n", {"buyer": buyer, "city": city, "ordered": day, "items": items}


def write_suite(folder: Path) -> None:
    """The suite as a person would have it in a folder."""
    for name in ("documents", "gold"):
        (folder / name).mkdir()
    (folder / "orders.py").write_text(SCHEMA, encoding="utf-8")
    tables = [
        f'\n[systems.{name}]\nkind = "noisy-gold"\nseed = {seed}\nedit = {edit}\ndrop = 0.02\nadd = 0.02\n'
        for name, seed, edit in SYSTEMS
    ]
    (folder / "harness.toml").write_text(CONFIGURATION + "".join(tables), encoding="utf-8")
    for number in range(1, DOCUMENTS + 1):
        text, facts = order(number)
        name = f"order_{number:02}"
        (folder / "documents" / f"{name}.txt").write_bytes(text.encode())
        label = {
            "document": f"{name}.txt",
            "sha256": hashlib.sha256(text.encode()).hexdigest(),
            "schema": "pending",
            "facts": facts,
        }
        (folder / "gold" / f"{name}.json").write_text(json.dumps(label, indent=1), encoding="utf-8")


def main(words: list[str]) -> int:
    """Make the suite and its runs, then run a command there; its exit code."""
    kept = {name: value for name, value in os.environ.items() if name != "HARNESS_STORE"}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_suite(folder)
        for tag, (system, *options) in RUNS:
            _quietly(folder, kept, "run", "--system", system, *options)
            _quietly(folder, kept, "runs", "tag", "latest", tag)
        return subprocess.run(words, cwd=folder, env=kept, check=False).returncode


def _quietly(folder: Path, environment: dict[str, str], *words: str) -> None:
    done = subprocess.run(
        [str(HARNESS), *words], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(done.stderr)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
