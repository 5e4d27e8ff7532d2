"""Parse the text of a label file into a value and the line on which each part of it stands.

A label file is data that people pass around, so the formats are cut down to what a label needs: no aliases
(a few lines of them can stand for gigabytes), no tags, no duplicate keys, and no value that turns into another
type behind the writer's back: dates, `yes`, `no`, `on` and `off` stay strings.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.errors import GoldError
from harness.suites.json_text import parse_json
from harness.suites.places import shown

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from harness.records import Json
    from harness.suites.places import KeyPath


@dataclass(frozen=True, slots=True)
class LabelText:
    """A parsed label.

    Attributes:
        value: The value of the whole file.
        lines: Path of keys and list positions to the line, from 1; `()` is the root.
    """

    value: Json
    lines: Mapping[KeyPath, int]


def parse_label_text(text: str, path: Path, *, verbatim: Collection[str] = ()) -> LabelText:
    """Parse a label: JSON when the path ends in `.json`, YAML otherwise.

    Args:
        text: The file's text. A byte order mark at its start is skipped.
        path: The file, for errors and for its suffix.
        verbatim: Top-level keys whose unquoted YAML scalars stay as written: a hash of digits is no number.

    Raises:
        GoldError: With file and line, when the text is empty, malformed, nested deeper than 100 levels, or uses
            what the module docstring rules out.
    """
    text = text.removeprefix("\ufeff")
    if not text.strip():
        raise GoldError(
            "the label file is empty", where=shown(path), hint="label the document, or remove the file"
        )
    if path.suffix == ".json":
        return LabelText(*parse_json(text, path))
    from harness.suites.yaml_text import parse_yaml  # on use: a gold set of JSON need not load a YAML parser

    return LabelText(*parse_yaml(text, path, verbatim))
