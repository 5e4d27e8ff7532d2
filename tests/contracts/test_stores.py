"""What every store promises, in each database. A new one is one more branch of `address`."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import tracemalloc
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
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
    Source,
)
from harness.storage import (
    CacheStats,
    Kept,
    RunRecord,
    RunStatus,
    Spending,
    Store,
    StoredScores,
    open_store,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.postgres import Server

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
PLANNED = ("z", "a", "файл", "b c", "a.b")
ANSWER = Attempt('{"a": 1}', 0.1 + 0.2, 10, 20, "stop")


def response(document: str, trial: int = 0, raw: str | None = "{}") -> Response:
    return Response(document, trial, (replace(ANSWER, raw=raw),))


def kept(document: str, trial: int = 0, raw: str | None = "{}", key: str | None = None) -> Kept:
    return Kept(response(document, trial, raw), key)


def from_cache(document: str, key: str | None, raw: str | None = "{}") -> Kept:
    return Kept(replace(response(document, 0, raw), source=Source.CACHE), key)


def answered(store: Store, run_id: str = RUN.id) -> set[tuple[str, int]]:
    return set(store.standing(run_id))


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a store can be made."""
    if request.param == "sqlite":
        return str(tmp_path / "runs.sqlite")
    server: Server = request.getfixturevalue("postgres")
    return server.new_store()


@pytest.fixture
def store(address: str) -> Iterator[Store]:
    with open_store(address) as opened:
        opened.create_run(RUN, PLANNED)
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
        store.create_run(replace(RUN, suite="other"), ())
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
        store.create_run(run, ())
    assert [run.id for run in store.runs()] == ["a", "b", RUN.id, "c"]
    assert [run.id for run in store.runs(limit=2)] == ["a", "b"]
    assert store.run("latest").id == "a"


def test_a_run_is_found_by_the_beginning_of_its_id(store: Store) -> None:
    store.create_run(replace(RUN, id="20261122-053440-k3"), ())
    store.create_run(replace(RUN, id="20261122-06%_"), ())
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


def test_an_empty_store_says_so(address: str) -> None:
    with open_store(address) as empty:
        assert empty.runs() == ()
        for reference in ("latest", "2026"):
            with pytest.raises(UsageError, match="holds no run"):
                empty.run(reference)


def test_responses_come_in_order_of_document_and_trial(store: Store) -> None:
    written = [response(document, trial) for document in ("я", "b", "a.b", "a", "😀") for trial in (10, 2)]
    for one in written[:4]:
        store.append(RUN.id, [Kept(one)])
    store.append(RUN.id, (Kept(one) for one in written[4:]))
    ordered = sorted(written, key=lambda one: (one.document, one.trial))
    assert list(store.responses(RUN.id)) == ordered
    assert list(store.takes(RUN.id)) == [(0, one) for one in ordered]
    assert answered(store) == {(one.document, one.trial) for one in written}


def test_every_attempt_is_kept(store: Store) -> None:
    failed = Attempt(None, 3.25, failure=FailureKind.REFUSED, detail="no \0 \ud800")
    priced = replace(
        ANSWER, cached_input_tokens=3, reasoning_tokens=0, cost=Decimal("0.000000012345678901234567")
    )
    free = replace(ANSWER, cost=Decimal(0))
    store.append(RUN.id, [Kept(Response("a", 0, (failed, ANSWER, priced, free)))])
    assert list(store.responses(RUN.id)) == [Response("a", 0, (failed, ANSWER, priced, free))]


