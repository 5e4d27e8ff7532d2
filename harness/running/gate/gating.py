"""Decide by a suite's policy whether a stored run may be released."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.errors import ConfigError, HarnessError, UsageError
from harness.paths import render
from harness.records import FailureKind
from harness.running.comparison.alike import common_ground
from harness.running.comparison.comparing import compare_operands
from harness.running.comparison.operands import opened
from harness.running.comparison.today import SuiteToday
from harness.running.engine.early_stop import curtailment_of
from harness.running.gate.baselines import baseline_of, scored_again
from harness.schema import Role, leaves
from harness.scoring.evaluation import weight_at
from harness.statistics.intervals import FEWEST
from harness.storage import open_store, store_exists, store_name
from harness.suites.places import suggestion
from harness.verdicts.comparison.wording import documents_text
from harness.verdicts.gate.gating import Case, decide
from harness.verdicts.gate.measures import GateSide
from harness.verdicts.sums import Layout, paths_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    from harness.records import Comparison, DocumentScore, GateDecision, Side
    from harness.running.comparison.comparing import Telling
    from harness.running.comparison.operands import Operand
    from harness.running.gate.baselines import Baseline
    from harness.schema import Plan
    from harness.storage import RunRecord
    from harness.suites.configuration import Configuration, SuiteConfig
    from harness.verdicts.gate.curtailment import Curtailment
    from harness.verdicts.gate.policy import Policy

_OPEN = (FailureKind.NOT_ANSWERED, FailureKind.INTERRUPTED)


@dataclass(frozen=True, slots=True)
class Gated:
    """What a gate decided, and over what.

    Attributes:
        decision: What it decided.
        reference: The candidate, as `opened` reads it.
        baseline: Where the baseline is, or would be; `None` when none is named.
        before: The baseline's run; `None` when there is none, or none that can be compared.
    """

    decision: GateDecision
    reference: str
    baseline: Baseline | None
    before: RunRecord | None


def gate_run(
    configuration: Configuration,
    reference: str | None = None,
    *,
    suite: str | None = None,
    baseline: str | None = None,
    replacing: bool = False,
    remarks: Sequence[str] = (),
    progress: Telling | None = None,
) -> Gated:
    """Judge a run by its suite's policy.

    Args:
        configuration: Names the store, and has the suite with its policy.
        reference: A run as `operands.opened` reads it; `None` for the newest of the suite.
        suite: The suite; `None` for the run's, or the only one.
        baseline: What to compare with, in the place of the policy's.
        replacing: Whether the run is to become the baseline: one that cannot be read or compared is no reason
            to stop then.
        remarks: What a reader must know beside what is found here.
        progress: Told how far a comparison has come.

    Raises:
        ConfigError: When the suite has no policy, or a rule is about a field that the schema has not.
        UsageError: When there is no such run, or its baseline cannot be compared with it.
        HarnessError: As `opened`.
    """
    with ExitStack() as stack:
        reference = reference or newest_of(configuration, configuration.suite(suite))
        (candidate,) = stack.enter_context(opened(configuration, [reference]))
        config = _suite_of(configuration, candidate, suite)
        policy = policy_of(configuration, config)
        today = SuiteToday.of(configuration, config.name)
        check_paths(policy, today.plan)
        common_ground(today, [candidate], only_common=False)
        where = baseline_of(configuration, policy, baseline)
        answered = [score for score in candidate.scores if score.failure not in _OPEN]
        whole = len(answered) == len(candidate.scores)
        before, no_baseline = None, _none_named(policy)
        if where is not None and (policy.needs_baseline or replacing):
            before, no_baseline = _opened_baseline(stack, configuration, where, replacing=replacing)
        comparison = None
        if before is not None and policy.needs_baseline and whole:
            comparison, refused = _compared(
                configuration, today, before, candidate, progress, replacing=replacing
            )
            no_baseline = refused or no_baseline
        if comparison is None:
            side = candidate.side(documents=None if whole else {score.document for score in answered})
        else:
            side = comparison.candidate
        others = None if before is None or comparison is None else (before.scores, comparison.baseline)
        ours, theirs = _sides(today.plan, (answered, side), others)
        case = Case(
            suite=config.name,
            side=side,
            candidate=ours,
            planned=len(candidate.documents),
            baseline=theirs,
            no_baseline=no_baseline,
            curtailment=None if whole else _curtailment(today, policy, candidate, answered),
            comparison=comparison,
            remarks=tuple(dict.fromkeys([*remarks, *_remarks(today, candidate, before, comparison)])),
        )
        decision = decide(policy, case)
        return Gated(decision, reference, where, None if before is None else before.run)


def policy_of(configuration: Configuration, suite: SuiteConfig) -> Policy:
    """The policy of a suite.

    Raises:
        ConfigError: When it has none; shows one to begin with.
    """
    if suite.gate is None:
        from harness.suites.gate_table import EXAMPLE

        raise ConfigError(
            f"the suite {suite.name} has no gate",
            where=configuration.where("suites", suite.name),
            hint=f"begin with this one:\n{EXAMPLE.format(suite=suite.name)}",
        )
    return suite.gate


def check_paths(policy: Policy, plan: Plan) -> None:
    """Check that the schema has every field that a policy names.

    Raises:
        ConfigError: For the first that it has not, with the near ones; or that is not graded.
    """
    known = {render(leaf.path): leaf for leaf in leaves(plan.root)}
    graded = [path for path, leaf in known.items() if leaf.role is Role.GRADED]
    named = [(one.rule.path, one.where) for one in policy.rules if one.rule.path]
    for path, where in (*named, *((path, policy.where) for path in policy.costs.fields)):
        if path in graded:
            continue
        inside = [name for name in graded if name.startswith((f"{path}.", f"{path}["))]
        if path in known:
            seen, hint = f"the field {path} is not graded", "name another"
        elif inside:
            seen, hint = f"{path} is no field, and has fields inside", f"name one of: {', '.join(inside)}"
        else:
            seen, hint = f"the schema has no field {path}", suggestion(path, graded)
        raise ConfigError(seen, where=where, hint=hint)


def newest_of(configuration: Configuration, suite: SuiteConfig) -> str:
    """The id of the newest run of a suite.

    Raises:
        UsageError: When the store has none.
    """
    if store_exists(configuration.store):
        with open_store(configuration.store) as store:
            for run in store.runs():
                if run.suite == suite.name:
                    return run.id
    raise UsageError(
        f"the store holds no run of {suite.name}",
        where=store_name(configuration.store),
        hint="make one with `harness run`, or name a system: harness gate --system NAME",
    )


def _suite_of(configuration: Configuration, candidate: Operand, suite: str | None) -> SuiteConfig:
    if suite is not None and candidate.run.suite != configuration.suite(suite).name:
        raise UsageError(
            f"the run is of the suite {candidate.run.suite}, not of {suite}",
            where=f"run {candidate.run.id}",
            hint="leave --suite out, or name another run",
        )
    return configuration.suite(candidate.run.suite)


def _none_named(policy: Policy) -> str:
    named = 'write baseline = "main" into the gate, or give --baseline'
    return f"no baseline is named; {named}" if policy.needs_baseline else ""


def _opened_baseline(
    stack: ExitStack, configuration: Configuration, baseline: Baseline, *, replacing: bool
) -> tuple[Operand | None, str]:
    """The baseline, or why there is none."""
    if not baseline.exists(configuration) and (replacing or not baseline.asked_for):
        return None, f"there is no baseline {baseline.name} yet; harness gate --update-baseline makes one"
    try:
        (operand,) = stack.enter_context(opened(configuration, [baseline.reference]))
    except HarnessError as error:
        if not replacing:
            raise
        return None, f"the baseline {baseline.name} cannot be read: {error.seen}"
    return operand, ""


def _compared(
    configuration: Configuration,
    today: SuiteToday,
    before: Operand,
    candidate: Operand,
    progress: Telling | None,
    *,
    replacing: bool,
) -> tuple[Comparison | None, str]:
    try:
        (comparison,) = compare_operands(configuration, [before, candidate], progress=progress).comparisons
    except UsageError as error:
        if replacing:
            return None, f"the baseline cannot be compared: {error.seen}"
        again = f"harness gate {candidate.run.id} --update-baseline makes the run the new baseline"
        hint = _to_compare(today, before, candidate) or error.hint
        raise UsageError(error.seen, where=error.where, hint=f"{hint}\nor {again}") from None
    return comparison, ""


def _to_compare(today: SuiteToday, before: Operand, candidate: Operand) -> str:
    """What makes two runs alike, in the gate's words: it has no option to compare a part of the documents."""
    if before.documents != candidate.documents:
        return f"run the candidate over the same {documents_text(len(before.documents))} as the baseline"
    stale = [one for one in (before, candidate) if _other_keys(today, one)]
    if not stale:
        return ""
    return f"score again by what is there today: {', '.join(scored_again(one) for one in stale)}"


