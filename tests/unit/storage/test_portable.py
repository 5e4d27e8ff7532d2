"""A run as one file: the same bytes again, the same run elsewhere, and every way a file can be wrong."""

from __future__ import annotations

import gzip
import json
import shutil
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harness.errors import StoreError
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
from harness.storage import Kept, RunRecord, RunStatus, open_store
from harness.storage.portable import export_run
from harness.storage.restoring import import_run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from harness.storage.sql import SqlStore
    from tests.postgres import Server

RUN = RunRecord(
    id="20261122-053440-k3f9",
    suite="labour_export",
    system="rules",
    status=RunStatus.FINISHED,
    created="2026-11-22T05:34:40Z",
    finished="2026-11-22T06:34:40Z",
    trials=2,
    documents=3,
    signature=Signature((("schema", "3f|a:"), ("model", "модель\ud800"))),
    identity={"kind": "rules", "note": "\0\udfff"},
    details={"config": "/somewhere/harness.toml", "gold": "gold", "process": "host/1/2"},
    summary={"f1": 2 / 3, "precision": None, "recall": 1},
    tags=("baseline",),
)
ATTEMPT = Attempt('{"a": "\ud83d\ude00 \0"}', 0.3, 10, 20, "stop", cost=Decimal("0.0010"), reasoning_tokens=3)
FAILED = Attempt(None, 2, failure=FailureKind.TIMED_OUT, detail="no \ud83d", cached_input_tokens=0)
SCORES = (
    DocumentScore("a", 0, {"x\ud800": Counts(1, 2)}, {"d": FactCounts(1)}, GroundingCounts(2), 3),
    DocumentScore("b", 1, {}, failure=FailureKind.TIMED_OUT),
)


def fill(store: SqlStore) -> None:
    store.create_run(RUN, ["b", "a", "я"])
    store.append(RUN.id, [Kept(Response("я", 0, (FAILED, ATTEMPT))), Kept(Response("a", 1, (FAILED,)), "k1")])
    store.append(RUN.id, [Kept(Response("a", 0, (ATTEMPT,)), "k2"), Kept(Response("a", 1, (ATTEMPT,)), "k1")])
    store.append(RUN.id, [Kept(Response("b", 0, (ATTEMPT,), Source.CACHE), "k2")])
    store.append(RUN.id, [Kept(Response("b", 1, (ATTEMPT,), Source.REPLAY))])
    store.save_scores(RUN.id, Signature((("metric", "2"),)), SCORES)


def content(store: SqlStore, run_id: str = RUN.id) -> tuple[Any, ...]:
    return (
        store.run(run_id),
        store.planned(run_id),
        list(store.takes(run_id)),
        store.scores(run_id),
        store.spending(run_id),
    )


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    with open_store(tmp_path / "from.sqlite") as opened:
        fill(opened)
        yield opened


@pytest.fixture(params=["sqlite", "postgresql"])
def other(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqlStore]:
    """An empty store to import into."""
    address = str(tmp_path / "to.sqlite")
    if request.param == "postgresql":
        server: Server = request.getfixturevalue("postgres")
        address = server.new_store()
    with open_store(address) as opened:
        yield opened


@pytest.fixture
def file(store: SqlStore, tmp_path: Path) -> Path:
    path = tmp_path / "run.jsonl"
    assert export_run(store, RUN, path) == 6
    return path


def test_an_imported_run_is_the_same_and_exports_to_the_same_bytes(
    store: SqlStore, other: SqlStore, file: Path, tmp_path: Path
) -> None:
    imported, new = import_run(other, file)
    assert new
    assert imported == replace(RUN, details={"gold": "gold"})
    assert content(other)[1:] == content(store)[1:]
    again = tmp_path / "again.jsonl"
    export_run(other, other.run(RUN.id), again)
    assert again.read_bytes() == file.read_bytes()


def test_a_file_says_what_it_is_and_has_a_line_for_each_response_in_order(file: Path) -> None:
    lines = [json.loads(line.decode("utf-8", "surrogatepass")) for line in file.read_bytes().splitlines()]
    assert lines[0] == {"format": {"name": "extraction-harness run", "version": 1}}
    assert [next(iter(line)) for line in lines[1:]] == [
        "run",
        "planned",
        *["response"] * 6,
        "scored_by",
        *["score"] * 2,
        "end",
    ]
    places = [tuple(line["response"][key] for key in ("document", "trial", "take")) for line in lines[3:9]]
    assert places == [("a", 0, 0), ("a", 1, 0), ("a", 1, 1), ("b", 0, 0), ("b", 1, 0), ("я", 0, 0)]


def test_a_gzipped_file_has_the_same_bytes_whenever_it_is_written(
    store: SqlStore, other: SqlStore, file: Path, tmp_path: Path
) -> None:
    first, second = tmp_path / "first.jsonl.gz", tmp_path / "second.jsonl.gz"
    export_run(store, RUN, first)
    export_run(store, RUN, second)
    assert first.read_bytes() == second.read_bytes()
    assert gzip.decompress(first.read_bytes()) == file.read_bytes()
    assert len(first.read_bytes()) < len(file.read_bytes())
    assert import_run(other, first)[1]


