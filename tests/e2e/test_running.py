"""`harness run` with models, as a user types it, against a server on this machine."""

from __future__ import annotations

import collections
import json
import socket
from collections.abc import Callable, Iterator
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.conftest import Cli, Done, ForkedCli
from tests.servers.asked_suite import name_of, write_suite
from tests.servers.asking import billed
from tests.servers.faults import Fault, Plan
from tests.servers.forked_commands import ForkedCommands
from tests.servers.model_server import ModelServer

DOCUMENTS = 6
NAMES = [name_of(number) for number in range(1, DOCUMENTS + 1)]
KEY = "sk-proj-Zm9vYmFyYmF6cXV4MTIzNDU2Nzg5MA"
LIMITS = ("retries = 1", "concurrency = 4")


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with ModelServer(keep_bodies=True) as server:
        yield server


@pytest.fixture
def suite(tmp_path: Path, commands: ForkedCommands) -> Callable[..., Cli]:
    """A suite in a folder, its system `mock` asking a server."""

    def write(server: ModelServer | str, *more: str, documents: int = DOCUMENTS, folder: str = "suite") -> Cli:
        address = server if isinstance(server, str) else server.base_url
        toml = write_suite(tmp_path / folder, documents, address, limits=LIMITS, more=more)
        return ForkedCli(toml.parent, commands, tmp_path)

    return write


def asked(server: ModelServer) -> list[str]:
    return sorted(entry.document for entry in server.entries)


def f1(done: Done) -> list[float]:
    return [run["evaluation"]["headline"]["f1"] for run in done.json["runs"]]


def run(cli: Cli, *words: str, code: int = 0, **env: str) -> Done:
    return cli("run", *words, "--quiet", "--json", code=code, **env)


def only(done: Done) -> Any:
    (one,) = done.json["runs"]
    return one


def test_a_model_that_is_configured(server: ModelServer, suite: Callable[..., Cli]) -> None:
    cli = Cli(suite(server).folder)
    done = cli("run")
    assert asked(server) == NAMES
    assert {entry.model for entry in server.entries} == {"mock"}
    assert "Leaderboard" in done.out
    assert f"mock: {DOCUMENTS}/{DOCUMENTS} answered, 0 failed" in done.err
    stored = only(run(cli))
    assert 0 < stored["evaluation"]["headline"]["f1"] < 1, "gold is not what every document states"


def test_a_model_of_the_command_line(server: ModelServer, suite: Callable[..., Cli]) -> None:
    cli = suite("http://127.0.0.1:9/v1")
    words = ("--model", "openai/large", "--base-url", server.base_url, "--mode", "json_schema")
    done = only(run(cli, *words, "--parameter", "temperature=0.5", "--limit", "2"))
    assert asked(server) == NAMES[:2]
    assert done["run"]["system"] == "openai/large"
    body = server.bodies[0].body
    assert (body["model"], body["temperature"]) == ("large", 0.5)
    assert body["response_format"]["type"] == "json_schema"
    assert "tools" not in body


@pytest.mark.parametrize("mode", ["tools", "json_schema", "json", "markdown_json"])
def test_every_mode_gives_the_same_answers(server: ModelServer, suite: Callable[..., Cli], mode: str) -> None:
    done = only(run(suite(server, f'mode = "{mode}"')))
    assert done["evaluation"]["failures"] == {}
    assert done["evaluation"]["counts"]["missing"] == 0
    question = server.bodies[0]
    assert (question.tool == "Sheet") is (mode == "tools")
    assert question.fenced is (mode == "markdown_json")


def test_systems_by_prompts_is_a_grid(server: ModelServer, suite: Callable[..., Cli]) -> None:
    cli = suite(server)
    cli.write("prompts/brief.md", "Be brief.\n")
    cli.write("prompts/exact.md", "Be exact.\n")
    toml = cli.folder / "harness.toml"
    other = f'\n[systems.other]\nkind = "model"\nmodel = "openai/other"\nbase_url = "{server.base_url}"\n'
    toml.write_text(toml.read_text() + other)
    done = run(cli, "--system", "mock", "other", "--prompt", "brief", "exact")
    assert [one["run"]["system"] for one in done.json["runs"]] == ["mock", "mock", "other", "other"]
    seen = collections.Counter(
        (question.model, word)
        for question in server.bodies
        for word in ("brief", "exact")
        if f"Be {word}." in json.dumps(question.body["messages"])
    )
    assert seen == {(model, word): DOCUMENTS for model in ("mock", "other") for word in ("brief", "exact")}
    again = cli("run", "--system", "mock", "other", "--prompt", "brief", "exact")
    assert len(server.entries) == 4 * DOCUMENTS, "all of it is in the cache"
    for label in ("mock brief", "mock exact", "other brief", "other exact"):
        assert label in again.out


def test_a_second_run_asks_nothing(server: ModelServer, suite: Callable[..., Cli]) -> None:
    cli = suite(server)
    first, second = run(cli), run(cli)
    assert asked(server) == NAMES
    assert f1(first) == f1(second)
    assert Decimal(str(only(first)["spending"]["cost"])) == billed(server.entries) > 0
    assert Decimal(str(only(second)["spending"]["cost"])) == 0
    assert only(first)["run"]["id"] != only(second)["run"]["id"]


