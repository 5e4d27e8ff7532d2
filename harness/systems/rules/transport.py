"""An OpenAI-compatible server inside the process: it reads a chat completion request and answers by rule."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import httpx2

from harness.systems.model.messages import OPENING, unfenced
from harness.systems.rules.extraction import Extractor

_PATH = "/chat/completions"


class RulesTransport(httpx2.AsyncBaseTransport):
    """Answers POST …/chat/completions with one call of the tool that the request names; opens no socket.

    It sees what a model would see: the messages and the tool's JSON Schema. It reports no usage, because it
    reads no tokens.
    """

    def __init__(self) -> None:
        self._extractor: tuple[str, Extractor] | None = None

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """One answer; a request that is not understood is refused in the words of an OpenAI error."""
        if request.method != "POST" or not request.url.path.endswith(_PATH):
            return _refused(404, f"there is only POST {_PATH} here")
        try:
            asked = json.loads(await request.aread())
            tool = _tool(asked)
            text = _document(asked)
        except (ValueError, LookupError, TypeError, RecursionError) as error:
            return _refused(400, f"the request was not understood: {type(error).__name__}: {error}")
        value = self._for(tool["parameters"]).extract(text)
        arguments = json.dumps(value, ensure_ascii=False)
        call = {"id": "call_0", "type": "function", "function": {"name": tool["name"], "arguments": arguments}}
        choice = {
            "index": 0,
            "finish_reason": "tool_calls",
            "message": {"role": "assistant", "content": None, "tool_calls": [call]},
        }
        return httpx2.Response(
            200,
            json={
                "id": "chatcmpl-rules",
                "object": "chat.completion",
                "created": 0,
                "model": str(asked.get("model", "")),
                "choices": [choice],
            },
        )

    def _for(self, parameters: Mapping[str, Any]) -> Extractor:
        """The extractor of a schema; the last one is kept, since a run asks for one schema."""
        key = json.dumps(parameters, sort_keys=True)
        if self._extractor is None or self._extractor[0] != key:
            self._extractor = (key, Extractor(parameters))
        return self._extractor[1]


def _tool(asked: Mapping[str, Any]) -> Mapping[str, Any]:
    """The function that the request demands; the first one when it demands none."""
    functions = [tool["function"] for tool in asked["tools"]]
    chosen = asked.get("tool_choice")
    wanted = chosen["function"]["name"] if isinstance(chosen, Mapping) else functions[0]["name"]
    for function in functions:
        if function["name"] == wanted:
            return {"name": str(function["name"]), "parameters": dict(function["parameters"])}
    raise ValueError(f"there is no tool {wanted!r}")


def _document(asked: Mapping[str, Any]) -> str:
    """The text of the last user message with document tags, out of them; before it are worked examples."""
    said = [str(message["content"]) for message in asked["messages"] if message["role"] == "user"]
    if not said:
        raise ValueError("there is no user message")
    return unfenced(next((text for text in reversed(said) if OPENING in text), said[0]))


def _refused(status: int, words: str) -> httpx2.Response:
    return httpx2.Response(status, json={"error": {"message": words, "type": "invalid_request_error"}})
