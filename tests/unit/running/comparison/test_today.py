from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from harness.errors import GoldError, UsageError
from harness.paths import parse
from harness.running.comparison.comparing import compare_runs
from harness.running.comparison.today import SuiteToday, label_lines, line_of
from harness.running.suite import ready
from tests.unit.running.comparison.test_operands import ran
from tests.unit.running.suites_on_disk import FACTS, make_suite, write_label


def test_what_scores_depend_on_is_what_a_run_writes_down(tmp_path: Path) -> None:
    configuration = make_suite(tmp_path)
    loaded = ready(configuration, configuration.suite(), lambda names: names)
    today = SuiteToday.of(configuration, "s")
    assert today.scored_by(["a", "b"]) == loaded.scored_by
    alone = ready(configuration, configuration.suite(), lambda names: names[1:]).scored_by
    assert today.scored_by(["b"]) == alone
    assert today.scored_by(["b"], texts=False)["gold"] == alone["gold"]


def test_documents_that_are_gone_or_unreadable_are_other_documents(tmp_path: Path) -> None:
    configuration = make_suite(tmp_path)
    before = SuiteToday.of(configuration, "s").scored_by(["a", "b"])
    (tmp_path / "docs" / "a.txt").write_bytes(b"\xff\xfe\xff")
    unreadable = SuiteToday.of(configuration, "s").scored_by(["a", "b"])
    shutil.rmtree(tmp_path / "docs")
    gone = SuiteToday.of(configuration, "s").scored_by(["a", "b"])
    assert len({found["documents"] for found in (before, unreadable, gone)}) == 3
    assert before["gold"] == unreadable["gold"] == gone["gold"]


def test_a_document_without_a_label_is_refused(tmp_path: Path) -> None:
    with pytest.raises(GoldError, match="no label of"):
        SuiteToday.of(make_suite(tmp_path), "s").scored_by(["a", "c"])


def test_the_line_of_a_value_or_of_what_is_around_it(tmp_path: Path) -> None:
    today = SuiteToday.of(make_suite(tmp_path), "s")
    label = today.gold()["a"]
    lines = label_lines(label)
    written = label.path.read_text().splitlines()
    stated = line_of(lines, parse("facts[0].amount"))
    assert stated is not None
    assert '"amount": 3' in written[stated - 1]
    assert line_of(lines, parse("facts[0].nothing.here")) is not None
    label.path.write_text("{")
    assert label_lines(label) == {}
    assert line_of({}, parse("title")) is None


def test_gold_that_cannot_be_read_vouches_for_nobody(tmp_path: Path) -> None:
    configuration = make_suite(tmp_path)
    ours = ran(configuration)
    write_label(tmp_path, "b", {**FACTS, "title": "Something else"})
    theirs = ran(configuration, "null", limit=1)
    (tmp_path / "gold" / "b.json").write_text("{")
    with pytest.raises(UsageError, match="scored by other gold than today's"):
        compare_runs(configuration, [ours, theirs], only_common=True)
    (tmp_path / "gold" / "b.json").unlink()
    write_label(tmp_path, "b", {**FACTS, "title": "Something else"})
    full = ran(configuration, "null")
    (tmp_path / "gold" / "b.json").write_text("{")
    with pytest.raises(UsageError, match="scored by different gold") as caught:
        compare_runs(configuration, [ours, full])
    assert f"`harness score {ours}`, `harness score {full}`" in caught.value.hint
