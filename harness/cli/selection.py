"""What a command is about: the configuration, the suite and its schema."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from harness.errors import ConfigError
from harness.suites.configuration import find_configuration, load_configuration
from harness.suites.places import shown

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from pydantic import BaseModel

    from harness.schema import Plan
    from harness.suites.configuration import Configuration, SuiteConfig, SystemConfig


class Subject(NamedTuple):
    """A suite with its schema.

    Attributes:
        suite: The suite.
        model: The model that its schema names.
        plan: The model, compiled.
    """

    suite: SuiteConfig
    model: type[BaseModel]
    plan: Plan


def configuration_of(arguments: argparse.Namespace) -> Configuration:
    """The configuration that `--config` names, or the nearest one."""
    return load_configuration(None if arguments.config is None else Path(arguments.config))


def subject_of(arguments: argparse.Namespace) -> Subject:
    """The suite that `--suite` names, or the only one, and its schema."""
    configuration = configuration_of(arguments)
    suite = configuration.suite(arguments.suite)
    return Subject(suite, *compiled(suite.schema, configuration.root))


def compiled(target: str, root: Path) -> tuple[type[BaseModel], Plan]:
    """The model that a target names, imported from a folder first, and its plan."""
    # Imported on use: pydantic takes half of the time that a small command has.
    from harness.schema.compile import compile_model
    from harness.schema.resolve import resolve

    model = resolve(target, str(root))
    return model, compile_model(model)


def command_line(arguments: argparse.Namespace, *words: str) -> str:
    """A command for the user to type next, with the `--config` that this one was given."""
    config = [] if arguments.config is None else ["--config", arguments.config]
    return shlex.join(["harness", *words, *config])


def import_root(arguments: argparse.Namespace) -> Path:
    """The folder that a schema is imported from: that of the configuration or, without one, the current one."""
    if arguments.config is not None:
        return configuration_of(arguments).root
    try:
        return find_configuration().parent
    except ConfigError:
        return Path.cwd()


def chosen_systems(
    configuration: Configuration, suite: SuiteConfig, names: Sequence[str] | None
) -> tuple[SystemConfig, ...]:
    """The systems of these names, or those of the suite, or all of them; each once.

    Raises:
        ConfigError: When the configuration defines no system.
        UsageError: For an unknown name, with the near ones.
    """
    if names is None and not configuration.systems:
        raise ConfigError(
            "no system is defined", where=shown(configuration.path), hint="add a [systems.NAME] table"
        )
    chosen = names or suite.systems or configuration.systems
    return tuple(configuration.system(name) for name in dict.fromkeys(chosen))
