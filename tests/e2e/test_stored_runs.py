"""`harness runs` and `harness cache`: what is stored, shown, moved and removed."""

from __future__ import annotations

import json
import shutil
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from harness.records import Attempt, FailureKind, Response, Signature
from harness.storage import Kept, RunRecord, RunStatus, open_store

if TYPE_CHECKING:
    from tests.e2e.conftest import Cli
    from tests.postgres import Server

RUN = RunRecord(
    id="20261122-053440-k3f9",
    suite="invoices",
    system="gpt",
    status=RunStatus.INTERRUPTED,
    created="2026-11-22T05:34:40.000Z",
    finished="2026-11-22T06:00:00.000Z",
    trials=2,
    documents=3,
    signature=Signature((("schema", "3f2a"), ("prompt", "v1"))),
    identity={"kind": "model", "model": "openai/gpt-5-mini", "temperature": "0"},
    details={"config": "harness.toml"},
)
KNOWN = Attempt("{}", 1.0, 1_000, 200, cached_input_tokens=400, reasoning_tokens=50, cost=Decimal("0.00125"))
UNKNOWN = Attempt("{}", 1.0, 10, 5)
SECRET = "hunter2"  # noqa: S105 - nobody's
FAILED = Attempt(None, 1.0, failure=FailureKind.TIMED_OUT, cost=Decimal(0))


def ids(cli: Cli, HARNESS_STORE: str = "") -> list[str]:  # noqa: N803 - the variable
    return [one["id"] for one in cli("runs", "--json", HARNESS_STORE=HARNESS_STORE).json["runs"]]


@pytest.fixture
def stored(starter: Cli) -> Cli:
    """A folder whose store has one run of a model."""
    with open_store(starter.folder / ".harness" / "runs.sqlite") as store:
        store.create_run(RUN, ["a", "b", "c"])
        answers = (("a", 0, KNOWN), ("a", 1, KNOWN), ("b", 0, UNKNOWN), ("b", 1, FAILED))
        store.append(
            RUN.id, [Kept(Response(name, trial, (one,)), f"{name}{trial}") for name, trial, one in answers]
        )
    return starter


def test_runs_alone_lists_them(ran: Cli) -> None:
    assert ran("runs").out == ran("runs", "list").out
    assert ran("runs", "--limit", "1").out == ran("runs", "list", "--limit", "1").out
    assert len(ran("runs", "--limit", "1", "--json").json["runs"]) == 1
    help_text = ran("runs", "--help").out
    for word in ("list", "show", "tag", "export", "import", "delete", "harness runs list"):
        assert word in help_text
    assert 'did you mean "show"?' in ran("runs", "shwo", "latest", code=2).err
    assert "unrecognized arguments: list" in ran("runs", "--limit", "1", "list", code=2).err


def test_show_says_everything_about_a_run(stored: Cli) -> None:
    shown = stored("runs", "show", "20261122").out
    for line in (
        "Run 20261122-053440-k3f9",
        "status       interrupted",
        "model        openai/gpt-5-mini",
        "answered     4 of 6 (3 documents, 2 trials each)",
        "failed       1: 1 timed out",
        "calls        4",
        "tokens       2,010 in (800 of them from the provider's cache), 405 out (100 of them reasoning)",
        "cost         $0.0025, unknown for 1 call",
        "schema  3f2a",
    ):
        assert line in shown
    found = stored("runs", "show", "latest", "--json").json
    assert (found["planned"], found["answered"], found["failed"]) == (6, 4, 1)
    assert found["failures"] == {"timed out": 1}
    assert found["spending"]["cost"] == "0.00250"
    assert found["spending"]["unpriced"] == 1
    assert found["run"]["signature"] == {"schema": "3f2a", "prompt": "v1"}


def test_an_unknown_cost_is_never_nothing(stored: Cli) -> None:
    with open_store(stored.folder / ".harness" / "runs.sqlite") as store:
        store.create_run(RunRecord(**{**fields(RUN), "id": "unpriced"}), ["a"])
        store.append("unpriced", [Kept(Response("a", 0, (UNKNOWN, UNKNOWN)))])
    assert "cost         unknown for 2 calls" in stored("runs", "show", "unpriced").out
    assert stored("runs", "show", "unpriced", "--json").json["spending"]["cost"] is None


def fields(run: RunRecord) -> dict[str, Any]:
    return {name: getattr(run, name) for name in RunRecord.__slots__}


def test_a_tag_stands_for_a_run(ran: Cli) -> None:
    latest = ids(ran)[0]
    assert f"Tags of the run {latest}: baseline, v1." in ran("runs", "tag", "latest", "v1", "baseline").out
    assert ran("runs", "show", "baseline", "--json").json["run"]["id"] == latest
    assert ran("score", "baseline", "--json").json["run"]["id"] == latest
    assert "baseline, v1" in ran("runs").out
    assert ran("runs", "tag", "v1", "v1", "--remove", "--json").json["run"]["tags"] == ["baseline"]
    assert "has no tag 'v1'" in ran("runs", "tag", "latest", "v1", "--remove", code=2).err
    assert "'latest' cannot be a tag" in ran("runs", "tag", "latest", "latest", code=2).err
    assert "no run has the id 'v1'" in ran("runs", "show", "v1", code=2).err


