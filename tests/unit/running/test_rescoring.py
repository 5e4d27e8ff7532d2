from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from harness.errors import GoldError, StoreError, UsageError
from harness.records import Attempt, FailureKind, OutcomeKind, Response
from harness.running import RunResult, explain, run_systems, score_run
from harness.storage import Kept, RunStatus, open_store
from harness.suites.configuration import Configuration
from tests.unit.running.suites_on_disk import FACTS, TEXT, make_suite, write_label


def ran(configuration: Configuration, system: str = "perfect", trials: int = 1) -> str:
    suite = configuration.suite()
    return run_systems(configuration, suite, [configuration.system(system)], trials=trials)[0].run.id


def unfinished(configuration: Configuration, status: RunStatus) -> str:
    """A run of two documents and one answer."""
    with open_store(configuration.store) as store:
        run = replace(store.run(ran(configuration)), id="unfinished", status=status, finished=None, summary={})
        store.create_run(run, ("a", "b"))
        store.append(run.id, [Kept(Response("a", 0, (Attempt('{"title": "A title"}', 0.0),)))])
        if status is not RunStatus.STARTED:
            store.finish_run(run.id, status, "2026-11-22T05:34:40Z", {})
    return run.id


def test_nothing_changed_gives_the_same_scores(tmp_path: Path) -> None:
    configuration = make_suite(tmp_path)
    suite = configuration.suite()
    (before,) = run_systems(configuration, suite, [configuration.system("noisy")], trials=2)
    assert isinstance(before, RunResult)
    after = score_run(configuration, before.run.id)
    assert after.evaluation.scores == before.evaluation.scores
    assert after.run == before.run
    assert after.changed == ()


def test_changed_gold_is_said_scored_and_kept(tmp_path: Path) -> None:
    configuration = make_suite(tmp_path)
    run = ran(configuration)
    write_label(tmp_path, "b", {**FACTS, "title": "Something else entirely"})
    again = score_run(configuration, "latest")
    assert again.changed == ("gold",)
    assert again.evaluation.fields["title"].correct == 1
    assert again.evaluation.fields["title"].incorrect == 1
    with open_store(configuration.store) as store:
        kept = store.scores(run)
        assert store.run(run).summary == again.evaluation.headline() == again.run.summary
        assert store.run(run).signature.get("gold") != (kept and kept.signature.get("gold"))
    assert kept is not None
    assert kept.scores == again.evaluation.scores


def test_a_changed_document_is_said(tmp_path: Path) -> None:
    configuration = make_suite(tmp_path)
    ran(configuration)
    (tmp_path / "docs" / "b.txt").write_text("no quote stands here")
    again = score_run(configuration, "latest")
    assert again.changed == ("documents",)
    assert again.evaluation.grounding.right_invented == 2


def test_a_removed_document_is_scored_without_its_quotes(tmp_path: Path) -> None:
    configuration = make_suite(tmp_path)
    ran(configuration)
    (tmp_path / "docs" / "b.txt").unlink()
    again = score_run(configuration, "latest")
    assert again.changed == ("documents",)
    assert again.evaluation.documents == 2
    assert again.evaluation.grounding.right_exact == 2


def test_a_new_document_was_never_asked(tmp_path: Path) -> None:
    configuration = make_suite(tmp_path)
    ran(configuration)
    (tmp_path / "docs" / "c.txt").write_text(TEXT)
    write_label(tmp_path, "c", FACTS)
    again = score_run(configuration, "latest")
    assert again.changed == ()
    assert {score.document for score in again.evaluation.scores} == {"a", "b"}


def test_a_lost_label_is_refused(tmp_path: Path) -> None:
    configuration = make_suite(tmp_path)
    ran(configuration)
    (tmp_path / "gold" / "b.json").unlink()
    with pytest.raises(GoldError, match='no label of "b"'):
        score_run(configuration, "latest")


@pytest.mark.parametrize("status", [RunStatus.STARTED, RunStatus.INTERRUPTED, RunStatus.FAILED])
def test_what_an_unfinished_run_did_not_come_to_is_a_failure(tmp_path: Path, status: RunStatus) -> None:
    configuration = make_suite(tmp_path)
    again = score_run(configuration, unfinished(configuration, status))
    assert again.evaluation.failures == {FailureKind.NOT_ANSWERED: 1}
    assert again.evaluation.totals.possible == 8
    assert again.evaluation.totals.correct == 1
    assert again.run.status is status
    assert bool(again.run.summary) == (status is not RunStatus.STARTED)


def test_unknown_runs_are_refused(tmp_path: Path) -> None:
    configuration = make_suite(tmp_path)
    with pytest.raises(UsageError, match="holds no run"):
        score_run(configuration, "latest")


def test_explain_gives_the_outcomes_of_one_trial(tmp_path: Path) -> None:
    configuration = make_suite(tmp_path)
    run = ran(configuration, "noisy", trials=4)
    scores = {(one.document, one.trial): one for one in score_run(configuration, run).evaluation.scores}
    totals = []
    for trial in range(4):
        outcomes = explain(configuration, run, "b", trial)
        totals.append(sum(one.kind is OutcomeKind.CORRECT for one in outcomes))
        assert totals[-1] == scores["b", trial].total.correct
    assert len(set(totals)) > 1


def test_explain_an_answer_that_never_came(tmp_path: Path) -> None:
    configuration = make_suite(tmp_path)
    outcomes = explain(configuration, unfinished(configuration, RunStatus.INTERRUPTED), "b")
    assert {one.kind for one in outcomes} >= {OutcomeKind.MISSING}
    assert not any(one.kind is OutcomeKind.CORRECT for one in outcomes)


def test_explain_refuses_what_is_not_there(tmp_path: Path) -> None:
    configuration = make_suite(tmp_path, {"alpha": TEXT, "beta": TEXT})
    run = ran(configuration)
    with pytest.raises(UsageError, match="no document 'alfa'") as caught:
        explain(configuration, run, "alfa")
    assert "alpha" in caught.value.hint
    with pytest.raises(UsageError, match="no trial 1"):
        explain(configuration, run, "alpha", 1)


def test_a_store_that_cannot_be_written_is_scored_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from harness.storage.sql import SqlStore

    configuration = make_suite(tmp_path)
    ran(configuration)

    def refuse(*_: object) -> None:
        raise StoreError("the store cannot be used: attempt to write a readonly database")

    monkeypatch.setattr(SqlStore, "save_scores", refuse)
    again = score_run(configuration, "latest")
    assert again.evaluation.f1 == 1.0
    assert "readonly" in again.not_kept