def test_a_second_answer_is_another_take_and_decides(store: Store) -> None:
    failed = Response("a", 0, (Attempt(None, 1.0, failure=FailureKind.TIMED_OUT),))
    store.append(RUN.id, [kept("b"), Kept(failed)])
    assert store.standing(RUN.id) == {("a", 0): FailureKind.TIMED_OUT, ("b", 0): None}
    store.append(RUN.id, [kept("a", 0, "second"), kept("a", 0, "third")])
    store.append(RUN.id, [kept("a", 1, "other trial")])
    assert store.standing(RUN.id) == {("a", 0): None, ("a", 1): None, ("b", 0): None}
    newest = [one.attempts[-1].raw for one in store.responses(RUN.id)]
    assert newest == ["third", "other trial", "{}"]
    taken = [(one.document, one.trial, take, one.attempts[-1].raw) for take, one in store.takes(RUN.id)]
    assert taken == [
        ("a", 0, 0, None),
        ("a", 0, 1, "second"),
        ("a", 0, 2, "third"),
        ("a", 1, 0, "other trial"),
        ("b", 0, 0, "{}"),
    ]
    store.append(RUN.id, [Kept(failed)])
    assert store.standing(RUN.id)["a", 0] is FailureKind.TIMED_OUT


def test_many_are_kept_all_or_none(store: Store) -> None:
    store.append(RUN.id, [kept("040")])
    many = [kept(f"{number:03}") for number in range(200)]
    bad = replace(ANSWER, latency=float("nan"))
    with pytest.raises(StoreError, match="cannot be stored"):
        store.append(RUN.id, [*many, Kept(Response("x", 0, (bad,)))])
    assert answered(store) == {("040", 0)}
    store.append(RUN.id, ())
    store.append(RUN.id, many)
    assert len(answered(store)) == 200


def test_an_iterable_that_fails_stores_nothing(store: Store) -> None:
    def failing() -> Iterator[Kept]:
        yield from (kept(str(number)) for number in range(100))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        store.append(RUN.id, failing())
    assert answered(store) == set()
    store.append(RUN.id, [kept("a")])
    assert answered(store) == {("a", 0)}


def test_an_unknown_run_is_refused_everywhere(store: Store) -> None:
    for run_id in ("none", RUN.id[:-1]):
        for call in (
            lambda name: store.append(name, [kept("a")]),
            lambda name: store.append(name, ()),
            lambda name: store.responses(name),
            lambda name: store.takes(name),
            lambda name: store.standing(name),
            lambda name: store.spending(name),
            lambda name: store.planned(name),
            lambda name: store.reopen_run(name, {}),
            lambda name: store.tag_run(name, ["x"]),
            lambda name: store.delete_run(name),
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
            store.create_run(run, ())
    with pytest.raises(StoreError, match="cannot be a name"):
        store.create_run(replace(RUN, id="x"), [name])
    with pytest.raises(StoreError, match="cannot be a name"):
        store.append(RUN.id, [kept(name)])
    with pytest.raises(StoreError, match="cannot be a name"):
        store.append(RUN.id, [kept("a", key=name)])
    with pytest.raises(StoreError, match="cannot be a name"):
        store.append(name, [kept("a")])
    with pytest.raises(StoreError, match="cannot be a name"):
        store.save_scores(RUN.id, SIGNATURE, [DocumentScore(name, 0, {})])
    assert store.runs() == (RUN,)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    raw=st.text(st.characters(exclude_categories=())), document=st.text(st.characters(exclude_characters="\0"))
)
def test_any_text_survives(store: Store, raw: str, document: str) -> None:
    trial = len(answered(store))
    written = Response(document, trial, (Attempt(raw, 0.0, finish_reason=raw, detail=raw),))
    store.append(RUN.id, [Kept(written)])
    assert written in list(store.responses(RUN.id))


def test_ten_megabytes_survive(store: Store) -> None:
    raw = ("\ud83d\0é\n" + "x" * 100) * 100_000 + "\ude00"
    store.append(RUN.id, [kept("a", 0, raw, key="k")])
    assert store.cached(["k"])["k"][0].raw == raw
    (read,) = store.responses(RUN.id)
    assert read.attempts[0].raw == raw


def test_responses_are_not_held_in_memory_together(store: Store) -> None:
    tracemalloc.start()
    try:
        store.append(RUN.id, (kept(f"{number:04}", 0, "x" * 100_000) for number in range(300)))
        assert sum(1 for _ in store.responses(RUN.id)) == 300
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 15_000_000


