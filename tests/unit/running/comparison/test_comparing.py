from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from harness.errors import UsageError
from harness.records import Attempt, Comparison, FailureKind, OutcomeKind, Response, Signature
from harness.running import score_run
from harness.running.comparison.comparing import compare_runs
from harness.storage import Kept, RunStatus, open_store
from harness.suites.configuration import Configuration, load_configuration
from tests.unit.running.comparison.test_operands import exported, ran
from tests.unit.running.suites_on_disk import FACTS, TEXT, make_suite, write_label

SEVEN = {f"d{at}": f"{TEXT}{at}\n" for at in range(7)}


def compared(configuration: Configuration, *references: str, **options: Any) -> Comparison:
    (found,) = compare_runs(configuration, references, **options).comparisons
    return found


def answering(configuration: Configuration, name: str, **answers: str | FailureKind) -> str:
    """A run of these answers, trial 0 of each document."""
    with open_store(configuration.store) as store:
        latest = store.run("latest")
        run = replace(latest, id=name, created="2026-01-01T00:00:00.000Z", tags=())
        store.create_run(run, store.planned(latest.id))
        store.append(name, [Kept(Response(document, 0, (_said(one),))) for document, one in answers.items()])
    score_run(configuration, name)
    return name


def _said(answer: str | FailureKind) -> Attempt:
    return Attempt(None, 0.5, failure=answer) if isinstance(answer, FailureKind) else Attempt(answer, 0.5)


def resigned(configuration: Configuration, run: str, **values: str) -> None:
    """Have a run's scores say that they were made by something else."""
    with open_store(configuration.store) as store:
        stored = store.scores(run)
        assert stored is not None
        entries = tuple((key, values.get(key, value)) for key, value in stored.signature.entries)
        store.save_scores(run, Signature(entries), stored.scores)


def test_two_runs(tmp_path: Path) -> None:
    configuration = make_suite(tmp_path, documents=SEVEN)
    ours, theirs = ran(configuration, "null"), ran(configuration)
    found = compared(configuration, ours, theirs)
    assert (found.baseline.run, found.candidate.run) == (ours, theirs)
    assert (found.baseline.label, found.candidate.label) == ("null", "perfect")
    assert found.headline.difference.value == 1
    assert found.documents == 7
    assert found.remarks == ("perfect is a test instrument: it answers with gold, spoilt on purpose.",)
    assert {flip.better for flip in found.flipped_leaves} == {True}
    assert len(found.flipped_leaves) == 7 * 4
    assert len(found.flipped_documents) == 7