def test_a_new_document_alone_is_asked(server: ModelServer, suite: Callable[..., Cli]) -> None:
    cli = suite(server)
    run(cli, "--limit", "4")
    run(cli)
    assert asked(server) == NAMES


def test_trials_are_asked_each_and_never_become_one(server: ModelServer, suite: Callable[..., Cli]) -> None:
    cli = suite(server)
    done = only(run(cli, "--trials", "3"))
    assert done["evaluation"]["trials"] == 3
    assert collections.Counter(asked(server)) == dict.fromkeys(NAMES, 3)
    run(cli, "--trials", "3")
    assert len(server.entries) == 3 * DOCUMENTS
    run(cli, "--trials", "4")
    assert len(server.entries) == 4 * DOCUMENTS, "only the fourth is new"


def test_failures_are_not_kept_for_later_runs(suite: Callable[..., Cli]) -> None:
    with ModelServer(Plan(scripts={NAMES[2]: (Fault.REFUSAL, Fault.NONE)})) as server:
        cli = suite(server)
        assert only(run(cli))["evaluation"]["failures"] == {"refused": 1}
        assert only(run(cli))["evaluation"]["failures"] == {}
        assert asked(server) == sorted([*NAMES, NAMES[2]])


def test_retry_failed_asks_for_failures_only(suite: Callable[..., Cli]) -> None:
    failing = NAMES[1:3]
    scripts = {name: (Fault.REFUSAL, Fault.NONE) for name in failing}  # noqa: C420 - reads as what it is
    with ModelServer(Plan(scripts=scripts)) as server:
        cli = suite(server)
        before = only(run(cli))
        assert before["evaluation"]["failures"] == {"refused": 2}
        resumed = only(run(cli, "--resume", "latest"))
        assert resumed["evaluation"]["failures"] == {"refused": 2}
        assert asked(server) == NAMES, "--resume asks for what has no answer; a refusal is one"
        after = only(run(cli, "--retry-failed", "latest"))
        assert asked(server) == sorted([*NAMES, *failing])
        assert after["evaluation"]["failures"] == {}
        assert after["run"]["id"] == before["run"]["id"]
        assert Decimal(str(after["spending"]["cost"])) == billed(server.entries), "both takes were paid for"


def test_recorded_and_replayed_with_no_server(suite: Callable[..., Cli]) -> None:
    with ModelServer(Plan(scripts={NAMES[3]: (Fault.WRONG_TYPE,)})) as server:
        first = suite(server)
        recorded = run(first, "--trials", "2", "--record", "answers.jsonl")
        address = server.base_url
    cassette = (first.folder / "answers.jsonl").read_text(encoding="utf-8")
    second = suite(address, folder="again")
    second.write("answers.jsonl", cassette)
    replayed = run(second, "--trials", "2", "--replay", "answers.jsonl")
    for part in ("headline", "counts", "failures", "scores"):
        assert only(replayed)["evaluation"][part] == only(recorded)["evaluation"][part]
    assert Decimal(str(only(replayed)["spending"]["cost"])) == 0


def test_a_request_that_was_not_recorded_is_an_error(server: ModelServer, suite: Callable[..., Cli]) -> None:
    cli = suite(server)
    run(cli, "--record", "answers.jsonl")
    cli.write("prompts/plain.md", "Say something else.\n")
    done = run(cli, "--replay", "answers.jsonl", code=4)
    assert "prompt" in done.err
    assert NAMES[0] in done.err
    assert "answers.jsonl" in done.err
    assert asked(server) == NAMES, "nobody is asked"
    cli.edit(
        "harness.toml", 'model = "openai/mock"', 'model = "openai/another"\nparameters = { temperature = 1 }'
    )
    cli.write("prompts/plain.md", "Record what the document states by calling the tool once.\n")
    done = run(cli, "--replay", "answers.jsonl", code=4)
    assert "mock" in done.err
    assert "another" in done.err
    assert "temperature" in done.err


def test_a_recording_that_is_cut_in_half_is_an_error(server: ModelServer, suite: Callable[..., Cli]) -> None:
    cli = suite(server)
    run(cli, "--record", "answers.jsonl")
    path = cli.folder / "answers.jsonl"
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    done = run(cli, "--replay", "answers.jsonl", code=4)
    assert done.err.startswith("error: answers.jsonl")


BOUNDED = "parameters = { max_completion_tokens = 100 }"


def test_a_ceiling_stops_before_it_is_passed_and_the_run_goes_on(
    server: ModelServer, suite: Callable[..., Cli]
) -> None:
    cli = suite(server, BOUNDED, documents=40)
    done = run(cli, "--max-cost", "0.004", code=4)
    seen = len(server.entries)
    assert 0 < seen < 40
    assert 0 < billed(server.entries) <= Decimal("0.004")
    (stopped,) = done.json["stopped"]
    assert stopped["run"]["status"] == "interrupted"
    assert "--max-cost" in done.err
    assert "--resume" in done.err
    run(cli, "--resume", "latest", "--max-cost", "0.004", code=4)
    assert billed(server.entries) <= Decimal("0.004"), "what was spent before counts"
    finished = only(run(cli, "--resume", "latest", "--max-cost", "1"))
    assert asked(server) == [name_of(number) for number in range(1, 41)]
    assert Decimal(str(finished["spending"]["cost"])) == billed(server.entries)


