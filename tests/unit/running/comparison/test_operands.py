from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from harness.errors import StoreError, UsageError
from harness.records import Attempt, FailureKind, Response, Signature
from harness.running import run_systems, score_run
from harness.running.comparison.expenses import expense_of
from harness.running.comparison.labels import distinct_labels, label_of
from harness.running.comparison.operands import Operand, opened
from harness.storage import Kept, RunRecord, RunStatus, open_store
from harness.storage.portable import export_run
from harness.suites.configuration import Configuration
from tests.unit.running.suites_on_disk import make_suite
from tests.unit.verdicts.entrants import one


def ran(
    configuration: Configuration, system: str = "perfect", trials: int = 1, limit: int | None = None
) -> str:
    suite = configuration.suite()
    (made,) = run_systems(configuration, suite, [configuration.system(system)], trials=trials, limit=limit)
    return made.run.id


def exported(configuration: Configuration, run: str, path: Path) -> Path:
    with open_store(configuration.store) as store:
        export_run(store, store.run(run), path)
    return path


@contextmanager
def alone(configuration: Configuration, reference: str) -> Iterator[Operand]:
    with opened(configuration, [reference]) as (operand,):
        yield operand


def test_a_run_is_named_by_its_id_the_beginning_a_tag_or_latest(tmp_path: Path) -> None:
    configuration = make_suite(tmp_path)
    run = ran(configuration)
    with open_store(configuration.store) as store:
        store.tag_run(run, ["main"])
    with opened(configuration, [run, run[:-1], "main", "latest"]) as operands:
        assert [operand.run.id for operand in operands] == [run] * 4
        assert [operand.from_file for operand in operands] == [False] * 4
        assert operands[0].documents == ("a", "b")
        assert operands[0].remarks == ()
        assert (operands[0].label, operands[0].instrument) == ("perfect", True)


def test_a_file_has_the_same_scores_answers_and_side(tmp_path: Path) -> None:
    configuration = make_suite(tmp_path)
    run = ran(configuration, "noisy", trials=2)
    path = exported(configuration, run, tmp_path / "run.jsonl.gz")
    with opened(configuration, [run, str(path)]) as (stored, filed):
        assert filed.from_file
        assert filed.scores == stored.scores
        assert list(filed.responses()) == list(stored.responses())
        assert filed.side() == stored.side()
        assert filed.signature == stored.signature


def test_a_file_needs_no_store(tmp_path: Path) -> None:
    configuration = make_suite(tmp_path)
    path = exported(configuration, ran(configuration), tmp_path / "run.jsonl")
    elsewhere = replace(configuration, store=str(tmp_path / "none" / "runs.sqlite"))
    with alone(elsewhere, str(path)) as operand:
        assert operand.run.system == "perfect"
    assert not (tmp_path / "none").exists()


def test_a_tag_goes_before_a_file_of_that_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    configuration = make_suite(tmp_path)
    filed = ran(configuration)
    exported(configuration, filed, tmp_path / "main")
    with alone(configuration, "main") as operand:
        assert operand.from_file
    tagged = ran(configuration, "null")
    with open_store(configuration.store) as store:
        store.tag_run(tagged, ["main"])
    with alone(configuration, "main") as operand:
        assert operand.run.id == tagged
    with alone(configuration, "./main") as operand:
        assert operand.run.id == filed


@pytest.mark.parametrize(
    ("reference", "says"),
    [
        ("baselines/main", "there is no such file"),
        ("main.jsonl", "there is no such file"),
        ("main", "no run has"),
    ],
)
def test_what_is_not_there_is_said(tmp_path: Path, reference: str, says: str) -> None:
    configuration = make_suite(tmp_path)
    ran(configuration)
    with pytest.raises(UsageError, match=says), alone(configuration, reference):
        pass


def test_an_empty_store_is_said_and_not_made(tmp_path: Path) -> None:
    configuration = make_suite(tmp_path)
    with pytest.raises(UsageError, match="the store holds no run"), alone(configuration, "latest"):
        pass
    assert not Path(configuration.store).exists()


def test_a_file_of_a_newer_format_is_refused(tmp_path: Path) -> None:
    configuration = make_suite(tmp_path)
    path = exported(configuration, ran(configuration), tmp_path / "run.jsonl")
    first, *rest = path.read_text().splitlines(keepends=True)
    head = json.loads(first)
    head["format"]["version"] += 1
    path.write_text("".join([json.dumps(head) + "\n", *rest]))
    with (
        pytest.raises(StoreError, match="this harness reads version") as caught,
        alone(configuration, str(path)),
    ):
        pass
    assert "update the harness" in str(caught.value)


def test_a_file_that_is_none_is_refused(tmp_path: Path) -> None:
    configuration = make_suite(tmp_path)
    path = tmp_path / "run.jsonl"
    path.write_text("{}\n")
    with pytest.raises(StoreError, match="exported run"), alone(configuration, str(path)):
        pass


