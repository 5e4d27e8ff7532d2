"""What the words behind `harness gate` ask for, and what comes of it."""

from __future__ import annotations

import os
import sys
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harness.cli import exits
from harness.errors import HarnessError, StoreError, UsageError
from harness.records import Verdict

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from harness.records import GateDecision
    from harness.reporting import Table
    from harness.running.gate.baselines import Replaced
    from harness.running.gate.gating import Gated
    from harness.suites.configuration import Configuration

SUMMARY = "GITHUB_STEP_SUMMARY"
"""The environment variable by which GitHub names the file of a step's summary."""
_OF_A_RUN = ("prompt", "trials", "max_cost", "concurrency", "base_url", "mode", "max_retries", "parameter")
_EXITS = {
    Verdict.PASS: exits.PASSED,
    Verdict.FAIL: exits.GATE_FAILED,
    Verdict.INCONCLUSIVE: exits.INCONCLUSIVE,
}
_STYLES = {Verdict.PASS: "bold green", Verdict.FAIL: "bold red", Verdict.INCONCLUSIVE: "bold yellow"}


def gated(arguments: argparse.Namespace) -> Gated:
    """Judge the run that is named, or make one and judge that.

    Raises:
        UsageError: When options do not go together.
        HarnessError: Whatever keeps the run from being made or judged.
    """
    from harness.cli.resampling import Resampling
    from harness.cli.selection import configuration_of
    from harness.running.gate.gating import gate_run

    _refuse_contradictions(arguments)
    configuration = configuration_of(arguments)
    if arguments.system is not None or arguments.model is not None:
        return _made_and_gated(arguments, configuration)
    with Resampling() as progress:
        return gate_run(
            configuration,
            arguments.run_id,
            suite=arguments.suite,
            baseline=arguments.baseline,
            replacing=arguments.update_baseline,
            progress=progress,
        )


def updated(arguments: argparse.Namespace, found: Gated) -> Replaced | HarnessError:
    """Put the run in the place of the baseline; gives back the refusal when the run is not fit for it.

    Raises:
        UsageError: When no baseline is named.
        StoreError: When it cannot be written.
    """
    from harness.cli.selection import configuration_of
    from harness.running.gate.baselines import replace_baseline

    if found.baseline is None:
        raise UsageError(
            "no baseline is named, so there is nothing to update",
            hint='write baseline = "main" into the gate in harness.toml, or give --baseline',
        )
    try:
        return replace_baseline(
            configuration_of(arguments),
            found.reference,
            found.baseline,
            found.decision,
            before=found.before,
            force=arguments.force,
        )
    except UsageError as refusal:
        return refusal


@dataclass(frozen=True, slots=True)
class Reports:
    """All that is said of a decision; made before any of it is printed or written.

    Attributes:
        files: The name, the text and the mode of each file.
        sentence: The decision in one line.
        table: A row a rule.
        told: The same for a program; `None` when a person asks.
        annotations: Workflow commands, one a line.
    """

    files: tuple[tuple[str, str, str], ...]
    sentence: str
    table: Table
    told: dict[str, Any] | None
    annotations: tuple[str, ...]

    @classmethod
    def of(cls, arguments: argparse.Namespace, decision: GateDecision) -> Reports:
        """Those that were asked for."""
        from harness.reporting.gate.tables import gate_sentence, gate_table

        told: dict[str, Any] | None = None
        commands: tuple[str, ...] = ()
        if arguments.json:
            from harness.reporting import json_text
            from harness.reporting.gate.as_json import decision_as_json

            told = decision_as_json(decision)
            json_text(told)  # refuses what JSON cannot hold
        if arguments.github:
            from harness.reporting.gate.github import annotations

            commands = annotations(decision)
        files = tuple(_files(arguments, decision))
        return cls(files, gate_sentence(decision), gate_table(decision), told, commands)

    def write(self) -> None:
        """Write the files.

        Raises:
            StoreError: When one cannot be written.
        """
        for name, text, mode in self.files:
            _write(name, text, mode)

    def show(self, found: Gated, replaced: Replaced | HarnessError | None) -> None:
        """Print the rest, and what became of the baseline."""
        from harness.cli.output import say, show, write_json
        from harness.reporting import error_text

        if self.told is not None:
            write_json({**self.told, "baseline": _replaced_as_json(replaced)})
        else:
            say(self.sentence, style=_STYLES[found.decision.verdict])
            say("")
            show([self.table])
            if replaced is not None and not isinstance(replaced, HarnessError):
                _say_replaced(replaced)
        if isinstance(replaced, HarnessError):
            say(error_text(replaced), stderr=True)
        stream = sys.stdout if self.told is None else sys.stderr
        stream.writelines(f"{line}\n" for line in self.annotations)