def test_a_run_is_exported_and_imported(ran: Cli, tmp_path: Path) -> None:
    latest = ids(ran)[0]
    ran("runs", "tag", "latest", "baseline")
    assert latest in ran("runs", "export", "baseline", "b.jsonl.gz").out
    assert "is there already" in ran("runs", "export", "baseline", "b.jsonl.gz", code=4).err
    assert ran("runs", "export", "baseline", "b.jsonl.gz", "--force", "--json").json["responses"] == 1
    assert "already, with the same answers" in ran("runs", "import", "b.jsonl.gz").out
    elsewhere = str(tmp_path / "elsewhere.sqlite")
    assert latest in ran("runs", "import", "b.jsonl.gz", HARNESS_STORE=elsewhere).out
    assert ids(ran, HARNESS_STORE=elsewhere) == [latest]
    assert ran("score", "baseline", HARNESS_STORE=elsewhere).out == ran("score", "baseline").out
    ran("runs", "export", "baseline", "again.jsonl.gz", HARNESS_STORE=elsewhere)
    assert (ran.folder / "b.jsonl.gz").read_bytes() == (ran.folder / "again.jsonl.gz").read_bytes()
    ran("runs", "export", "latest", "b.jsonl")
    data = (ran.folder / "b.jsonl").read_bytes()
    (ran.folder / "half.jsonl").write_bytes(data[: len(data) // 2])
    third = str(tmp_path / "third.sqlite")
    said = ran("runs", "import", "half.jsonl", code=4, HARNESS_STORE=third).err
    assert "half.jsonl:" in said
    assert "the file is cut off here" in said
    assert ids(ran, HARNESS_STORE=third) == []


def test_a_run_is_removed_only_with_leave(stored: Cli) -> None:
    said = stored("runs", "delete", "latest", code=2).err
    assert "needs a yes, and nobody can be asked here" in said
    assert "add --yes" in said
    assert "no run has the id" in stored("runs", "delete", "latest", "other", "--yes", code=2).err
    assert ids(stored) == [RUN.id]
    assert RUN.id in stored("runs", "delete", "latest", RUN.id, "--yes").out
    assert ids(stored) == []
    assert stored("cache", "--json").json["answers"] == 3


def test_the_cache_is_shown_and_cleared(stored: Cli) -> None:
    assert stored("cache").out == stored("cache", "stats").out
    assert "has 3 answers" in stored("cache").out
    assert "needs a yes" in stored("cache", "clear", code=2).err
    assert "forgot 3 answers" in stored("cache", "clear", "--yes").out
    assert stored("cache", "stats", "--json").json["answers"] == 0
    assert "is empty" in stored("cache").out
    assert stored("cache", "clear", "--json").json["forgotten"] == 0
    assert stored("runs", "show", "latest", "--json").json["answered"] == 4


@pytest.mark.parametrize(
    "words",
    [
        ("show", "latest"),
        ("tag", "latest", "x"),
        ("export", "latest", "x.jsonl"),
        ("delete", "latest", "--yes"),
    ],
)
def test_a_store_that_does_not_exist_is_not_made(starter: Cli, words: tuple[str, ...]) -> None:
    assert "the store holds no run" in starter("runs", *words, code=2).err
    assert "is empty" in starter("cache").out
    assert "was empty" in starter("cache", "clear", "--yes").out
    assert not (starter.folder / ".harness").exists()


def test_a_folder_that_is_a_file_is_said(starter: Cli) -> None:
    starter.write(".harness", "")
    for words in (("runs",), ("runs", "show", "latest"), ("cache",), ("run", "--quiet")):
        said = starter(*words, code=4).err
        assert ".harness" in said
        assert "Traceback" not in said
    assert ".harness is a file, not a folder" in starter("runs", code=4).err


def test_a_store_of_an_older_harness_is_listed(starter: Cli) -> None:
    (starter.folder / ".harness").mkdir()
    old = Path(__file__).parents[1] / "data" / "store-v1.sqlite"
    shutil.copy(old, starter.folder / ".harness" / "runs.sqlite")
    assert len(ids(starter)) == 3
    assert "unknown for 4 calls" in starter("runs", "show", "20261101").out


def test_a_team_shares_a_database(ran: Cli, postgres: Server) -> None:
    team = postgres.new_store()
    ran("run", "--quiet", "--system", "rules", HARNESS_STORE=team)
    (latest,) = ids(ran, HARNESS_STORE=team)
    assert latest not in ids(ran)
    ran("runs", "tag", "latest", "baseline", HARNESS_STORE=team)
    ran("runs", "export", "baseline", "b.jsonl", HARNESS_STORE=team)
    assert latest in ran("runs", "import", "b.jsonl").out
    assert ran("score", "baseline", HARNESS_STORE=team).out == ran("score", latest).out
    assert (
        json.loads(ran("runs", "--json", HARNESS_STORE=team).out)["store"]
        == "postgresql+psycopg://postgres@/postgres"
    )
    ran("runs", "delete", "baseline", "--yes", HARNESS_STORE=team)
    assert ids(ran, HARNESS_STORE=team) == []


@pytest.mark.parametrize(
    ("words", "address"),
    [
        (("runs",), f"me:{SECRET}@127.0.0.1:1/runs"),
        (("run", "--quiet"), f"me:{SECRET}@127.0.0.1:1/runs"),
        (("score", "latest"), f"me@127.0.0.1:1/runs?password={SECRET}"),
        (("cache",), f"me:{SECRET}@127.0.0.1:port/runs"),
    ],
)
def test_no_password_is_ever_shown(starter: Cli, words: tuple[str, ...], address: str) -> None:
    url = f"postgresql+psycopg://{address}"
    done = starter(*words, code=4, HARNESS_STORE=url, HARNESS_TRACEBACK="1")
    assert SECRET not in done.out + done.err
    assert "postgresql+psycopg://me@127.0.0.1:" in done.err