def test_an_unfinished_run_is_scored_and_nothing_is_kept(tmp_path: Path) -> None:
    configuration = make_suite(tmp_path)
    with open_store(configuration.store) as store:
        run = replace(
            store.run(ran(configuration)), id="cut", status=RunStatus.INTERRUPTED, finished=None, summary={}
        )
        store.create_run(run, ("a", "b"))
        store.append(run.id, [Kept(Response("a", 0, (Attempt('{"title": "A title"}', 0.0),)))])
    with alone(configuration, "cut") as operand:
        assert [score.failure for score in operand.scores] == [None, FailureKind.NOT_ANSWERED]
        (remark,) = operand.remarks
        assert "cut is not finished (interrupted): 1 of 2 answers are not there" in remark
        assert operand.side().expense.failures == ((FailureKind.NOT_ANSWERED, 1),)
        assert operand.side().expense.answers == 1
    with open_store(configuration.store) as store:
        assert store.scores("cut") is None


def test_stored_scores_of_an_unfinished_run_are_not_believed(tmp_path: Path) -> None:
    """They may be older than its answers: scored, gone on with, and stopped again."""
    configuration = make_suite(tmp_path)
    with open_store(configuration.store) as store:
        run = replace(store.run(ran(configuration)), id="cut", status=RunStatus.INTERRUPTED, summary={})
        store.create_run(run, ("a", "b"))
    score_run(configuration, "cut")
    with open_store(configuration.store) as store:
        store.append("cut", [Kept(Response("a", 0, (Attempt('{"title": "A title"}', 0.0),)))])
    with alone(configuration, "cut") as operand:
        assert [score.failure for score in operand.scores] == [None, FailureKind.NOT_ANSWERED]


def test_a_side_of_some_documents(tmp_path: Path) -> None:
    configuration = make_suite(tmp_path)
    ran(configuration)
    with alone(configuration, "latest") as operand:
        assert [score.document for score in operand.scores_of(["b"])] == ["b"]
        assert operand.side(documents=["b"], label="x").expense.answers == 1
        assert operand.side(documents=["b"], label="x").label == "x"


def response(name: str, *attempts: Attempt) -> Response:
    return Response(name, 0, attempts)


def test_what_answers_took() -> None:
    known = Attempt("{}", 1.0, 100, 20, cost=Decimal("0.001"))
    unknown = Attempt("{}", 2.0, 10, None)
    found = expense_of(
        [
            response("a", known, known),
            response("b", unknown),
            response("c", Attempt(None, 9.0, failure=FailureKind.INTERRUPTED)),
        ],
        [one("a"), one("b", failure=FailureKind.EMPTY), one("c", failure=FailureKind.INTERRUPTED)],
    )
    assert (found.answers, found.cost, found.unpriced) == (2, Decimal("0.002"), 1)
    assert (found.input_tokens, found.output_tokens) == (210, 40)
    assert (found.latency_p50, found.latency_p95) == (2.0, 2.0)
    assert found.failures == ((FailureKind.EMPTY, 1), (FailureKind.INTERRUPTED, 1))
    nothing = expense_of([], [])
    assert (nothing.answers, nothing.latency_p50, nothing.latency_p95) == (0, None, None)


def a_run(name: str, system: str = "gpt", **keys: str) -> RunRecord:
    entries = {"suite": "s", "gold": "g", "prompt": "none", "system": system, "trials": "1", **keys}
    return RunRecord(name, "s", system, RunStatus.FINISHED, "", None, 1, 1, Signature(tuple(entries.items())))


def test_labels_are_the_system_and_the_prompt() -> None:
    assert label_of(a_run("1")) == "gpt"
    assert label_of(a_run("1", prompt="v3@0123456789ab")) == "gpt v3"
    assert distinct_labels([a_run("1", prompt="v2@a"), a_run("2", prompt="v3@b")]) == ("gpt v2", "gpt v3")


def test_labels_of_different_systems_that_are_called_the_same_say_what_differs() -> None:
    seeds = [a_run("1", seed="1"), a_run("2", seed="2"), a_run("3", "rules")]
    assert distinct_labels(seeds) == ("gpt seed=1", "gpt seed=2", "rules")
    some = [a_run("1"), a_run("2", temperature="0")]
    assert distinct_labels(some) == ("gpt temperature=none", "gpt temperature=0")
    long = distinct_labels([a_run("1", parameters="x" * 50), a_run("2", parameters="y" * 50)])
    assert long == (f"gpt parameters={'x' * 12}…", f"gpt parameters={'y' * 12}…")


def test_labels_of_runs_that_differ_in_nothing_have_their_id() -> None:
    assert distinct_labels([a_run("1"), a_run("2")]) == ("gpt 1", "gpt 2")
    # Other gold is no other system.
    assert distinct_labels([a_run("1"), a_run("2", gold="h")]) == ("gpt 1", "gpt 2")
    mixed = [a_run("1", seed="1"), a_run("2", seed="1"), a_run("3", seed="2")]
    assert distinct_labels(mixed) == ("gpt 1", "gpt 2", "gpt 3")


def test_a_run_beside_itself_needs_no_other_label() -> None:
    assert distinct_labels([a_run("1"), a_run("1")]) == ("gpt", "gpt")
