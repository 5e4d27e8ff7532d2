from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from harness.errors import DocumentError, GoldError
from harness.suites.checking import GoldReport, check_gold
from tests.unit.suites.label_schema import PLAN, Article
from tests.unit.suites.labels_on_disk import FACT, FACTS, Folder, write_label


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def check(folder: Folder) -> GoldReport:
    return check_gold(PLAN, Article, folder.labels, folder.documents)


def problems(folder: Folder) -> list[tuple[str, str, str]]:
    """File and line, path and words of each problem."""
    return [(Path(one.where).name, one.path, one.seen) for one in check(folder).problems]


def test_good_labels_are_counted(folder: Folder) -> None:
    folder.add("a")
    folder.add("b", {"title": {"$any": ["A title", None]}, "facts": [{"$optional": FACT}]})
    report = check(folder)
    assert report == GoldReport(files=2, facts=2, leaves=8, problems=(), unsupported=())


def test_all_problems_of_all_files_are_told(folder: Folder) -> None:
    folder.add("a", {"title": 3, "facts": [{"status": "gone"}, {"nmaes": []}]})
    folder.add("b")
    (folder.labels / "b.json").write_text("{")
    folder.add("c", {"title": {"$any": ["A"]}})
    where = [(file, path) for file, path, _ in problems(folder)]
    assert where == [
        ("a.json:12", "facts[1].nmaes"),
        ("a.json:6", "title"),
        ("a.json:9", "facts[0].status"),
        ("b.json:1", ""),
        ("c.json:6", "title"),
    ]


def test_a_changed_document(folder: Folder) -> None:
    folder.add("a")
    (folder.documents / "a.txt").write_text(
        "In August 2022 four men came to the DPR, and the rest was written anew."
    )
    ((where, path, seen),) = problems(folder)
    assert (where, path) == ("a.json:3", "")
    assert '"a.txt" is not what was labelled: its SHA-256 is ' in seen


def test_another_schema(folder: Folder) -> None:
    folder.add("a", schema="pending")
    (problem,) = check(folder).problems
    assert problem.where.endswith("a.json:4")
    assert problem.seen == f'the label is for the schema "pending", not for {PLAN.schema_hash}'
    assert PLAN.schema_hash in problem.hint


def test_a_document_without_a_label(folder: Folder) -> None:
    folder.add("a")
    (folder.documents / "b.txt").write_text("text")
    assert problems(folder) == [("labels", "", 'the document "b.txt" has no label file')]


def test_a_label_without_a_document(folder: Folder) -> None:
    folder.add("report")
    write_label(folder.labels, "reprot", FACTS)
    (problem,) = check(folder).problems
    assert problem.where.endswith("reprot.json:2")
    assert problem.seen == 'the suite has no document "reprot.txt"'
    assert "report.txt" in problem.hint


def test_two_labels_of_one_document(folder: Folder) -> None:
    folder.add("a")
    write_label(folder.labels, "second", FACTS, document="a.txt")
    assert problems(folder) == [("second.json:2", "", 'the document "a.txt" is labelled twice')]


def test_a_document_that_cannot_be_read(folder: Folder) -> None:
    folder.add("a")
    (folder.documents / "a.txt").write_bytes(b"\xff")
    ((where, _, seen),) = problems(folder)
    assert where == "a.txt:1"
    assert "not UTF-8" in seen


@pytest.mark.parametrize(
    ("quote", "seen"),
    [
        ("“No”, he said.", None),
        ('"No", he said.', "nearly this quote"),
        ("In  August 2022", "nearly this quote"),
        ("Yes, she said.", "no such quote"),
        (" ", "the quote is empty"),
    ],
)
def test_quotes_stand_in_the_document_to_the_letter(folder: Folder, quote: str, seen: str | None) -> None:
    folder.add("a", {"facts": [{**FACT, "evidence": {"$any": [FACT["evidence"], [quote]]}}]})
    found = problems(folder)
    assert len(found) == (seen is not None)
    if seen is not None:
        assert found[0][1] == "facts[0].evidence[0]"
        assert seen in found[0][2]


def test_the_same_fact_twice(folder: Folder) -> None:
    folder.add("a", {"facts": [FACT, {"status": "present"}, {**FACT, "place": "Donetsk"}]})
    ((where, path, seen),) = problems(folder)
    assert path == "facts[2]"
    assert seen == "the same fact stands at facts[0]"
    assert where == "a.json:20"


def test_too_many_alternatives_in_one_fact(folder: Folder) -> None:
    counts: Any = {"$any": [{"low": number} for number in range(300)]}
    folder.add("a", {"facts": [{**FACT, "count": counts}]})
    assert [seen for _, _, seen in problems(folder)] == [
        "more than 256 combinations of alternatives in one fact"
    ]


def test_values_without_support_are_no_problems(folder: Folder) -> None:
    folder.add("a", {"facts": [{**FACT, "count": {"low": 5}}]})
    report = check(folder)
    assert report.problems == ()
    (value,) = report.unsupported
    assert (Path(value.where).name, value.path, value.value) == ("a.json:10", "facts[0].count.low", "5")


def test_missing_folders_are_refused(folder: Folder, tmp_path: Path) -> None:
    folder.add("a")
    with pytest.raises(GoldError, match="gold folder does not exist"):
        check_gold(PLAN, Article, tmp_path / "nothing", folder.documents)
    with pytest.raises(DocumentError, match="documents folder does not exist"):
        check_gold(PLAN, Article, folder.labels, tmp_path / "nothing")
