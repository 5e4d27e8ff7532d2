from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from harness.errors import ConfigError, StoreError, SystemUnavailableError, UsageError
from harness.records import Limits, Verdict
from harness.running import RunResult, runs
from harness.running.gate.gated_runs import run_and_gate
from harness.running.gate.gating import Gated, gate_run
from harness.storage import RunStatus, open_store
from harness.storage.portable import export_run
from harness.suites.configuration import Configuration, SystemConfig
from tests.unit.running.odd_systems import Odd
from tests.unit.running.suites_on_disk import FACTS, TEXT, make_suite, write_label

SIX = dict.fromkeys("abcdef", TEXT)


def gate(*rules: str, **more: str) -> str:
    lines = [f"{key} = {json.dumps(value)}" for key, value in more.items()]
    return "\n".join(["", "[suites.s.gate]", f"rules = {json.dumps(rules)}", *lines, ""])


def run(configuration: Configuration, name: str, tag: str = "", **choices: Any) -> str:
    """The id of a new run."""
    system = configuration.system(name)
    (result,) = runs.run_systems(configuration, configuration.suite(), [system], **choices)
    assert isinstance(result, RunResult), result.error
    if tag:
        with open_store(configuration.store) as store:
            store.tag_run(result.run.id, [tag])
    return result.run.id


def said(found: Gated) -> list[tuple[str, str]]:
    return [(str(one.verdict), one.reason) for one in found.decision.rules]


def test_judges_the_newest_run_of_the_suite(tmp_path: Path) -> None:
    configuration = make_suite(tmp_path, SIX, extra=gate("f1 >= 0.9", "failure_rate <= 0"))
    run(configuration, "null")
    perfect = run(configuration, "perfect")
    found = gate_run(configuration)
    assert (found.decision.verdict, found.reference) == (Verdict.PASS, perfect)
    assert (found.decision.documents, found.decision.planned) == (6, 6)
    assert [one.where for one in found.decision.rules] == [
        configuration.where("suites", "s", "gate", "rules")
    ] * 2
    assert "a test instrument" in " ".join(found.decision.remarks)


def test_a_run_is_named_by_its_id_a_beginning_a_tag_or_its_file(tmp_path: Path) -> None:
    configuration = make_suite(tmp_path, SIX, extra=gate("f1 >= 0.9"))
    null = run(configuration, "null", tag="floor")
    run(configuration, "perfect")
    file = tmp_path / "null.jsonl.gz"
    with open_store(configuration.store) as store:
        export_run(store, store.run(null), file)
    for reference in (null, null[:-1], "floor", str(file)):
        assert gate_run(configuration, reference).decision.verdict is Verdict.FAIL
    assert gate_run(configuration, "latest").decision.verdict is Verdict.PASS


def test_compares_with_the_tag_of_the_policy(tmp_path: Path) -> None:
    configuration = make_suite(tmp_path, SIX, extra=gate("f1 >= baseline - 0.02", baseline="main"))
    main = run(configuration, "perfect", tag="main")
    run(configuration, "null")
    found = gate_run(configuration)
    assert found.decision.verdict is Verdict.FAIL
    assert found.before is not None
    assert found.before.id == main
    assert found.decision.comparison is not None
    assert len(found.decision.comparison.flipped_leaves) > 0
    assert "a test instrument" in " ".join(found.decision.remarks)


def test_a_baseline_that_is_named_for_once_comes_first(tmp_path: Path) -> None:
    configuration = make_suite(tmp_path, SIX, extra=gate("f1 >= baseline - 0.02", baseline="main"))
    run(configuration, "perfect", tag="main")
    null = run(configuration, "null")
    found = gate_run(configuration, "latest", baseline=null)
    assert said(found) == [("pass", "the runs are the same in every document")]
    assert "The candidate is the baseline itself." in found.decision.remarks


def test_a_file_of_the_policy_lies_beside_the_configuration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    extra = gate("f1 >= baseline - 0.02", baseline="base/main.jsonl.gz")
    configuration = make_suite(tmp_path, SIX, extra=extra)
    (tmp_path / "base").mkdir()
    with open_store(configuration.store) as store:
        export_run(store, store.run(run(configuration, "null")), tmp_path / "base/main.jsonl.gz")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    assert gate_run(configuration).decision.verdict is Verdict.PASS


