"""A run that is killed or stopped, and gone on with: nothing is lost, only what was in flight asked again."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random

import pytest

from harness.records import DocumentScore, FailureKind, Response
from harness.storage import RunStatus, open_store
from harness.suites.configuration import load_configuration
from tests.e2e.conftest import COMMAND, ForkedCli, environment
from tests.servers.asked_suite import name_of, write_suite
from tests.servers.asking import billed, finished, kept
from tests.servers.faults import PASSING, Fault, Plan, evenly
from tests.servers.forked_commands import ForkedCommands
from tests.servers.model_server import ModelServer
from tests.servers.request_log import Entry

DOCUMENTS, CONCURRENCY = 24, 5
LIMITS = (f"concurrency = {CONCURRENCY}", "retries = 12", "call_timeout = 60")
SCRIPTS = {
    name_of(3): (Fault.REFUSAL,),
    name_of(9): (Fault.WRONG_TYPE,),
    name_of(10): (Fault.WRONG_TYPE, Fault.NONE),
    name_of(17): (Fault.NOT_JSON, Fault.SLOW_DOWN, Fault.NONE),
}
NAMES = [name_of(number) for number in range(1, DOCUMENTS + 1)]
MOMENTS = [
    pytest.param(draw.random(), draw.choice(["seen", "sent"]), draw.random() < 0.2, id=str(number))
    for number, draw in enumerate(Random(number) for number in range(50))  # noqa: S311
]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Every fourth moment; all 50 with `--hypothesis-profile=thorough`."""
    if "moment" in metafunc.fixturenames:
        thorough = metafunc.config.getoption("--hypothesis-profile") == "thorough"
        metafunc.parametrize(("moment", "when", "twice"), MOMENTS if thorough else MOMENTS[::4])


def plan() -> Plan:
    """Faults that pass, and a few documents that fail for good, whenever they are asked."""
    return Plan(5, evenly(PASSING, 0.1), SCRIPTS, longest_wait=0.002)


@dataclass(frozen=True)
class Whole:
    """A run that never stopped."""

    requests: int
    scores: tuple[DocumentScore, ...]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Whole:
    with ModelServer(plan()) as server:
        configuration = write_suite(
            tmp_path_factory.mktemp("whole") / "suite", DOCUMENTS, server.base_url, limits=LIMITS
        )
        result = finished(configuration)
        return Whole(len(server.entries), result.evaluation.scores)


class Killer:
    """Kills a process when the server has come to a request of a number."""

    def __init__(self) -> None:
        self._at: dict[str, int] = {}
        self._pid: Future[int] = Future()

    def set(self, when: str, number: int) -> None:
        self._at, self._pid = {when: number}, Future()

    def found(self, pid: int) -> None:
        self._pid.set_result(pid)

    def seen(self, entry: Entry) -> None:
        self._kill("seen", entry)

    def sent(self, entry: Entry) -> None:
        self._kill("sent", entry)

    def _kill(self, when: str, entry: Entry) -> None:
        if self._at.get(when) == entry.number:
            self._at = {}
            os.kill(self._pid.result(30), signal.SIGKILL)


def test_killed_and_gone_on_with(
    tmp_path: Path, whole: Whole, commands: ForkedCommands, moment: float, when: str, twice: bool
) -> None:
    killer, log = Killer(), tmp_path / "log"
    begin = partial(commands.start, out=log, err=log, environment=environment())
    with ModelServer(plan(), seen=killer.seen, sent=killer.sent, latency=0.001) as server:
        configuration = write_suite(tmp_path / "suite", DOCUMENTS, server.base_url, limits=LIMITS)
        words = ["run", "--quiet"]
        at = 1 + int(moment * (whole.requests - 1))
        lost: list[Entry] = []
        done: dict[str, Response] = {}
        for _ in range(2 if twice else 1):
            killer.set(when, at)
            before = len(server.entries)
            killer.found(begin(words, configuration.parent))
            assert commands.ended() == -signal.SIGKILL, log.read_text()
            entries = server.entries[before:]
            assert not done.keys() & {entry.document for entry in entries}, "nothing stored is asked again"
            done = {response.document: response for response in kept(configuration).responses}
            assert all(response.failure is not FailureKind.INTERRUPTED for response in done.values())
            open_ones = [entry for entry in entries if entry.document not in done]
            assert len({entry.document for entry in open_ones}) <= CONCURRENCY
            lost += open_ones
            for name, response in done.items():
                now = [entry for entry in entries if entry.document == name]
                assert len(response.attempts) == len(now) or not now, "every attempt is in the store"
            words = ["run", "--resume", "latest", "--quiet"]
            at = len(server.entries) + 1 + int((1 - moment) * (DOCUMENTS - len(done) - 1))
            if len(done) == DOCUMENTS:
                break
        killer.set("", 0)
        before = len(server.entries)
        begin(["run", "--resume", "latest", "--quiet"], configuration.parent)
        assert commands.ended() == 0, log.read_text()
        entries = server.entries

    store, loaded = kept(configuration), load_configuration(configuration)
    assert {entry.document for entry in entries[before:]} == set(NAMES) - done.keys(), (
        "asked once more: the rest"
    )
    assert [response.document for response in store.responses] == NAMES, "each document once"
    with open_store(loaded.store) as opened:
        (run,) = opened.runs()
        scores = opened.scores(run.id)
    assert run.status is RunStatus.FINISHED
    assert scores is not None
    assert scores.scores == whole.scores, "the same as a run that never stopped"
    assert store.spending.calls == len(entries) - len(lost)
    assert store.spending.cost == billed(entries) - billed(lost)


