"""Suites in a folder, for tests."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from harness.suites.configuration import Configuration, load_configuration

SCHEMA = """
from pydantic import BaseModel

from harness.marks import Evidence
from typing import Annotated


class Fact(BaseModel):
    who: str
    amount: int | None = None
    evidence: Annotated[list[str], Evidence()] = []


class Report(BaseModel):
    title: str | None = None
    facts: list[Fact] = []
"""
CONFIGURATION = """
[suites.s]
schema = "{module}:Report"
documents = "docs"
gold = "gold"

[systems.null]
kind = "null"

[systems.perfect]
kind = "noisy-gold"

[systems.noisy]
kind = "noisy-gold"
drop = 0.5
"""
FACTS: dict[str, Any] = {
    "title": "A title",
    "facts": [{"who": "Ann", "amount": 3, "evidence": ["Ann has three"]}, {"who": "Bob", "amount": None}],
}
TEXT = "A title\nAnn has three. Bob has none.\n"


def make_suite(
    folder: Path,
    documents: dict[str, str] | None = None,
    gold: dict[str, Any] | None = None,
    extra: str = "",
    schema: str = SCHEMA,
) -> Configuration:
    """A suite on disk: id to text, id to facts (`FACTS` for every document when `None`)."""
    texts = {"a": TEXT, "b": TEXT} if documents is None else documents
    # Each folder has a module of its own: Python keeps one module a name.
    module = f"schema_{hashlib.sha256(str(folder).encode()).hexdigest()[:12]}"
    (folder / f"{module}.py").write_text(schema)
    (folder / "harness.toml").write_text(CONFIGURATION.format(module=module) + extra)
    (folder / "docs").mkdir()
    (folder / "gold").mkdir()
    for name, text in texts.items():
        (folder / "docs" / f"{name}.txt").write_bytes(text.encode())
        write_label(folder, name, FACTS if gold is None else gold.get(name, FACTS))
    return load_configuration(folder / "harness.toml")


def write_label(folder: Path, name: str, facts: Any, **changes: str) -> Path:
    """The label of a document, with its right digest unless another is given."""
    document = folder / "docs" / f"{name}.txt"
    data = document.read_bytes() if document.exists() else b""
    label = {
        "document": f"{name}.txt",
        "sha256": hashlib.sha256(data).hexdigest(),
        "schema": "pending",
        "facts": facts,
        **changes,
    }
    path = folder / "gold" / f"{name}.json"
    path.write_text(json.dumps(label, indent=1))
    return path
