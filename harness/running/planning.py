"""Which runs a command is to make, each with everything it needs; nothing is stored or asked here."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from harness.errors import UsageError
from harness.records import FailureKind
from harness.running.choice import chosen
from harness.running.holding import refuse_going_on, this_process
from harness.running.money.charges import may_charge, pricing_of
from harness.running.money.estimate import CHARACTERS_A_TOKEN
from harness.running.prompts import check_documents, ready_prompt
from harness.running.signature import run_signature
from harness.running.suite import ready
from harness.suites.configuration import SystemConfig
from harness.systems import SystemSpec, Task, build, prompted

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    from harness.records import Prompt, Signature
    from harness.running.money.prices import Pricing
    from harness.running.suite import ReadySuite
    from harness.storage import RunRecord, Store
    from harness.suites.configuration import Configuration, SuiteConfig
    from harness.systems import System

INSTRUMENT = "noisy-gold"
"""The kind that has seen gold."""
_SCORING_ONLY = ("gold", "marks", "metric", "harness")
"""Keys of a signature that answers do not depend on: a run can be gone on with when they have changed."""


@dataclass(frozen=True, slots=True)
class PlannedRun:
    """One run that is to be made, or gone on with.

    Attributes:
        config: The system, as configured.
        system: The system.
        suite: What is asked about.
        prompt: The prompt; `None` for the system's own words, or for a system that reads none.
        trials: How often each document is asked.
        label: What tables and progress call it.
        pricing: What its calls cost.
        may_charge: Whether they may cost something at all.
        details: What the store keeps of where things came from, and of how to go on.
        run: The stored run that is gone on with; `None` for a new one.
        settled: What has its answer already, as (document, trial).
    """

    config: SystemConfig
    system: System
    suite: ReadySuite
    prompt: Prompt | None
    trials: int
    label: str
    pricing: Pricing
    may_charge: bool
    details: Mapping[str, str]
    run: RunRecord | None = None
    settled: Collection[tuple[str, int]] = field(default_factory=frozenset)

    @property
    def instrument(self) -> bool:
        """Whether the system is a test instrument that answers with gold."""
        return self.config.kind == INSTRUMENT

    @property
    def typical_size(self) -> int:
        """About how many tokens a call asks: those of the mean document and of the prompt."""
        documents = list(self.suite.sizes())
        prompt = 0 if self.prompt is None else sum(len(message.text) for message in self.prompt.messages)
        return (sum(documents) // len(documents) + prompt) // CHARACTERS_A_TOKEN


def plan_runs(
    configuration: Configuration,
    suite: SuiteConfig,
    systems: Sequence[SystemConfig],
    *,
    prompts: Sequence[str] = (),
    trials: int = 1,
    limit: int | None = None,
    leave_out: Sequence[str] = (),
) -> list[PlannedRun]:
    """The runs of every system with every prompt, in order; a system that reads no prompt has one.

    Args:
        configuration: Prices, and where relative things start.
        suite: What is asked about.
        systems: Who is asked.
        prompts: Versions of the suite's prompt; none for the one that the suite names.
        trials: How often each document is asked.
        limit: Only the first so many documents.
        leave_out: Documents not to ask about.

    Raises:
        UsageError: When nothing is left to do, or a number makes no sense.
        HarnessError: Whatever is wrong with the suite, a prompt or a system.
    """
    if trials < 1:
        raise UsageError(f"trials is {trials}", hint="give at least 1")
    if not systems:
        raise UsageError("no system was chosen", hint="name one of harness.toml")
    loaded = ready(configuration, suite, chosen(limit=limit, leave_out=leave_out))
    versions: list[str | None] = [*dict.fromkeys(prompts)] or [None]
    words = {version: ready_prompt(loaded, version) for version in versions}
    for version, prompt in words.items():
        check_documents(loaded, prompt, version)
    planned = []
    for config in systems:
        for version in versions if prompted(config.kind) else (None,):
            prompt = words[version] if prompted(config.kind) else None
            several = len(versions) > 1 and prompt is not None
            label = f"{config.name} {prompt.version}" if several and prompt else config.name
            planned.append(_planned(configuration, config, loaded, prompt, trials, label))
    return planned


def plan_resumed(
    configuration: Configuration, store: Store, reference: str, *, retry_failed: bool
) -> PlannedRun:
    """A stored run, to go on with.

    Args:
        configuration: Has the run's suite, and the limits of its system today.
        store: Has the run.
        reference: The run's id, the beginning of it, a tag, or `latest`.
        retry_failed: Ask again for what failed, too.

    Raises:
        UsageError: When there is no such run, it is going on in another process, or something that its answers
            depend on is not what it was; says what.
        HarnessError: Whatever is wrong with the suite, the prompt or the system.
    """
    run = store.run(reference)
    refuse_going_on(run)
    config = _stored_config(configuration, run)
    loaded = ready(configuration, configuration.suite(run.suite), lambda _: store.planned(run.id))
    version = run.details.get("prompt") or None
    prompt = ready_prompt(loaded, version) if prompted(config.kind) else None
    check_documents(loaded, None, None)
    planned = _planned(configuration, config, loaded, prompt, run.trials, config.name)
    _refuse_changed(run, planned)
    settled = {
        key
        for key, failure in store.standing(run.id).items()
        if failure is None or (not retry_failed and failure is not FailureKind.INTERRUPTED)
    }
    return replace(planned, run=run, settled=settled)


def signature_of(plan: PlannedRun) -> Signature:
    """What the numbers of a run depend on, as things are now."""
    return run_signature(
        plan.suite.scored_by,
        suite=plan.suite.config.name,
        prompt=plan.prompt,
        system=plan.config.name,
        identity=plan.system.identity,
        trials=plan.trials,
    )


def _planned(
    configuration: Configuration,
    config: SystemConfig,
    loaded: ReadySuite,
    prompt: Prompt | None,
    trials: int,
    label: str,
) -> PlannedRun:
    spec = SystemSpec(config.name, config.kind, config.parameters, configuration.root, config.where)
    system = build(spec, Task(loaded.model, prompt, loaded.plain_gold))
    details = {
        "config": str(configuration.path),
        "schema": loaded.config.schema,
        "documents": _inside(configuration, loaded.config.documents),
        "gold": _inside(configuration, loaded.config.gold),
        "prompt": "" if prompt is None else prompt.version,
        "system": json.dumps({"kind": config.kind, "parameters": config.parameters}, sort_keys=True),
        "process": this_process(),
    }
    pricing, charged = pricing_of(configuration, config), may_charge(configuration, config)
    return PlannedRun(config, system, loaded, prompt, trials, label, pricing, charged, details)


def _inside(configuration: Configuration, path: Path) -> str:
    """A path as the configuration may have said it: from its folder, where it lies below that."""
    return str(path.relative_to(configuration.root) if path.is_relative_to(configuration.root) else path)


def _stored_config(configuration: Configuration, run: RunRecord) -> SystemConfig:
    """The system as the run had it, asked as hard as it may be today."""
    written = run.details.get("system")
    if written is None:
        raise UsageError(
            "the run was made by an older version, which did not write down how to go on",
            where=f"run {run.id}",
            hint="make a new run",
        )
    stored: dict[str, Any] = json.loads(written)
    today = configuration.systems.get(run.system)
    config = SystemConfig(run.system, stored["kind"], stored["parameters"])
    return config if today is None else replace(config, limits=today.limits, where=today.where)


def _refuse_changed(run: RunRecord, planned: PlannedRun) -> None:
    before, now = dict(run.signature.entries), dict(signature_of(planned).entries)
    different = [
        key
        for key in (*before, *(key for key in now if key not in before))
        if before.get(key) != now.get(key) and key not in _SCORING_ONLY
    ]
    if different:
        changes = ", ".join(f"{key} ({before.get(key)}, now {now.get(key)})" for key in different)
        raise UsageError(
            f"the run cannot go on, because what it asks has changed: {changes}",
            where=f"run {run.id}",
            hint="restore that, or make a new run; answers that still hold come from the cache",
        )
