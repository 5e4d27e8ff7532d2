from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from harness.errors import UsageError
from harness.running.comparison.powering import power_of
from harness.storage import open_store
from tests.unit.running.comparison.test_operands import exported, ran
from tests.unit.running.suites_on_disk import FACTS, TEXT, make_suite

if TYPE_CHECKING:
    from harness.suites.configuration import Configuration

SEVEN = {f"d{at}": f"{TEXT}{at}\n" for at in range(7)}
GOLD = {name: FACTS if number else {"title": "A title", "facts": []} for number, name in enumerate(SEVEN)}
OTHER = """
[systems.rules]
kind = "rules"
"""


def suite(folder: Path) -> Configuration:
    return make_suite(folder, documents=SEVEN, gold=GOLD, extra=OTHER)


def test_the_two_newest_systems_that_can_be_compared_instruments_last(tmp_path: Path) -> None:
    configuration = suite(tmp_path)
    rules, null, _ = ran(configuration, "rules"), ran(configuration, "null"), ran(configuration, "noisy")
    report = power_of(configuration)
    assert set(report.runs) == {rules, null}
    assert report.documents == 7
    assert "Two other systems may differ more, or less, than these two." in report.remarks


def test_a_run_of_other_documents_is_passed_over(tmp_path: Path) -> None:
    configuration = suite(tmp_path)
    rules, few, noisy = (
        ran(configuration, "rules"),
        ran(configuration, "null", limit=2),
        ran(configuration, "noisy"),
    )
    report = power_of(configuration)
    assert few not in report.runs
    assert set(report.runs) == {rules, noisy}
    assert "noisy is a test instrument: it answers with gold, spoilt on purpose." in report.remarks


def test_a_pair_that_does_not_differ_is_passed_over(tmp_path: Path) -> None:
    same = "".join(f'[systems.{name}]\nkind = "noisy-gold"\nseed = {at}\n' for at, name in enumerate("xy"))
    configuration = make_suite(tmp_path, documents=SEVEN, extra=OTHER + same)
    noisy, _, two = ran(configuration, "noisy"), ran(configuration, "x"), ran(configuration, "y")
    null = ran(configuration, "null")  # all of its documents miss everything, and those of x and y nothing
    assert set(power_of(configuration).runs) == {null, noisy}
    with open_store(configuration.store) as store:
        store.delete_run(noisy)
    report = power_of(configuration)
    assert set(report.runs) == {null, two}
    assert {(row.power, row.documents) for row in report.rows} == {(None, None)}


def test_the_same_system_again_is_no_other_system(tmp_path: Path) -> None:
    configuration = suite(tmp_path)
    ran(configuration, "rules")
    ran(configuration, "rules")
    with pytest.raises(UsageError, match="no two runs of s can be compared, and none has several trials"):
        power_of(configuration)


def test_one_run_with_trials(tmp_path: Path) -> None:
    configuration = suite(tmp_path)
    run = ran(configuration, "noisy", trials=3)
    for report in (power_of(configuration), power_of(configuration, references=[run])):
        assert report.runs == (run,)
        assert report.trials == 3
        assert report.spread.documents == 0
        assert report.remarks[0].startswith("One run tells how far noisy differs from itself by luck.")


def test_runs_that_are_named(tmp_path: Path) -> None:
    configuration = suite(tmp_path)
    noisy, null = ran(configuration, "noisy"), ran(configuration, "null")
    file = exported(configuration, noisy, tmp_path / "noisy.jsonl")
    named = power_of(configuration, references=[noisy, null], differences=[0.2], wanted=0.9)
    filed = power_of(configuration, references=[str(file), null], differences=[0.2], wanted=0.9)
    assert named == filed
    assert named.labels == ("noisy", "null")
    assert [row.difference for row in named.rows] == [0.2]


def test_what_does_not_tell(tmp_path: Path) -> None:
    configuration = make_suite(tmp_path, documents={"a": TEXT}, extra=OTHER)
    one, two = ran(configuration, "rules"), ran(configuration, "null")
    with pytest.raises(UsageError, match="how far documents differ") as refused:
        power_of(configuration, references=[one, two])
    assert "two documents" in refused.value.hint
    with pytest.raises(UsageError, match="how far documents differ") as refused:
        power_of(configuration, references=[one])
    assert "--trials 3" in refused.value.hint


def test_unlike_runs_are_refused(tmp_path: Path) -> None:
    configuration = suite(tmp_path)
    every, few = ran(configuration, "rules"), ran(configuration, "null", limit=3)
    with pytest.raises(UsageError, match="different documents"):
        power_of(configuration, references=[every, few])


def test_a_run_that_is_not_finished_says_so(tmp_path: Path) -> None:
    from dataclasses import replace

    from harness.storage import RunStatus

    configuration = suite(tmp_path)
    rules, null = ran(configuration, "rules"), ran(configuration, "null")
    with open_store(configuration.store) as store:
        run = replace(store.run(rules), id="unfinished", status=RunStatus.STARTED, finished=None)
        store.create_run(run, store.planned(rules))
    report = power_of(configuration, references=[null, "unfinished"])
    assert any("is not finished" in remark for remark in report.remarks)


def test_without_a_store(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="the store holds no run"):
        power_of(suite(tmp_path))
    assert not (tmp_path / ".harness").exists()
