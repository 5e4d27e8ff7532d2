"""What every store promises. A new implementation is one more entry in `OPENERS`."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import tracemalloc
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harness.errors import StoreError, UsageError
from harness.records import (
    Attempt,
    Counts,
    DocumentScore,
    FactCounts,
    FailureKind,
    GroundingCounts,
    Response,
    Signature,
)
from harness.storage import RunRecord, RunStatus, Store, StoredScores, open_store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

OPENERS: dict[str, Callable[[Path], Store]] = {"sqlite": lambda folder: open_store(folder / "runs.sqlite")}
SIGNATURE = Signature((("schema", "3f|a:"), ("model", "модель\ud800")))
RUN = RunRecord(
    id="20261122-053440-k3f9",
    suite="labour_export",
    system="rules",
    status=RunStatus.STARTED,
    created="2026-11-22T05:34:40Z",
    finished=None,
    trials=2,
    documents=5,
    signature=SIGNATURE,
    identity={"kind": "rules", "note": "\0\udfff"},
    details={"config": "/somewhere/harness.toml"},
)
ANSWER = Attempt('{"a": 1}', 0.1 + 0.2, 10, 20, "stop")


def response(document: str, trial: int = 0, raw: str | None = "{}") -> Response:
    return Response(document, trial, (replace(ANSWER, raw=raw),))


@pytest.fixture(params=list(OPENERS))
def opener(request: pytest.FixtureRequest) -> Callable[[Path], Store]:
    return OPENERS[request.param]


@pytest.fixture
def store(opener: Callable[[Path], Store], tmp_path: Path) -> Iterator[Store]:
    with opener(tmp_path) as opened:
        opened.create_run(RUN)
        yield opened


def test_a_run_is_read_as_it_was_written(store: Store) -> None:
    assert store.run(RUN.id) == RUN
    assert store.runs() == (RUN,)


def test_a_finished_run_keeps_its_summary_and_may_be_finished_again(store: Store) -> None:
    store.finish_run(RUN.id, RunStatus.INTERRUPTED, "2026-11-22T06:00:00Z", {})
    store.finish_run(RUN.id, RunStatus.FINISHED, "2026-11-22T07:00:00Z", {"f1": 2 / 3, "precision": None})
    assert store.run(RUN.id) == replace(
        RUN,
        status=RunStatus.FINISHED,
        finished="2026-11-22T07:00:00Z",
        summary={"f1": 2 / 3, "precision": None},
    )


def test_a_taken_id_is_refused(store: Store) -> None:
    with pytest.raises(StoreError, match="in the store already"):
        store.create_run(replace(RUN, suite="other"))
    assert store.run(RUN.id) == RUN


def test_a_summary_without_meaning_is_refused(store: Store) -> None:
    with pytest.raises(StoreError, match="cannot be stored"):
        store.finish_run(RUN.id, RunStatus.FINISHED, "2026-11-22T07:00:00Z", {"f1": float("nan")})
    assert store.run(RUN.id) == RUN


def test_runs_come_newest_first(store: Store) -> None:
    added = [
        replace(RUN, id=name, created=created)
        for name, created in (("b", "2027"), ("a", "2027"), ("c", "2025"))
    ]
    for run in added:
        store.create_run(run)
    assert [run.id for run in store.runs()] == ["a", "b", RUN.id, "c"]
    assert [run.id for run in store.runs(limit=2)] == ["a", "b"]
    assert store.run("latest").id == "a"


def test_a_run_is_found_by_the_beginning_of_its_id(store: Store) -> None:
    store.create_run(replace(RUN, id="20261122-053440-k3"))
    store.create_run(replace(RUN, id="20261122-06%_"))
    assert store.run("20261122-053440-k3f").id == RUN.id
    assert store.run("20261122-053440-k3").id == "20261122-053440-k3"
    assert store.run("20261122-06").id == "20261122-06%_"
    with pytest.raises(UsageError, match="2 runs begin with '20261122-05'") as caught:
        store.run("20261122-05")
    assert RUN.id in caught.value.hint


@pytest.mark.parametrize("reference", ["20261122-053440-K3F9", "2026%", "", "\udcff", "20261122-053440-k3fx"])
def test_an_unknown_run_names_the_near_ones(store: Store, reference: str) -> None:
    with pytest.raises(UsageError, match="no run has the id") as caught:
        store.run(reference)
    assert RUN.id in caught.value.hint
    str(caught.value).encode()


def test_an_empty_store_says_so(opener: Callable[[Path], Store], tmp_path: Path) -> None:
    with opener(tmp_path) as empty:
        assert empty.runs() == ()
        for reference in ("latest", "2026"):
            with pytest.raises(UsageError, match="holds no run"):
                empty.run(reference)


def test_responses_come_in_order_of_document_and_trial(store: Store) -> None:
    written = [response(document, trial) for document in ("я", "b", "a.b", "a", "😀") for trial in (10, 2)]
    for one in written[:4]:
        store.append(RUN.id, one)
    store.append_many(RUN.id, iter(written[4:]))
    ordered = sorted(written, key=lambda one: (one.document, one.trial))
    assert list(store.responses(RUN.id)) == ordered
    assert store.answered(RUN.id) == {(one.document, one.trial) for one in written}


def test_every_attempt_is_kept(store: Store) -> None:
    failed = Attempt(None, 3.25, failure=FailureKind.REFUSED, detail="no \0 \ud800")
    store.append(RUN.id, Response("a", 0, (failed, ANSWER)))
    assert list(store.responses(RUN.id)) == [Response("a", 0, (failed, ANSWER))]


def test_a_second_answer_is_refused_and_the_first_is_kept(store: Store) -> None:
    store.append(RUN.id, response("a", 0, "first"))
    with pytest.raises(StoreError, match="has a response for the document 'a', trial 0"):
        store.append(RUN.id, response("a", 0, "second"))
    store.append(RUN.id, response("a", 1, "second"))
    assert [one.attempts[0].raw for one in store.responses(RUN.id)] == ["first", "second"]


def test_many_are_kept_all_or_none(store: Store) -> None:
    store.append(RUN.id, response("040"))
    many = [response(f"{number:03}") for number in range(50)]
    with pytest.raises(StoreError, match="'040'"):
        store.append_many(RUN.id, many)
    with pytest.raises(StoreError, match="'041'"):
        store.append_many(RUN.id, [*many[41:], many[41]])
    assert store.answered(RUN.id) == {("040", 0)}
    store.append_many(RUN.id, ())


def test_an_iterable_that_fails_stores_nothing(store: Store) -> None:
    def failing() -> Iterator[Response]:
        yield from (response(str(number)) for number in range(100))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        store.append_many(RUN.id, failing())
    assert store.answered(RUN.id) == set()


def test_an_unknown_run_is_refused_everywhere(store: Store) -> None:
    for run_id in ("none", RUN.id[:-1]):
        for call in (
            lambda name: store.append(name, response("a")),
            lambda name: store.append_many(name, ()),
            lambda name: store.responses(name),
            lambda name: store.answered(name),
            lambda name: store.save_scores(name, SIGNATURE, ()),
            lambda name: store.scores(name),
            lambda name: store.finish_run(name, RunStatus.FAILED, "2026", {}),
        ):
            with pytest.raises(StoreError, match=f"there is no run '{run_id}'"):
                call(run_id)


@pytest.mark.parametrize("name", ["\ud800", "a\0b"])
def test_a_name_that_is_no_text_is_refused(store: Store, name: str) -> None:
    for run in (replace(RUN, id=name), replace(RUN, id="x", suite=name)):
        with pytest.raises(StoreError, match="cannot be a name"):
            store.create_run(run)
    with pytest.raises(StoreError, match="cannot be a name"):
        store.append(RUN.id, response(name))
    with pytest.raises(StoreError, match="cannot be a name"):
        store.append(name, response("a"))
    with pytest.raises(StoreError, match="cannot be a name"):
        store.save_scores(RUN.id, SIGNATURE, [DocumentScore(name, 0, {})])
    assert store.runs() == (RUN,)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    raw=st.text(st.characters(exclude_categories=())), document=st.text(st.characters(exclude_characters="\0"))
)
def test_any_text_survives(store: Store, raw: str, document: str) -> None:
    trial = len(store.answered(RUN.id))
    written = Response(document, trial, (Attempt(raw, 0.0, finish_reason=raw, detail=raw),))
    store.append(RUN.id, written)
    assert written in list(store.responses(RUN.id))


def test_ten_megabytes_survive(store: Store) -> None:
    raw = ("\ud83d\0é\n" * 2_500_000) + "\ude00"
    store.append(RUN.id, response("a", 0, raw))
    (read,) = store.responses(RUN.id)
    assert read.attempts[0].raw == raw


def test_responses_are_not_held_in_memory_together(store: Store) -> None:
    store.append_many(RUN.id, (response(f"{number:04}", 0, "x" * 100_000) for number in range(600)))
    tracemalloc.start()
    try:
        assert sum(1 for _ in store.responses(RUN.id)) == 600
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 20_000_000


def test_one_may_append_while_reading(store: Store) -> None:
    store.append_many(RUN.id, [response(f"a{number:03}") for number in range(100)])
    for one in store.responses(RUN.id):
        store.append(RUN.id, replace(one, trial=1))
    assert len(store.answered(RUN.id)) == 200


def test_threads_may_share_a_store(store: Store) -> None:
    def write(name: str) -> None:
        for number in range(50):
            store.append(RUN.id, response(f"{name}{number}"))

    threads = [threading.Thread(target=write, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(store.answered(RUN.id)) == 200


def test_scores_are_replaced_as_a_whole(store: Store) -> None:
    assert store.scores(RUN.id) is None
    first = [DocumentScore(document, 0, {"x": Counts(1)}) for document in ("b", "a")]
    second = DocumentScore(
        "c",
        1,
        {"deployments[].status": Counts(1, 2, 3, 4, 5, 6)},
        {"deployments": FactCounts(1, 2, 3, 4)},
        GroundingCounts(right_exact=2, wrong_none=1),
        stray=7,
        failure=FailureKind.TRUNCATED,
    )
    store.save_scores(RUN.id, SIGNATURE, iter(first))
    assert store.scores(RUN.id) == StoredScores(SIGNATURE, (first[1], first[0]))
    store.save_scores(RUN.id, Signature(()), [second])
    assert store.scores(RUN.id) == StoredScores(Signature(()), (second,))
    with pytest.raises(StoreError, match="two scores"):
        store.save_scores(RUN.id, SIGNATURE, [*first, first[0]])
    assert store.scores(RUN.id) == StoredScores(Signature(()), (second,))
    store.save_scores(RUN.id, SIGNATURE, ())
    assert store.scores(RUN.id) == StoredScores(SIGNATURE, ())


def test_runs_do_not_mix(store: Store) -> None:
    store.create_run(replace(RUN, id="other"))
    store.append(RUN.id, response("a"))
    store.append("other", response("a"))
    store.save_scores("other", SIGNATURE, [DocumentScore("a", 0, {})])
    assert len(list(store.responses("other"))) == 1
    assert store.scores(RUN.id) is None


def test_what_was_stored_is_there_after_reopening(opener: Callable[[Path], Store], tmp_path: Path) -> None:
    with opener(tmp_path) as first:
        first.create_run(RUN)
        first.append(RUN.id, response("a"))
        first.close()
    with opener(tmp_path) as second:
        assert second.run(RUN.id) == RUN
        assert list(second.responses(RUN.id)) == [response("a")]


WRITER = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from test_stores import OPENERS, RUN, response
with OPENERS[sys.argv[2]](Path(sys.argv[3])) as store:
    for number in range(int(sys.argv[5])):
        store.append(RUN.id, response(sys.argv[4] + str(number), 0, "x" * 3000))
        print(number, flush=True)
"""


