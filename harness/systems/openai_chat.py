"""A model behind an OpenAI-compatible server, asked through the `openai` client and instructor's tools mode.

Every call is recorded in a layer between the two: below instructor, which adds up usage and re-asks, and
above the client. instructor's hooks take no part, because their errors become warnings.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from harness.errors import SchemaError
from harness.records import Attempt, FailureKind, Json, Request, Response
from harness.systems.attempts import attempt_of, failed_call, judged
from harness.systems.base import Task
from harness.systems.messages import messages_for

if TYPE_CHECKING:
    import httpx2
    from openai import AsyncOpenAI

_FINAL = (FailureKind.REFUSED, FailureKind.OVERSIZED, FailureKind.ERROR, FailureKind.UNPARSABLE)
"""Failures of the envelope after which asking again is no use, or cannot be put into UTF-8."""


_SILENT = logging.NullHandler()


class _SettledError(Exception):
    """Ends instructor's loop over an answer that is recorded and not worth parsing."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a model is and how it is asked.

    Attributes:
        model: The model's name for the server.
        base_url: The server's address, up to and with its version.
        api_key: Sent to the server, and taken out of every recorded error.
        transport: What carries the requests; `None` for the network.
        timeout: Seconds for one call.
        max_retries: How often an answer that does not fit the schema is asked for again.
        strict: Pydantic's strict mode for answers, which instructor uses by default.
        sampling: Further parameters of the call, such as the temperature.
    """

    model: str
    base_url: str
    api_key: str = field(repr=False)
    transport: httpx2.AsyncBaseTransport | None = None
    timeout: float = 600.0
    max_retries: int = 1
    strict: bool = True
    sampling: Mapping[str, Json] = field(default_factory=dict)


class OpenAIChat:
    """One model that extracts one schema.

    Raises:
        SchemaError: When instructor cannot make a tool of the schema.
    """

    def __init__(self, endpoint: Endpoint, task: Task, *, kind: str) -> None:
        import instructor

        # Without a handler, Python prints instructor's error lines, which quote the answer, to the terminal.
        logging.getLogger("instructor").addHandler(_SILENT)
        self._endpoint = endpoint
        self._task = task
        self._kind = kind
        # instructor wraps a model anew on every call unless it is wrapped already; wrapped once, its tool
        # schema is built once too.
        self._response_model = instructor.response_schema(task.schema)
        try:
            instructor.generate_openai_schema(self._response_model)
        except (TypeError, KeyError, ValueError, RuntimeError) as error:
            hint = f"{type(error).__name__}: {error}"
            raise SchemaError(
                "no tool can be made of the schema", where=task.schema.__name__, hint=hint
            ) from error
        self._client = _client(endpoint)
        self._attempts: ContextVar[list[Attempt]] = ContextVar("attempts")
        recorded = self._recorded(self._client.chat.completions.create)
        patched = instructor.patch(create=recorded, mode=instructor.Mode.TOOLS)
        self._ask = cast("Callable[..., Awaitable[Any]]", patched)

    @property
    def identity(self) -> Mapping[str, str]:
        """Kind, model, mode and every parameter of the call; no key, no address."""
        endpoint = self._endpoint
        sampling = {name: str(value) for name, value in sorted(endpoint.sampling.items())}
        return {
            "kind": self._kind,
            "model": endpoint.model,
            "mode": "tools",
            "strict": "yes" if endpoint.strict else "no",
            "max_retries": str(endpoint.max_retries),
            **sampling,
        }

    async def answer(self, request: Request) -> Response:
        """Ask for one document. Every call that was made is an attempt, oldest first."""
        attempts: list[Attempt] = []
        token = self._attempts.set(attempts)
        started = time.perf_counter()
        extracted = False
        try:
            await self._ask(
                response_model=self._response_model,
                messages=messages_for(request.document.text, self._task.prompt),
                max_retries=self._endpoint.max_retries,
                strict=self._endpoint.strict,
                model=self._endpoint.model,
                **self._endpoint.sampling,
            )
            extracted = True
        except Exception as error:  # noqa: BLE001 - instructor wraps whatever failed; the attempts say what did
            if not attempts:
                latency = time.perf_counter() - started
                attempts.append(failed_call(error, latency=latency, secret=self._endpoint.api_key))
        finally:
            self._attempts.reset(token)
        last = attempts.pop() if extracted else None
        settled = [judged(attempt, self._task.schema, strict=self._endpoint.strict) for attempt in attempts]
        if last is not None:
            settled.append(last)
        return Response(request.document.id, request.trial, tuple(settled))

    async def close(self) -> None:
        """Close the client and its transport."""
        await self._client.close()

    def _recorded(self, create: Callable[..., Awaitable[object]]) -> Callable[..., Awaitable[object]]:
        """The client's call, writing an `Attempt` before it hands the answer on."""

        async def call(*args: object, **kwargs: object) -> object:
            attempts = self._attempts.get()
            started = time.perf_counter()
            try:
                completion = await create(*args, **kwargs)
            except Exception as error:
                latency = time.perf_counter() - started
                attempts.append(failed_call(error, latency=latency, secret=self._endpoint.api_key))
                raise
            attempt = attempt_of(completion, latency=time.perf_counter() - started)
            attempts.append(attempt)
            if attempt.failure in _FINAL:
                raise _SettledError(attempt.failure)
            return completion

        return call


def _client(endpoint: Endpoint) -> AsyncOpenAI:
    """The client, with no retries of its own: one call is one attempt."""
    import httpx2
    import openai

    http_client = None
    if endpoint.transport is not None:
        http_client = httpx2.AsyncClient(
            transport=endpoint.transport, trust_env=False, timeout=endpoint.timeout
        )
    return openai.AsyncOpenAI(
        api_key=endpoint.api_key,
        base_url=endpoint.base_url,
        timeout=endpoint.timeout,
        max_retries=0,
        http_client=http_client,
    )
