"""How many documents and trials a difference needs, by how far the documents of stored runs differ."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from harness.errors import UsageError
from harness.paths import render
from harness.records import FailureKind
from harness.running.comparison.alike import common_ground
from harness.running.comparison.labels import distinct_labels
from harness.running.comparison.operands import opened
from harness.running.comparison.today import SuiteToday
from harness.running.planning import INSTRUMENT
from harness.schema import leaves
from harness.scoring.evaluation import weight_at
from harness.statistics.power import POWER
from harness.storage import open_store, store_exists, store_name
from harness.verdicts.comparison.power import DIFFERENCES, basis_of_one, basis_of_two, needed
from harness.verdicts.comparison.signature import differing
from harness.verdicts.sums import Layout, paths_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    from harness.records import DocumentScore
    from harness.running.comparison.operands import Operand
    from harness.schema import Plan
    from harness.storage import RunRecord, StoredScores
    from harness.suites.configuration import Configuration
    from harness.verdicts.comparison.power import Basis, PowerReport

_LOOKED_AT = 100
"""No more of the newest runs are looked at for two that can be compared, and no more pairs of them."""


def power_of(
    configuration: Configuration,
    suite: str | None = None,
    references: Sequence[str] = (),
    *,
    differences: Sequence[float] = DIFFERENCES,
    wanted: float = POWER,
) -> PowerReport:
    """What it takes to see differences of F1 in a suite.

    Args:
        configuration: Names the store, and has the suite.
        suite: Its name; the only one when it is not given. Not looked at when runs are named.
        references: Two runs whose documents differ as those of a comparison will, or one with several trials.
            None: the two newest runs of the suite that can be compared and differ, test instruments last; or
            else two that do not differ, or the newest with several trials.
        differences: Which ones, above 0.
        wanted: How often they are to be seen, between 0 and 1.

    Raises:
        UsageError: When there are no such runs, they cannot be compared, or they do not tell.
        HarnessError: As `harness.running.comparison.operands.opened`.
    """
    names = list(references) or _newest(configuration, configuration.suite(suite).name)
    with opened(configuration, names) as operands:
        today = SuiteToday.of(configuration, operands[0].run.suite)
        common_ground(today, operands, only_common=False)
        labels = distinct_labels([one.run for one in operands])
        return needed(
            _basis(today.plan, operands),
            labels=labels,
            runs=tuple(one.run.id for one in operands),
            differences=differences,
            wanted=wanted,
            remarks=_remarks(operands, labels),
        )


def _newest(configuration: Configuration, suite: str) -> list[str]:
    """The runs to measure the spread on, when none is named."""
    if not store_exists(configuration.store):
        raise UsageError(
            "the store holds no run", where=store_name(configuration.store), hint="make one with `harness run`"
        )
    today = SuiteToday.of(configuration, suite)
    with open_store(configuration.store) as store:
        runs = [run for run in store.runs() if run.suite == suite][:_LOOKED_AT]
        signatures = {run.id: store.scored_by(run.id) or run.signature for run in runs}
        # A sort keeps the newest first among the others, and among the instruments.
        runs.sort(key=lambda run: run.identity.get("kind") == INSTRUMENT)
        pairs = [
            [other.id, newer.id]
            for newer, other in combinations(runs, 2)
            if _another_system(newer, other) and not differing(signatures[newer.id], signatures[other.id])
        ]
        for pair in pairs[:_LOOKED_AT]:
            if _differ(today.plan, *(store.scores(run) for run in pair)):
                return pair
    if pairs:
        return pairs[0]
    several = [run.id for run in runs if run.trials > 1]
    if several:
        return several[:1]
    raise UsageError(
        f"no two runs of {suite} can be compared, and none has several trials",
        where=store_name(configuration.store),
        hint="run another system or prompt over the same documents, or `harness run --trials 3`",
    )


def _differ(plan: Plan, before: StoredScores | None, after: StoredScores | None) -> bool:
    """Whether two runs tell how far documents differ."""
    if before is None or after is None:
        return False
    found = basis_of_two(before.scores, after.scores, _layout(plan, before.scores, after.scores))
    return found is not None and found.tells


def _another_system(one: RunRecord, other: RunRecord) -> bool:
    """Whether two runs are of different systems or prompts; the same one again differs by luck alone."""
    keys = ("system", "prompt", "mode")
    return any(one.signature.get(key) != other.signature.get(key) for key in keys)


def _basis(plan: Plan, operands: Sequence[Operand]) -> Basis:
    layout = _layout(plan, *(one.scores for one in operands))
    found = (
        basis_of_one(operands[0].scores, layout)
        if len(operands) == 1
        else basis_of_two(operands[0].scores, operands[1].scores, layout)
    )
    if found is None:
        hint = (
            "name two runs, or one of `harness run --trials 3`"
            if len(operands) == 1 and operands[0].run.trials == 1
            else "it takes two documents, and F1 has to be defined without any one of them"
        )
        raise UsageError(
            "this does not tell how far documents differ",
            where=f"run{'s' if len(operands) > 1 else ''} {', '.join(one.run.id for one in operands)}",
            hint=hint,
        )
    return found


def _layout(plan: Plan, *runs: Sequence[DocumentScore]) -> Layout:
    paths = paths_in([render(leaf.path) for leaf in leaves(plan.root)], *runs)
    return Layout.of(paths, {path: weight_at(plan.root, path) for path in paths})


def _remarks(operands: Sequence[Operand], labels: Sequence[str]) -> tuple[str, ...]:
    said = []
    if len(operands) == 1:
        said.append(
            f"One run tells how far {labels[0]} differs from itself by luck. Two systems differ more, and need "
            "more documents than these."
        )
    else:
        said.append("Two other systems may differ more, or less, than these two.")
    for operand, label in zip(operands, labels, strict=True):
        if operand.instrument:
            said.append(f"{label} is a test instrument: it answers with gold, spoilt on purpose.")
        if any(score.failure is FailureKind.NOT_ANSWERED for score in operand.scores):
            said += operand.remarks
    return tuple(dict.fromkeys(said))