def test_a_flip_has_both_answers_gold_its_evidence_and_its_line(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.chdir(tmp_path)
    configuration = make_suite(tmp_path)
    ran(configuration)
    wrong = '{"title": "A title", "facts": [{"who": "Bob"}, {"who": "Ann", "amount": 4}]}'
    answering(configuration, "worse", a=wrong, b=wrong)
    found = compared(configuration, "latest", "worse")
    flip = found.flipped_leaves[0]
    assert [one.document for one in found.flipped_leaves] == ["a", "b"]
    assert (flip.path, flip.better) == ("facts[].amount", False)
    assert flip.baseline is not None
    assert flip.candidate is not None
    assert (flip.baseline.kind, flip.candidate.kind) == (OutcomeKind.CORRECT, OutcomeKind.INCORRECT)
    assert (flip.candidate.gold, flip.baseline.predicted, flip.candidate.predicted) == (3, 3, 4)
    assert flip.evidence == "Ann has three"
    assert flip.label == str(Path("gold") / "a.json")
    assert flip.line is not None
    assert '"amount": 3' in (tmp_path / flip.label).read_text().splitlines()[flip.line - 1]


def test_only_documents_whose_scores_differ_are_looked_into(tmp_path: Path) -> None:
    configuration = make_suite(tmp_path)
    ran(configuration)
    answering(configuration, "half", a='{"title": "A title"}', b=_perfect())
    found = compared(configuration, "latest", "half")
    assert [flip.document for flip in found.flipped_documents] == ["a"]
    assert {flip.document for flip in found.flipped_leaves} == {"a"}


def _perfect() -> str:
    return '{"title": "A title", "facts": [{"who": "Ann", "amount": 3}, {"who": "Bob"}]}'


def test_a_run_and_its_file_are_identical(tmp_path: Path) -> None:
    configuration = make_suite(tmp_path)
    run = ran(configuration, "noisy")
    found = compared(configuration, str(exported(configuration, run, tmp_path / "r.jsonl")), "latest")
    assert found.identical
    assert found.headline.difference.value == 0
    assert found.headline.p == 1
    assert found.flipped_leaves == ()


def test_long_values_are_cut_in_a_flip(tmp_path: Path) -> None:
    configuration = make_suite(tmp_path)
    ran(configuration)
    answering(
        configuration, "long", a=f'{{"title": "{"x" * 9_000}"}}', b=f'{{"facts": {{"deep": "{"y" * 9_000}"}}}}'
    )
    kept = [
        flip.candidate.predicted
        for flip in compared(configuration, "latest", "long").flipped_leaves
        if flip.candidate
    ]
    assert max(len(str(value)) for value in kept) == 2_001


def test_trials_that_disagree_are_noise(tmp_path: Path) -> None:
    configuration = make_suite(tmp_path, documents=SEVEN)
    ours, theirs = ran(configuration, trials=3), ran(configuration, "noisy", trials=3)
    found = compared(configuration, ours, theirs)
    assert found.noise > 0
    assert found.candidate.stability.trials == 3
    assert found.candidate.stability.flip_rate is not None


def test_other_numbers_of_trials_are_averaged_and_said(tmp_path: Path) -> None:
    configuration = make_suite(tmp_path)
    found = compared(configuration, ran(configuration, "null"), ran(configuration, "null", trials=2))
    assert "null trials=1 has 1 and null trials=2 2 answers a document" in found.remarks[0]
    assert found.identical


def test_one_system_asked_once_and_three_times_loses_no_document(tmp_path: Path) -> None:
    configuration = make_suite(tmp_path, documents=SEVEN)
    ours, theirs = ran(configuration), ran(configuration, trials=3)
    with open_store(configuration.store) as store:
        store.append(theirs, [Kept(Response(name, 2, (_said("{}"),))) for name in SEVEN])
    score_run(configuration, theirs)
    found = compared(configuration, ours, theirs)
    assert [one.candidate for one in found.flipped_documents] == [pytest.approx(2 / 3)] * 7
    assert found.mcnemar_p == 1
    assert "(McNemar) is told by the first answer of each." in found.remarks[-1]


def test_every_answer_failed(tmp_path: Path) -> None:
    configuration = make_suite(tmp_path)
    ran(configuration)
    answering(configuration, "failing", a=FailureKind.REFUSED, b="{")
    found = compared(configuration, "latest", "failing")
    assert any(remark.startswith("Every answer of ") for remark in found.remarks)
    assert found.headline.candidate.value == 0
    assert found.candidate.expense.failures == ((FailureKind.REFUSED, 1), (FailureKind.UNPARSABLE, 1))


def test_an_unfinished_run_counts_what_is_not_there(tmp_path: Path) -> None:
    configuration = make_suite(tmp_path)
    ran(configuration)
    answering(configuration, "half", a=_perfect())
    with open_store(configuration.store) as store:
        store.finish_run("half", RunStatus.INTERRUPTED, "2026-01-01T00:00:00.000Z", {})
    found = compared(configuration, "latest", "half")
    assert any(
        "half is not finished (interrupted): 1 of 2 answers are not there" in one for one in found.remarks
    )
    assert found.headline.candidate.value == pytest.approx(2 / 3)


def test_other_gold_is_refused_and_the_run_to_score_again_is_named(tmp_path: Path) -> None:
    configuration = make_suite(tmp_path)
    ours = ran(configuration)
    write_label(tmp_path, "b", {**FACTS, "title": "Something else"})
    theirs = ran(configuration, "null")
    for only_common in (False, True):
        with pytest.raises(UsageError, match=r"scored by different gold \(\w+ and \w+\)") as caught:
            compared(configuration, ours, theirs, only_common=only_common)
        assert f"`harness score {ours}`" in caught.value.hint
        assert theirs not in caught.value.hint
    score_run(configuration, ours)
    assert compared(configuration, ours, theirs).documents == 2


def test_a_file_is_imported_before_it_is_scored_again(tmp_path: Path) -> None:
    configuration = make_suite(tmp_path)
    path = exported(configuration, ran(configuration), tmp_path / "old one.jsonl")
    write_label(tmp_path, "b", {**FACTS, "title": "Something else"})
    with pytest.raises(UsageError) as caught:
        compared(configuration, str(path), ran(configuration, "null"))
    assert f"`harness runs import '{path}'`, `harness score " in caught.value.hint


def test_another_text_of_a_document_is_refused(tmp_path: Path) -> None:
    configuration = make_suite(tmp_path)
    ours, theirs = ran(configuration), ran(configuration, "null")
    (tmp_path / "docs" / "a.txt").write_text("other words")
    score_run(configuration, theirs)
    with pytest.raises(UsageError, match=r"scored by different documents \(") as caught:
        compared(configuration, ours, theirs)
    assert f"`harness score {ours}`" in caught.value.hint


@pytest.mark.parametrize("key", ["schema", "marks"])
def test_scores_by_another_schema_than_todays_are_refused(tmp_path: Path, key: str) -> None:
    configuration = make_suite(tmp_path)
    ours, theirs = ran(configuration), ran(configuration, "null")
    for run in (ours, theirs):
        resigned(configuration, run, **{key: "0123"})
    with pytest.raises(
        UsageError, match=f"another schema or other marks than today's \\({key} 0123, now "
    ) as caught:
        compared(configuration, ours, theirs)
    assert caught.value.where == f"run {ours}"
    assert f"`harness score {ours}`" in caught.value.hint


def test_another_metric_is_refused(tmp_path: Path) -> None:
    configuration = make_suite(tmp_path)
    ours, theirs = ran(configuration), ran(configuration, "null")
    resigned(configuration, theirs, metric="0")
    with pytest.raises(UsageError, match=r"different metric \(1 and 0\)"):
        compared(configuration, ours, theirs, only_common=True)


def test_other_documents_are_refused_unless_narrowed_on_purpose(tmp_path: Path) -> None:
    configuration = make_suite(tmp_path, documents=SEVEN)
    ours, theirs = ran(configuration, "null"), ran(configuration, limit=6)
    with pytest.raises(UsageError, match=r"different documents \(7 and 6, 6 in both\)") as caught:
        compared(configuration, ours, theirs)
    assert "--only-common-documents compares the 6 documents" in caught.value.hint
    found = compared(configuration, ours, theirs, only_common=True)
    assert found.documents == 6
    assert found.signature.get("compared") == "6 common of 7 and 6"
    assert " / " in (found.signature.get("documents") or "")
    assert found.remarks[0] == "Only the 6 documents that all runs have are compared (common of 7 and 6)."
    assert found.baseline.expense.answers == 6
    assert "d6" not in {flip.document for flip in found.flipped_leaves}
    assert len(found.flipped_leaves) == 6 * 4


def test_narrowing_runs_over_the_same_documents_changes_nothing(tmp_path: Path) -> None:
    configuration = make_suite(tmp_path)
    ours, theirs = ran(configuration, "null"), ran(configuration)
    assert compared(configuration, ours, theirs, only_common=True) == compared(configuration, ours, theirs)


def test_no_common_document(tmp_path: Path) -> None:
    configuration = make_suite(tmp_path)
    ours = ran(configuration, limit=1)
    (tmp_path / "docs" / "a.txt").unlink()
    (tmp_path / "gold" / "a.json").unlink()
    theirs = ran(configuration)
    with pytest.raises(UsageError, match=r"\(1 and 1, 0 in both\)") as caught:
        compared(configuration, ours, theirs)
    assert caught.value.hint == "compare runs over the same documents"
    with pytest.raises(UsageError, match="no document in common"):
        compared(configuration, ours, theirs, only_common=True)


def test_narrowing_needs_todays_gold_to_vouch_for_both(tmp_path: Path) -> None:
    configuration = make_suite(tmp_path)
    ours = ran(configuration)
    write_label(tmp_path, "a", {**FACTS, "title": "Something else"})
    theirs = ran(configuration, "null", limit=1)
    with pytest.raises(UsageError, match="scored by other gold than today's") as caught:
        compared(configuration, ours, theirs, only_common=True)
    assert caught.value.where == f"run {ours}"


def test_gold_that_has_changed_since_leaves_the_numbers_and_hides_the_flips(tmp_path: Path) -> None:
    configuration = make_suite(tmp_path)
    ours, theirs = ran(configuration, "null"), ran(configuration)
    before = compared(configuration, ours, theirs)
    write_label(tmp_path, "b", {**FACTS, "title": "Something else"})
    after = compared(configuration, ours, theirs)
    assert (after.headline, after.fields) == (before.headline, before.fields)
    assert after.flipped_leaves == ()
    assert "cannot be shown: the runs were scored by other gold than today's" in after.remarks[-1]
    (tmp_path / "gold" / "b.json").write_text("{")
    broken = compared(configuration, ours, theirs)
    assert broken.headline == before.headline
    assert "cannot be shown: today's gold cannot be read" in broken.remarks[-1]


def test_documents_that_are_gone_take_nothing_away(tmp_path: Path) -> None:
    configuration = make_suite(tmp_path)
    ours, theirs = ran(configuration, "null"), ran(configuration)
    before = compared(configuration, ours, theirs)
    shutil.rmtree(tmp_path / "docs")
    assert compared(configuration, ours, theirs) == before


def test_runs_of_other_suites_are_refused(tmp_path: Path) -> None:
    configuration = make_suite(tmp_path)
    ours = ran(configuration)
    text = (tmp_path / "harness.toml").read_text()
    (tmp_path / "harness.toml").write_text(text.replace("[suites.s]", "[suites.t]"))
    other = load_configuration(tmp_path / "harness.toml")
    with pytest.raises(UsageError, match="different suites: s, t"):
        compared(other, ours, ran(other))
    with pytest.raises(UsageError, match='no suite "s"'):
        compared(other, ours, ours)


def test_one_run_is_no_comparison(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="only one run is named"):
        compare_runs(make_suite(tmp_path), ["latest"])


def test_several_runs_are_ranked(tmp_path: Path) -> None:
    configuration = make_suite(tmp_path, documents=SEVEN)
    runs = [ran(configuration, name) for name in ("null", "perfect", "noisy")]
    found = compare_runs(configuration, runs)
    assert [one.candidate.run for one in found.comparisons] == runs[1:]
    assert found.ranking is not None
    assert [place.side.run for place in found.ranking.places][-1] == runs[0]
    assert [place.rank for place in found.ranking.places] == [None, None, 1]
    for one in found.comparisons:
        assert one.flipped_leaves == ()
        assert one.remarks[-1] == "The leaves that flipped are looked for when two runs are compared."


def test_a_run_has_one_place_among_several(tmp_path: Path) -> None:
    configuration = make_suite(tmp_path)
    ours, theirs = ran(configuration, "null"), ran(configuration)
    file = str(exported(configuration, theirs, tmp_path / "r.jsonl"))
    for twice in (theirs, "latest", file):
        with pytest.raises(UsageError, match=r"the run is named 2 times \(") as caught:
            compare_runs(configuration, [ours, theirs, twice])
        assert caught.value.where == f"run {theirs}"
    assert compared(configuration, theirs, "latest").identical


def test_a_seed_gives_the_same_again(tmp_path: Path) -> None:
    documents = {f"d{at:02}": TEXT for at in range(20)}
    configuration = make_suite(tmp_path, documents=documents)
    ours, theirs = ran(configuration, "noisy"), ran(configuration)
    found = compared(configuration, ours, theirs, seed=3, draws=200)
    assert (found.draws, found.exact) == (200, False)
    assert found == compared(configuration, ours, theirs, seed=3, draws=200)


def test_progress_is_told(tmp_path: Path) -> None:
    configuration = make_suite(tmp_path, documents=SEVEN)
    heard: list[tuple[str, int, int]] = []
    runs = [ran(configuration, name) for name in ("null", "perfect", "noisy")]
    compare_runs(configuration, runs[:2], progress=lambda *told: heard.append(told))
    assert [what for what, _, _ in heard if what != "comparing"] == ["looking for what flipped"] * 7
    assert heard[-1][1:] == (7, 7)
    heard.clear()
    compare_runs(configuration, runs, progress=lambda *told: heard.append(told))
    assert {what for what, _, _ in heard} == {"comparing", "ranking"}
    assert all(done <= total for _, done, total in heard)
