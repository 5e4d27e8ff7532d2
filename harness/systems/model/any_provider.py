"""A model of any other provider, asked through its own SDK and `instructor.from_provider`.

The function that makes a call is taken out of what instructor has made and put back behind a layer that
records: below instructor, which adds up usage and asks again, and above the SDK. So an attempt is what the SDK
returned, whatever becomes of it.
"""

from __future__ import annotations

import importlib.util
import json
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from harness.errors import ConfigError, HarnessError, SystemUnavailableError
from harness.records import Attempt, FailureKind, Fingerprint, Request
from harness.systems.answers.attempts import LONGEST_DETAIL, SETTLED, judged
from harness.systems.answers.failures import failed_call
from harness.systems.answers.other_answers import attempt_of_any
from harness.systems.answers.redaction import without_keys
from harness.systems.base import Called, CallFailedError, Exchange, Task
from harness.systems.model.connection import MODES, silence
from harness.systems.model.json_schema import json_schema
from harness.systems.model.messages import messages_for
from harness.systems.model.naming import fingerprint_of, identity_of

if TYPE_CHECKING:
    from pydantic import BaseModel

    from harness.systems.model.endpoint import Endpoint
    from harness.systems.model.providers import Provider

Call = Callable[..., Awaitable[Any]]
_CHARACTERS_IN_TOKEN = 4
_BOUND = ("gemini", "vertexai")
"""Providers whose client is made for one model, and is not told it again."""


class AnyProvider:
    """One model that extracts one schema. Nothing is imported or opened before the first question.

    Args:
        endpoint: How the model is asked; its address is the SDK's.
        task: What is asked.
        provider: Which SDK it takes.
        kind: The kind's name, for the identity.
        where: The place in a configuration, for errors.

    Raises:
        SchemaError: When no tool can be made of the schema.
    """

    def __init__(self, endpoint: Endpoint, task: Task, provider: Provider, *, kind: str, where: str) -> None:
        self._endpoint = endpoint
        self._task = task
        self._provider = provider
        self._kind = kind
        self._where = where
        self._fingerprint = fingerprint_of(endpoint, json_schema(task.schema), task.prompt)
        self._client: _Client | None = None

    @property
    def identity(self) -> Mapping[str, str]:
        """Kind, model, mode and every parameter of the call; no key."""
        return identity_of(self._endpoint, self._kind)

    def fingerprint(self, request: Request) -> Fingerprint | None:
        """What the answer depends on."""
        return self._fingerprint.about(request.document.sha256, request.trial)

    async def answer(self, request: Request, exchange: Exchange) -> None:
        """Ask for one document. Every call that was made is an attempt, oldest first.

        Raises:
            HarnessError: When the SDK is not installed, or there is no key.
        """
        client = self._client or self._connect()
        size = len(request.document.text) // _CHARACTERS_IN_TOKEN
        asking = _Asking(self._endpoint, self._task.schema, exchange, client, size)
        await asking.run(messages_for(request.document, self._task.prompt))

    async def close(self) -> None:
        """Close the client, where it can be closed."""
        client, self._client = self._client, None
        if client is not None:
            await client.close()

    def _connect(self) -> _Client:
        provider, where = self._provider, self._where
        if not _installed(provider.sdk):
            raise SystemUnavailableError(
                f"{self._endpoint.called} needs the package {provider.package}, which is not installed",
                where=where,
                hint=f"pip install {provider.package}",
            )
        key = self._endpoint.api_key
        secret = key if isinstance(key, str) else key()
        try:
            self._client = _Client(self._endpoint, self._task.schema, secret if provider.key else "")
        except HarnessError:
            raise
        except Exception as error:  # noqa: BLE001 - every SDK has its own way to miss something
            words = without_keys(f"{type(error).__name__}: {error}", secret, at_most=LONGEST_DETAIL)
            raise ConfigError(
                f"{self._endpoint.called} cannot be asked: {words}",
                where=where,
                hint="see what its client needs: a key, a region, a project",
            ) from None
        return self._client