def test_a_ceiling_needs_a_price(server: ModelServer, suite: Callable[..., Cli]) -> None:
    cli = suite(server)
    cli.edit("harness.toml", '[prices."openai/mock"]', '[prices."openai/elsewhere"]')
    words = ("--model", "openai/nobody-knows", "--base-url", "http://127.0.0.2:9/v1")
    done = run(cli, *words, "--max-cost", "1", code=2, OPENAI_API_KEY=KEY)
    assert "openai/nobody-knows" in done.err
    assert "[prices." in done.err


def test_a_wrong_key_stops_at_once(suite: Callable[..., Cli]) -> None:
    with ModelServer(key="sk-right") as server:
        cli = suite(server, 'api_key_env = "MOCK_KEY"', documents=100)
        done = run(cli, code=4, MOCK_KEY=KEY)
        assert len(server.entries) <= 4
    assert "Incorrect API key provided" in done.err
    assert KEY not in done.err + done.out


def test_a_key_that_is_not_set_is_named(suite: Callable[..., Cli]) -> None:
    cli = suite("http://192.0.2.1/v1", 'api_key_env = "MOCK_KEY"')  # an address that nobody has
    done = run(cli, code=2)
    assert "MOCK_KEY is not set" in done.err
    assert "harness.toml" in done.err


def test_a_model_that_does_not_exist(suite: Callable[..., Cli]) -> None:
    with ModelServer(models=["small"]) as server:
        cli = suite(server, documents=100)
        done = run(cli, code=4)
        assert len(server.entries) <= 4
    assert "does not exist" in done.err
    assert "mock" in done.err


@pytest.mark.parametrize("fault", [Fault.HTML, Fault.BAD_SCHEMA])
def test_what_no_request_gets_past(suite: Callable[..., Cli], fault: Fault) -> None:
    with ModelServer(Plan(shares={fault: 1.0})) as server:
        cli = suite(server, documents=100)
        done = run(cli, code=4)
        assert len(server.entries) < 12
    assert len(done.err.strip().splitlines()) <= 3
    if fault is Fault.HTML:
        assert "a web page came back" in done.err
        assert "base_url" in done.err
    else:
        assert "Invalid schema" in done.err


def test_nobody_listens(suite: Callable[..., Cli]) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    done = run(suite(f"http://127.0.0.1:{port}/v1"), code=4)
    assert f"127.0.0.1:{port}" in done.err


def test_what_stops_one_system_leaves_the_others_alone(suite: Callable[..., Cli]) -> None:
    with ModelServer(models=["mock"]) as server:
        cli = suite(server)
        done = run(cli, "--model", "openai/gone", "--system", "mock", "--base-url", server.base_url, code=4)
    assert [one["run"]["system"] for one in done.json["runs"]] == ["mock"]
    assert [one["run"]["system"] for one in done.json["stopped"]] == ["openai/gone"]
    assert "does not exist" in done.err


def test_concurrency_is_never_passed(suite: Callable[..., Cli]) -> None:
    with ModelServer(latency=0.005) as server:
        run(suite(server, documents=30), "--concurrency", "3")
        assert server.most_at_once == 3


def test_the_key_is_nowhere(suite: Callable[..., Cli], tmp_path: Path) -> None:
    trouble = dict.fromkeys([Fault.BROKEN, Fault.DROPPED, Fault.ERROR_IN_200, Fault.REFUSAL], 0.1)
    said: list[Done] = []
    with ModelServer(Plan(2, trouble), key=KEY) as server:
        cli = suite(server, 'api_key_env = "MOCK_KEY"', documents=30)
        said += [
            cli("run", *words, MOCK_KEY=KEY, HARNESS_TRACEBACK="1")
            for words in (("--record", "answers.jsonl"), ("--trials", "2"), ("--resume", "latest"))
        ]
        assert len(server.entries) > 60, "the key was the right one"
    with ModelServer(key="sk-right") as server:  # repeats the key that it was sent
        other = suite(server, 'api_key_env = "MOCK_KEY"', folder="other")
        said.append(other("run", code=4, MOCK_KEY=KEY, HARNESS_TRACEBACK="1"))
    said.append(cli("runs", "export", "latest", "run.jsonl"))
    said += [
        cli("runs", "list"),
        other("runs", "list"),
        cli("score", "latest"),
        cli("score", "latest", "--json"),
    ]
    for done in said:
        assert KEY not in done.out + done.err
        assert "Bearer" not in done.out + done.err
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert {"runs.sqlite", "answers.jsonl", "run.jsonl"} <= {path.name for path in files}
    for path in files:
        data = path.read_bytes()
        assert KEY.encode() not in data, path
        assert KEY[12:].encode() not in data, path
        assert b"Bearer" not in data, path