def _sides(
    plan: Plan,
    candidate: tuple[Sequence[DocumentScore], Side],
    baseline: tuple[Sequence[DocumentScore], Side] | None,
) -> tuple[GateSide, GateSide | None]:
    order = [render(leaf.path) for leaf in leaves(plan.root)]
    paths = paths_in(order, candidate[0], () if baseline is None else baseline[0])
    layout = Layout.of(paths, {path: weight_at(plan.root, path) for path in paths})

    def side(scores: Sequence[DocumentScore], run: Side) -> GateSide:
        return GateSide.of(scores, layout, run.expense)

    return side(*candidate), None if baseline is None else side(*baseline)


def _curtailment(
    today: SuiteToday, policy: Policy, candidate: Operand, answered: Sequence[DocumentScore]
) -> Curtailment:
    curtailment = curtailment_of(policy, today.scorer, today.gold(), candidate.documents, candidate.run.trials)
    for score in answered:
        curtailment.add(score)
    return curtailment


def _remarks(
    today: SuiteToday, candidate: Operand, before: Operand | None, comparison: Comparison | None
) -> list[str]:
    run = candidate.run
    remarks = []
    left = sum(score.failure in _OPEN for score in candidate.scores)
    if left:
        remarks.append(
            f"The run is {run.status} and lacks {left} of {len(candidate.scores)} answers; to go on with it: "
            f"harness run --resume {run.id}"
        )
    elif before is not None and before.run.id == run.id:
        remarks.append("The candidate is the baseline itself.")
    if comparison is not None:
        return [*remarks, *comparison.remarks, *_stale(today, candidate)]
    if candidate.instrument:
        remarks.append(f"{candidate.label} is a test instrument: it answers with gold, spoilt on purpose.")
    answered = [score for score in candidate.scores if score.failure not in _OPEN]
    if answered and all(score.failure is not None for score in answered):
        remarks.append(f"Every answer of {candidate.label} failed.")
    if len(candidate.documents) < FEWEST:
        remarks.append(f"Fewer than {FEWEST} documents have no interval: read the documents.")
    return [*remarks, *_stale(today, candidate)]


def _other_keys(today: SuiteToday, operand: Operand) -> list[str]:
    """In what the scores of a run are not by what is there today; nothing when that cannot be read."""
    try:
        now = today.scored_by(operand.documents)
    except HarnessError:
        return []
    return [key for key, value in now.items() if operand.signature.get(key) != value]


def _stale(today: SuiteToday, candidate: Operand) -> list[str]:
    keys = _other_keys(today, candidate)
    if not keys:
        return []
    again = f"harness score {candidate.run.id}"
    return [f"The run was scored by other {' and '.join(keys)} than today's: {again} scores it again."]
