"""The baseline of a gate: where it is, and putting another run in its place."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from harness.errors import ConfigError, StoreError, UsageError
from harness.records import FailureKind, Verdict
from harness.running.comparison.operands import looks_like_a_file, opened
from harness.storage import RunStatus, open_store, store_exists
from harness.suites.places import shown
from harness.verdicts.comparison.wording import documents_text

if TYPE_CHECKING:
    from harness.records import GateDecision
    from harness.running.comparison.operands import Operand
    from harness.storage import RunRecord
    from harness.suites.configuration import Configuration
    from harness.verdicts.gate.policy import Policy

_OPEN = (FailureKind.NOT_ANSWERED, FailureKind.INTERRUPTED)


@dataclass(frozen=True, slots=True)
class Baseline:
    """Where a baseline is, or is to be.

    Attributes:
        name: As the user named it: a tag, a run's id or a file.
        path: The file; `None` for a run of the store.
        asked_for: Whether it was named for this one decision, so that it has to be there.
    """

    name: str
    path: Path | None = None
    asked_for: bool = False

    @property
    def reference(self) -> str:
        """As `harness.running.comparison.operands.opened` reads it."""
        return self.name if self.path is None else str(self.path)

    def exists(self, configuration: Configuration) -> bool:
        """Whether there is anything of that name, readable or not.

        Raises:
            StoreError: When the store cannot be read.
        """
        if self.path is not None:
            return self.path.exists()
        if not store_exists(configuration.store):
            return False
        with open_store(configuration.store) as store:
            return any(run.id.startswith(self.name) or self.name in run.tags for run in store.runs())


def scored_again(operand: Operand) -> str:
    """The commands that score a run again by what is there today; the run of a file ends in its file again."""
    score = f"`harness score {operand.run.id}`"
    if not operand.from_file:
        return score
    read = shlex.join(["harness", "runs", "import", operand.reference])
    write = shlex.join(["harness", "runs", "export", operand.run.id, operand.reference, "--force"])
    return f"`{read}`, {score}, `{write}`"


def baseline_of(configuration: Configuration, policy: Policy, given: str | None) -> Baseline | None:
    """The baseline that the user names, or else that of the policy; `None` when neither names one.

    A file of the policy is looked for from the folder of `harness.toml`, one that the user names from here.

    Raises:
        UsageError, ConfigError: For `latest`, which is the candidate itself as often as not.
    """
    name = policy.baseline if given is None else given
    if not name:
        return None
    if name == "latest":
        seen, hint = "'latest' cannot be the baseline", "it is whatever run was made last; name a tag or a file"
        if given is None:
            raise ConfigError(seen, where=policy.where, hint=hint)
        raise UsageError(seen, where="--baseline", hint=hint)
    if not looks_like_a_file(name):
        return Baseline(name, asked_for=given is not None)
    path = Path(name) if given is not None else configuration.root / name
    return Baseline(name, path.absolute(), asked_for=given is not None)


@dataclass(frozen=True, slots=True)
class Replaced:
    """A baseline that was put in the place of another.

    Attributes:
        baseline: Where it is.
        before: The run that was there; `None` when there was none, or none that can be read.
        after: The run that is there now.
        unchanged: Whether it was there already.
    """

    baseline: Baseline
    before: RunRecord | None
    after: RunRecord
    unchanged: bool = False


def replace_baseline(
    configuration: Configuration,
    reference: str,
    baseline: Baseline,
    decision: GateDecision,
    *,
    before: RunRecord | None = None,
    force: bool = False,
) -> Replaced:
    """Make a run the baseline: as a whole or not at all.

    A tag is taken from the run that has it and given to this one in one transaction; a file is written beside
    the earlier one and takes its place at the end.

    Args:
        configuration: Names the store.
        reference: The run.
        baseline: Where to put it.
        decision: What the gate says of it.
        before: The run that is the baseline so far.
        force: Even when the run fails the gate, is not finished, has no answer that could be used, or fewer
            documents than the baseline.

    Raises:
        UsageError: When it is such a run and nothing forces it, or a run of a file is to get a tag.
        StoreError: When the store or the file cannot be written.
    """
    with opened(configuration, [reference]) as (operand,):
        run = operand.run
        if not force:
            _refuse_unfit(operand, decision)
            _refuse_smaller(run, baseline, before)
        if baseline.path is not None:
            from harness.storage.portable import export_run

            _refuse_unreadable(baseline, before, force=force)
            _make_folder(baseline.path)
            export_run(operand.store, run, baseline.path, overwrite=True)
            return Replaced(baseline, before, run, before is not None and before.id == run.id)
        if operand.from_file:
            raise UsageError(
                f"a run of a file cannot get the tag {baseline.name!r}",
                where=shown(Path(reference)),
                hint=f"import it first: harness runs import {reference}",
            )
    if before is not None and baseline.name not in before.tags:
        raise UsageError(
            f"the baseline {baseline.name!r} is the id of a run, and no tag that could be moved",
            hint="name a tag as the baseline of the gate, for instance main",
        )
    unchanged = before is not None and before.id == run.id
    with open_store(configuration.store) as store:
        store.move_tag(run.id, baseline.name)
        return Replaced(baseline, before, store.run(run.id), unchanged)


def _refuse_unfit(operand: Operand, decision: GateDecision) -> None:
    run, scores = operand.run, operand.scores
    left = sum(score.failure in _OPEN for score in scores)
    if run.status is not RunStatus.FINISHED or left:
        seen = f"the run is {run.status} and lacks {left} of {len(scores)} answers"
        hint = f"go on with it: harness run --resume {run.id}; --force makes it the baseline all the same"
    elif scores and all(score.failure is not None for score in scores):
        seen, hint = "every answer of the run failed", "--force makes it the baseline all the same"
    elif decision.verdict is Verdict.FAIL:
        seen = "the run fails the gate, so the baseline stays as it is"
        hint = "--force makes it the baseline all the same"
    else:
        return
    raise UsageError(seen, where=f"run {run.id}", hint=hint)


def _refuse_smaller(run: RunRecord, baseline: Baseline, before: RunRecord | None) -> None:
    if before is not None and run.documents < before.documents:
        raise UsageError(
            f"the run has {documents_text(run.documents)}, fewer than the {before.documents} of the baseline "
            f"{baseline.name}, so the baseline stays as it is",
            where=f"run {run.id}",
            hint="run the system over all documents; --force makes it the baseline all the same",
        )


def _make_folder(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as failure:
        raise StoreError(
            f"the baseline's folder cannot be made: {failure.strerror or failure}",
            where=shown(path),
            hint="name a file in a folder that can be written to",
        ) from failure


def _refuse_unreadable(baseline: Baseline, before: RunRecord | None, *, force: bool) -> None:
    """Replace nothing that is no run: it may be a file of a newer harness, or something else altogether."""
    path = baseline.path
    if path is not None and path.exists() and before is None and not force:
        raise UsageError(
            "the file is there, and is no run that this harness can read",
            where=shown(path),
            hint="name another file, or add --force to replace it",
        )
