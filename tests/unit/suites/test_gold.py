from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from harness.errors import GoldError
from harness.suites.gold import header_location, label_paths, load_label, load_labels, location

SHA = "0123456789" * 6 + "0123"
TEXT = f"""document: 005_example.txt
sha256: {SHA}   # of the document's bytes
schema: 12345678e9
facts:
  title: Neighbours
  deployments:
    - destination: {{$any: [Mongolia, null]}}
      status: {{$unlabelled: true}}
    - $optional: {{status: present}}
"""


def write(folder: Path, text: str, name: str = "a.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_reads_a_label_and_keeps_its_annotations(tmp_path: Path) -> None:
    label = load_label(write(tmp_path, TEXT))
    assert (label.document, label.document_id) == ("005_example.txt", "005_example")
    assert (label.sha256, label.schema_hash) == (SHA, "12345678e9")
    assert (label.labeller, label.note) == (None, None)
    assert label.facts == {
        "title": "Neighbours",
        "deployments": [
            {"destination": {"$any": ["Mongolia", None]}, "status": {"$unlabelled": True}},
            {"$optional": {"status": "present"}},
        ],
    }


def test_reads_a_json_label_with_its_optional_keys(tmp_path: Path) -> None:
    head = f'"document": "a.md", "sha256": "{SHA}", "schema": "1a"'
    text = f'{{{head},\n "labeller": "B", "note": "n",\n "facts": {{"x":\n 1}}}}'
    label = load_label(write(tmp_path, text, "a.json"))
    assert (label.document_id, label.labeller, label.note, label.facts) == ("a", "B", "n", {"x": 1})
    assert location(label, ("x",)).endswith("a.json:3")


def test_locations_fall_back_to_the_nearest_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    label = load_label(write(tmp_path, TEXT))
    assert location(label) == "a.yaml:4"
    assert location(label, ("deployments", 0, "status")) == "a.yaml:8"
    assert location(label, ("deployments", 1, "$optional", "status")) == "a.yaml:9"
    assert location(label, ("deployments", 0, "when")) == "a.yaml:7"
    assert location(label, ("absent", 3)) == "a.yaml:4"
    assert header_location(label, "sha256") == "a.yaml:2"
    assert header_location(label, "note") == "a.yaml:1"


@pytest.mark.parametrize(
    ("old", "new", "line", "words", "hint"),
    [
        ("document:", "documnt:", 1, 'unknown key "documnt"', 'did you mean "document"'),
        (f"sha256: {SHA}", "", 1, 'no "sha256"', "gold new"),
        ("document: 005_example.txt\n", "", 1, 'no "document"', "gold new"),
        ("005_example.txt", "../seeds/005_example.txt", 1, "not a file name", "without a folder"),
        ("005_example.txt", "005_example", 1, "not a file name", "suffix"),
        ("005_example.txt", "[a.txt]", 1, '"document" is not a text', "string"),
        (SHA, SHA.replace("0", "g"), 2, "not a SHA-256", "64 hexadecimal"),
        (SHA, SHA[:-1], 2, "not a SHA-256", "64 hexadecimal"),
        ("12345678e9", "", 3, '"schema" is not a text', "string"),
        ("  title: Neighbours\n", "  title: Neighbours\n  title: x\n", 6, "stands twice", "first at"),
    ],
)
def test_refuses_with_file_and_line(
    tmp_path: Path, old: str, new: str, line: int, words: str, hint: str
) -> None:
    path = write(tmp_path, TEXT.replace(old, new))
    with pytest.raises(GoldError) as caught:
        load_label(path)
    assert words in caught.value.seen
    assert hint in caught.value.hint
    assert caught.value.where == f"{path}:{line}"


@pytest.mark.parametrize("facts", ["", " []", " text"])
def test_facts_are_a_mapping(tmp_path: Path, facts: str) -> None:
    head = TEXT.partition("facts:")[0]
    with pytest.raises(GoldError, match=r'a\.yaml:4: "facts" is not a mapping\n.*facts: {}'):
        load_label(write(tmp_path, f"{head}facts:{facts}\n"))
    assert load_label(write(tmp_path, f"{head}facts: {{}}\n")).facts == {}


@pytest.mark.parametrize("text", ["- a\n", "# a comment\n", "words"])
def test_a_label_is_a_mapping(tmp_path: Path, text: str) -> None:
    with pytest.raises(GoldError, match=r"is not a mapping\n.*document, sha256, schema, facts"):
        load_label(write(tmp_path, text))


def test_refuses_a_label_that_is_not_utf_8_or_missing(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(b"document: a\nsha256: \xe9")
    with pytest.raises(GoldError, match=r"a\.yaml:2: .* byte 0xe9 at offset 20"):
        load_label(tmp_path / "a.yaml")
    with pytest.raises(GoldError, match="does not exist"):
        load_label(tmp_path / "b.yaml")


def test_labels_come_sorted_from_the_folder_alone(tmp_path: Path) -> None:
    write(tmp_path, TEXT.replace("005", "b"), "b.yml")
    write(tmp_path, TEXT.replace("005", "a"), "a.yaml")
    write(tmp_path, "# guide", "GUIDE.md")
    write(tmp_path, "broken: [", ".a.yaml")
    (tmp_path / "passes.yaml").mkdir()
    (tmp_path / "passes").mkdir()
    shutil.copy(tmp_path / "a.yaml", tmp_path / "passes" / "c.yaml")
    assert [label.document_id for label in load_labels(tmp_path)] == ["a_example", "b_example"]
    assert [path.name for path in label_paths(tmp_path)] == ["a.yaml", "b.yml"]


def test_refuses_two_labels_of_one_document(tmp_path: Path) -> None:
    write(tmp_path, TEXT)
    write(tmp_path, "\n" + TEXT.replace("005_example.txt", "005_example.md"), "b.yaml")
    with pytest.raises(GoldError, match=r"b\.yaml:2: .* is labelled twice\n.*a\.yaml:1"):
        list(load_labels(tmp_path))


def test_refuses_a_folder_without_labels(tmp_path: Path) -> None:
    with pytest.raises(GoldError, match="holds no label file"):
        load_labels(tmp_path)
    with pytest.raises(GoldError, match="does not exist"):
        load_labels(tmp_path / "none")
    with pytest.raises(GoldError, match="cannot be read"):
        load_labels(write(tmp_path, "x", "file"))
