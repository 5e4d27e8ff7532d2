"""The kind `model`: what it may be told, what it is called, and what its answers depend on."""

import asyncio
import subprocess
import sys
from dataclasses import astuple, replace
from typing import Any

import pytest
from pydantic import BaseModel

from harness.errors import ConfigError
from harness.records import Document, Fingerprint, Prompt, Request
from harness.systems import SystemSpec, Task, build
from harness.systems.base import Exchange
from harness.systems.model.providers import PROVIDERS, on_this_machine
from tests.unit.systems.model.chat_server import PROMPT, REQUEST, Thing


class Other(BaseModel):
    """Another thing."""

    name: str


def made(schema: type[BaseModel] = Thing, prompt: Prompt | None = PROMPT, **parameters: Any) -> Any:
    return build(SystemSpec("mine", "model", {"model": "openai/m"} | parameters), Task(schema, prompt))


def fingerprint(request: Request = REQUEST, **parts: Any) -> Fingerprint:
    found: Fingerprint = made(**parts).fingerprint(request)
    return found


def test_the_identity_has_every_parameter() -> None:
    assert made().identity == {
        "kind": "model",
        "model": "openai/m",
        "mode": "tools",
        "strict": "no",
        "max_retries": "1",
    }
    assert made(
        mode="json_schema",
        strict=True,
        max_retries=3,
        base_url="http://host:8000/v1/",
        parameters={"top_p": 1, "temperature": 0.5},
    ).identity == {
        "kind": "model",
        "model": "openai/m",
        "mode": "json_schema",
        "strict": "yes",
        "max_retries": "3",
        "strict_schema": "yes",
        "parameters": '{"temperature":0.5,"top_p":1}',
        "base_url": "http://host:8000/v1",
    }


CHANGES: dict[str, dict[str, Any]] = {
    "nothing": {},
    "model": {"model": "openai/n"},
    "provider": {"model": "openrouter/m"},
    "sdk": {"model": "anthropic/m"},
    "address": {"base_url": "http://localhost:1/v1"},
    "mode": {"mode": "json"},
    "strict": {"strict": True},
    "retries": {"max_retries": 2},
    "parameter": {"parameters": {"temperature": 0}},
    "another parameter": {"parameters": {"temperature": 1}},
    "schema mode": {"mode": "json_schema"},
    "loose schema mode": {"mode": "json_schema", "strict_schema": False},
    "schema": {"schema": Other},
    "prompt": {"prompt": replace(PROMPT, sha256="ef" * 32)},
    "no prompt": {"prompt": None},
    "document": {"request": Request(Document("d", "text", "00"), 2)},
    "trial": {"request": replace(REQUEST, trial=3)},
}


def test_fingerprints_are_equal_only_when_every_part_is() -> None:
    keys = {name: fingerprint(**change).key for name, change in CHANGES.items()}
    assert len(set(keys.values())) == len(CHANGES)
    assert keys == {name: fingerprint(**change).key for name, change in CHANGES.items()}


def test_what_shapes_no_answer_is_not_in_the_fingerprint(monkeypatch: pytest.MonkeyPatch) -> None:
    first = fingerprint(parameters={"a": 1, "b": 2})
    monkeypatch.setenv("OPENAI_API_KEY", "sk-another0123456")
    renamed = replace(PROMPT, version="v9")
    moved = Request(Document("elsewhere", "text", REQUEST.document.sha256), REQUEST.trial)
    assert fingerprint(moved, prompt=renamed, api_key_env="MINE", parameters={"b": 2, "a": 1}) == first
    assert fingerprint(strict_schema=False) == fingerprint()


def test_no_key_is_in_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-verysecret0123")
    system = made()
    assert "secret" not in str((system.identity, astuple(system.fingerprint(REQUEST))))