def writer(name: str, folder: Path, prefix: str, count: int) -> subprocess.Popen[str]:
    arguments = [str(Path(__file__).parent), name, str(folder), prefix, str(count)]
    return subprocess.Popen([sys.executable, "-c", WRITER, *arguments], stdout=subprocess.PIPE, text=True)


@pytest.mark.parametrize("name", list(OPENERS))
@pytest.mark.parametrize("kept", [1, 57])
def test_a_killed_writer_loses_nothing_that_append_returned_for(name: str, kept: int, tmp_path: Path) -> None:
    with OPENERS[name](tmp_path) as made:
        made.create_run(RUN)
    with writer(name, tmp_path, "d", 1_000_000) as process:
        assert process.stdout is not None
        printed = [next(process.stdout) for _ in range(kept)]
        process.send_signal(signal.SIGKILL)
        printed += list(process.stdout)
    assert process.returncode == -signal.SIGKILL
    with OPENERS[name](tmp_path) as opened:
        answered = opened.answered(RUN.id)
        assert {(f"d{int(number)}", 0) for number in printed} <= answered
        # At most the one answer that was stored and not reported yet.
        assert len(answered) - len(printed) in {0, 1}
        opened.append(RUN.id, response("after"))
        assert len(list(opened.responses(RUN.id))) == len(answered) + 1


@pytest.mark.parametrize("name", list(OPENERS))
def test_two_processes_may_write_at_once(name: str, tmp_path: Path) -> None:
    with OPENERS[name](tmp_path) as made:
        made.create_run(RUN)
        with writer(name, tmp_path, "a", 200) as first, writer(name, tmp_path, "b", 200) as second:
            for process in (first, second):
                assert len(process.communicate()[0].splitlines()) == 200
        assert (first.returncode, second.returncode) == (0, 0)
        assert made.answered(RUN.id) == {(f"{prefix}{number}", 0) for prefix in "ab" for number in range(200)}