def test_one_may_append_while_reading(store: Store) -> None:
    store.append(RUN.id, [kept(f"a{number:03}") for number in range(100)])
    for one in store.responses(RUN.id):
        store.append(RUN.id, [Kept(replace(one, trial=1))])
    assert len(answered(store)) == 200


def test_threads_may_share_a_store(store: Store) -> None:
    def write(name: str) -> None:
        for number in range(50):
            store.append(RUN.id, [kept(f"{name}{number}")])

    threads = [threading.Thread(target=write, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answered(store)) == 200


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
    store.create_run(replace(RUN, id="other"), ["a"])
    store.append(RUN.id, [kept("a")])
    store.append("other", [kept("a")])
    store.save_scores("other", SIGNATURE, [DocumentScore("a", 0, {})])
    assert len(list(store.responses("other"))) == 1
    assert store.scores(RUN.id) is None


def test_what_was_stored_is_there_after_reopening(address: str) -> None:
    with open_store(address) as first:
        first.create_run(RUN, PLANNED)
        first.append(RUN.id, [kept("a", key="k")])
        first.close()
    with open_store(address) as second:
        assert second.run(RUN.id) == RUN
        assert second.planned(RUN.id) == PLANNED
        assert list(second.responses(RUN.id)) == [response("a")]
        assert list(second.cached(["k"])) == ["k"]


def test_a_run_knows_its_documents_in_order(store: Store) -> None:
    many = tuple(f"article {number:06}" for number in range(100_000, 0, -1))
    store.create_run(replace(RUN, id="many"), many)
    assert store.planned("many") == many
    assert store.planned(RUN.id) == PLANNED


def test_a_resumed_run_has_started_again(store: Store) -> None:
    store.finish_run(RUN.id, RunStatus.INTERRUPTED, "2026-11-22T06:00:00Z", {"f1": 0.5})
    store.reopen_run(RUN.id, {"config": "elsewhere", "\ud800": "\0"})
    assert store.run(RUN.id) == replace(
        RUN, summary={"f1": 0.5}, details={"config": "elsewhere", "\ud800": "\0"}
    )
    assert store.planned(RUN.id) == PLANNED


def test_tags_are_replaced_and_name_a_run(store: Store) -> None:
    store.create_run(replace(RUN, id="other", tags=("b", "a")), ())
    assert store.run("other").tags == ("a", "b")
    store.tag_run(RUN.id, ["baseline", "é|:'", "baseline"])
    assert store.run("baseline") == replace(RUN, tags=("baseline", "é|:'"))
    assert [run.tags for run in store.runs()] == [("a", "b"), ("baseline", "é|:'")]
    assert [run.tags for run in store.runs(limit=1)] == [("a", "b")]
    store.tag_run(RUN.id, ["a"])
    with pytest.raises(UsageError, match="2 runs have the tag 'a'") as caught:
        store.run("a")
    assert RUN.id in caught.value.hint
    assert store.run("b").id == "other"
    with pytest.raises(UsageError, match="no run has the id 'baseline'"):
        store.run("baseline")
    store.tag_run(RUN.id, ())
    assert store.run(RUN.id).tags == ()


def test_a_tag_that_moves_is_taken_from_every_other_run(store: Store) -> None:
    for name in ("other", "third"):
        store.create_run(replace(RUN, id=name, tags=("kept", "main")), ())
    store.move_tag(RUN.id, "main")
    assert {run.id: run.tags for run in store.runs()} == {
        RUN.id: ("main",),
        "other": ("kept",),
        "third": ("kept",),
    }
    store.move_tag(RUN.id, "main")
    assert store.run("main").id == RUN.id
    with pytest.raises(UsageError, match="cannot be a tag"):
        store.move_tag(RUN.id, "two words")
    with pytest.raises(StoreError):
        store.move_tag("nobody", "main")
    assert store.run("main").id == RUN.id, "a refused move changes nothing"


def test_an_id_comes_before_a_tag_and_a_tag_may_look_like_the_beginning_of_one(store: Store) -> None:
    store.create_run(replace(RUN, id="other", tags=(RUN.id, "20261122")), ())
    assert store.run(RUN.id).id == RUN.id
    with pytest.raises(UsageError, match="2 runs have the tag '20261122'"):
        store.run("20261122")


@pytest.mark.parametrize("tag", ["", "latest", "-x", "a b", "a\tb", "\x1b[31m", "\ud800", "x" * 101])
def test_what_cannot_be_typed_is_no_tag(store: Store, tag: str) -> None:
    store.tag_run(RUN.id, ["kept"])
    with pytest.raises(UsageError, match="cannot be a tag"):
        store.tag_run(RUN.id, ["fine", tag])
    assert store.run(RUN.id).tags == ("kept",)


def test_the_cache_gives_the_first_answer_of_a_key_of_any_run(store: Store) -> None:
    store.create_run(replace(RUN, id="other"), ())
    store.append("other", [kept("a", 0, "first", "k1"), kept("b", 0, "b", "k2")])
    store.append(RUN.id, [kept("a", 0, "second", "k1"), kept("c", 0, "no key")])
    found = store.cached(["k1", "k2", "unknown", "\ud800", "nul\0"])
    assert {key: attempts[0].raw for key, attempts in found.items()} == {"k1": "first", "k2": "b"}
    assert store.cached(()) == {}


def test_failures_are_never_found_in_the_cache(store: Store) -> None:
    failed = Attempt("{", 1.0, failure=FailureKind.UNPARSABLE)
    store.append(
        RUN.id, [Kept(Response("a", 0, (ANSWER, failed)), "k"), Kept(Response("b", 0, (failed, ANSWER)), "l")]
    )
    assert store.cached(["k", "l"]) == {"l": (failed, ANSWER)}
    assert store.cache_stats().answers == 1


def test_any_number_of_keys_may_be_looked_for(store: Store) -> None:
    store.append(RUN.id, (kept(f"d{number}", key=f"k{number}") for number in range(2_000)))
    assert len(store.cached([f"k{number}" for number in range(40_000)])) == 2_000


def test_a_cached_answer_is_stored_once(store: Store, address: str) -> None:
    store.create_run(replace(RUN, id="other"), ())
    raw = "x" * 1000
    store.append(RUN.id, [kept(f"d{number}", 0, raw, f"k{number}") for number in range(100)])
    before = store.cache_stats()
    assert before.size > 100_000
    assert before.answers == 100
    again = [from_cache(f"d{number}", f"k{number}", raw) for number in range(100)]
    store.append("other", again)
    store.append(RUN.id, again[:1])
    assert store.cache_stats() == before
    assert answers_left(address) == 100
    assert [one.source for one in store.responses("other")] == [Source.CACHE] * 100
    assert [one.attempts for one in store.responses("other")] == [
        one.attempts for one in store.responses(RUN.id)
    ]


def test_a_cached_answer_that_the_cache_lost_is_stored_again(store: Store) -> None:
    store.append(
        RUN.id, [from_cache("a", "gone", "kept"), from_cache("b", None, "too"), kept("c", 0, "new", "k")]
    )
    store.append(RUN.id, [kept("d", 0, "asked", "both"), from_cache("e", "both", "asked")])
    assert [one.attempts[0].raw for one in store.responses(RUN.id)] == ["kept", "too", "new", "asked", "asked"]
    assert store.cache_stats().answers == 3
    assert list(store.cached(["gone"])) == ["gone"]
    assert store.count_cached(["gone", "gone", "never there", "\ud800"]) == 1


def test_a_replayed_answer_keeps_its_source(store: Store) -> None:
    written = replace(response("a"), source=Source.REPLAY)
    store.append(RUN.id, [Kept(written)])
    assert list(store.responses(RUN.id)) == [written]


def test_a_deleted_run_leaves_its_answers_to_the_cache(store: Store, address: str) -> None:
    store.create_run(replace(RUN, id="other", tags=("t",)), PLANNED)
    failed = Kept(Response("f", 0, (Attempt("secret", 1.0, failure=FailureKind.REFUSED),)), "failed")
    store.append("other", [kept("a", 0, "cached", "k"), kept("b", 0, "its own"), failed])
    store.append(RUN.id, [from_cache("a", "k", "cached")])
    store.save_scores("other", SIGNATURE, [DocumentScore("a", 0, {})])
    store.delete_run("other")
    assert [run.id for run in store.runs()] == [RUN.id]
    assert [one.attempts[0].raw for one in store.responses(RUN.id)] == ["cached"]
    assert list(store.cached(["k", "failed"])) == ["k"]
    store.delete_run(RUN.id)
    assert store.runs() == ()
    assert answers_left(address) == 1
    assert list(store.cached(["k"])) == ["k"]
    store.create_run(replace(RUN, id="other"), ())
    assert store.scores("other") is None
    assert store.standing("other") == {}
    assert store.run("other").tags == ()


def test_the_cache_is_counted_and_cleared(store: Store, address: str) -> None:
    assert store.cache_stats() == CacheStats(0, 0, None, None)
    assert store.clear_cache() == 0
    store.create_run(replace(RUN, id="other"), ())
    store.append("other", [kept("a", 0, "twice", "k"), kept("a", 1, "unused", "l")])
    store.append(RUN.id, [kept("a", 0, "twice", "k"), kept("b", 0, "no key")])
    stats = store.cache_stats()
    assert stats.answers == 2
    assert stats.oldest is not None
    assert stats.newest is not None
    assert "2026" <= stats.oldest <= stats.newest
    store.delete_run("other")
    assert store.cache_stats().answers == 2
    assert store.clear_cache() == 2
    assert store.cache_stats() == CacheStats(0, 0, None, None)
    assert store.cached(["k", "l"]) == {}
    assert [one.attempts[0].raw for one in store.responses(RUN.id)] == ["twice", "no key"]
    assert answers_left(address) == 2


def test_spending_counts_what_was_asked_in_every_take(store: Store) -> None:
    assert store.spending(RUN.id) == Spending(0, 0, 0, 0, 0, 0, Decimal(0), 0)
    third = Attempt("{}", 1.0, 10, 20, cached_input_tokens=4, reasoning_tokens=5, cost=Decimal("0.1"))
    tiny = Attempt(None, 1.0, 1, None, failure=FailureKind.ERROR, cost=Decimal("1E-30"))
    unknown = Attempt("{}", 1.0, 7, 7)
    store.append(RUN.id, [Kept(Response("a", 0, (tiny, third)), "k"), Kept(Response("a", 0, (third,)))])
    store.append(RUN.id, [Kept(Response("b", 0, (unknown, third))), Kept(Response("c", 0, (unknown, unknown)))])
    store.create_run(replace(RUN, id="other"), ())
    store.append("other", [Kept(Response("a", 0, (third,), Source.CACHE), "k")])
    store.append("other", [Kept(Response("b", 0, (third,), Source.REPLAY))])
    cost = Decimal("0.300000000000000000000000000001")
    assert store.spending(RUN.id) == Spending(4, 7, 52, 12, 81, 15, cost, 3)
    assert store.spending("other") == Spending(0, 0, 0, 0, 0, 0, Decimal(0), 0)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.decimals(0, 10**12, allow_nan=False, places=22), min_size=1, max_size=20))