def test_building_and_naming_import_no_client() -> None:
    code = (
        "import sys\nfrom pydantic import BaseModel\n"
        "from harness.records import Document, Request\nfrom harness.systems import SystemSpec, Task, build\n"
        "class Thing(BaseModel):\n    name: str\n"
        "for model in ('openai/m', 'anthropic/m'):\n"
        "    for mode in ('tools', 'json_schema'):\n"
        "        system = build(SystemSpec('m', 'model', {'model': model, 'mode': mode}), Task(Thing))\n"
        "        assert system.fingerprint(Request(Document('d', 't', 'x'))).key and system.identity\n"
        "heavy = 'openai', 'instructor', 'httpx2', 'aiohttp', 'anthropic', 'jinja2'\n"
        "print([name for name in heavy if name in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("parameters", "seen", "hint"),
    [
        ({"model": "gpt-5"}, "model is 'gpt-5'", "provider/name"),
        ({"model": "openai/"}, "model is 'openai/'", "provider/name"),
        ({"model": "/m"}, "model is '/m'", "provider/name"),
        ({"model": "opnai/m"}, "no provider 'opnai'", "Did you mean openai"),
        ({"model": "zzz/m"}, "no provider 'zzz'", "with base_url"),
        ({"model": "perplexity/m"}, "cannot be asked in the mode tools", "it has: markdown_json"),
        ({"base_url": "localhost:8000/v1"}, "base_url is 'localhost:8000/v1'", "http://"),
        ({"base_url": "ftp://host/v1"}, "base_url is", "http://"),
        ({"base_url": "https://me:pw@host/v1"}, "holds a user or a password", "api_key_env"),
        ({"base_url": "https://host/v1?api_key=sk-1"}, "holds more than an address", "api_key_env"),
        ({"model": "anthropic/m", "base_url": "http://host/v1"}, "takes no base_url", "openai/NAME"),
        ({"parameters": {"stream": True}}, "parameters.stream is set by the harness", "leave it out"),
        ({"parameters": {"extra_headers": {}}}, "parameters.extra_headers is set", "leave it out"),
        ({"parameters": {"temperature": float("nan")}}, "cannot be sent as JSON", "strings"),
    ],
)
def test_what_cannot_be_asked_is_refused_when_it_is_built(
    parameters: dict[str, Any], seen: str, hint: str
) -> None:
    with pytest.raises(ConfigError) as refused:
        made(**parameters)
    assert seen in refused.value.seen
    assert hint in refused.value.hint
    assert "pw" not in str(refused.value).replace("://", "")


def test_a_date_among_the_parameters_is_refused() -> None:
    import datetime as dt

    with pytest.raises(ConfigError, match="cannot be sent as JSON"):
        made(parameters={"since": dt.date(2024, 1, 1)})


@pytest.mark.parametrize(
    ("parameters", "variable"),
    [
        ({}, "OPENAI_API_KEY"),
        ({"api_key_env": "MY_KEY"}, "MY_KEY"),
        ({"api_key_env": "MY_KEY", "base_url": "http://127.0.0.1:1/v1"}, "MY_KEY"),
        ({"base_url": "https://model.invalid/v1"}, "OPENAI_API_KEY"),
        ({"model": "openrouter/a/b"}, "OPENROUTER_API_KEY"),
    ],
)
def test_a_missing_key_is_named_before_anything_is_asked(
    parameters: dict[str, Any], variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(variable, raising=False)
    exchange = Exchange()
    with pytest.raises(ConfigError) as refused:
        asyncio.run(made(**parameters).answer(REQUEST, exchange))
    assert refused.value.seen == f"no key: {variable} is not set"
    assert exchange.attempts == []


def test_a_key_of_odd_characters_is_refused_without_showing_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-sécret")
    with pytest.raises(ConfigError) as refused:
        asyncio.run(made().answer(REQUEST, Exchange()))
    assert "cret" not in str(refused.value)


@pytest.mark.parametrize(
    ("address", "here"),
    [
        ("http://localhost:11434/v1", True),
        ("http://127.0.0.1/v1", True),
        ("http://127.1.2.3:80", True),
        ("http://[::1]:8000/v1", True),
        ("http://ollama.localhost/v1", True),
        ("http://localhost.example.com/v1", False),
        ("http://0.0.0.0/v1", False),
        ("https://api.openai.com/v1", False),
        ("", False),
    ],
)
def test_which_addresses_are_on_this_machine(address: str, here: bool) -> None:
    assert on_this_machine(address) is here


def test_the_providers_are_those_of_instructor() -> None:
    from instructor.v2.auto_client import supported_providers

    assert set(PROVIDERS) == set(supported_providers)


def test_the_addresses_and_keys_are_those_of_instructor(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wherever instructor speaks to a provider through the same client."""
    import instructor

    for name, provider in PROVIDERS.items():
        if provider.address and name in ("together", "ollama", "deepseek", "openrouter"):
            if provider.key:
                monkeypatch.setenv(provider.key, "sk-something")
            client: Any = instructor.from_provider(f"{name}/m").client
            assert str(client.base_url).rstrip("/") == provider.address
            client.close()
