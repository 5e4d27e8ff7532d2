"""What is sent is what instructor sends by itself, in every mode; only sooner."""

import asyncio
import json
from typing import Any

import httpx2
import instructor
import openai
import pytest
from pydantic import BaseModel

from harness.errors import SchemaError
from harness.systems.model.messages import messages_for
from harness.systems.model.ready_request import ReadyRequest, dumped, ready_request
from schemas.labour_export import ArticleFacts
from tests.unit.systems.model.chat_server import PROMPT, REQUEST, Server, Thing, completion, exchanged

MODES = {"tools": "TOOLS", "json_schema": "JSON_SCHEMA", "json": "JSON", "markdown_json": "MD_JSON"}
INVALID = '{"name": 3, "title": [1]}'


def reply(mode: str, text: str) -> dict[str, Any]:
    return completion(text) if mode == "tools" else completion(content=text, reason="stop")


def asked_by_instructor(mode: str, schema: type[BaseModel], texts: list[str]) -> list[dict[str, Any]]:
    server = Server(*(reply(mode, text) for text in texts))

    async def once() -> None:
        http = httpx2.AsyncClient(transport=httpx2.MockTransport(server))
        client = openai.AsyncOpenAI(
            api_key="x", base_url="http://model.invalid/v1", http_client=http, max_retries=0
        )
        asking = instructor.from_openai(client, mode=instructor.Mode[MODES[mode]])
        with pytest.raises(Exception, match=r"."):
            await asking.chat.completions.create(
                model="m",
                messages=messages_for(REQUEST.document, PROMPT),  # type: ignore[arg-type]
                response_model=schema,
                max_retries=len(texts) - 1,
                temperature=0.5,
                strict=True,
            )
        await client.close()

    asyncio.run(once())
    return server.asked


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("schema", [Thing, ArticleFacts])
def test_the_request_and_the_correction_are_instructors_own(mode: str, schema: type[BaseModel]) -> None:
    server = Server(reply(mode, INVALID), reply(mode, INVALID))
    exchanged(
        server, schema=schema, mode=mode, strict_schema=False, max_retries=1, parameters={"temperature": 0.5}
    )
    assert server.asked == asked_by_instructor(mode, schema, [INVALID, INVALID])
    assert len(server.asked) == 2


@pytest.mark.parametrize(
    ("mode", "text", "raw"),
    [
        ("json_schema", '{"name": "a", "count": 1}', '{"name": "a", "count": 1}'),
        ("json", '{"name": "a", "count": 1}', '{"name": "a", "count": 1}'),
        ("markdown_json", 'Here:\n```json\n{"name": "a", "count": 1}\n```\nBye.', '{"name": "a", "count": 1}'),
    ],
)
def test_each_mode_finds_its_answer(mode: str, text: str, raw: str) -> None:
    server = Server(reply(mode, text))
    (attempt,) = exchanged(server, mode=mode).attempts
    assert (attempt.raw, attempt.failure) == (raw, None)
    asked = server.asked[0]
    assert "tools" not in asked
    if mode == "json_schema":
        told = asked["response_format"]["json_schema"]
        assert (told["name"], told["strict"]) == ("Thing", True)
        assert told["schema"]["additionalProperties"] is False
    if mode == "json":
        assert asked["response_format"] == {"type": "json_object"}


def test_a_correction_holds_to_the_strict_schema_too() -> None:
    server = Server(reply("json_schema", INVALID), reply("json_schema", INVALID))
    exchanged(server, mode="json_schema")
    first, again = (asked["response_format"] for asked in server.asked)
    assert first == again
    assert first["json_schema"]["strict"] is True


def test_words_go_into_their_places_whatever_they_are() -> None:
    ready = ReadyRequest('{"a": "HOLE1", "b": "x HOLE0 y"}', ["HOLE0", "HOLE1"])
    nasty = 'HOLE1 "\\ \n \u2028 {{ 😀'
    body = ready.body([{"content": nasty}, {"content": "second"}])
    assert json.loads(body) == {"a": "second", "b": f"x {nasty} y"}


def test_further_parts_of_the_body_stand_beside_the_others() -> None:
    assert json.loads(dumped({"a": 1, "extra_body": {"b": 2}})) == {"a": 1, "b": 2}


def test_a_schema_that_instructor_makes_no_request_of_is_refused() -> None:
    def ask(call: Any) -> Any:
        async def asking(**arguments: Any) -> object:
            raise KeyError("properties")

        return asking

    with pytest.raises(SchemaError, match="no tool can be made") as refused:
        asyncio.run(ready_request(ask, Thing, ["user"], {}, dict))
    assert "KeyError" in refused.value.hint


def test_a_prompt_of_which_a_message_would_be_lost_is_refused() -> None:
    with pytest.raises(SchemaError, match="leaves out message 2"):
        ReadyRequest("HOLE0", ["HOLE0", "HOLE1"])
