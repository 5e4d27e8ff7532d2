from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given

from harness.records import DocumentFlip, GateDecision, Verdict
from harness.reporting.gate import github
from harness.reporting.gate.github import MOST_ANNOTATIONS, SUMMARY_LIMIT, step_summary
from harness.reporting.gate.markdown import gate_markdown
from tests.unit.reporting.decisions import (
    COMPARISON,
    FAILED,
    FIELD,
    OPEN,
    PASSED,
    decision,
    flip,
    hostile_decisions,
    rule,
)

HERE = Path.cwd()


def read(command: str) -> tuple[str, dict[str, str], str]:
    """A workflow command as the runner reads it: what it is, its properties, its message."""
    assert command.startswith("::")
    head, _, message = command.removeprefix("::").partition("::")
    name, _, told = head.partition(" ")
    properties = dict(one.split("=", 1) for one in told.split(",") if one)
    for code, letter in (("%3A", ":"), ("%2C", ","), ("%0D", "\r"), ("%0A", "\n"), ("%25", "%")):
        properties = {key: value.replace(code, letter) for key, value in properties.items()}
        message = message.replace(code, letter)
    return name, properties, message


def test_failed_rules_then_lost_leaves_the_worst_document_first() -> None:
    assert github.annotations(decision(PASSED, OPEN, FAILED, FIELD), HERE) == (
        "::error file=harness.toml,line=21,title=fail%3A f1 >= baseline - 0.02"
        "::f1 is 4.1 points under rules v1",
        "::error file=harness.toml,line=23,title=fail%3A f1 of buyer >= 0.95::it is 0.9",
        "::error file=gold/invoices/002_shop.yaml,line=12,title=lost%3A 002_shop items[1].amount"
        "::Gold 3, before 8, after (not there).",
        "::error file=gold/invoices/001_mill.yaml,line=12,title=lost%3A 001_mill items[1].amount"
        '::Gold 3, before 3, after 8.%0AEvidence: "3 sacks"',
        "::warning file=harness.toml,line=22,title=inconclusive%3A lower(f1) >= 0.75"
        "::the lower bound is 0.74; 12 more documents like these would settle it",
    )


@pytest.mark.parametrize(
    ("one", "of_rules", "of_leaves"),
    [
        (decision(FAILED), {"error"}, "error"),
        (decision(PASSED), set(), "warning"),
        (decision(OPEN), {"warning"}, "warning"),
        (decision(OPEN, counts_as=Verdict.PASS), {"warning"}, "warning"),
        (decision(OPEN, counts_as=Verdict.FAIL), {"error"}, "error"),
    ],
)
def test_only_what_stops_the_release_is_an_error(one: GateDecision, of_rules: set[str], of_leaves: str) -> None:
    told = [read(command) for command in github.annotations(one, HERE)]
    assert {name for name, at, _ in told if at["file"] == "harness.toml"} == of_rules
    assert {name for name, at, _ in told if at["file"] != "harness.toml"} == {of_leaves}


def test_no_more_than_github_shows() -> None:
    rules = [
        rule(f"f1 >= 0.{number:02}", Verdict.FAIL, where=f"harness.toml:{number}") for number in range(1, 5)
    ]
    flips = tuple(flip(f"{number:03}") for number in range(50))
    worst = DocumentFlip("031", 1.0, 0.0, True, False, -0.5)
    comparison = replace(COMPARISON, flipped_leaves=flips, flipped_documents=(worst,))
    told = [read(one) for one in github.annotations(decision(*rules, comparison=comparison), HERE)]
    assert [name for name, _, _ in told] == ["error"] * MOST_ANNOTATIONS + ["notice"]
    assert [at.get("line") for _, at, _ in told[:5]] == ["1", "2", "3", "4", "12"]
    assert told[4][1]["file"] == "gold/invoices/031.yaml"
    assert told[-1][2] == "44 more are in the summary"
    assert told[-1][1]["title"] == "The gate of invoices fails: 4 of 4 rules fail."


@pytest.mark.parametrize(
    ("label", "root", "file"),
    [
        ("gold/a.yaml", HERE, "gold/a.yaml"),
        ("gold/a.yaml", HERE.parent, f"{HERE.name}/gold/a.yaml"),
        (str(HERE / "gold" / "a.yaml"), HERE, "gold/a.yaml"),
        ("/elsewhere/a.yaml", HERE, "/elsewhere/a.yaml"),
        ("a,b%3A:c.yaml", HERE, "a,b%3A:c.yaml"),
    ],
)
def test_files_are_relative_to_the_repository(label: str, root: Path, file: str) -> None:
    comparison = replace(COMPARISON, flipped_leaves=(flip(label=label),))
    ((_, at, _),) = (read(one) for one in github.annotations(decision(PASSED, comparison=comparison), root))
    assert at["file"] == file


def test_the_repository_is_the_folder_around_with_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inner = tmp_path / "suites" / "one"
    inner.mkdir(parents=True)
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(inner)
    ((_, at, _),) = (read(one) for one in github.annotations(decision(FAILED, comparison=None)))
    assert at["file"] == "suites/one/harness.toml"


def test_a_leaf_that_no_label_states_is_in_the_summary_alone() -> None:
    comparison = replace(COMPARISON, flipped_leaves=(flip(label="", line=None),))
    assert github.annotations(decision(PASSED, comparison=comparison), HERE) == ()
    assert "`001_mill`" in step_summary(decision(PASSED, comparison=comparison))


def test_a_label_without_a_line_is_annotated_as_a_file() -> None:
    comparison = replace(COMPARISON, flipped_leaves=(flip(line=None),))
    ((_, at, _),) = (read(one) for one in github.annotations(decision(PASSED, comparison=comparison), HERE))
    assert at == {"file": "gold/invoices/001_mill.yaml", "title": "lost: 001_mill items[1].amount"}


@pytest.mark.parametrize("where", ["", "harness.toml", "harness.toml:"])
def test_a_rule_from_elsewhere_has_no_line(where: str) -> None:
    one = decision(replace(FAILED, where=where), comparison=None)
    ((name, at, _),) = (read(command) for command in github.annotations(one, HERE))
    assert (name, at.get("line")) == ("error", None)


@given(hostile_decisions())
def test_no_text_breaks_out_of_its_command(one: GateDecision) -> None:
    told = github.annotations(one, HERE)
    assert len(told) <= 2 * MOST_ANNOTATIONS + 1
    for command in told:
        assert "\n" not in command
        assert "\r" not in command
        name, properties, _ = read(command)
        assert name in ("error", "warning", "notice")
        assert set(properties) <= {"file", "line", "title"}
        assert command.encode()


def test_the_summary_is_the_comment_when_there_is_little() -> None:
    one = decision(PASSED, FAILED)
    assert step_summary(one) == gate_markdown(one)


def test_the_summary_holds_more_than_a_comment_and_no_more_than_github_takes() -> None:
    flips = tuple(flip(f"{number:05}" + "é" * 100, evidence="@" * 300) for number in range(3_000))
    text = step_summary(decision(FAILED, comparison=replace(COMPARISON, flipped_leaves=flips)))
    assert len(text.encode()) <= SUMMARY_LIMIT
    assert text.count("| lost |") == 1_000
    assert "2000 more" in text
