"""Servers that start, die, hang and outlive nobody."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

import pytest

from harness.errors import SystemUnavailableError
from harness.systems.local_server.process import LocalServer

STAND_IN = Path(__file__).with_name("stand_in_server.py")
KEY = "sesame-0123456789"
FOREVER = 600.0
T = TypeVar("T")


def made(fate: str, *presence: Path, patience: float = FOREVER) -> LocalServer:
    command = [sys.executable, str(STAND_IN), fate, *map(str, presence)]
    return LocalServer("mine", command, {"api_key": KEY}, patience)


def started(server: LocalServer, then: Callable[[str], Awaitable[T]]) -> T:
    async def run() -> T:
        try:
            return await then(await server.start())
        finally:
            await server.stop()

    return asyncio.run(run())


def refusal(fate: str, **options: Any) -> str:
    async def unreached(address: str) -> None:
        raise AssertionError(address)

    with pytest.raises(SystemUnavailableError) as refused:
        started(made(fate, **options), unreached)
    return str(refused.value)


@pytest.fixture
def presence(tmp_path: Path) -> Path:
    """A FIFO. Its reader learns when a server is there, and when it is gone."""
    path = tmp_path / "presence"
    os.mkfifo(path)
    return path


def test_a_server_is_ready_when_it_says_its_address() -> None:
    server = made("serves")

    async def look(address: str) -> str:
        assert not server.ended
        return address

    assert started(server, look).startswith("http://127.0.0.1:")


def test_stopping_ends_the_process(presence: Path) -> None:
    async def run() -> None:
        server = made("serves", presence)
        start = asyncio.create_task(server.start())
        with await asyncio.to_thread(presence.open) as held:
            process = int(held.readline())
            await start
            await server.stop()
            assert await asyncio.to_thread(held.read) == ""
        with pytest.raises(ProcessLookupError):
            os.kill(process, 0)
        await server.stop()

    asyncio.run(run())


def test_stopping_what_never_started_is_nothing() -> None:
    asyncio.run(made("serves").stop())


def test_a_server_that_dies_is_noticed_with_its_last_words() -> None:
    said = refusal("dies")
    assert said.startswith("system 'mine': the server ended with exit code 3\n")
    assert "loading; failed with" in said


def test_last_words_hold_neither_the_key_nor_control_characters() -> None:
    said = refusal("dies")
    assert KEY not in said
    assert "[key]" in said
    assert all(c.isprintable() or c == "\n" for c in said)


def test_a_killed_server_points_to_the_memory() -> None:
    assert "killed by SIGKILL, as the system does when memory runs out" in refusal("is killed")


def test_an_aborted_server_names_the_signal() -> None:
    assert "ended by SIGABRT" in refusal("aborts")


def test_a_server_that_never_gets_ready_is_given_up() -> None:
    said = refusal("never gets ready", patience=0.05)
    assert "not ready within 0.05 s" in said
    assert "start_timeout" in said


def test_a_server_that_listens_to_the_world_is_ended() -> None:
    assert "'http://0.0.0.0:8080', not on loopback" in refusal("listens to the world")


def test_a_program_that_is_not_there_is_said() -> None:
    server = LocalServer("mine", ["/nowhere/server"], {}, FOREVER)
    with pytest.raises(SystemUnavailableError, match=r"cannot be started: .*/nowhere/server"):
        asyncio.run(server.start())
    asyncio.run(server.stop())


def test_a_start_that_is_cut_off_leaves_no_server(presence: Path) -> None:
    async def run() -> None:
        server = made("never gets ready", presence)
        start = asyncio.create_task(server.start())
        with await asyncio.to_thread(presence.open) as held:
            held.readline()
            start.cancel()
            with pytest.raises(asyncio.CancelledError):
                await start
            assert await asyncio.to_thread(held.read) == ""
        await server.stop()

    asyncio.run(run())


PARENT = """
import asyncio, sys
from harness.systems.local_server.process import LocalServer

async def run():
    server = LocalServer("mine", sys.argv[1:], {"api_key": "k"}, 600)
    print(await server.start(), flush=True)
    await asyncio.Event().wait()

asyncio.run(run())
"""


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_a_server_ends_with_the_process_that_started_it(presence: Path, how: signal.Signals) -> None:
    command = [sys.executable, str(STAND_IN), "serves", str(presence)]
    with subprocess.Popen([sys.executable, "-c", PARENT, *command], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        with presence.open() as held:
            held.readline()
            assert parent.stdout.readline().startswith(b"http://127.0.0.1:")
            parent.send_signal(how)
            assert held.read() == ""
    assert parent.returncode == -how


def test_a_server_is_out_of_reach_of_ctrl_c(presence: Path) -> None:
    async def run() -> None:
        server = made("serves", presence)
        start = asyncio.create_task(server.start())
        with await asyncio.to_thread(presence.open) as held:
            process = int(held.readline())
            await start
            assert os.getpgid(process) != os.getpgid(0)
            await server.stop()

    asyncio.run(run())


XLLAMACPP = """
import json, sys

class Threads:
    n_threads = -1

class Model:
    path = ""

class CommonParams:
    def __init__(self):
        self.model, self.cpuparams, self.cpuparams_batch = Model(), Threads(), Threads()
        self.chat_template = "the file's own"

class Server:
    def __init__(self, params):
        if params.model.path == "broken.gguf":
            raise RuntimeError("failed to load model")
        print("a banner that is no address")
        plain = {name: value for name, value in vars(params).items() if isinstance(value, (str, int, list))}
        told = plain | {"file": params.model.path, "threads": params.cpuparams.n_threads}
        print(json.dumps(told), file=sys.stderr, flush=True)
        self.listening_address = "http://127.0.0.1:4321"
"""


def served(tmp_path: Path, **settings: Any) -> subprocess.CompletedProcess[str]:
    """The real program with a llama.cpp that only says what it was told."""
    (tmp_path / "xllamacpp.py").write_text(XLLAMACPP)
    told = {"file": "m.gguf", "context": 100, "slots": 3, "threads": 0, "chat_template": "", "api_key": KEY}
    program = Path(sys.modules[LocalServer.__module__].__file__ or "").with_name("serve.py")
    return subprocess.run(
        [sys.executable, "-P", str(program)],
        input=json.dumps(told | settings) + "\n",
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_program_serves_on_loopback_with_a_key_and_ends_with_its_input(tmp_path: Path) -> None:
    done = served(tmp_path)
    assert done.returncode == 0
    assert done.stdout == "http://127.0.0.1:4321\n"
    told = json.loads(done.stderr.splitlines()[-1])
    assert told["hostnames"] == ["127.0.0.1"]
    assert told["port"] == 0
    assert told["api_keys"] == [KEY]
    assert told["file"] == "m.gguf"
    assert told["n_ctx"] == 300
    assert told["n_parallel"] == 3
    assert told["threads"] == -1
    assert told["chat_template"] == "the file's own"
    assert told["ui"] is False


def test_the_program_hands_on_what_is_asked_for(tmp_path: Path) -> None:
    done = served(tmp_path, threads=5, chat_template="{{ messages }}")
    told = json.loads(done.stderr.splitlines()[-1])
    assert told["threads"] == 5
    assert told["chat_template"] == "{{ messages }}"


def test_the_program_ends_when_the_model_does_not_load(tmp_path: Path) -> None:
    done = served(tmp_path, file="broken.gguf")
    assert done.returncode == 1
    assert done.stdout == ""
    assert "failed to load model" in done.stderr