def test_money_adds_up_exactly(store: Store, costs: list[Decimal]) -> None:
    run = replace(RUN, id=f"r{len(store.runs())}")
    store.create_run(run, ())
    store.append(
        run.id, [Kept(Response(f"d{at}", 0, (replace(ANSWER, cost=cost),))) for at, cost in enumerate(costs)]
    )
    assert Fraction(store.spending(run.id).cost) == sum(map(Fraction, costs))


@pytest.mark.parametrize("cost", ["NaN", "Infinity", "1E+1000", "1E-1000"])
def test_what_is_no_money_is_refused(store: Store, cost: str) -> None:
    with pytest.raises(StoreError, match="is no sum of money"):
        store.append(RUN.id, [Kept(Response("a", 0, (replace(ANSWER, cost=Decimal(cost)),)))])
    with pytest.raises(StoreError, match="is no number of tokens"):
        store.append(RUN.id, [Kept(Response("a", 0, (replace(ANSWER, input_tokens=2**70),)))])
    assert answered(store) == set()


WRITER = """
import sys
from harness.records import Attempt, Response
from harness.storage import Kept, open_store
address, run, prefix, count = sys.argv[1:]
with open_store(address) as store:
    for number in range(int(count)):
        answer = Attempt("x" * 3000, 1.0)
        store.append(run, [Kept(Response(prefix + str(number), 0, (answer,)), f"key {number}")])
        print(number, flush=True)
"""