@pytest.mark.parametrize("baseline", ["main", "base/main.jsonl.gz"])
def test_a_baseline_that_is_not_there_yet_leaves_its_rules_open(tmp_path: Path, baseline: str) -> None:
    configuration = make_suite(tmp_path, SIX, extra=gate("f1 >= 0.9", "f1 >= baseline", baseline=baseline))
    run(configuration, "perfect")
    found = gate_run(configuration)
    assert found.decision.verdict is Verdict.INCONCLUSIVE
    assert said(found)[1][1] == (
        f"there is no baseline {baseline} yet; harness gate --update-baseline makes one"
    )
    with pytest.raises(UsageError):
        gate_run(configuration, baseline=f"no-{baseline}")


def test_a_rule_against_the_baseline_needs_one_to_be_named(tmp_path: Path) -> None:
    configuration = make_suite(tmp_path, SIX, extra=gate("f1 >= baseline"))
    run(configuration, "perfect")
    assert "no baseline is named" in said(gate_run(configuration))[0][1]


@pytest.mark.parametrize("given", [None, "latest"])
def test_latest_is_no_baseline(tmp_path: Path, given: str | None) -> None:
    extra = gate("f1 >= baseline", baseline="latest" if given is None else "main")
    configuration = make_suite(tmp_path, SIX, extra=extra)
    run(configuration, "perfect")
    with pytest.raises(UsageError if given else ConfigError, match="'latest' cannot be the baseline"):
        gate_run(configuration, baseline=given)


def test_a_baseline_of_other_gold_is_refused_with_the_key(tmp_path: Path) -> None:
    configuration = make_suite(tmp_path, SIX, extra=gate("f1 >= baseline", baseline="main"))
    run(configuration, "perfect", tag="main")
    write_label(tmp_path, "a", {**FACTS, "title": "Another title"})
    run(configuration, "perfect")
    with pytest.raises(UsageError) as caught:
        gate_run(configuration)
    assert "gold" in caught.value.seen
    assert "harness score" in caught.value.hint
    assert "--update-baseline" in caught.value.hint
    replacing = gate_run(configuration, replacing=True)
    assert "cannot be compared" in said(replacing)[0][1]
    assert replacing.decision.verdict is Verdict.INCONCLUSIVE


def test_a_candidate_over_other_documents_is_told_what_a_gate_can_do(tmp_path: Path) -> None:
    configuration = make_suite(tmp_path, SIX, extra=gate("f1 >= baseline", baseline="main"))
    run(configuration, "perfect", tag="main")
    few = run(configuration, "perfect", limit=3)
    with pytest.raises(UsageError, match="different documents") as caught:
        gate_run(configuration)
    assert caught.value.hint == (
        "run the candidate over the same 6 documents as the baseline\n"
        f"or harness gate {few} --update-baseline makes the run the new baseline"
    )


def test_a_file_of_other_gold_is_told_the_commands_that_mend_it(tmp_path: Path) -> None:
    configuration = make_suite(tmp_path, SIX, extra=gate("f1 >= baseline", baseline="./main.jsonl"))
    first, file = run(configuration, "perfect"), tmp_path / "main.jsonl"
    with open_store(configuration.store) as store:
        export_run(store, store.run(first), file)
    write_label(tmp_path, "a", {**FACTS, "title": "Another title"})
    run(configuration, "perfect")
    commands = (
        f"`harness runs import {file}`, `harness score {first}`, `harness runs export {first} {file} --force`"
    )
    with pytest.raises(UsageError, match="gold") as caught:
        gate_run(configuration)
    assert caught.value.hint.startswith(f"score again by what is there today: {commands}\nor ")
    with pytest.raises(UsageError, match="could not be compared") as caught:
        run_and_gate(configuration, configuration.suite(), configuration.system("null"))
    assert caught.value.hint.startswith(f"{commands} may mend that")


def test_a_baseline_of_a_newer_format_is_refused(tmp_path: Path) -> None:
    configuration = make_suite(tmp_path, SIX, extra=gate("f1 >= baseline", baseline="./main.jsonl"))
    with open_store(configuration.store) as store:
        export_run(store, store.run(run(configuration, "perfect")), tmp_path / "main.jsonl")
    lines = (tmp_path / "main.jsonl").read_text().splitlines(keepends=True)
    lines[0] = lines[0].replace('"version":1', '"version":99')
    (tmp_path / "main.jsonl").write_text("".join(lines))
    with pytest.raises(StoreError, match="version 99") as caught:
        gate_run(configuration)
    assert "update the harness" in caught.value.hint
    assert "cannot be read" in said(gate_run(configuration, replacing=True))[0][1]


