"""A model behind an OpenAI-compatible server, asked through the `openai` client and instructor.

What is sent is what instructor makes (`ready_request`). The answer is recorded as it came, before anything
else is done with it, and read with the schema. Only when it does not fit does instructor take over: it gets
the answer as if it had asked itself and asks again in its own words, and every further call is recorded too.
instructor's hooks take no part, because their errors become warnings.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from harness.errors import SchemaError
from harness.records import Fingerprint, Request
from harness.systems.answers.allowance import allowance_of
from harness.systems.answers.attempts import LARGEST_ANSWER, SETTLED, attempt_of, judged, oversized
from harness.systems.answers.failures import failed_answer, failed_body, failed_call
from harness.systems.base import Called, CallFailedError, Exchange, Task
from harness.systems.model.connection import Connection, TooLongError
from harness.systems.model.endpoint import Endpoint
from harness.systems.model.json_schema import json_schema
from harness.systems.model.messages import messages_for
from harness.systems.model.naming import fingerprint_of, identity_of
from harness.systems.model.ready_request import ReadyRequest, dumped
from harness.systems.model.strict_schema import strict_schema

if TYPE_CHECKING:
    import httpx2

__all__ = ["Endpoint", "OpenAIChat"]

LARGEST_BODY = LARGEST_ANSWER + 1024 * 1024
"""Bytes of an answer with everything around it."""

_WRONG_ADDRESS = 3
"""After so many bodies that are no JSON, and no answer, no model answers there. One is a hiccup."""
_CHARACTERS_IN_TOKEN = 4


class OpenAIChat:
    """One model that extracts one schema. Nothing is imported or opened before the first question.

    Raises:
        SchemaError: When no tool can be made of the schema, or strict mode cannot express it.
    """

    def __init__(self, endpoint: Endpoint, task: Task, *, kind: str) -> None:
        self._endpoint = endpoint
        self._task = task
        self._kind = kind
        schema = json_schema(task.schema)
        self._strict_schema: dict[str, Any] | None = None
        if endpoint.mode == "json_schema" and endpoint.strict_schema:
            self._strict_schema = _strict(schema, task.schema.__name__)
        self._tool = str(schema.get("title", task.schema.__name__)) if endpoint.mode == "tools" else ""
        self._fingerprint = fingerprint_of(endpoint, schema, task.prompt)
        self._connection: Connection | None = None
        self._ready: dict[tuple[str, ...], ReadyRequest] = {}
        self._reached = False
        self._unread = 0

    @property
    def identity(self) -> Mapping[str, str]:
        """Kind, model, mode and every parameter of the call; no key, and the address only where it is odd."""
        return identity_of(self._endpoint, self._kind)

    def fingerprint(self, request: Request) -> Fingerprint | None:
        """What the answer depends on; `None` where answers are not worth keeping."""
        if not self._endpoint.worth_keeping:
            return None
        return self._fingerprint.about(request.document.sha256, request.trial)

    async def answer(self, request: Request, exchange: Exchange) -> None:
        """Ask for one document. Every call that was made is an attempt, oldest first.

        Raises:
            HarnessError: When there is no key, or no request can be made of the schema.
        """
        connection = self._connection or self._connect()
        messages = messages_for(request.document, self._task.prompt)
        roles = tuple(message["role"] for message in messages)
        ready = self._ready.get(roles)
        if ready is None:
            ready = self._ready[roles] = await connection.ready_request(roles, self._finish)
        try:
            answer = await self._call(connection, exchange, ready.body(messages))
        except CallFailedError:
            return
        if self._settled(exchange) or self._endpoint.max_retries == 0:
            return
        await self._ask_again(connection, exchange, messages, answer)

    async def close(self) -> None:
        """Close the client and its transport."""
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.close()

    def _connect(self) -> Connection:
        self._connection = Connection(self._endpoint, self._task.schema, largest=LARGEST_BODY)
        return self._connection

    def _finish(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """What instructor sends, with the schema in the provider's strict form where that is wanted."""
        if self._strict_schema is None:
            return arguments
        told = arguments["response_format"]
        strict = {"name": told["json_schema"]["name"], "strict": True, "schema": self._strict_schema}
        return arguments | {"response_format": {**told, "json_schema": strict}}

    async def _call(self, connection: Connection, exchange: Exchange, body: bytes) -> Mapping[str, Any]:
        """Make one call through the exchange, which records it; the decoded answer."""
        secret = connection.secret

        async def once() -> Called[Mapping[str, Any]]:
            started = time.perf_counter()
            try:
                response = await connection.post(body)
            except TooLongError as error:
                latency = time.perf_counter() - started
                return Called({}, oversized(error.head, error.size, latency=latency, secret=secret))
            except Exception as error:  # noqa: BLE001 - whatever the client raises becomes an attempt
                latency = time.perf_counter() - started
                raise failed_call(error, latency=latency, secret=secret, reached=self._reached) from None
            return self._read(response, time.perf_counter() - started, secret)

        return await exchange.call(once, size=len(body) // _CHARACTERS_IN_TOKEN)

    def _read(self, response: httpx2.Response, latency: float, secret: str) -> Called[Mapping[str, Any]]:
        """The record of an answer; raises for one that is no chat completion."""
        content, headers = response.content, response.headers
        if len(content) > LARGEST_BODY:
            return Called({}, oversized(content, len(content), latency=latency, secret=secret))
        try:
            answer = json.loads(content)
        except (ValueError, RecursionError):
            self._unread += 1
            reached = self._reached or self._unread < _WRONG_ADDRESS
            raise failed_body(content, headers, latency=latency, secret=secret, reached=reached) from None
        failed = failed_answer(answer, headers, latency=latency, secret=secret)
        if failed is not None:
            raise failed
        self._reached = True
        mode = self._endpoint.mode
        attempt = attempt_of(answer, latency=latency, mode=mode, tool=self._tool, secret=secret)
        return Called(answer, attempt, allowance_of(headers.items()))

    def _settled(self, exchange: Exchange) -> bool:
        """Judge the last attempt; whether it answers, or fails in a way that asking again does not mend."""
        attempt = exchange.attempts[-1]
        if attempt.failure in SETTLED:
            return True
        exchange.attempts[-1] = attempt = judged(attempt, self._task.schema, strict=self._endpoint.strict)
        return attempt.failure is None

    async def _ask_again(
        self,
        connection: Connection,
        exchange: Exchange,
        messages: Sequence[Mapping[str, str]],
        answer: Mapping[str, Any],
    ) -> None:
        """Let instructor read the answer, tell the model what is wrong with it, and so on."""
        first = [connection.completion(answer)]
        stopped: list[BaseException] = []

        async def call(**arguments: Any) -> object:
            if first:
                return first.pop()
            try:
                body = dumped(self._finish(arguments)).encode("utf-8", "backslashreplace")
                again = await self._call(connection, exchange, body)
            except BaseException as error:
                stopped.append(error)
                raise
            if self._settled(exchange):
                raise _Settled
            return connection.completion(again)

        try:
            extracted = await connection.ask(call, messages, max_retries=self._endpoint.max_retries)
        except _Settled:
            return
        except Exception:  # noqa: BLE001 - read on
            # instructor wraps whatever failed. The attempts say what did, unless the run itself was stopped.
            if stopped and not isinstance(stopped[0], CallFailedError):
                raise stopped[0] from None
            return
        # instructor found in the last answer what fits, where the reading here did not.
        last = exchange.attempts[-1]
        raw = extracted.model_dump_json(exclude_unset=True, by_alias=True)
        exchange.attempts[-1] = replace(last, raw=raw, failure=None)


class _Settled(BaseException):
    """The last attempt is recorded and judged: instructor is done. It would log and wrap any `Exception`."""


def _strict(schema: Mapping[str, Any], name: str) -> dict[str, Any]:
    strict = strict_schema(schema)
    if strict.problems:
        raise SchemaError(
            f"strict mode cannot express the schema: {'; '.join(strict.problems[:10])}",
            where=name,
            hint='change these fields, or set strict_schema = false or mode = "tools" for the system',
        )
    return strict.schema