def test_the_keys_of_the_cache_stay_where_they_are(other: SqlStore, file: Path) -> None:
    import_run(other, file)
    assert b"k1" not in file.read_bytes()
    assert other.cache_stats().answers == 0


def test_a_run_that_is_there_already_stays(other: SqlStore, file: Path) -> None:
    import_run(other, file)
    other.tag_run(RUN.id, ["mine"])
    before = content(other)
    assert import_run(other, file) == (other.run(RUN.id), False)
    assert other.run(RUN.id).tags == ("mine",)
    assert content(other) == before


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (lambda store: store.append(RUN.id, [Kept(Response("a", 0, (ATTEMPT,)))]), "the responses"),
        (lambda store: store.append(RUN.id, [Kept(Response("z", 0, (ATTEMPT,)))]), "the responses"),
        (lambda store: store.save_scores(RUN.id, Signature(()), SCORES), "the scores"),
        (lambda store: store.save_scores(RUN.id, Signature((("metric", "2"),)), SCORES[:1]), "the scores"),
        (lambda store: store.finish_run(RUN.id, RunStatus.FAILED, "2027", {}), "the run itself"),
    ],
)
def test_another_run_of_the_same_id_is_not_overwritten(
    store: SqlStore, file: Path, change: Callable[[SqlStore], None], what: str
) -> None:
    change(store)
    before = content(store)
    with pytest.raises(StoreError, match=f"has a run {RUN.id} already, in which {what} differ"):
        import_run(store, file)
    assert content(store) == before


def test_a_file_that_is_there_is_not_overwritten(store: SqlStore, file: Path) -> None:
    file.write_text("somebody's")
    with pytest.raises(StoreError, match="is there already"):
        export_run(store, RUN, file)
    assert file.read_text() == "somebody's"
    export_run(store, RUN, file, overwrite=True)
    assert file.read_bytes().endswith(b'{"end":{"responses":6,"scores":2}}\n')
    assert [path.name for path in file.parent.iterdir() if path.name.startswith(".")] == []


