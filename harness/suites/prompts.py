"""Load one version of the words that ask a model to extract."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from harness.errors import ConfigError
from harness.records import Prompt
from harness.suites.places import shown
from harness.suites.reading import decode, read_bytes

if TYPE_CHECKING:
    from pathlib import Path


def load_prompt(path: Path) -> Prompt:
    """Read a prompt file. Its version is the file's name without the suffix; its text is kept as it is.

    Raises:
        ConfigError: When the file is missing, empty, too large or not UTF-8.
    """
    data = read_bytes(path, "prompt", ConfigError)
    text = decode(data, path, "prompt", ConfigError)
    if not text.strip("\ufeff \t\r\n"):
        raise ConfigError("the prompt is empty", where=shown(path), hint="write what the model is to do")
    return Prompt(version=path.stem, text=text, sha256=hashlib.sha256(data).hexdigest())
