"""The kinds of systems: name → "module:function", imported when the first system of the kind is built."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from importlib import import_module
from typing import cast

from harness.errors import ConfigError
from harness.systems.base import System, SystemSpec, Task
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
    """

    target: str
    summary: str
    parameters: Mapping[str, Parameter] = field(default_factory=dict)

    def factory(self) -> Factory:
        """Import the target."""
        module, _, function = self.target.partition(":")
        return cast("Factory", getattr(import_module(module), function))


def _share(meaning: str) -> Parameter:
    return Parameter(0.0, meaning, at_least=0, at_most=1)


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
}


def build(spec: SystemSpec, task: Task) -> System:
    """Make the system that a specification describes.

    Raises:
        ConfigError: For an unknown kind or parameter, with the near names, or for a value that does not fit.
    """
    where = f"system {spec.name!r}"
    kind = KINDS.get(spec.kind)
    if kind is None:
        raise ConfigError(f"there is no kind {spec.kind!r}", where=where, hint=nearest(spec.kind, KINDS))
    values = checked(kind.parameters, spec.parameters, where=where)
    return kind.factory()(replace(spec, parameters=values), task)


def kinds() -> dict[str, str]:
    """Every kind with its one-line description."""
    return {name: kind.summary for name, kind in KINDS.items()}
