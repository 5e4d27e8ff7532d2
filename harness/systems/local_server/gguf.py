"""The kind `gguf`: a model in a GGUF file, served on this machine for as long as a run asks it.

No server is started before the first question, so that a run that is answered from the cache needs none, and
the file's digest stands for the model in the cache, so that no port does.
"""

from __future__ import annotations

import asyncio
import hashlib
import importlib.util
import secrets
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import cast

from harness.errors import ConfigError
from harness.records import Attempt, FailureKind, Fingerprint, Json, Request
from harness.systems.base import Called, CallFailedError, Exchange, Remedy, SystemSpec, T, Task
from harness.systems.local_server.process import LocalServer
from harness.systems.local_server.weights import INSTALL, weights_of_file, weights_of_package
from harness.systems.model.endpoint import Endpoint
from harness.systems.model.openai_chat import OpenAIChat
from harness.systems.model.system import checked_call_parameters

USUAL: Mapping[str, Json] = {"temperature": 0, "max_tokens": 2048}
"""What is sent with every call unless the configuration says otherwise. A small model that repeats itself
goes on until it is stopped."""

_DYING = 2.0
"""Seconds for which a call that broke off waits to see whether the server is gone."""


def server_command() -> Sequence[str]:
    """The command that serves a GGUF file.

    Raises:
        ConfigError: When the extra that it needs is not installed.
    """
    if importlib.util.find_spec("xllamacpp") is None:
        raise ConfigError(
            "llama.cpp's server is not installed", where="the kind gguf", hint=f"install it: {INSTALL}"
        )
    # -P keeps the files beside the program from being taken for libraries of the same name.
    return (sys.executable, "-P", str(Path(__file__).with_name("serve.py")))


class Gguf:
    """One GGUF file that extracts one schema.

    Args:
        endpoint: How the model is asked; where, is known when its server runs.
        task: What it is asked to do.
        spec: The system, with every parameter of the kind.
        file: The GGUF file.
    """

    def __init__(self, endpoint: Endpoint, task: Task, spec: SystemSpec, file: Path) -> None:
        self._endpoint = endpoint
        self._task = task
        self._spec = spec
        self._file = file
        self._described = OpenAIChat(endpoint, task, kind=spec.kind)
        self._free = asyncio.Semaphore(cast("int", spec.parameters["slots"]))
        self._starting: asyncio.Task[tuple[OpenAIChat, LocalServer]] | None = None

    @property
    def identity(self) -> Mapping[str, str]:
        """Kind, digest of the file, mode and every parameter of the call; not where the file is."""
        return self._described.identity

    def fingerprint(self, request: Request) -> Fingerprint | None:
        """What the answer depends on, with the digest of the file for the model."""
        return self._described.fingerprint(request)

    async def answer(self, request: Request, exchange: Exchange) -> None:
        """Ask for one document, once the server has a slot for it. The first question starts the server.

        Raises:
            ConfigError: When the extra is not installed.
            SystemUnavailableError: When the server does not start; it is tried once.
        """
        async with self._free:
            chat, server = await self._served()
            await chat.answer(request, _Watched(exchange, server))

    async def close(self) -> None:
        """End the server, also while it starts."""
        starting, self._starting = self._starting, None
        if starting is None:
            return
        starting.cancel()
        (served,) = await asyncio.gather(starting, return_exceptions=True)
        if isinstance(served, tuple):
            chat, server = served
            await chat.close()
            await server.stop()

    async def _served(self) -> tuple[OpenAIChat, LocalServer]:
        """The model behind its server. Many may wait for one start; one cut off ends no other's wait."""
        if self._starting is None:
            self._starting = asyncio.create_task(self._start())
        return await asyncio.shield(self._starting)

    async def _start(self) -> tuple[OpenAIChat, LocalServer]:
        parameters, key = self._spec.parameters, secrets.token_urlsafe(24)
        settings: dict[str, Json] = {
            name: parameters[name] for name in ("context", "slots", "threads", "chat_template")
        }
        settings |= {"file": str(self._file), "api_key": key}
        patience = cast("float", parameters["start_timeout"])
        server = LocalServer(self._spec.name, server_command(), settings, patience)
        try:
            address = await server.start()
        except BaseException:
            await server.stop()
            raise
        endpoint = replace(self._endpoint, base_url=f"{address}/v1", api_key=key)
        return OpenAIChat(endpoint, self._task, kind=self._spec.kind), server


class _Watched(Exchange):
    """An exchange that knows when the server is gone, which calling again does not mend."""

    def __init__(self, exchange: Exchange, server: LocalServer) -> None:
        super().__init__()
        self.attempts = exchange.attempts
        self._exchange = exchange
        self._server = server

    async def call(self, once: Callable[[], Awaitable[Called[T]]], size: int = 0) -> T:
        async def watched() -> Called[T]:
            if self._server.ended:
                raise self._gone(Attempt(None, 0.0, failure=FailureKind.ERROR))
            try:
                return await once()
            except CallFailedError as failed:
                # A server that dies drops its connections first.
                if failed.remedy is Remedy.AGAIN and await self._server.ends(within=_DYING):
                    raise self._gone(failed.attempt) from failed
                raise

        return await self._exchange.call(watched, size)

    def _gone(self, attempt: Attempt) -> CallFailedError:
        said = self._server.last_words
        words = f"{self._server.ended}; its last words: {said}" if said else self._server.ended
        return CallFailedError(replace(attempt, detail=words), Remedy.STOP)


def build(spec: SystemSpec, task: Task) -> Gguf:
    """The factory of the kind `gguf`. It reads the file once, for its digest, and starts nothing.

    Raises:
        ConfigError: When no GGUF file is named or found.
        SchemaError: When the schema cannot be told in the mode that is asked for.
    """
    told = spec.parameters
    where = spec.where or f"system {spec.name!r}"
    file, package, template = str(told["file"]), str(told["package"]), str(told["chat_template"])
    if bool(file) == bool(package):
        raise ConfigError(
            "it needs one of file and package" if not file else "it has both file and package",
            where=where,
            hint="file is a path to a GGUF file, package a Python package that carries one",
        )
    weights = (
        weights_of_package(package, where) if package else weights_of_file(spec.root / _at_home(file), where)
    )
    name = f"gguf/{weights.sha256}"
    if template:
        name += f" with template {hashlib.sha256(template.encode()).hexdigest()}"
    given = checked_call_parameters(cast("Mapping[str, Json]", told["parameters"]), where)
    endpoint = Endpoint(
        model="gguf",
        base_url="",
        api_key="",
        name=name,
        usual=True,
        mode=str(told["mode"]),
        strict=bool(told["strict"]),
        strict_schema=bool(told["strict_schema"]),
        max_retries=cast("int", told["max_retries"]),
        parameters={**USUAL, **given},
    )
    return Gguf(endpoint, task, spec, weights.path)


def _at_home(file: str) -> Path:
    """The path, with a leading `~` for a home folder; unchanged for a user whom nobody knows."""
    try:
        return Path(file).expanduser()
    except RuntimeError:
        return Path(file)
