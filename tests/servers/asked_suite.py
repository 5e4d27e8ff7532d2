"""A suite in a folder whose documents state their own facts, so that the server can answer them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

SCHEMA = '''"""What a sheet states."""

from pydantic import BaseModel


class Line(BaseModel):
    item: str
    amount: int | None = None


class Sheet(BaseModel):
    title: str | None = None
    pages: int | None = None
    lines: list[Line] = []
'''
CONFIGURATION = """
[suites.sheets]
schema = "{module}:Sheet"
documents = "documents"
gold = "gold"
prompt = "prompts/plain.md"

[systems.mock]
kind = "model"
model = "openai/mock"
base_url = "{base_url}"
{more}

[systems.mock.limits]
{limits}

[prices."openai/mock"]
input = 0.25
output = 2.0
cached_input = 0.025
"""
PROMPT = "Record what the document states by calling the tool once. Leave out what it does not say.\n"
ITEMS = ("oak", "iron", "flint", "amber", "cedar")


def facts_of(number: int) -> dict[str, Any]:
    """What a document states."""
    lines = [{"item": ITEMS[(number + at) % len(ITEMS)], "amount": number + at} for at in range(number % 4)]
    return {"title": f"Title {number}", "pages": number % 50, "lines": lines}


def gold_of(number: int) -> dict[str, Any]:
    """Its gold: in every third document not what it states, so that documents score differently."""
    facts = facts_of(number)
    return {**facts, "pages": 1_000 + number} if number % 3 == 0 else facts


def name_of(number: int) -> str:
    """The document's id."""
    return f"d{number:05}"


def text_of(number: int) -> str:
    """The document."""
    return (
        f"Document: {name_of(number)}\nFacts: {json.dumps(facts_of(number))}\nA sheet about {number} things.\n"
    )


def write_suite(
    folder: Path, documents: int, base_url: str, *, limits: Sequence[str] = (), more: Sequence[str] = ()
) -> Path:
    """Write it; gives its `harness.toml`.

    Args:
        folder: Where; made when it does not exist.
        documents: How many; they are numbered from 1.
        base_url: Of the system `mock`.
        limits: Lines of its table `limits`.
        more: Further lines of its own table.
    """
    # Each folder has a module of its own: Python keeps one module a name.
    module = f"sheet_{hashlib.sha256(str(folder).encode()).hexdigest()[:12]}"
    for name in ("documents", "gold", "prompts"):
        (folder / name).mkdir(parents=True)
    (folder / f"{module}.py").write_text(SCHEMA, encoding="utf-8")
    (folder / "prompts" / "plain.md").write_text(PROMPT, encoding="utf-8")
    for number in range(1, documents + 1):
        data = text_of(number).encode()
        (folder / "documents" / f"{name_of(number)}.txt").write_bytes(data)
        label = {
            "document": f"{name_of(number)}.txt",
            "sha256": hashlib.sha256(data).hexdigest(),
            "schema": "pending",
            "facts": gold_of(number),
        }
        (folder / "gold" / f"{name_of(number)}.json").write_text(json.dumps(label), encoding="utf-8")
    written = CONFIGURATION.format(
        module=module, base_url=base_url, more="\n".join(more), limits="\n".join(limits)
    )
    (folder / "harness.toml").write_text(written, encoding="utf-8")
    return folder / "harness.toml"
