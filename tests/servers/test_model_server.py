"""Each fault as a raw client sees it."""

from __future__ import annotations

import json
import socket
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest

from tests.servers.faults import PAID, PASSING, Fault, Plan, evenly
from tests.servers.model_server import ModelServer
from tests.servers.processes import server_process
from tests.servers.questions import Question
from tests.servers.replies import HUGE
from tests.servers.request_log import Entry, read_log

FACTS = '{"title": "A title", "pages": 3}'
TOOL: dict[str, Any] = {
    "tools": [{"type": "function", "function": {"name": "Report", "parameters": {}}}],
    "tool_choice": {"type": "function", "function": {"name": "Report"}},
}


@dataclass(frozen=True)
class Raw:
    """What came over the wire until the server closed, or the whole answer."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def message(self) -> Any:
        return self.json["choices"][0]["message"]


def chat(document: str = "d1", model: str = "mock", **more: Any) -> bytes:
    said = f"<document>\nDocument: {document}\nFacts: {FACTS}\n</document>"
    return json.dumps({"model": model, "messages": [{"role": "user", "content": said}], **more}).encode()


def request(body: bytes, path: str = "/v1/chat/completions", key: str = "") -> bytes:
    first = f"{'POST' if body else 'GET'} {path} HTTP/1.1"
    return f"{first}\r\nContent-Length: {len(body)}\r\nAuthorization: Bearer {key}\r\n\r\n".encode() + body


def talk(server: str, asked: bytes) -> Raw | None:
    """One request on a connection of its own; `None` when nothing came back."""
    host, port = server.removeprefix("http://").removesuffix("/v1").split(":")
    with (
        socket.create_connection((host, int(port)), timeout=30) as connection,
        connection.makefile("rb") as received,
    ):
        connection.sendall(asked)
        first = received.readline().decode()
        if not first:
            return None
        headers = {}
        while line := received.readline().decode().strip():
            name, _, value = line.partition(": ")
            headers[name] = value
        body = received.read(int(headers.get("Content-Length", "0")))
    return Raw(int(first.split()[1]), headers, body)


def ask(server: ModelServer, document: str = "d1", **more: Any) -> Raw:
    raw = talk(server.base_url, request(chat(document, **more)))
    assert raw is not None
    return raw


def failing(*faults: Fault) -> ModelServer:
    return ModelServer(Plan(scripts={"d1": faults}))


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with ModelServer() as server:
        yield server


def test_the_tool_that_is_named_is_called_with_what_the_document_states(server: ModelServer) -> None:
    raw = ask(server, **TOOL)
    (call,) = raw.message["tool_calls"]
    assert (call["function"]["name"], call["function"]["arguments"]) == ("Report", FACTS)
    assert raw.json["choices"][0]["finish_reason"] == "tool_calls"


def test_a_response_format_is_answered_in_text(server: ModelServer) -> None:
    assert ask(server, response_format={"type": "json_object"}).message["content"] == FACTS


def test_without_tool_and_format_the_answer_stands_in_a_fence(server: ModelServer) -> None:
    assert ask(server).message["content"] == f"```json\n{FACTS}\n```"


def test_what_an_assistant_said_names_no_document(server: ModelServer) -> None:
    body = json.loads(chat("d1"))
    body["messages"].append({"role": "assistant", "content": "Document: d2"})
    body["messages"].append({"role": "user", "content": "Correct it."})
    talk(server.base_url, request(json.dumps(body).encode()))
    assert [entry.document for entry in server.entries] == ["d1"]


def test_the_log_counts_attempts_by_document_and_bills_what_was_sent() -> None:
    with failing(Fault.BROKEN, Fault.NONE) as server:
        raws = [ask(server, name) for name in ("d1", "d2", "d1")]
        entries = server.entries
    assert [(one.number, one.document, one.attempt) for one in entries] == [
        (1, "d1", 1),
        (2, "d2", 1),
        (3, "d1", 2),
    ]
    assert [one.fault for one in entries] == [Fault.BROKEN, Fault.NONE, Fault.NONE]
    assert [one.complete for one in entries] == [False, True, True]
    for raw, entry in zip(raws[1:], entries[1:], strict=True):
        assert entry.usage is not None
        told = raw.json["usage"]
        assert (told["prompt_tokens"], told["completion_tokens"]) == (entry.usage.input, entry.usage.output)
        assert told["prompt_tokens_details"]["cached_tokens"] == entry.usage.cached <= entry.usage.input
        assert told["completion_tokens_details"]["reasoning_tokens"] == entry.usage.reasoning


@pytest.mark.parametrize(
    ("fault", "status", "said"),
    [
        (Fault.SLOW_DOWN, 429, "Rate limit"),
        (Fault.SLOW_DOWN_SILENTLY, 429, "Rate limit"),
        (Fault.BROKEN, 500, "had an error"),
        (Fault.OVERLOADED, 503, "overloaded"),
        (Fault.ERROR_IN_200, 200, "upstream"),
        (Fault.WRONG_KEY, 401, "API key"),
        (Fault.NO_MONEY, 429, "quota"),
        (Fault.NO_MODEL, 404, "does not exist"),
        (Fault.BAD_SCHEMA, 400, "Invalid schema"),
        (Fault.TOO_LONG, 400, "context length"),
    ],
)
def test_errors(fault: Fault, status: int, said: str) -> None:
    with failing(fault) as server:
        raw = ask(server)
        (entry,) = server.entries
    assert raw.status == status
    assert said in raw.json["error"]["message"]
    assert (entry.complete, entry.usage) == (False, None)
    assert ("Retry-After" in raw.headers) is (fault is Fault.SLOW_DOWN)


def test_retry_after_is_short() -> None:
    with failing(Fault.SLOW_DOWN) as server:
        assert 0 <= float(ask(server).headers["Retry-After"]) <= 0.05


def test_dropped() -> None:
    with failing(Fault.DROPPED) as server:
        assert talk(server.base_url, request(chat())) is None
        assert not server.entries[0].complete


def test_half() -> None:
    with failing(Fault.HALF) as server:
        raw = ask(server)
        assert 0 < len(raw.body) < int(raw.headers["Content-Length"])
        assert not server.entries[0].complete


def test_silence_ends_with_the_client() -> None:
    with failing(Fault.SILENCE, Fault.NONE) as server:
        host, port = server.base_url.removeprefix("http://").removesuffix("/v1").split(":")
        with socket.create_connection((host, int(port))) as connection:
            connection.sendall(request(chat()))
            server.log.wait_until(lambda entries: len(entries) == 1)
            connection.setblocking(False)
            with pytest.raises(BlockingIOError):
                connection.recv(1)
        assert ask(server).status == 200


def test_silence_ends_with_the_server() -> None:
    with failing(Fault.SILENCE) as server:
        host, port = server.base_url.removeprefix("http://").removesuffix("/v1").split(":")
        connection = socket.create_connection((host, int(port)))
        connection.sendall(request(chat()))
        server.log.wait_until(lambda entries: len(entries) == 1)
    with connection:
        assert connection.recv(1) == b""


def test_html() -> None:
    with failing(Fault.HTML) as server:
        raw = ask(server)
    assert (raw.status, raw.headers["Content-Type"]) == (200, "text/html")
    assert raw.body.startswith(b"<!doctype html>")


def test_not_json() -> None:
    with failing(Fault.NOT_JSON) as server:
        arguments = ask(server, **TOOL).message["tool_calls"][0]["function"]["arguments"]
        assert server.entries[0].usage is not None
    with pytest.raises(json.JSONDecodeError):
        json.loads(arguments)


def test_wrong_type() -> None:
    with failing(Fault.WRONG_TYPE) as server:
        arguments = ask(server, **TOOL).message["tool_calls"][0]["function"]["arguments"]
    assert set(json.loads(arguments)) == {"title", "pages"}
    assert all(isinstance(value, dict) for value in json.loads(arguments).values())


def test_no_choices() -> None:
    with failing(Fault.NO_CHOICES) as server:
        assert ask(server).json["choices"] == []
        assert server.entries[0].complete


def test_refusal() -> None:
    with failing(Fault.REFUSAL) as server:
        message = ask(server, **TOOL).message
    assert "cannot help" in message["refusal"]
    assert "tool_calls" not in message


def test_length() -> None:
    with failing(Fault.LENGTH) as server:
        raw = ask(server, **TOOL)
    assert raw.json["choices"][0]["finish_reason"] == "length"
    assert FACTS.startswith(raw.message["tool_calls"][0]["function"]["arguments"])


def test_huge() -> None:
    with failing(Fault.HUGE) as server:
        raw = ask(server, **TOOL)
    assert len(raw.body) > HUGE
    assert json.loads(raw.message["tool_calls"][0]["function"]["arguments"])["title"] == "a" * HUGE


def test_twice() -> None:
    with failing(Fault.TWICE) as server:
        first, second = ask(server, **TOOL).message["tool_calls"]
    assert first["function"] == second["function"]
    assert first["id"] != second["id"]


def test_no_usage() -> None:
    with failing(Fault.NO_USAGE) as server:
        assert "usage" not in ask(server).json
        (entry,) = server.entries
    assert (entry.complete, entry.usage) == (True, None)


def test_a_connection_is_kept() -> None:
    with ModelServer() as server:
        host, port = server.base_url.removeprefix("http://").removesuffix("/v1").split(":")
        with socket.create_connection((host, int(port))) as connection:
            connection.sendall(request(chat("d1")) + request(chat("d2")))
            entries = server.log.wait_until(lambda entries: len(entries) == 2)
    assert {entry.document for entry in entries} == {"d1", "d2"}


def test_models_keys_and_paths() -> None:
    with ModelServer(models=["small"], key="sk-right") as server:
        listed = talk(server.base_url, request(b"", "/v1/models", key="sk-right"))
        wrong = talk(server.base_url, request(chat(), key="sk-wrong"))
        unknown = talk(server.base_url, request(chat(model="large"), key="sk-right"))
        elsewhere = talk(server.base_url, request(chat(), "/v2/chat", key="sk-right"))
    assert listed is not None
    assert [one["id"] for one in listed.json["data"]] == ["small"]
    assert wrong is not None
    assert wrong.status == HTTPStatus.UNAUTHORIZED
    assert "sk-wrong" in wrong.json["error"]["message"]
    assert unknown is not None
    assert unknown.status == HTTPStatus.NOT_FOUND
    assert elsewhere is not None
    assert elsewhere.status == HTTPStatus.NOT_FOUND


def test_what_is_not_understood_is_refused(server: ModelServer) -> None:
    raw = talk(server.base_url, request(b"[]"))
    assert raw is not None
    assert raw.status == HTTPStatus.BAD_REQUEST


def test_a_defect_of_an_answer_function_is_told() -> None:
    def broken(question: Question) -> str:
        raise RuntimeError(question.document)

    with pytest.raises(RuntimeError, match="d1"), ModelServer(answer=broken) as server:
        talk(server.base_url, request(chat()))


def test_requests_are_seen_before_they_are_answered() -> None:
    seen: list[Entry] = []
    with ModelServer(seen=seen.append) as server:
        ask(server)
        assert seen == server.entries


def test_held_answers_come_when_they_are_released(server: ModelServer) -> None:
    server.hold()
    host, port = server.base_url.removeprefix("http://").removesuffix("/v1").split(":")
    with socket.create_connection((host, int(port)), timeout=30) as connection:
        connection.sendall(request(chat()))
        server.log.wait_until(lambda entries: len(entries) == 1)
        connection.setblocking(False)
        with pytest.raises(BlockingIOError):
            connection.recv(1)
        connection.setblocking(True)
        server.release()
        assert connection.recv(12) == b"HTTP/1.1 200"
    assert server.most_at_once == 1


def test_a_plan_depends_on_document_and_attempt_alone() -> None:
    plan = Plan(7, evenly(PASSING, 0.3))
    keys = [(f"d{number}", attempt) for number in range(2_000) for attempt in (1, 2)]
    drawn = {key: plan.fault(*key) for key in keys}
    assert {key: Plan(7, evenly(PASSING, 0.3)).fault(*key) for key in reversed(keys)} == drawn
    counted = Counter(drawn.values())
    assert set(counted) == {Fault.NONE, *PASSING}
    assert 0.25 < 1 - counted[Fault.NONE] / len(keys) < 0.35
    assert drawn != {key: Plan(8, evenly(PASSING, 0.3)).fault(*key) for key in keys}


def test_the_last_fault_of_a_script_stays() -> None:
    plan = Plan(shares={Fault.BROKEN: 1.0}, scripts={"d1": (Fault.HALF, Fault.NONE)})
    assert [plan.fault("d1", attempt) for attempt in (1, 2, 3)] == [Fault.HALF, Fault.NONE, Fault.NONE]
    assert plan.fault("d2", 1) is Fault.BROKEN


def test_every_fault_can_be_met() -> None:
    for fault in set(Fault) - {Fault.DROPPED, Fault.SILENCE}:
        with failing(fault) as server:
            ask(server, **TOOL)
            assert server.entries[0].complete is (fault in PAID)


def test_a_process_of_its_own(tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    with server_process(Plan(1, {Fault.OVERLOADED: 1.0}, {"d2": (Fault.NONE,)}), log) as base_url:
        for name in ("d1", "d2"):
            talk(base_url, request(chat(name)))
        entries = read_log(log)
    assert [(one.document, one.fault) for one in entries] == [("d1", Fault.OVERLOADED), ("d2", Fault.NONE)]
    assert entries[1].usage is not None
