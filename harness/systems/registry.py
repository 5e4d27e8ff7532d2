"""The kinds of systems: name → "module:function", imported when the first system of the kind is built."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from importlib import import_module
from typing import cast

from harness.errors import ConfigError
from harness.systems.base import System, SystemSpec, Task
from harness.systems.model.providers import MODES
from harness.systems.parameters import Parameter, checked, nearest

Factory = Callable[[SystemSpec, Task], System]
"""Makes a system. The specification that it gets holds every parameter of the kind, checked."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of system.

    Attributes:
        target: "module:function" of its `Factory`.
        summary: One line for a person.
        parameters: What it may be told.
        prompted: Whether a prompt changes its answers. A grid of prompts asks the others once.
    """

    target: str
    summary: str
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    prompted: bool = False

    def factory(self) -> Factory:
        """Import the target."""
        module, _, function = self.target.partition(":")
        return cast("Factory", getattr(import_module(module), function))


def _share(meaning: str) -> Parameter:
    return Parameter(0.0, meaning, at_least=0, at_most=1)


_ANSWERING: Mapping[str, Parameter] = {
    "strict": Parameter(False, "Whether an answer must have exactly the schema's JSON types."),
    "strict_schema": Parameter(True, "In the mode json_schema, whether the provider enforces it."),
    "max_retries": Parameter(
        1, "How often an answer that does not fit is asked for again.", at_least=0, at_most=20
    ),
    "parameters": Parameter({}, "A table of what is sent with every call, such as temperature."),
}

KINDS: Mapping[str, Kind] = {
    "null": Kind("harness.systems.null:build", "extracts nothing: the floor of every score"),
    "rules": Kind(
        "harness.systems.rules.system:build",
        "a local stub without a model: finds values by the schema's types, names and descriptions",
    ),
    "noisy-gold": Kind(
        "harness.systems.noisy_gold:build",
        "gold with seeded errors: a test instrument, not a system",
        {
            "seed": Parameter(0, "The seed of the errors."),
            "drop": _share("The share of facts, and of values outside facts, that is left out."),
            "edit": _share("The share of values that is changed."),
            "add": _share("The share of list items that is followed by an invented one."),
            "shuffle": Parameter(False, "Whether every list is put into another order."),
        },
    ),
    "model": Kind(
        "harness.systems.model.system:build",
        "a model that instructor reaches, by provider/name or by the address of a server",
        {
            "model": Parameter("", "provider/name, such as openai/gpt-5-mini.", required=True),
            "base_url": Parameter("", "The address of a server that speaks OpenAI's protocol."),
            "api_key_env": Parameter("", "The environment variable that holds the key."),
            "mode": Parameter("tools", "How the schema is told to the model.", choices=MODES),
            **_ANSWERING,
        },
        prompted=True,
    ),
    "gguf": Kind(
        "harness.systems.local_server.gguf:build",
        "a GGUF file, served on this machine by llama.cpp while it is asked; no key, no network",
        {
            "file": Parameter("", "The path of a GGUF file."),
            "package": Parameter("", "A Python package that carries a GGUF file, in the place of file."),
            "context": Parameter(16_384, "Tokens that fit into one question and its answer.", at_least=256),
            "slots": Parameter(1, "How many documents it reads at once.", at_least=1, at_most=64),
            "threads": Parameter(0, "How many threads it computes with; 0 for all cores.", at_least=0),
            "chat_template": Parameter("", "A Jinja template of a conversation; empty for the file's own."),
            "start_timeout": Parameter(300.0, "Seconds that it may take until it is ready.", at_least=1),
            "mode": Parameter("json_schema", "How the schema is told to the model.", choices=MODES),
            **_ANSWERING,
        },
        prompted=True,
    ),
}


def build(spec: SystemSpec, task: Task) -> System:
    """Make the system that a specification describes.

    Raises:
        ConfigError: For an unknown kind or parameter, with the near names, or for a value that does not fit.
    """
    where = spec.where or f"system {spec.name!r}"
    kind = KINDS.get(spec.kind)
    if kind is None:
        raise ConfigError(f"there is no kind {spec.kind!r}", where=where, hint=nearest(spec.kind, KINDS))
    values = checked(kind.parameters, spec.parameters, where=where)
    return kind.factory()(replace(spec, parameters=values), task)


def kinds() -> dict[str, str]:
    """Every kind with its one-line description."""
    return {name: kind.summary for name, kind in KINDS.items()}


def prompted(kind: str) -> bool:
    """Whether a prompt changes the answers of a kind; not those of an unknown one."""
    return kind in KINDS and KINDS[kind].prompted
