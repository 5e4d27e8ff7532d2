"""What the words behind `harness run` ask for, and the runs that they make."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harness.cli.selection import chosen_systems
from harness.cli.watching import Watcher
from harness.errors import UsageError
from harness.running import Options, resume_run, run_systems
from harness.suites.configuration import SystemConfig

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from harness.running import RunResult, StoppedRun
    from harness.suites.configuration import Configuration, SuiteConfig

MODEL = "model"
_NOT_WHEN_RESUMED = (
    *("suite", "system", "model", "prompt", "trials", "limit", "leave_out"),
    *("base_url", "mode", "max_retries", "parameter"),
)


def results_of(arguments: argparse.Namespace, configuration: Configuration) -> Sequence[RunResult | StoppedRun]:
    """Make the runs that are asked for.

    Raises:
        UsageError: When two options do not go together.
        HarnessError: Whatever ends all of them.
    """
    resumed = arguments.retry_failed if arguments.resume is None else arguments.resume
    if resumed is not None:
        _refuse_beside_resume(arguments)
    with ExitStack() as stack:
        options = Options(
            max_cost=arguments.max_cost,
            record=None if arguments.record is None else Path(arguments.record),
            replay=None if arguments.replay is None else Path(arguments.replay),
            watch=None if arguments.quiet else Watcher(stack, quiet=False),
        )
        if resumed is not None:
            retry = arguments.retry_failed is not None
            limits = arguments.concurrency
            return [resume_run(configuration, resumed, retry_failed=retry, concurrency=limits, options=options)]
        suite = configuration.suite(arguments.suite)
        return run_systems(
            configuration,
            suite,
            systems_of(arguments, configuration, suite),
            prompts=arguments.prompt or (),
            trials=arguments.trials or 1,
            limit=arguments.limit,
            leave_out=arguments.leave_out or (),
            options=options,
        )


def systems_of(
    arguments: argparse.Namespace, configuration: Configuration, suite: SuiteConfig
) -> tuple[SystemConfig, ...]:
    """The systems that are to be asked, with what the command line says of them.

    Without `--system` and `--model` these are the suite's own, or all that the configuration defines; with
    `--model` alone, the models.

    Raises:
        UsageError: For an unknown system, or options of models when no model is asked.
    """
    models = [SystemConfig(name, MODEL, {"model": name}) for name in dict.fromkeys(arguments.model or ())]
    systems: tuple[SystemConfig, ...] = ()
    if arguments.system is not None or not models:
        systems = chosen_systems(configuration, suite, arguments.system)
    given = _model_options(arguments)
    asked = [*systems, *models]
    if given and not any(one.kind == MODEL for one in asked):
        option = "--parameter" if "parameters" in given else f"--{next(iter(given)).replace('_', '-')}"
        raise UsageError(
            f"{option} is for models, and none is asked",
            where="harness run",
            hint="name one with --model provider/model, or a system of that kind with --system",
        )
    return tuple(_adapted(one, given, arguments.concurrency) for one in asked)


def _model_options(arguments: argparse.Namespace) -> dict[str, Any]:
    given = {name: getattr(arguments, name) for name in ("base_url", "mode", "max_retries")}
    options = {name: value for name, value in given.items() if value is not None}
    if arguments.parameter is not None:
        options["parameters"] = dict(arguments.parameter)
    return options


def _adapted(config: SystemConfig, given: dict[str, Any], concurrency: int | None) -> SystemConfig:
    if concurrency is not None:
        config = replace(config, limits=replace(config.limits, concurrency=concurrency))
    if config.kind != MODEL or not given:
        return config
    parameters = {**config.parameters, **given}
    own = config.parameters.get("parameters")
    if "parameters" in given and isinstance(own, dict):
        parameters["parameters"] = {**own, **given["parameters"]}
    return replace(config, parameters=parameters)


def _refuse_beside_resume(arguments: argparse.Namespace) -> None:
    if arguments.resume is not None and arguments.retry_failed is not None:
        raise UsageError(
            "both --resume and --retry-failed are given",
            where="harness run",
            hint="--retry-failed asks what has no answer, too",
        )
    for name in _NOT_WHEN_RESUMED:
        if getattr(arguments, name) is not None:
            raise UsageError(
                f"--{name.replace('_', '-')} cannot be changed for a run that goes on",
                where="harness run",
                hint="make a new run; answers that still hold come from the cache",
            )
