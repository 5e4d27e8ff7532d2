"""The documents of a suite: a folder of `*.txt` and `*.md` files, read one at a time."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from harness.errors import DocumentError
from harness.records import Document
from harness.suites.places import quoted, shown
from harness.suites.reading import decode, read_bytes, reason

if TYPE_CHECKING:
    from collections.abc import Iterator

SUFFIXES = (".txt", ".md")


def document_files(folder: Path) -> dict[str, str]:
    """The names of the document files directly in a folder, by document id and sorted by it.

    Hidden files, subfolders and other suffixes are not documents.

    Raises:
        DocumentError: When the folder is missing or holds no document, two files have the same id, or
            something with a document's suffix is not a file or has a name that is not UTF-8.
    """
    found: dict[str, str] = {}
    other: Counter[str] = Counter()
    for entry in _listing(folder):
        if not entry.name.endswith(SUFFIXES):
            other[Path(entry.name).suffix or "no suffix"] += 1
            continue
        _check(entry)
        document = entry.name.rpartition(".")[0]
        twin = found.get(document)
        if twin is not None:
            raise DocumentError(
                f"{quoted(twin)} and {quoted(entry.name)} have the same document id",
                where=shown(folder),
                hint="rename one of them: the id is the file's name without its suffix",
            )
        found[document] = entry.name
    if not found:
        held = ", ".join(f"{count} × {suffix}" for suffix, count in other.most_common(3)) or "nothing"
        raise DocumentError(
            "the folder holds no document",
            where=shown(folder),
            hint=f"documents are *.txt or *.md files; here there is {held}",
        )
    return {document: found[document] for document in sorted(found)}


def document_paths(folder: Path) -> tuple[Path, ...]:
    """The document files directly in a folder, sorted by document id.

    Raises:
        DocumentError: As `document_files` does.
    """
    return tuple(folder / name for name in document_files(folder).values())


def document_ids(folder: Path) -> tuple[str, ...]:
    """The ids of the documents in a folder, sorted. Reads no document.

    Raises:
        DocumentError: As `document_files` does.
    """
    return tuple(document_files(folder))


def load_documents(folder: Path) -> Iterator[Document]:
    """The documents of a folder, sorted by id; each is read when it is asked for and not kept.

    The folder is listed, and its names are checked, before this returns.

    Raises:
        DocumentError: As `document_files` and, while iterating, `load_document` do.
    """
    return map(load_document, document_paths(folder))


def load_document(path: Path) -> Document:
    """Read one document. Its text is the file's, letter for letter, so that quotes stay verbatim.

    Raises:
        DocumentError: When the file is missing, not UTF-8, larger than 16 MiB, or holds only white space.
    """
    data = read_bytes(path, "document", DocumentError)
    text = decode(data, path, "document", DocumentError)
    if not text.strip("\ufeff") or text.strip("\ufeff").isspace():
        raise DocumentError("the document is empty", where=shown(path), hint="fill it or remove it")
    return Document(id=path.stem, text=text, sha256=hashlib.sha256(data).hexdigest())


def _listing(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return [
                entry
                for entry in entries
                if not entry.name.startswith(".") and (entry.name.endswith(SUFFIXES) or not entry.is_dir())
            ]
    except FileNotFoundError:
        raise DocumentError(
            "the documents folder does not exist",
            where=shown(folder),
            hint='check "documents" in harness.toml; a relative path starts at that file',
        ) from None
    except NotADirectoryError:
        raise DocumentError(
            "the documents folder is a file", where=shown(folder), hint="name the folder that holds it"
        ) from None
    except OSError as failure:
        raise DocumentError(
            f"the documents folder cannot be read: {reason(failure)}", where=shown(folder)
        ) from failure


def _check(entry: os.DirEntry[str]) -> None:
    if not (entry.is_file(follow_symlinks=False) or Path(entry.path).is_file()):
        raise DocumentError(
            "this is named like a document and is not a file",
            where=shown(Path(entry.path)),
            hint="rename or remove it",
        )
    try:
        entry.name.encode("utf-8")
    except UnicodeEncodeError:
        raise DocumentError(
            f"the file name {quoted(entry.name)} is not UTF-8",
            where=quoted(shown(Path(entry.path).parent)),
            hint="rename the file",
        ) from None