class _Client:
    """What `instructor.from_provider` makes, taken apart."""

    def __init__(self, endpoint: Endpoint, schema: type[BaseModel], secret: str) -> None:
        import instructor

        silence()
        mode = instructor.Mode[MODES[endpoint.mode]]
        given: dict[str, Any] = {"api_key": secret} if secret else {}
        made: Any = instructor.from_provider(endpoint.called, async_client=True, mode=mode, **given)
        self.secret = secret
        self.create: Call = made.create_fn.__wrapped__
        self.schema = instructor.response_schema(schema)
        provider = endpoint.called.partition("/")[0]
        model = {} if provider in _BOUND else {"model": endpoint.model}
        self.arguments: dict[str, Any] = {**model, **made.kwargs, **endpoint.parameters}
        self._made = made
        self._patch = instructor.patch
        if isinstance(getattr(made.client, "max_retries", None), int):
            # One call is one attempt; asking again is for the engine, which knows the provider's limits.
            made.client.max_retries = 0

    def asking(self, call: Call) -> Call:
        """The asking function of instructor, with `call` in the place of the SDK's."""
        made = self._made
        return cast("Call", self._patch(create=call, mode=made.mode, provider=made.provider))

    async def close(self) -> None:
        """Close the SDK's client; not every one can be closed."""
        close = getattr(self._made.client, "close", None) or getattr(self._made.client, "aclose", None)
        result = close() if callable(close) else None
        if isinstance(result, Awaitable):
            await result


class _Asking:
    """One document's conversation."""

    def __init__(
        self, endpoint: Endpoint, schema: type[BaseModel], exchange: Exchange, client: _Client, size: int
    ) -> None:
        self._endpoint = endpoint
        self._schema = schema
        self._exchange = exchange
        self._client = client
        self._size = size
        self._before = len(exchange.attempts)
        self._stopped: BaseException | None = None

    async def run(self, messages: list[dict[str, str]]) -> None:
        """Ask, and ask again while the answer does not fit."""
        attempts = self._exchange.attempts
        try:
            extracted = await self._client.asking(self._call)(
                response_model=self._client.schema,
                messages=messages,
                max_retries=self._endpoint.max_retries,
                strict=self._endpoint.strict or None,
                **self._client.arguments,
            )
        except _Settled:
            return
        except Exception as error:  # noqa: BLE001 - read on
            # instructor wraps whatever failed. The attempts say what did, unless the run itself was stopped.
            if self._stopped is not None and not isinstance(self._stopped, CallFailedError):
                raise self._stopped from None
            self._unanswered(error)
            return
        finally:
            self._judge()
        last = attempts[-1]
        if last.raw is None or last.failure is not None or not _is_json(last.raw):
            raw = extracted.model_dump_json(exclude_unset=True, by_alias=True)
            attempts[-1] = replace(last, raw=raw, failure=None, detail="")

    async def _call(self, *args: Any, **kwargs: Any) -> Any:
        secret = self._client.secret
        self._judge()

        async def once() -> Called[Any]:
            started = time.perf_counter()
            try:
                answer = await self._client.create(*args, **kwargs)
            except Exception as error:  # noqa: BLE001 - whatever the SDK raises becomes an attempt
                latency = time.perf_counter() - started
                raise failed_call(error, latency=latency, secret=secret) from None
            latency = time.perf_counter() - started
            return Called(answer, attempt_of_any(answer, latency=latency, secret=secret))

        try:
            answer = await self._exchange.call(once, size=self._size)
        except BaseException as error:
            self._stopped = error
            raise
        if self._exchange.attempts[-1].failure in SETTLED:
            raise _Settled
        return answer

    def _judge(self) -> None:
        """Say of the last attempt why it does not answer; instructor has asked again, or given up."""
        attempts = self._exchange.attempts
        if len(attempts) > self._before:
            attempts[-1] = judged(attempts[-1], self._schema, strict=self._endpoint.strict)

    def _unanswered(self, error: Exception) -> None:
        """Make sure that the record says that there is no answer."""
        self._judge()
        attempts = self._exchange.attempts
        cause = error.__cause__ or error
        words = without_keys(f"{type(cause).__name__}: {cause}", self._client.secret, at_most=LONGEST_DETAIL)
        if len(attempts) == self._before:
            attempts.append(Attempt(None, 0.0, failure=FailureKind.ERROR, detail=words))
        elif attempts[-1].failure is None:
            attempts[-1] = replace(attempts[-1], failure=FailureKind.INVALID, detail=words)


class _Settled(BaseException):
    """The last attempt says all there is to say: instructor is done. It would log and wrap any `Exception`."""


def _installed(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except (ImportError, ValueError):
        return False


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True
