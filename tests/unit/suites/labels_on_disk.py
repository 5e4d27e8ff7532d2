"""Documents with their labels in a folder, for tests of checking."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from tests.unit.suites.label_schema import PLAN

TEXT = "A title\nIn August 2022 four men came to the DPR. “No”, he said.\n"
FACT: dict[str, Any] = {
    "place": "DPR",
    "count": {"low": 4},
    "when": "2022-08",
    "evidence": ["In August 2022 four men came to the DPR"],
}
FACTS: dict[str, Any] = {"title": "A title", "facts": [FACT]}


class Folder:
    """Folders of documents and labels."""

    def __init__(self, root: Path) -> None:
        self.documents = root / "documents"
        self.labels = root / "labels"
        self.documents.mkdir()
        self.labels.mkdir()

    def add(self, name: str, facts: Any = None, text: str = TEXT, **changes: str) -> None:
        """A document and its label; the label is right unless something is given."""
        (self.documents / f"{name}.txt").write_bytes(text.encode())
        write_label(self.labels, name, FACTS if facts is None else facts, text, **changes)


def write_label(folder: Path, name: str, facts: Any, text: str = TEXT, **changes: str) -> None:
    """A label whose facts begin in line 5, one key a line."""
    label = {
        "document": f"{name}.txt",
        "sha256": hashlib.sha256(text.encode()).hexdigest(),
        "schema": PLAN.schema_hash,
        **changes,
        "facts": facts,
    }
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.json").write_text(json.dumps(label, indent=1))