def exit_code(decision: GateDecision, replaced: Replaced | HarnessError | None) -> int:
    """The verdict; a run that has become the baseline is fine, whatever it is."""
    if isinstance(replaced, HarnessError):
        return _EXITS[decision.counts_as] or replaced.exit_code
    return exits.PASSED if replaced is not None else _EXITS[decision.counts_as]


def _made_and_gated(arguments: argparse.Namespace, configuration: Configuration) -> Gated:
    from harness.cli.resampling import Resampling
    from harness.cli.run_request import systems_of
    from harness.cli.watching import Watcher
    from harness.running.gate.gated_runs import run_and_gate
    from harness.running.runs import Options

    suite = configuration.suite(arguments.suite)
    systems = systems_of(arguments, configuration, suite)
    if len(systems) > 1:
        names = " and ".join(one.name for one in systems)
        raise UsageError(f"a gate judges one run, and {names} are named", hint="name one system or one model")
    with ExitStack() as stack:
        options = Options(max_cost=arguments.max_cost, watch=Watcher(stack, quiet=arguments.quiet))
        return run_and_gate(
            configuration,
            suite,
            systems[0],
            prompts=arguments.prompt or (),
            trials=arguments.trials or 1,
            options=options,
            stop_early=arguments.stop_early or arguments.max_cost is not None,
            baseline=arguments.baseline,
            replacing=arguments.update_baseline,
            progress=stack.enter_context(Resampling()),
        )


def _refuse_contradictions(arguments: argparse.Namespace) -> None:
    makes = arguments.system is not None or arguments.model is not None
    if makes and arguments.run_id is not None:
        raise UsageError(
            "both a stored run and a system to run are named",
            where="harness gate",
            hint="leave RUN out to make a new run, or --system and --model to judge a stored one",
        )
    given = [name for name in _OF_A_RUN if getattr(arguments, name) is not None]
    if arguments.stop_early:
        given.append("stop_early")
    if not makes and given:
        raise UsageError(
            f"--{given[0].replace('_', '-')} is for a run that is made, and a stored one is judged",
            where="harness gate",
            hint="name a system with --system, or a model with --model",
        )
    if arguments.force and not arguments.update_baseline:
        raise UsageError(
            "--force is for --update-baseline", where="harness gate", hint="no rule can be forced to pass"
        )


def _files(arguments: argparse.Namespace, decision: GateDecision) -> Iterator[tuple[str, str, str]]:
    if arguments.junit is not None:
        from harness.reporting.gate.junit import junit_xml

        yield arguments.junit, junit_xml(decision), "w"
    if arguments.markdown is not None:
        from harness.reporting.gate.markdown import gate_markdown

        yield arguments.markdown, gate_markdown(decision), "w"
    if arguments.github and os.environ.get(SUMMARY):
        from harness.reporting.gate.github import step_summary

        yield os.environ[SUMMARY], step_summary(decision), "a"


def _write(name: str, text: str, mode: str) -> None:
    try:
        with Path(name).open(mode, encoding="utf-8", errors="backslashreplace", newline="") as file:
            file.write(text)
    except OSError as failure:
        raise StoreError(
            f"the report cannot be written: {failure.strerror or failure}",
            where=name,
            hint="name a file in a folder that can be written to",
        ) from failure


def _say_replaced(replaced: Replaced) -> None:
    from harness.cli.output import say, show
    from harness.reporting.gate.baseline import baseline_change

    say("")
    name, before, after = replaced.baseline.name, replaced.before, replaced.after
    if replaced.unchanged:
        say(f"The run {after.id} is the baseline {name} already.")
        return
    title = f"Baseline {name}: {'none' if before is None else f'run {before.id}'} → run {after.id}"
    old = None if before is None else (before.summary, before.signature)
    show([baseline_change(old, (after.summary, after.signature), title)])


def _replaced_as_json(replaced: Replaced | HarnessError | None) -> dict[str, Any] | None:
    if replaced is None:
        return None
    if isinstance(replaced, HarnessError):
        return {"updated": False, "error": str(replaced)}
    return {
        "updated": not replaced.unchanged,
        "name": replaced.baseline.name,
        "file": None if replaced.baseline.path is None else str(replaced.baseline.path),
        "before": None if replaced.before is None else replaced.before.id,
        "after": replaced.after.id,
    }
