"""Read label files: what a person says a document states.

Only the frame of a label is checked here: its keys, and that one document has one label. What `facts` may
hold, with its `$any`, `$optional` and `$unlabelled`, is checked against the schema where it is scored.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from harness.errors import GoldError
from harness.suites.label_text import LabelText, parse_label_text
from harness.suites.places import nearest_line, place, quoted, shown, suggestion
from harness.suites.reading import decode, read_bytes, reason

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harness.records import Json
    from harness.suites.places import KeyPath

SUFFIXES = (".yaml", ".yml", ".json")
_NEEDED = ("document", "sha256", "schema", "facts")
_OPTIONAL = ("labeller", "note")
_HEADER = ("document", "sha256", "schema", "labeller", "note")
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class LabelFile:
    """One label file.

    Attributes:
        path: The file.
        document: The name of the labelled document's file, with its suffix. Never a path.
        sha256: Hex digest of the document's bytes when it was labelled.
        schema_hash: The hash of the schema that it was labelled for.
        facts: The labelled value, its annotations as written.
        lines: Paths inside the whole file (`("facts", "deployments", 0)`) to lines; see `location`.
        labeller: Who labelled it; `None` when the file does not say.
        note: A remark of the labeller; `None` when there is none.
    """

    path: Path
    document: str
    sha256: str
    schema_hash: str
    facts: Mapping[str, Json]
    lines: Mapping[KeyPath, int] = field(repr=False)
    labeller: str | None = None
    note: str | None = None

    @property
    def document_id(self) -> str:
        """The document's id: its file name without the suffix."""
        return self.document.rpartition(".")[0]


def location(label: LabelFile, path: KeyPath = ()) -> str:
    """`file:line` of a part of the facts: `location(label, ("deployments", 0, "status"))`.

    A part that has no line, such as a field that was left out, has the line of the nearest part around it.
    """
    return place(label.path, nearest_line(label.lines, ("facts", *path)))


def header_location(label: LabelFile, key: str) -> str:
    """`file:line` of a top-level key: `header_location(label, "sha256")`."""
    return place(label.path, nearest_line(label.lines, (key,)))


def label_paths(folder: Path) -> tuple[Path, ...]:
    """The label files directly in a folder, sorted by name. Subfolders and hidden files are not read.

    Raises:
        GoldError: When the folder is missing or holds no label file.
    """
    try:
        with os.scandir(folder) as entries:
            names = sorted(
                entry.name
                for entry in entries
                if Path(entry.name).suffix in SUFFIXES and not entry.name.startswith(".") and not entry.is_dir()
            )
    except FileNotFoundError:
        raise GoldError(
            "the gold folder does not exist", where=shown(folder), hint='check "gold" in harness.toml'
        ) from None
    except OSError as failure:
        raise GoldError(f"the gold folder cannot be read: {reason(failure)}", where=shown(folder)) from failure
    if not names:
        raise GoldError(
            "the folder holds no label file",
            where=shown(folder),
            hint="a label is a *.yaml, *.yml or *.json file directly in it",
        )
    return tuple(folder / name for name in names)


def load_labels(folder: Path) -> Iterator[LabelFile]:
    """The labels of a folder, sorted by file name; each is read when it is asked for.

    The folder is listed before this returns.

    Raises:
        GoldError: As `label_paths` and, while iterating, `load_label` do; when two files label one document.
    """
    return _load(label_paths(folder))


def _load(paths: tuple[Path, ...]) -> Iterator[LabelFile]:
    labelled: dict[str, Path] = {}
    for path in paths:
        label = load_label(path)
        first = labelled.setdefault(label.document_id, path)
        if first is not path:
            there = header_location(load_label(first), "document")
            raise GoldError(
                f"the document {quoted(label.document)} is labelled twice",
                where=header_location(label, "document"),
                hint=f"it is labelled in {there} too; keep one of the two files in this folder",
            )
        yield label


def load_label(path: Path) -> LabelFile:
    """Read one label file.

    Raises:
        GoldError: With file and line, when it cannot be read or parsed, a key is unknown or missing, or a
            value is not what its key asks for.
    """
    text = decode(read_bytes(path, "label file", GoldError), path, "label file", GoldError)
    parsed = parse_label_text(text, path, verbatim=_HEADER)
    frame = parsed.value
    if not isinstance(frame, Mapping):
        raise GoldError(
            "the label file is not a mapping",
            where=place(path, nearest_line(parsed.lines, ())),
            hint=f"its keys are {', '.join(_NEEDED)}",
        )
    _check_keys(frame, parsed, path)
    facts = frame["facts"]
    if not isinstance(facts, Mapping):
        raise _wrong(
            parsed, path, "facts", "is not a mapping", "for a document without facts, write: facts: {}"
        )
    return LabelFile(
        path=path,
        document=_document(frame, parsed, path),
        sha256=_sha256(frame, parsed, path),
        schema_hash=_text(frame, parsed, path, "schema"),
        facts=facts,
        lines=parsed.lines,
        labeller=_text(frame, parsed, path, "labeller") if "labeller" in frame else None,
        note=_text(frame, parsed, path, "note") if "note" in frame else None,
    )


def _check_keys(frame: Mapping[str, Json], parsed: LabelText, path: Path) -> None:
    known = (*_NEEDED, *_OPTIONAL)
    for key in frame:
        if key not in known:
            raise GoldError(
                f"unknown key {quoted(key)}",
                where=place(path, nearest_line(parsed.lines, (key,))),
                hint=suggestion(key, known),
            )
    missing = [key for key in _NEEDED if key not in frame]
    if missing:
        raise GoldError(
            f"the label has no {' and no '.join(quoted(key) for key in missing)}",
            where=place(path, nearest_line(parsed.lines, ())),
            hint="`harness gold new` prints a label with these lines filled in",
        )


def _text(frame: Mapping[str, Json], parsed: LabelText, path: Path, key: str) -> str:
    value = frame[key]
    if not isinstance(value, str) or not value.strip():
        raise _wrong(
            parsed, path, key, "is not a text", "write it as a string, or leave it out if it is optional"
        )
    return value


def _document(frame: Mapping[str, Json], parsed: LabelText, path: Path) -> str:
    name = _text(frame, parsed, path, "document")
    has_suffix = 0 < name.rfind(".") < len(name) - 1
    if "/" in name or "\\" in name or "\0" in name or not has_suffix:
        hint = "write the name of the file with its suffix and without a folder, such as 005_example.txt"
        raise _wrong(parsed, path, "document", f"is {quoted(name)}, which is not a file name", hint)
    return name


def _sha256(frame: Mapping[str, Json], parsed: LabelText, path: Path) -> str:
    digest = _text(frame, parsed, path, "sha256")
    if not _SHA256.fullmatch(digest):
        hint = "write the 64 hexadecimal digits that `sha256sum` prints for the document"
        raise _wrong(parsed, path, "sha256", f"is {quoted(digest)}, which is not a SHA-256 digest", hint)
    return digest


def _wrong(parsed: LabelText, path: Path, key: str, seen: str, hint: str) -> GoldError:
    return GoldError(f'"{key}" {seen}', where=place(path, nearest_line(parsed.lines, (key,))), hint=hint)
