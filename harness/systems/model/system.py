"""The kind `model`: any model that instructor reaches."""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

from harness.errors import ConfigError
from harness.systems.model.endpoint import Endpoint, canonical
from harness.systems.model.providers import PROVIDERS, Provider, on_this_machine
from harness.systems.parameters import nearest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from harness.records import Json
    from harness.systems.base import System, SystemSpec, Task

_OURS = frozenset(
    {"model", "messages", "tools", "tool_choice", "functions", "function_call", "response_format", "stream"}
    | {"stream_options", "n", "response_model", "max_retries", "strict", "context", "validation_context"}
    | {"hooks", "token_budget", "cache", "cache_ttl", "cache_namespace", "timeout", "api_key", "base_url"}
    | {"extra_headers", "extra_query", "autodetect_images", "contents", "chat_history"}
)
_NO_KEY = "no-key-needed"
"""What a server on this machine is sent; clients refuse to send nothing."""


def build(spec: SystemSpec, task: Task) -> System:
    """The factory of the kind `model`. No client is imported and no key looked for before the first question.

    Raises:
        ConfigError: For an unknown provider, a mode it does not have, an address that is none, or a parameter
            that the harness sets itself.
        SchemaError: When the schema cannot be told in this way.
    """
    where = spec.where or f"system {spec.name!r}"
    name, address = str(spec.parameters["model"]), str(spec.parameters["base_url"])
    provider_name, slash, model = name.partition("/")
    if not slash or not model or not provider_name:
        hint = "write provider/name, such as openai/gpt-5-mini"
        raise ConfigError(f"the parameter model is {name!r}", where=where, hint=hint)
    provider = PROVIDERS.get(provider_name)
    if provider is None:
        hint = f"{nearest(provider_name, PROVIDERS)} Any server like OpenAI's: openai/NAME with base_url."
        raise ConfigError(f"there is no provider {provider_name!r}", where=where, hint=hint)
    mode = str(spec.parameters["mode"])
    if mode not in provider.modes:
        hint = f"it has: {', '.join(provider.modes)}"
        raise ConfigError(f"{provider_name} cannot be asked in the mode {mode}", where=where, hint=hint)
    _check_address(provider_name, provider, address, where)
    endpoint = Endpoint(
        model=model,
        base_url=address.rstrip("/") or provider.address,
        api_key=partial(
            _key, str(spec.parameters["api_key_env"]), provider.key, address or provider.address, where
        ),
        name=name,
        usual=not address,
        mode=mode,
        strict=bool(spec.parameters["strict"]),
        strict_schema=bool(spec.parameters["strict_schema"]),
        max_retries=cast("int", spec.parameters["max_retries"]),
        parameters=checked_call_parameters(cast("Mapping[str, Json]", spec.parameters["parameters"]), where),
    )
    if endpoint.base_url:
        from harness.systems.model.openai_chat import OpenAIChat

        return OpenAIChat(endpoint, task, kind=spec.kind)
    from harness.systems.model.any_provider import AnyProvider

    return AnyProvider(endpoint, task, provider, kind=spec.kind, where=where)


def _check_address(name: str, provider: Provider, address: str, where: str) -> None:
    if not address:
        return
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        hint = "write it with http:// or https://, up to and with the version: http://localhost:11434/v1"
        raise ConfigError(f"the parameter base_url is {address!r}", where=where, hint=hint)
    if parts.username or parts.password:
        hint = "put the key into an environment variable and name that with api_key_env"
        raise ConfigError("the parameter base_url holds a user or a password", where=where, hint=hint)
    if parts.query or parts.fragment:
        hint = "leave out what stands behind ? or #; a key goes into an environment variable, see api_key_env"
        raise ConfigError("the parameter base_url holds more than an address", where=where, hint=hint)
    if not provider.address:
        hint = "a server that speaks OpenAI's protocol is openai/NAME with base_url"
        raise ConfigError(
            f"{name} is asked through its own client, which takes no base_url", where=where, hint=hint
        )


def checked_call_parameters(parameters: Mapping[str, Json], where: str) -> Mapping[str, Json]:
    """What the user wants to be sent with every call.

    Raises:
        ConfigError: When a parameter is the harness's own to set, or cannot be sent as JSON.
    """
    for name in parameters:
        if name in _OURS:
            hint = "leave it out; see the parameters of the kind model"
            raise ConfigError(f"parameters.{name} is set by the harness itself", where=where, hint=hint)
    try:
        canonical(parameters)
    except (TypeError, ValueError) as error:
        hint = "write dates and times as strings"
        raise ConfigError(f"parameters cannot be sent as JSON: {error}", where=where, hint=hint) from None
    return parameters


def _key(named: str, usual: str, address: str, where: str) -> str:
    """The key, read when it is needed.

    Args:
        named: The variable that the user names; empty when none is.
        usual: The provider's; empty when it needs no key.
        address: The server.
        where: The place, as errors name it.

    Raises:
        ConfigError: When the variable is not set, unless the server is on this machine and none was named.
    """
    variable = named or usual
    key = os.environ.get(variable, "").strip() if variable else ""
    if key:
        if not key.isascii() or not key.isprintable():
            raise ConfigError(
                f"the key in {variable} holds characters that no key has", where=where, hint="set it again"
            )
        return key
    if not variable or (not named and address and on_this_machine(address)):
        return _NO_KEY
    raise ConfigError(
        f"no key: {variable} is not set",
        where=where,
        hint=f"export {variable}=…, or name another variable with api_key_env",
    )
