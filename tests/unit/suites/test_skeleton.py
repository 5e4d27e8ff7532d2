from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import BaseModel, Field, RootModel

from harness.errors import DocumentError, SchemaError
from harness.schema.compile import compile_model
from harness.suites.gold import load_label
from harness.suites.skeleton import label_skeleton
from tests.unit.suites.label_schema import PLAN


class Odd(BaseModel):
    plain: str | None = Field(None, alias="null")
    colon: str | None = Field(None, alias="a: b #c\n\u2028\U0001f600")


@pytest.mark.parametrize(
    "name", ["005_example.txt", "12345.txt", "true.md", "a: b #c.txt", 'a "b"\n\u2028\U0001f600.txt', "été.md"]
)
def test_it_is_a_label_of_the_document(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"text\n")
    path = tmp_path / "label.yaml"
    path.write_text(label_skeleton(PLAN, tmp_path / name), encoding="utf-8")
    label = load_label(path)
    assert label.document == name
    assert label.sha256 == "b9e68e1bea3e5b19ca6b2f98b73a54b73daafaa250484902e09982e07a12e733"
    assert label.schema_hash == PLAN.schema_hash
    assert label.facts == {"title": None, "published": None, "facts": [], "others": [], "by_name": {}}


def test_comments_name_the_fields_of_a_fact(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"text\n")
    skeleton = label_skeleton(PLAN, tmp_path / "a.txt")
    assert "  facts: []  # place, status, count, when, names, sure, remark, evidence\n" in skeleton
    assert "  others: []  # kind, amount, quote | kind, body\n" in skeleton


def test_odd_keys_survive(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"text\n")
    path = tmp_path / "label.yaml"
    path.write_text(label_skeleton(compile_model(Odd), tmp_path / "a.txt"), encoding="utf-8")
    assert load_label(path).facts == {"null": None, "a: b #c\n\u2028\U0001f600": None}


def test_a_root_that_is_no_object_is_refused(tmp_path: Path) -> None:
    class Names(RootModel[list[str]]):
        pass

    (tmp_path / "a.txt").write_bytes(b"text\n")
    with pytest.raises(SchemaError, match="a label file holds an object"):
        label_skeleton(compile_model(Names), tmp_path / "a.txt")


def test_a_missing_document_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="does not exist"):
        label_skeleton(PLAN, tmp_path / "a.txt")
