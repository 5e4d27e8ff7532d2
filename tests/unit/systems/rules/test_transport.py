import asyncio
import json
from typing import Any

import httpx2
import pytest

from harness.systems.rules.transport import RulesTransport

TOOL = {
    "type": "function",
    "function": {"name": "T", "parameters": {"type": "object", "properties": {"title": {"type": "string"}}}},
}


def ask(body: Any, *, path: str = "/v1/chat/completions", method: str = "POST") -> httpx2.Response:
    async def once() -> httpx2.Response:
        async with httpx2.AsyncClient(transport=RulesTransport(), base_url="http://rules.invalid") as client:
            content = body if isinstance(body, bytes) else json.dumps(body).encode()
            return await client.request(method, path, content=content)

    return asyncio.run(once())


def test_it_calls_the_tool_that_is_demanded() -> None:
    user = {"role": "user", "content": "<document>\nBridge opens\n\nIt was opened today.\n</document>"}
    demanded = {"type": "function", "function": {"name": "T"}}
    answer = ask({"model": "m", "messages": [user], "tools": [TOOL], "tool_choice": demanded}).json()
    call = answer["choices"][0]["message"]["tool_calls"][0]["function"]
    assert call["name"] == "T"
    assert json.loads(call["arguments"]) == {"title": "Bridge opens"}
    assert "usage" not in answer


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b"[" * 100_000, 400),
        ([], 400),
        ({}, 400),
        ({"tools": [], "messages": []}, 400),
        ({"tools": [TOOL], "messages": []}, 400),
        ({"tools": [TOOL], "tool_choice": {"function": {"name": "U"}}, "messages": []}, 400),
    ],
)
def test_what_it_does_not_understand_it_refuses(body: Any, status: int) -> None:
    response = ask(body)
    assert response.status_code == status
    assert response.json()["error"]["message"].startswith("the request was not understood")


def test_there_is_nothing_else_there() -> None:
    assert ask({}, path="/v1/models").status_code == 404
    assert ask({}, method="PUT").status_code == 404


def test_it_reads_the_document_behind_the_worked_examples() -> None:
    said = [
        {"role": "user", "content": "<document>\nShown\n\nAn example.\n</document>"},
        {"role": "assistant", "content": "{}"},
        {"role": "user", "content": "<document>\nBridge opens\n\nIt was opened today.\n</document>"},
        {"role": "user", "content": "Validation error: try again"},
    ]
    answer = ask({"model": "m", "messages": said, "tools": [TOOL], "tool_choice": "auto"}).json()
    call = answer["choices"][0]["message"]["tool_calls"][0]["function"]
    assert json.loads(call["arguments"]) == {"title": "Bridge opens"}