def test_a_suite_without_a_policy_is_shown_one(tmp_path: Path) -> None:
    configuration = make_suite(tmp_path, SIX)
    run(configuration, "perfect")
    with pytest.raises(ConfigError) as caught:
        gate_run(configuration)
    assert caught.value.seen == "the suite s has no gate"
    assert caught.value.where.endswith("harness.toml:2")
    (tmp_path / "harness.toml").write_text(
        (tmp_path / "harness.toml").read_text() + "\n".join(caught.value.hint.splitlines()[1:])
    )
    from harness.suites.configuration import load_configuration

    example = load_configuration(tmp_path / "harness.toml").suite().gate
    assert example is not None
    assert len(example.rules) == 5


@pytest.mark.parametrize(
    ("path", "words", "hint"),
    [
        ("facts[].whoo", "the schema has no field facts[].whoo", "facts[].who"),
        ("facts[]", "facts[] is no field, and has fields inside", "facts[].who, facts[].amount"),
        ("facts[].evidence[]", "is not graded", "name another"),
    ],
)
def test_field_paths_are_those_of_the_schema(tmp_path: Path, path: str, words: str, hint: str) -> None:
    configuration = make_suite(tmp_path, SIX, extra=gate("f1 >= 0.5", f"f1 of {path} >= 0.5"))
    run(configuration, "perfect")
    with pytest.raises(ConfigError) as caught:
        gate_run(configuration)
    assert words in caught.value.seen
    assert hint in caught.value.hint
    assert caught.value.where == configuration.where("suites", "s", "gate", "rules")


def test_paths_of_costs_are_checked_too(tmp_path: Path) -> None:
    extra = gate("error_cost <= 5") + '[suites.s.gate.field_cost."facts[].whoo"]\ninvented = 3\n'
    configuration = make_suite(tmp_path, SIX, extra=extra)
    run(configuration, "perfect")
    with pytest.raises(ConfigError, match=r"no field facts\[\]\.whoo"):
        gate_run(configuration)


def test_a_run_of_another_suite_is_refused(tmp_path: Path) -> None:
    configuration = make_suite(tmp_path, SIX, extra=gate("f1 >= 0.5") + CONFIGURED_TWICE)
    name = run_of_suite(configuration, "s")
    with pytest.raises(UsageError, match="of the suite s, not of t"):
        gate_run(configuration, name, suite="t")
    with pytest.raises(UsageError, match="holds no run of t"):
        gate_run(configuration, suite="t")


CONFIGURED_TWICE = """
[suites.t]
schema = "x:Y"
documents = "docs"
gold = "gold"
gate = {rules = ["f1 >= 0.5"]}
"""


def run_of_suite(configuration: Configuration, suite: str) -> str:
    systems = [configuration.system("null")]
    (result,) = runs.run_systems(configuration, configuration.suite(suite), systems)
    return result.run.id


def test_one_document_is_judged_by_its_values(tmp_path: Path) -> None:
    extra = gate("f1 >= 0.9", "lower(f1) >= 0.1", "f1 >= baseline - 0.5", baseline="main")
    configuration = make_suite(tmp_path, {"a": TEXT}, extra=extra)
    run(configuration, "noisy", tag="main")
    run(configuration, "perfect")
    found = gate_run(configuration)
    assert [verdict for verdict, _ in said(found)] == ["pass", "inconclusive", "inconclusive"]
    assert "1 document says anything about it, and bounds need at least 5" in said(found)[1][1]


def test_when_all_answers_failed_the_rules_decide(tmp_path: Path, odd_kinds: str) -> None:
    documents = dict.fromkeys("abcde", "explode")
    configuration = make_suite(tmp_path, documents, extra=odd_kinds + gate("f1 >= 0.1", "failure_rate <= 0.5"))
    run(configuration, "odd")
    found = gate_run(configuration)
    assert [verdict for verdict, _ in said(found)] == ["fail", "fail"]
    assert "Every answer of odd failed." in found.decision.remarks


def test_scores_of_other_gold_than_todays_are_told(tmp_path: Path) -> None:
    configuration = make_suite(tmp_path, SIX, extra=gate("f1 >= 0.9"))
    name = run(configuration, "perfect")
    write_label(tmp_path, "a", {**FACTS, "title": "Another title"})
    found = gate_run(configuration)
    assert found.decision.verdict is Verdict.PASS
    assert f"harness score {name} scores it again" in found.decision.remarks[-1]


def say(facts: Any) -> str:
    return "say " + json.dumps(facts)


def odd(configuration: Configuration) -> SystemConfig:
    return replace(configuration.system("odd"), limits=Limits(concurrency=1))