def test_a_folder_that_is_not_there_is_an_error(store: SqlStore, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be written"):
        export_run(store, RUN, tmp_path / "missing" / "run.jsonl")


def test_a_file_cut_anywhere_stores_nothing(other: SqlStore, file: Path, tmp_path: Path) -> None:
    data = file.read_bytes()
    cut = tmp_path / "cut.jsonl"
    for length in [*range(1, len(data), 97), len(data) - 1 - len(b'{"end":{"responses":6,"scores":2}}')]:
        cut.write_bytes(data[:length])
        with pytest.raises(StoreError, match=r"cut\.jsonl:\d+: ") as caught:
            import_run(other, cut)
        line = data[:length].count(b"\n") + 1  # or the next one, when only the end of this line is missing
        assert caught.value.where in {f"{cut}:{line}", f"{cut}:{line + 1}"}
    assert other.runs() == ()
    cut.write_bytes(data[:-1])  # only the last line's end
    assert import_run(other, cut)[1]


def test_a_gzipped_file_cut_anywhere_stores_nothing(store: SqlStore, file: Path, tmp_path: Path) -> None:
    data = gzip.compress(file.read_bytes())
    cut = tmp_path / "cut.jsonl.gz"
    with open_store(tmp_path / "to.sqlite") as other:
        for length in range(1, len(data) - 1, 41):
            cut.write_bytes(data[:length])
            with pytest.raises(StoreError, match=r"cut\.jsonl\.gz:\d+: "):
                import_run(other, cut)
        assert other.runs() == ()


def test_what_is_no_run_is_refused(store: SqlStore, tmp_path: Path) -> None:
    path = tmp_path / "other"
    for data in (b"", b"{}\n", b"words\n", b'{"format":{"name":"x"}}\n', b"[" * 100_000, b"\xff\xfe", b"1\n"):
        path.write_bytes(data)
        with pytest.raises(StoreError, match=r"other:1: this (is not|line is not one of) an exported run"):
            import_run(store, path)
    path.write_text('{"format":{"name":"extraction-harness run","version":2}}\n')
    with pytest.raises(StoreError, match="has version 2; this harness reads version 1\n  update"):
        import_run(store, path)
    with pytest.raises(StoreError, match="cannot be read"):
        import_run(store, tmp_path)
    with pytest.raises(StoreError, match="cannot be read"):
        import_run(store, tmp_path / "missing")


def changed(file: Path, line: int, change: Callable[[Any], object]) -> None:
    """Change the value of one line of a file, counted from 1."""
    lines = file.read_bytes().splitlines(keepends=True)
    value = json.loads(lines[line - 1].decode("utf-8", "surrogatepass"))
    change(value)
    lines[line - 1] = json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n"
    file.write_bytes(b"".join(lines))


def attempt(value: Any) -> dict[str, Any]:
    found: dict[str, Any] = value["response"]["attempts"][0]
    return found


@pytest.mark.parametrize(
    ("line", "change"),
    [
        (2, lambda value: value["run"].pop("suite")),
        (2, lambda value: value["run"].update(id="a b")),
        (2, lambda value: value["run"].update(id="latest")),
        (2, lambda value: value["run"].update(id="\x1b[2J")),
        (2, lambda value: value["run"].update(system="a\0")),
        (2, lambda value: value["run"].update(status="lost")),
        (2, lambda value: value["run"].update(trials=True)),
        (2, lambda value: value["run"].update(documents=-1)),
        (2, lambda value: value["run"].update(signature=[["a"]])),
        (2, lambda value: value["run"].update(identity={"a": 1})),
        (2, lambda value: value["run"].update(summary={"f1": "high"})),
        (2, lambda value: value["run"].update(tags=["a b"])),
        (2, lambda value: value["run"].update(more=1)),
        (2, lambda value: value.update(run=[])),
        (2, lambda value: value.update(more=1)),
        (3, lambda value: value.update(planned=[1])),
        (3, lambda value: value.update(planned=["\ud800"])),
        (4, lambda value: value["response"].update(trial=-1)),
        (4, lambda value: value["response"].update(trial=2**40)),
        (4, lambda value: value["response"].update(take=1)),
        (4, lambda value: value["response"].update(source="guessed")),
        (4, lambda value: value["response"].update(attempts=[])),
        (4, lambda value: value["response"].update(document="zz")),
        (4, lambda value: attempt(value).update(raw=["{}"])),
        (4, lambda value: attempt(value).update(latency="1")),
        (4, lambda value: attempt(value).update(failure="bored")),
        (4, lambda value: attempt(value).update(cost="free")),
        (4, lambda value: attempt(value).update(cost="NaN")),
        (4, lambda value: attempt(value).update(cost=1)),
        (4, lambda value: attempt(value).update(input_tokens=2**60)),
        (4, lambda value: attempt(value).update(input_tokens=1.5)),
        (4, lambda value: attempt(value).update(added=1)),
        (4, lambda value: attempt(value).pop("raw")),
        (10, lambda value: value.update(scored_by=[[1, 2]])),
        (11, lambda value: value["score"].update(leaves={"x": [1, 2]})),
        (11, lambda value: value["score"].update(grounding=[0] * 7)),
        (11, lambda value: value["score"].update(facts={"x": ["1"] * 4})),
        (11, lambda value: value["score"].update(failure="bored")),
        (13, lambda value: value["end"].update(responses=5)),
    ],
)
def test_a_value_that_does_not_fit_is_named_with_its_line(
    file: Path, tmp_path: Path, line: int, change: Callable[[Any], object]
) -> None:
    changed(file, line, change)
    with open_store(tmp_path / "to.sqlite") as other:
        with pytest.raises(StoreError, match=r"run\.jsonl:\d+: ") as caught:
            import_run(other, file)
        # A response that is taken for another shows only at the next one.
        assert caught.value.where in {f"{file}:{line}", f"{file}:{line + 1}"}
        assert other.runs() == ()


@pytest.mark.parametrize("word", [b"NaN", b"1e999", b"-Infinity", b"9" * 5000])
def test_a_number_that_no_store_holds_is_refused(file: Path, tmp_path: Path, word: bytes) -> None:
    file.write_bytes(file.read_bytes().replace(b'"latency":0.3', b'"latency":' + word))
    with open_store(tmp_path / "to.sqlite") as other:
        with pytest.raises(StoreError, match=r"run\.jsonl:4: "):
            import_run(other, file)
        assert other.runs() == ()


def test_lines_that_were_swapped_taken_out_or_added_are_refused(file: Path, tmp_path: Path) -> None:
    lines = file.read_bytes().splitlines(keepends=True)
    with open_store(tmp_path / "to.sqlite") as other:
        for wrong in (
            [*lines[:3], lines[4], lines[3], *lines[5:]],
            [*lines[:4], *lines[5:]],
            [*lines[:8], *lines[9:]],
            [*lines[:4], lines[3], *lines[4:]],
            [*lines, lines[-1]],
            [*lines[:-1], lines[-2], lines[-1]],
            [lines[0], *lines[2:]],
        ):
            file.write_bytes(b"".join(wrong))
            with pytest.raises(StoreError, match=r"run\.jsonl:\d+: "):
                import_run(other, file)
        assert other.runs() == ()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data())
def test_no_damage_crashes_or_stores_half_a_run(file: Path, tmp_path: Path, data: st.DataObject) -> None:
    original = (tmp_path / "original").read_bytes() if (tmp_path / "original").exists() else file.read_bytes()
    (tmp_path / "original").write_bytes(original)
    damaged = bytearray(original)
    for _ in range(data.draw(st.integers(1, 3))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    file.write_bytes(bytes(damaged))
    shutil.rmtree(tmp_path / "stores", ignore_errors=True)
    with open_store(tmp_path / "stores" / "to.sqlite") as other:
        try:
            import_run(other, file)
        except StoreError:
            assert other.runs() == ()
        else:
            (run,) = other.runs()
            assert len(list(other.takes(run.id))) == 6