def writer(address: str, prefix: str, count: int) -> subprocess.Popen[str]:
    words = [sys.executable, "-c", WRITER, address, RUN.id, prefix, str(count)]
    return subprocess.Popen(words, stdout=subprocess.PIPE, text=True)


@pytest.mark.parametrize("count", [1, 57])
def test_a_killed_writer_loses_nothing_that_append_returned_for(store: Store, address: str, count: int) -> None:
    with writer(address, "d", 1_000_000) as process:
        assert process.stdout is not None
        printed = [next(process.stdout) for _ in range(count)]
        process.send_signal(signal.SIGKILL)
        printed += list(process.stdout)
    assert process.returncode == -signal.SIGKILL
    store.append(RUN.id, [kept("after")])
    found = answered(store) - {("after", 0)}
    assert {(f"d{int(number)}", 0) for number in printed} <= found
    # At most the one answer that was stored and not reported yet.
    assert len(found) - len(printed) in {0, 1}
    assert len(list(store.responses(RUN.id))) == len(found) + 1


def test_two_processes_may_write_at_once(store: Store, address: str) -> None:
    # The same documents: their takes must not get in each other's way either.
    with writer(address, "d", 100) as first, writer(address, "d", 100) as second:
        for number in range(50):
            store.append(RUN.id, [kept(f"own{number}")])
        for process in (first, second):
            assert len(process.communicate()[0].splitlines()) == 100
    assert (first.returncode, second.returncode) == (0, 0)
    taken = [(one.document, take) for take, one in store.takes(RUN.id) if one.document[0] == "d"]
    assert sorted(taken) == sorted((f"d{number}", take) for number in range(100) for take in (0, 1))
    assert len(answered(store)) == 150
    assert store.cache_stats().answers == 100


