"""Make a run and judge it at once: what cannot be judged is refused before anything is asked."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from harness.errors import CostCeilingReached, UsageError, VerdictSettled
from harness.running.comparison.operands import opened
from harness.running.comparison.today import SuiteToday
from harness.running.engine.early_stop import stopping_early
from harness.running.gate.baselines import baseline_of, scored_again
from harness.running.gate.gating import check_paths, gate_run, policy_of
from harness.running.results import RunResult
from harness.running.runs import Options, run_systems
from harness.suites.documents import document_paths

if TYPE_CHECKING:
    from collections.abc import Sequence

    from harness.running.comparison.comparing import Telling
    from harness.running.gate.baselines import Baseline
    from harness.running.gate.gating import Gated
    from harness.suites.configuration import Configuration, SuiteConfig, SystemConfig

_KEYS = ("documents", "gold", "schema", "marks", "metric")


def run_and_gate(
    configuration: Configuration,
    suite: SuiteConfig,
    system: SystemConfig,
    *,
    prompts: Sequence[str] = (),
    trials: int = 1,
    options: Options | None = None,
    stop_early: bool = False,
    baseline: str | None = None,
    replacing: bool = False,
    progress: Telling | None = None,
) -> Gated:
    """Put all documents of a suite to one system, and judge the run by the suite's policy.

    Args:
        configuration: Names the store.
        suite: The suite, with its policy.
        system: Who is asked.
        prompts: The version of the suite's prompt; none for the one that the suite names.
        trials: How often each document is asked.
        options: How the run is made; its ceiling of money leaves the rest of the answers open.
        stop_early: Whether to stop asking once no answer can change the verdict.
        baseline: What to compare with, in the place of the policy's.
        replacing: Whether the run is to become the baseline.
        progress: Told how far a comparison has come.

    Raises:
        UsageError: When more than one run would come of it, or the baseline could not be compared with it.
        HarnessError: As `run_systems` and `gate_run`, and whatever ended the run before its time.
    """
    if len(prompts) > 1:
        raise UsageError(
            f"a gate judges one run, and {len(prompts)} prompts are named", hint="name one of them"
        )
    policy = policy_of(configuration, suite)
    today = SuiteToday.of(configuration, suite.name)
    check_paths(policy, today.plan)
    where = baseline_of(configuration, policy, baseline)
    if where is not None and policy.needs_baseline and not replacing:
        _refuse_unlike(configuration, today, where)
    options = options or Options()
    if stop_early:
        options = replace(options, judging=stopping_early(policy))
    (result,) = run_systems(configuration, suite, [system], prompts=prompts, trials=trials, options=options)
    remarks = []
    if not isinstance(result, RunResult):
        if isinstance(result.error, VerdictSettled):
            remarks.append(f"Asking stopped early: {result.error.seen}.")
        elif isinstance(result.error, CostCeilingReached):
            hints = "; ".join(line.strip() for line in result.error.hint.split("\n"))
            remarks.append(f"The money ended first: {result.error.seen}; {hints}")
        else:
            raise result.error
    return gate_run(
        configuration,
        result.run.id,
        baseline=baseline,
        replacing=replacing,
        remarks=remarks,
        progress=progress,
    )


def _refuse_unlike(configuration: Configuration, today: SuiteToday, baseline: Baseline) -> None:
    """Find out before anybody is paid that the new run could not be compared."""
    if not baseline.exists(configuration) and not baseline.asked_for:
        return
    with opened(configuration, [baseline.reference]) as (operand,):
        names = {path.stem for path in document_paths(today.config.documents)}
        now = today.scored_by(names)
        keys = [key for key in _KEYS if operand.signature.get(key) != now[key]]
    if keys:
        told = ", ".join(f"{key} ({operand.signature.get(key)}, now {now[key]})" for key in keys)
        raise UsageError(
            f"the baseline was scored by other {told}: a new run could not be compared with it",
            where=f"baseline {baseline.name}, run {operand.run.id}",
            hint=f"{scored_again(operand)} may mend that; --update-baseline makes the new run the baseline",
        )