class Stopped:
    """`harness run` in a process of its own, to be signalled."""

    def __init__(self, folder: Path, *words: str) -> None:
        self.process = subprocess.Popen(
            [str(COMMAND), "run", *words],
            cwd=folder,
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stderr is not None
        self._lines = self.process.stderr
        self.said = ""

    def signalled(self, number: int, heard: str) -> None:
        """Send a signal, and wait until it is told that it was heard."""
        self.process.send_signal(number)
        while heard not in self.said:
            line = self._lines.readline()
            assert line, f"it ended without {heard!r}: {self.said}"
            self.said += line

    def ended(self) -> int:
        """Its exit code."""
        _, rest = self.process.communicate(timeout=60)
        self.said += rest
        assert "Traceback" not in self.said
        return self.process.returncode


@pytest.fixture
def held() -> Iterator[ModelServer]:
    """A server that answers nothing until it is released."""
    with ModelServer() as server:
        server.hold()
        yield server


def in_flight(server: ModelServer) -> None:
    server.log.wait_until(lambda entries: len(entries) == CONCURRENCY)


def asked(server: ModelServer) -> list[str]:
    return sorted(entry.document for entry in server.entries)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_one_signal_finishes_what_is_in_flight(
    tmp_path: Path, held: ModelServer, commands: ForkedCommands, number: int
) -> None:
    configuration = write_suite(tmp_path / "suite", DOCUMENTS, held.base_url, limits=LIMITS)
    command = Stopped(configuration.parent)
    in_flight(held)
    command.signalled(number, "stopping")
    held.release()
    assert command.ended() == 130
    assert f"{CONCURRENCY} of {DOCUMENTS}" in command.said
    assert "--resume" in command.said
    store = kept(configuration)
    assert [response.failure for response in store.responses] == [None] * CONCURRENCY
    assert len(held.entries) == CONCURRENCY

    ForkedCli(configuration.parent, commands, tmp_path)("run", "--resume", "latest", "--quiet")
    assert asked(held) == NAMES, "each document asked once in both parts together"


def test_what_is_in_flight_may_be_asked_again_while_stopping(tmp_path: Path) -> None:
    scripts = dict.fromkeys(NAMES, (Fault.WRONG_TYPE, Fault.NONE))
    with ModelServer(Plan(scripts=scripts)) as server:
        server.hold()
        configuration = write_suite(tmp_path / "suite", DOCUMENTS, server.base_url, limits=LIMITS)
        command = Stopped(configuration.parent)
        in_flight(server)
        command.signalled(signal.SIGINT, "stopping")
        server.release()
        assert command.ended() == 130
        assert len(server.entries) == 2 * CONCURRENCY
    responses = kept(configuration).responses
    assert [response.failure for response in responses] == [None] * CONCURRENCY
    assert {len(response.attempts) for response in responses} == {2}


def test_two_signals_stop_now(tmp_path: Path, held: ModelServer, commands: ForkedCommands) -> None:
    configuration = write_suite(tmp_path / "suite", DOCUMENTS, held.base_url, limits=LIMITS)
    command = Stopped(configuration.parent)
    in_flight(held)
    command.signalled(signal.SIGINT, "stopping")
    command.process.send_signal(signal.SIGINT)
    assert command.ended() == 130, "while the server still holds every answer"
    assert f"0 of {DOCUMENTS}" in command.said
    first = asked(held)
    assert {response.failure for response in kept(configuration).responses} <= {FailureKind.INTERRUPTED}

    held.release()
    ForkedCli(configuration.parent, commands, tmp_path)("run", "--resume", "latest", "--quiet")
    assert asked(held) == sorted(NAMES + first), "what was in flight is asked once more, and nothing else"
    assert [response.failure for response in kept(configuration).responses] == [None] * DOCUMENTS