def test_the_cache_may_be_cleared_while_runs_take_from_it(store: Store, address: str) -> None:
    store.append(RUN.id, [kept(f"d{number}", key=f"key {number}") for number in range(100)])
    with writer(address, "d", 100) as process:
        for number in range(100):
            store.append(RUN.id, [from_cache(f"c{number}", f"key {number}")])
            if number % 20 == 0:
                store.clear_cache()
        assert len(process.communicate()[0].splitlines()) == 100
    assert process.returncode == 0
    assert len(list(store.takes(RUN.id))) == 300


def test_a_run_may_be_deleted_while_another_process_writes_to_it(store: Store, address: str) -> None:
    with writer(address, "d", 1_000_000) as process:
        assert process.stdout is not None
        next(process.stdout)
        store.delete_run(RUN.id)
        process.communicate()
    assert process.returncode == 1
    assert store.runs() == ()
    with pytest.raises(StoreError, match="there is no run"):
        store.append(RUN.id, [kept("a")])
    assert store.cache_stats().answers > 0
    store.clear_cache()
    assert answers_left(address) == 0


def answers_left(address: str) -> int:
    """How many answers there are, those included that no run and no key leads to."""
    import sqlalchemy

    url = address if "://" in address else f"sqlite:///{address}"
    engine = sqlalchemy.create_engine(url)
    try:
        with engine.connect() as connection:
            return int(connection.exec_driver_sql("SELECT count(*) FROM answers").scalar_one())
    finally:
        engine.dispose()


def test_a_closed_store_may_be_closed_again(address: str) -> None:
    opened = open_store(address)
    opened.create_run(RUN, ())
    opened.append(RUN.id, [kept("a")])
    opened.close()
    opened.close()
