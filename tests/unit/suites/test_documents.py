from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING

import pytest

from harness.errors import DocumentError
from harness.suites.documents import document_ids, load_document, load_documents

if TYPE_CHECKING:
    from pathlib import Path


def test_documents_come_sorted_by_id_and_byte_for_byte(tmp_path: Path) -> None:
    data = "\ufeffПривет\r\nline\rend\n\u2028".encode()
    (tmp_path / "b.txt").write_bytes(data)
    (tmp_path / "a.b.md").write_bytes(b"markdown")
    (tmp_path / "a.txt").write_bytes(b"a")
    (tmp_path / ".hidden.txt").write_bytes(b"hidden")
    (tmp_path / "notes.pdf").write_bytes(b"no document")
    (tmp_path / "passes").mkdir()
    (tmp_path / "passes" / "c.txt").write_bytes(b"below")
    documents = list(load_documents(tmp_path))
    assert [document.id for document in documents] == ["a", "a.b", "b"] == list(document_ids(tmp_path))
    assert documents[2].text.encode() == data
    assert documents[2].sha256 == hashlib.sha256(data).hexdigest()


def test_documents_are_read_one_at_a_time(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"a")
    (tmp_path / "b.txt").write_bytes(b"\xff")
    documents = load_documents(tmp_path)
    assert next(documents).id == "a"
    with pytest.raises(DocumentError, match=r"b\.txt:1: .*byte 0xff at offset 0"):
        next(documents)


def test_a_link_is_read_as_the_file_it_leads_to(tmp_path: Path) -> None:
    folder = tmp_path / "documents"
    folder.mkdir()
    (tmp_path / "outside").write_bytes(b"outside")
    (folder / "a.txt").symlink_to(tmp_path / "outside")
    assert [document.text for document in load_documents(folder)] == ["outside"]


@pytest.mark.parametrize("data", [b"", b" \r\n\t", "\ufeff\n".encode()])
def test_refuses_an_empty_document(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.txt").write_bytes(data)
    with pytest.raises(DocumentError, match=r"a\.txt: the document is empty"):
        list(load_documents(tmp_path))


def test_refuses_a_document_above_16_mib_and_takes_one_of_it(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"a" * 16 * 1024**2)
    assert len(load_document(path).text) == 16 * 1024**2
    with path.open("ab") as file:
        file.write(b"a")
    with pytest.raises(DocumentError, match="larger than 16 MiB"):
        load_document(path)


def test_refuses_two_files_of_one_id(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"a")
    (tmp_path / "a.md").write_bytes(b"a")
    with pytest.raises(DocumentError, match="the same document id") as caught:
        document_ids(tmp_path)
    assert "a.md" in caught.value.seen
    assert "a.txt" in caught.value.seen


def test_refuses_an_empty_corpus_and_says_what_is_there(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="here there is nothing"):
        load_documents(tmp_path)
    (tmp_path / "a.pdf").write_bytes(b"a")
    (tmp_path / "b.pdf").write_bytes(b"b")
    with pytest.raises(DocumentError, match=r"2 × \.pdf"):
        load_documents(tmp_path)


def test_refuses_a_missing_folder_and_a_file_for_a_folder(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="does not exist"):
        load_documents(tmp_path / "none")
    (tmp_path / "file").write_bytes(b"a")
    with pytest.raises(DocumentError, match="is a file"):
        load_documents(tmp_path / "file")


def test_a_document_that_vanished_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"a")
    documents = load_documents(tmp_path)
    (tmp_path / "a.txt").unlink()
    with pytest.raises(DocumentError, match=r"a\.txt: the document does not exist"):
        next(documents)


def test_refuses_what_only_looks_like_a_document(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    with pytest.raises(DocumentError, match=r"pipe\.txt: .*not a file"):
        load_documents(tmp_path)
    with pytest.raises(DocumentError, match="not a file"):
        load_document(tmp_path / "pipe.txt")


def test_refuses_a_broken_link(tmp_path: Path) -> None:
    (tmp_path / "a.txt").symlink_to(tmp_path / "gone")
    with pytest.raises(DocumentError, match=r"a\.txt"):
        load_documents(tmp_path)


def test_refuses_a_file_name_that_is_not_utf_8(tmp_path: Path) -> None:
    name = os.fsencode(tmp_path) + b"/\xff.txt"
    with open(name, "wb") as file:  # noqa: PTH123 - a bytes path
        file.write(b"a")
    with pytest.raises(DocumentError, match="is not UTF-8") as caught:
        load_documents(tmp_path)
    str(caught.value).encode()
