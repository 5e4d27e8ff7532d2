from __future__ import annotations

from pathlib import Path

import pytest

from harness.errors import GoldError
from harness.records import Counts
from harness.suites.agreement import agree
from tests.unit.suites.label_schema import PLAN
from tests.unit.suites.labels_on_disk import FACT, FACTS, write_label


@pytest.fixture
def first(tmp_path: Path) -> Path:
    return tmp_path / "first"


@pytest.fixture
def second(tmp_path: Path) -> Path:
    return tmp_path / "second"


def test_a_set_agrees_with_itself(first: Path) -> None:
    write_label(first, "a", {"title": {"$any": ["A", "B"]}, "facts": [{"$optional": FACT}]})
    write_label(first, "b", FACTS)
    agreement = agree(PLAN, first, first)
    assert agreement.documents == 2
    assert agreement.lenient.f1 == agreement.strict.f1 == 1.0
    assert agreement.strict.fact_f1 == 1.0


def test_alternatives_and_optional_facts_count_leniently_only(first: Path, second: Path) -> None:
    write_label(first, "a", {"title": {"$any": ["A", "B"]}, "facts": [{"$optional": FACT}]})
    write_label(second, "a", {"title": {"$any": ["B", "C"]}, "facts": []})
    agreement = agree(PLAN, first, second)
    assert agreement.lenient.f1 == 1.0
    assert agreement.strict.fields["title"] == Counts(incorrect=1)
    assert agreement.strict.fact_totals == Counts(missing=1)


def test_the_second_stands_at_its_best_reading(first: Path, second: Path) -> None:
    write_label(first, "a", {"title": "A"})
    write_label(second, "a", {"title": {"$any": ["B", "A"]}, "published": {"$unlabelled": True}})
    agreement = agree(PLAN, first, second)
    assert agreement.lenient.totals.incorrect == 1
    assert agreement.lenient.totals.spurious == 0


def test_other_documents_are_refused_by_name(first: Path, second: Path) -> None:
    write_label(first, "a", FACTS)
    write_label(second, "a", FACTS)
    write_label(second, "b", FACTS)
    for one, other in ((first, second), (second, first)):
        with pytest.raises(GoldError, match='no label of "b"') as caught:
            agree(PLAN, one, other)
        assert caught.value.where.endswith("first")


@pytest.mark.parametrize("broken", ["first", "second"])
def test_a_misspelled_annotation_is_refused_with_its_line(tmp_path: Path, broken: str) -> None:
    for name in ("first", "second"):
        write_label(tmp_path / name, "a", {"title": {"$anny": ["A", "B"]}} if name == broken else FACTS)
    with pytest.raises(GoldError, match=r"title: \$anny is no annotation") as caught:
        agree(PLAN, tmp_path / "first", tmp_path / "second")
    assert caught.value.where.endswith(f"{broken}/a.json:6")
