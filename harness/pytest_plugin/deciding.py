"""A gate's decision for a test session: made once, over a run that is made or found in the store."""

from __future__ import annotations

import asyncio
import warnings
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import pytest

from harness.errors import HarnessError, Interrupted, UsageError
from harness.pytest_plugin.sharing import once, shared_folder
from harness.suites.configuration import load_configuration
from harness.suites.places import shown

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal
    from pathlib import Path

    from harness.records import GateDecision
    from harness.running.planning import PlannedRun
    from harness.suites.configuration import Configuration, SuiteConfig, SystemConfig

_KNOWN = pytest.StashKey[dict["Question", "GateDecision | HarnessError"]]()


@dataclass(frozen=True, slots=True)
class Question:
    """What is put to which gate.

    Attributes:
        path: The `harness.toml`.
        suite: The suite's name.
        system: The system's name.
        max_cost: US dollars that asking may cost at most.
        trials: How often each document is asked.
        prompt: The prompt's version; `None` for the suite's.
    """

    path: Path
    suite: str
    system: str
    max_cost: Decimal | None = None
    trials: int = 1
    prompt: str | None = None

    @classmethod
    def of(
        cls,
        path: Path,
        suite: str | None,
        system: str | None,
        *,
        max_cost: Decimal | None = None,
        trials: int = 1,
        prompt: str | None = None,
    ) -> Self:
        """A question about what a file defines: the only suite, and the suite's only system, need no name.

        Raises:
            ConfigError: When the file cannot be read, or the suite has no gate.
            UsageError: When there is no suite or system of the name, or no name and several.
        """
        from harness.running.gate.gating import policy_of

        configuration = load_configuration(path)
        found = configuration.suite(suite)
        policy_of(configuration, found)
        named = system_of(configuration, found, system)
        return cls(configuration.path, found.name, named.name, max_cost, trials, prompt)


def decided(config: pytest.Config, question: Question) -> GateDecision:
    """The decision; what was decided in this session, in any of its processes, is not decided again.

    Raises:
        HarnessError: Whatever keeps it from being decided; the same whenever it is asked for again.
        pytest.exit.Exception: When the user interrupts it.
    """
    known = config.stash.setdefault(_KNOWN, {})
    if question not in known:
        try:
            known[question] = once(
                shared_folder(config), repr(question), lambda: _undisturbed(lambda: decide(question))
            )
        except Interrupted as error:
            pytest.exit(str(error))
        except HarnessError as error:
            known[question] = error
    answer = known[question]
    if isinstance(answer, HarnessError):
        raise answer
    return answer


def decide(question: Question) -> GateDecision:
    """Run the system over the suite, or find the run in the store, and judge it.

    A stored run is taken when its signature is today's and none of its answers failed; else a new one is made,
    for which answers to the same questions come from the cache. With a ceiling on the cost, asking stops as
    soon as the verdict is certain.

    Raises:
        HarnessError: As `harness.running.gate.gated_runs.run_and_gate`.
    """
    from harness.running.gate.gated_runs import run_and_gate
    from harness.running.gate.gating import gate_run
    from harness.running.planning import plan_runs
    from harness.running.runs import Options

    configuration = load_configuration(question.path)
    suite, system = configuration.suite(question.suite), configuration.system(question.system)
    prompts = () if question.prompt is None else (question.prompt,)
    (plan,) = plan_runs(configuration, suite, [system], prompts=prompts, trials=question.trials)
    asyncio.run(plan.system.close())
    stored = _stored(configuration, plan)
    if stored is not None:
        return gate_run(configuration, stored).decision
    return run_and_gate(
        configuration,
        suite,
        system,
        prompts=prompts,
        trials=question.trials,
        options=Options(max_cost=question.max_cost),
        stop_early=question.max_cost is not None,
    ).decision


def system_of(configuration: Configuration, suite: SuiteConfig, name: str | None) -> SystemConfig:
    """The system of a name, or the only one that there is for a suite.

    Raises:
        UsageError: When there is none of the name, or no name and several systems.
    """
    names = suite.systems or tuple(configuration.systems)
    if name is None and len(names) != 1:
        raise UsageError(
            f"the suite {suite.name} has {len(names)} systems, and none was named",
            where=shown(configuration.path),
            hint=f"name one of: {', '.join(names) or 'none is defined'}",
        )
    return configuration.system(names[0] if name is None else name)


def _stored(configuration: Configuration, plan: PlannedRun) -> str | None:
    """The newest run that the plan would only make again."""
    from harness.running.planning import signature_of
    from harness.storage import RunStatus, open_store, store_exists

    if not store_exists(configuration.store):
        return None
    signature = signature_of(plan)
    with open_store(configuration.store) as store:
        for run in store.runs():
            if run.status is RunStatus.FINISHED and run.signature == signature:
                stored = store.scores(run.id)
                if stored is not None and not any(score.failure for score in stored.scores):
                    return run.id
    return None


def _undisturbed(work: Callable[[], GateDecision]) -> GateDecision:
    """Do it whatever the test that asks has going on: an event loop of its own, warnings that are errors."""
    with warnings.catch_warnings():
        warnings.simplefilter("default")
        if not _in_event_loop():
            return work()
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(work).result()


def _in_event_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True
