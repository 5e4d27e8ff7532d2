from __future__ import annotations

import asyncio
import json
import threading
import warnings
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from harness.errors import ConfigError, HarnessError, Interrupted, StoreError, UsageError
from harness.pytest_plugin import deciding
from harness.pytest_plugin.deciding import Question, decide, decided
from harness.records import GateDecision, Verdict
from harness.storage import RunRecord, RunStatus, open_store
from harness.suites.configuration import Configuration
from tests.unit.reporting.decisions import PASSED, decision
from tests.unit.running.suites_on_disk import FACTS, make_suite, write_label

GATE = '\n[suites.s.gate]\nrules = ["f1 >= 0.9"]\n'


def session() -> pytest.Config:
    """What is used of a session."""
    return cast("pytest.Config", SimpleNamespace(stash=pytest.Stash()))


def runs(configuration: Configuration) -> list[RunRecord]:
    with open_store(configuration.store) as store:
        return list(store.runs())


def of(configuration: Configuration, system: str | None = "perfect", trials: int = 1) -> Question:
    return Question.of(configuration.path, None, system, trials=trials)


def test_a_run_that_would_only_be_made_again_is_taken(tmp_path: Path) -> None:
    configuration = make_suite(tmp_path, extra=GATE)
    first = decide(of(configuration))
    assert (first.verdict, first.suite) == (Verdict.PASS, "s")
    assert decide(of(configuration)).candidate.run == first.candidate.run
    assert decide(of(configuration, trials=2)).candidate.run != first.candidate.run
    assert decide(of(configuration, "noisy")).verdict is Verdict.FAIL
    assert [run.system for run in runs(configuration)].count("perfect") == 2


def test_a_run_is_made_when_gold_is_not_what_it_was(tmp_path: Path) -> None:
    configuration = make_suite(tmp_path, extra=GATE)
    first = decide(of(configuration)).candidate.run
    write_label(tmp_path, "a", {**FACTS, "title": "Another title"})
    assert decide(of(configuration)).candidate.run != first


def test_a_run_that_did_not_end_is_not_taken(tmp_path: Path) -> None:
    configuration = make_suite(tmp_path, extra=GATE)
    first = decide(of(configuration)).candidate.run
    with open_store(configuration.store) as store:
        store.reopen_run(first, {})
        store.finish_run(first, RunStatus.INTERRUPTED, "2026-01-01T00:00:00Z", {})
    assert decide(of(configuration)).candidate.run != first


def test_a_run_with_failures_is_not_taken(tmp_path: Path, odd_kinds: str) -> None:
    texts = {"a": "silent a\n", "b": "say {} \n"}
    configuration = make_suite(tmp_path, texts, extra=GATE + odd_kinds)
    first = decide(of(configuration, "odd")).candidate
    assert first.expense.failures
    assert decide(of(configuration, "odd")).candidate.run != first.run


def test_with_a_ceiling_asking_stops_once_the_verdict_is_certain(tmp_path: Path) -> None:
    texts = dict.fromkeys("abcdefgh", "A title\nAnn has three. Bob has none.\n")
    one_by_one = "\n[systems.null.limits]\nconcurrency = 1\n"
    configuration = make_suite(tmp_path, texts, extra=GATE + one_by_one)
    question = Question.of(configuration.path, "s", "null", max_cost=Decimal(1))
    found = decide(question)
    assert found.verdict is Verdict.FAIL
    assert found.documents < found.planned == 8


@pytest.mark.parametrize(
    ("suite", "system", "error", "said"),
    [
        ("t", "perfect", UsageError, 'there is no suite "t"'),
        (None, "perfekt", UsageError, 'there is no system "perfekt"'),
        (None, None, UsageError, "the suite s has 3 systems, and none was named"),
    ],
)
def test_what_is_not_there_is_not_asked_about(
    tmp_path: Path, suite: str | None, system: str | None, error: type[HarnessError], said: str
) -> None:
    configuration = make_suite(tmp_path, extra=GATE)
    with pytest.raises(error) as told:
        Question.of(configuration.path, suite, system)
    assert said in told.value.seen


def test_the_only_system_of_a_suite_needs_no_name(tmp_path: Path) -> None:
    configuration = make_suite(tmp_path, extra=GATE)
    text = configuration.path.read_text("utf-8")
    configuration.path.write_text(text.replace("[suites.s]", f"[suites.s]\nsystems = {json.dumps(['null'])}"))
    assert Question.of(configuration.path, None, None) == Question(configuration.path, "s", "null")


def test_a_suite_without_a_gate_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="the suite s has no gate"):
        of(make_suite(tmp_path))


QUESTION = Question(Path("harness.toml"), "s", "null")


def test_a_session_decides_once(monkeypatch: pytest.MonkeyPatch) -> None:
    made = []

    def make(question: Question) -> GateDecision:
        made.append(question)
        return decision(PASSED)

    monkeypatch.setattr(deciding, "decide", make)
    config = session()
    assert decided(config, QUESTION) is decided(config, QUESTION)
    decided(config, Question(Path("harness.toml"), "s", "rules"))
    assert [one.system for one in made] == ["null", "rules"]


def test_an_error_is_told_again_and_not_looked_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    errors = iter([StoreError("it is full")])

    def fail(_: Question) -> GateDecision:
        raise next(errors)

    monkeypatch.setattr(deciding, "decide", fail)
    config = session()
    for _ in range(2):
        with pytest.raises(StoreError, match="it is full"):
            decided(config, QUESTION)


def test_an_interruption_ends_the_session(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(_: Question) -> GateDecision:
        raise Interrupted("interrupted with 3 of 5 answers", hint="harness run --resume x goes on")

    monkeypatch.setattr(deciding, "decide", interrupt)
    with pytest.raises(pytest.exit.Exception, match="harness run --resume x goes on"):
        decided(session(), QUESTION)


def test_neither_warnings_nor_a_running_loop_get_in_the_way(monkeypatch: pytest.MonkeyPatch) -> None:
    threads = []

    def make(_: Question) -> GateDecision:
        threads.append(threading.current_thread())
        asyncio.run(asyncio.sleep(0))
        warnings.warn("deprecated", DeprecationWarning, stacklevel=1)
        return decision(PASSED)

    async def inside() -> GateDecision:
        return decided(session(), QUESTION)

    monkeypatch.setattr(deciding, "decide", make)
    with pytest.warns(DeprecationWarning, match="deprecated"):
        assert decided(session(), QUESTION).verdict is Verdict.PASS
    with pytest.warns(DeprecationWarning, match="deprecated"):
        assert asyncio.run(inside()).verdict is Verdict.PASS
    assert threads[0] is threading.main_thread()
    assert threads[1] is not threading.main_thread()
