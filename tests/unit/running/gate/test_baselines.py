from __future__ import annotations

from pathlib import Path

import pytest

from harness.errors import StoreError, UsageError
from harness.records import Verdict
from harness.running import runs
from harness.running.gate.baselines import Replaced, replace_baseline
from harness.running.gate.gating import gate_run
from harness.storage import open_store
from harness.storage.portable import export_run
from harness.suites.configuration import Configuration
from tests.unit.running.gate.test_gating import SIX, gate, run
from tests.unit.running.suites_on_disk import make_suite


def replaced(
    configuration: Configuration,
    reference: str | None = None,
    *,
    baseline: str | None = None,
    force: bool = False,
) -> Replaced:
    found = gate_run(configuration, reference, baseline=baseline, replacing=True)
    assert found.baseline is not None
    return replace_baseline(
        configuration, found.reference, found.baseline, found.decision, before=found.before, force=force
    )


def tags(configuration: Configuration, name: str) -> tuple[str, ...]:
    with open_store(configuration.store) as store:
        return store.run(name).tags


@pytest.fixture
def tagged(tmp_path: Path) -> Configuration:
    return make_suite(tmp_path, SIX, extra=gate("f1 >= 0.1", "f1 >= baseline - 0.02", baseline="main"))


@pytest.fixture
def filed(tmp_path: Path) -> Configuration:
    rules = ("f1 >= 0.1", "f1 >= baseline - 0.02")
    return make_suite(tmp_path, SIX, extra=gate(*rules, baseline="baselines/main.jsonl.gz"))


def test_the_first_baseline_gets_the_tag(tagged: Configuration) -> None:
    first = run(tagged, "noisy")
    change = replaced(tagged)
    assert (change.before, change.after.id, change.unchanged) == (None, first, False)
    assert tags(tagged, first) == ("main",)
    assert gate_run(tagged).decision.verdict is Verdict.PASS


def test_the_tag_moves_to_a_better_run_and_other_tags_stay(tagged: Configuration) -> None:
    first = run(tagged, "noisy", tag="main")
    with open_store(tagged.store) as store:
        store.tag_run(first, ["main", "kept"])
    second = run(tagged, "perfect")
    change = replaced(tagged)
    assert change.before is not None
    assert (change.before.id, change.after.id) == (first, second)
    assert (tags(tagged, first), tags(tagged, second)) == (("kept",), ("main",))
    assert replaced(tagged).unchanged


def test_a_file_is_written_as_an_export_and_replaced_whole(filed: Configuration) -> None:
    first = run(filed, "noisy")
    path = filed.root / "baselines/main.jsonl.gz"
    assert replaced(filed).before is None
    with open_store(filed.store) as store:
        export_run(store, store.run(first), filed.root / "same.jsonl.gz")
    assert path.read_bytes() == (filed.root / "same.jsonl.gz").read_bytes()
    second = run(filed, "perfect")
    change = replaced(filed)
    assert change.before is not None
    assert (change.before.id, change.after.id) == (first, second)
    assert [one.name for one in path.parent.iterdir()] == ["main.jsonl.gz"], "nothing half-written is left"


def test_a_run_of_a_file_can_become_a_file_and_no_tag(tagged: Configuration) -> None:
    name = run(tagged, "perfect")
    file = tagged.root / "run.jsonl"
    with open_store(tagged.store) as store:
        export_run(store, store.run(name), file)
        store.delete_run(name)
    with pytest.raises(UsageError, match="cannot get the tag 'main'") as caught:
        replaced(tagged, str(file))
    assert "harness runs import" in caught.value.hint
    copy = tagged.root / "copy.jsonl"
    replaced(tagged, str(file), baseline=str(copy))
    assert copy.read_bytes() == file.read_bytes()


def test_a_run_that_fails_becomes_none_unless_forced(tagged: Configuration) -> None:
    run(tagged, "perfect", tag="main")
    worse = run(tagged, "null")
    with pytest.raises(UsageError, match="fails the gate"):
        replaced(tagged)
    assert tags(tagged, worse) == ()
    assert replaced(tagged, force=True).after.id == worse


def test_a_run_without_all_answers_becomes_none_unless_forced(tmp_path: Path, odd_kinds: str) -> None:
    documents = {"a": "interrupted", **dict.fromkeys("bcdefghijklmnop", "say {}")}
    extra = odd_kinds + gate("failure_rate <= 1", "f1 >= baseline", baseline="main")
    configuration = make_suite(tmp_path, documents, extra=extra)
    with pytest.raises(BaseException, match="interrupted"):
        run(configuration, "odd")
    with pytest.raises(UsageError, match="lacks") as caught:
        replaced(configuration)
    assert "--resume" in caught.value.hint


def test_a_run_of_failures_becomes_none_unless_forced(tmp_path: Path, odd_kinds: str) -> None:
    documents = dict.fromkeys("abcde", "explode")
    configuration = make_suite(
        tmp_path, documents, extra=odd_kinds + gate("failure_rate <= 1", baseline="main")
    )
    name = run(configuration, "odd")
    with pytest.raises(UsageError, match="every answer of the run failed"):
        replaced(configuration)
    assert replaced(configuration, force=True).after.id == name


@pytest.mark.parametrize("place", ["main", "./main.jsonl"])
def test_a_run_of_fewer_documents_becomes_none_unless_forced(tmp_path: Path, place: str) -> None:
    configuration = make_suite(tmp_path, SIX, extra=gate("f1 >= baseline", baseline=place))
    run(configuration, "perfect")
    first = replaced(configuration).after.id
    (few,) = runs.run_systems(configuration, configuration.suite(), [configuration.system("perfect")], limit=5)
    with pytest.raises(
        UsageError, match=r"the run has 5 documents, fewer than the 6 of the baseline"
    ) as caught:
        replaced(configuration)
    assert "--force" in caught.value.hint
    change = replaced(configuration, force=True)
    assert (change.before and change.before.id, change.after.id) == (first, few.run.id)
    run(configuration, "perfect")
    assert replaced(configuration).after.documents == 6, "more documents are no fault"


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    configuration = make_suite(tmp_path, SIX, extra=gate("f1 >= 0.1", baseline="file/main.jsonl"))
    (tmp_path / "file").write_text("")
    run(configuration, "perfect")
    with pytest.raises(StoreError, match="folder cannot be made") as caught:
        replaced(configuration)
    assert "that can be written to" in caught.value.hint


def test_what_is_no_run_is_not_replaced_unless_forced(filed: Configuration) -> None:
    run(filed, "perfect")
    path = filed.root / "baselines/main.jsonl.gz"
    path.parent.mkdir()
    path.write_text("my notes")
    with pytest.raises(StoreError, match="not an exported run"):
        gate_run(filed)
    with pytest.raises(UsageError, match="is no run that this harness can read"):
        replaced(filed)
    assert path.read_text() == "my notes"
    assert replaced(filed, force=True).before is None


def test_the_id_of_a_run_is_no_tag_that_moves(tagged: Configuration) -> None:
    first = run(tagged, "noisy")
    run(tagged, "perfect")
    with pytest.raises(UsageError, match="no tag that could be moved"):
        replaced(tagged, baseline=first)


def test_a_baseline_that_cannot_be_compared_any_more_can_be_replaced(tagged: Configuration) -> None:
    from tests.unit.running.suites_on_disk import FACTS, write_label

    run(tagged, "perfect", tag="main")
    write_label(tagged.root, "a", {**FACTS, "title": "Another title"})
    second = run(tagged, "perfect")
    assert replaced(tagged).after.id == second
    assert gate_run(tagged).decision.verdict is Verdict.PASS
