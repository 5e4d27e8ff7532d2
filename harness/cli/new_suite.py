"""Write the starter suite into a folder."""

from __future__ import annotations

import hashlib
import os
from importlib.resources import files
from typing import TYPE_CHECKING

from harness.cli.starter.invoice import Invoice
from harness.errors import UsageError
from harness.schema.compile import compile_model

if TYPE_CHECKING:
    from pathlib import Path

DOCUMENT = "001_mill"
"""The id of the starter's document."""
_FILES = {
    "harness.toml": "harness.toml",
    "schemas/invoice.py": "invoice.py",
    f"documents/invoices/{DOCUMENT}.txt": "document.txt",
    f"gold/invoices/{DOCUMENT}.yaml": "gold.yaml",
    "prompts/invoices/v1.md": "prompt.md",
}
_KEPT = {
    # Without it, an installed package named `schemas` would be found before this folder.
    "schemas/__init__.py": "package.py",
    ".gitignore": "gitignore",
}
"""What a folder may well have already; it stays as it is then."""


def write_suite(folder: Path) -> tuple[Path, ...]:
    """Write the suite; the label gets the hashes of the document and the schema as they are now.

    Returns:
        What was written.

    Raises:
        UsageError: When one of the files is there already; nothing is written then.
    """
    if folder.exists() and not folder.is_dir():
        raise UsageError("this is not a folder", where=str(folder), hint="name a folder")
    taken = [str(folder / name) for name in _FILES if os.path.lexists(folder / name)]
    if taken:
        raise UsageError(f"already there: {', '.join(taken)}", hint="nothing was written; name another folder")
    contents = {name: _content(source) for name, source in _FILES.items()}
    contents |= {name: _content(source) for name, source in _KEPT.items() if not os.path.lexists(folder / name)}
    for name, content in contents.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as file:
            file.write(content)
    return tuple(folder / name for name in contents)


def _content(source: str) -> bytes:
    data = _starter(source)
    if source == "gold.yaml":
        digest = hashlib.sha256(_starter("document.txt")).hexdigest()
        text = data.decode().replace("@sha256@", digest)
        return text.replace("@schema@", compile_model(Invoice).schema_hash).encode()
    return data


def _starter(name: str) -> bytes:
    return (files("harness.cli.starter") / name).read_bytes()
