"""The `openai` client and instructor around one endpoint, made when the first question is asked."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from harness.systems.model.endpoint import Endpoint
from harness.systems.model.ready_request import Finish, ReadyRequest, ready_request

if TYPE_CHECKING:
    import httpx2
    from pydantic import BaseModel

Call = Callable[..., Awaitable[object]]

MODES: Mapping[str, str] = {
    "tools": "TOOLS",
    "json_schema": "JSON_SCHEMA",
    "json": "JSON",
    "markdown_json": "MD_JSON",
}
"""Our modes as instructor names them."""

_SILENT = logging.NullHandler()


class TooLongError(Exception):
    """An answer that was not read to its end.

    Args:
        head: Its beginning.
        size: Its length in bytes; `None` when the server does not say.
    """

    def __init__(self, head: bytes, size: int | None) -> None:
        super().__init__("the answer is too long")
        self.head = head
        self.size = size


class Connection:
    """One client.

    Args:
        endpoint: Where the model is.
        schema: What is extracted.
        largest: How many bytes of an answer are read.

    Raises:
        HarnessError: When the key cannot be found.

    Attributes:
        secret: The key.
    """

    def __init__(self, endpoint: Endpoint, schema: type[BaseModel], *, largest: int) -> None:
        self.secret = endpoint.api_key if isinstance(endpoint.api_key, str) else endpoint.api_key()
        import httpx2
        import instructor
        import openai
        from openai.types.chat import ChatCompletion

        silence()
        self._endpoint = endpoint
        self._mode = instructor.Mode[MODES[endpoint.mode]]
        self._patch = instructor.patch
        # instructor wraps a model anew on every call unless it is wrapped already.
        self._schema = instructor.response_schema(schema)
        self._raw: type[httpx2.Response] = httpx2.Response
        self._completion = ChatCompletion
        transport = endpoint.transport
        if transport is None:
            from harness.systems.model.aiohttp_transport import AiohttpTransport

            transport = AiohttpTransport(endpoint.base_url, largest=largest)
        self._client = openai.AsyncOpenAI(
            api_key=self.secret,
            base_url=endpoint.base_url,
            timeout=None,
            max_retries=0,
            http_client=httpx2.AsyncClient(
                transport=transport, trust_env=False, timeout=None, follow_redirects=True
            ),
        )

    async def post(self, body: bytes) -> httpx2.Response:
        """Make one call: no retry, no time-out.

        Raises:
            TooLongError: When the answer is longer than is read.
            Exception: Whatever the client raises.
        """
        try:
            return await self._client.post("/chat/completions", content=body, cast_to=self._raw)
        except Exception as error:
            # The client takes whatever a transport raises for a lost connection.
            if isinstance(error.__cause__, TooLongError):
                raise error.__cause__ from None
            raise

    def completion(self, answer: Mapping[str, Any]) -> object:
        """An answer as the client's own type, for instructor."""
        return self._completion.construct(**answer)

    async def ask(self, call: Call, messages: Sequence[Mapping[str, str]], *, max_retries: int) -> Any:
        """Let instructor ask, with `call` in the place of the client.

        Raises:
            Exception: When no answer fits, or a call fails.
        """
        return await self._patched(call)(
            response_model=self._schema,
            messages=list(messages),
            max_retries=max_retries,
            strict=self._endpoint.strict or None,
            **self._arguments,
        )

    async def ready_request(self, roles: Sequence[str], finish: Finish) -> ReadyRequest:
        """What instructor sends for messages of these roles.

        Raises:
            SchemaError: When it can make no request of the schema.
        """
        return await ready_request(self._patched, self._schema, roles, self._arguments, finish)

    async def close(self) -> None:
        """Close the client and its transport."""
        await self._client.close()

    @property
    def _arguments(self) -> dict[str, Any]:
        return {"model": self._endpoint.model, **self._endpoint.parameters}

    def _patched(self, call: Call) -> Call:
        return cast("Call", self._patch(create=call, mode=self._mode))


def silence() -> None:
    """Keep instructor's log, which quotes answers, from the terminal; whoever sets up logging still gets it."""
    logging.getLogger("instructor").addHandler(_SILENT)