def test_asking_stops_when_no_answer_can_change_the_verdict(tmp_path: Path, odd_kinds: str) -> None:
    wrong, right = say({"title": "No"}), say(FACTS)
    documents = {"a": wrong, "b": wrong, "c": wrong, **dict.fromkeys("defghij", right)}
    extra = odd_kinds + gate("exactly_right >= 0.85", "f1 >= 0.1")
    configuration = make_suite(tmp_path, documents, extra=extra)
    suite = configuration.suite()

    early = run_and_gate(configuration, suite, odd(configuration), stop_early=True)
    assert Odd.asked == [("a", 0), ("b", 0)]
    assert early.decision.verdict is Verdict.FAIL
    assert (early.decision.documents, early.decision.planned) == (2, 10)
    assert [verdict for verdict, _ in said(early)] == ["fail", "inconclusive"]
    assert early.decision.remarks[0] == (
        "Asking stopped early: after 2 of 10 answers the gate fails, whatever the others say."
    )
    with open_store(configuration.store) as store:
        stopped = store.run(early.reference)
    assert stopped.status is RunStatus.INTERRUPTED
    assert gate_run(configuration, stopped.id).decision.rules == early.decision.rules

    whole = run_and_gate(configuration, suite, odd(configuration))
    assert (whole.decision.verdict, whole.decision.documents) == (Verdict.FAIL, 10)
    runs.resume_run(configuration, stopped.id)
    assert gate_run(configuration, stopped.id).decision.verdict is Verdict.FAIL


def test_asking_stops_when_every_rule_must_pass(tmp_path: Path, odd_kinds: str) -> None:
    documents = {name: say(FACTS) for name in "abcdef"}
    configuration = make_suite(
        tmp_path, documents, extra=odd_kinds + gate("recall >= 0.5", "failure_rate <= 0.5")
    )
    found = run_and_gate(configuration, configuration.suite(), odd(configuration), stop_early=True)
    assert (len(Odd.asked), found.decision.verdict) == (3, Verdict.PASS)
    assert found.decision.counts_as is Verdict.PASS


def test_alternatives_in_gold_never_stop_it_too_soon(tmp_path: Path, odd_kinds: str) -> None:
    """A document whose gold may be twice as large as its best reading."""
    optional = {"title": None, "facts": [{"$optional": {"who": f"P{at}"}} for at in range(40)]}
    plain = {"title": None, "facts": [{"who": f"P{at}"} for at in range(40)]}
    documents = {"a": say({"title": "No"}), "b": say(plain)}
    gold = {"a": FACTS, "b": optional}
    configuration = make_suite(tmp_path, documents, gold, extra=odd_kinds + gate("f1 >= 0.8"))
    found = run_and_gate(configuration, configuration.suite(), odd(configuration), stop_early=True)
    assert (len(Odd.asked), found.decision.verdict) == (2, Verdict.PASS)


def test_nothing_is_asked_when_the_result_could_not_be_compared(tmp_path: Path, odd_kinds: str) -> None:
    documents = {name: say(FACTS) for name in "abcdef"}
    extra = odd_kinds + gate("f1 >= baseline", baseline="main")
    configuration = make_suite(tmp_path, documents, extra=extra)
    run(configuration, "null", tag="main")
    write_label(tmp_path, "a", {**FACTS, "title": "Another title"})
    with pytest.raises(UsageError, match="a new run could not be compared"):
        run_and_gate(configuration, configuration.suite(), odd(configuration))
    assert Odd.asked == []
    run_and_gate(configuration, configuration.suite(), odd(configuration), replacing=True)
    assert len(Odd.asked) == 6


def test_what_ends_a_run_otherwise_is_no_verdict(tmp_path: Path, odd_kinds: str) -> None:
    configuration = make_suite(tmp_path, {"a": "unavailable"}, extra=odd_kinds + gate("f1 >= 0.5"))
    with pytest.raises(SystemUnavailableError, match="the server is gone"):
        run_and_gate(configuration, configuration.suite(), odd(configuration))


def test_a_gate_judges_one_prompt(tmp_path: Path) -> None:
    configuration = make_suite(tmp_path, SIX, extra=gate("f1 >= 0.5"))
    with pytest.raises(UsageError, match="one run, and 2 prompts"):
        run_and_gate(configuration, configuration.suite(), configuration.system("null"), prompts=["v1", "v2"])


def test_trials_are_averaged_and_judged_together(tmp_path: Path) -> None:
    configuration = make_suite(tmp_path, SIX, extra=gate("lower(f1) >= 0.99", "failure_rate <= 0"))
    system = configuration.system("noisy")
    found = run_and_gate(configuration, configuration.suite(), system, trials=3)
    assert found.decision.candidate.stability.trials == 3
    assert Decimal(found.decision.candidate.expense.answers) == 18
