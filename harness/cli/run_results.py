"""The results of `harness run`, for a person and for a program."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.cli.run_records import run_as_json
from harness.cli.selection import command_line
from harness.reporting import Entry, as_json, field_comparison, leaderboard, run_progress
from harness.suites.places import shown

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping, Sequence
    from contextlib import ExitStack

    from harness.reporting import Table, Update
    from harness.running import RunResult
    from harness.suites.configuration import Configuration


class LateProgress:
    """Progress that begins with the first call, so that a refused run shows none.

    Args:
        stack: Ends the progress.
        totals: System name to the number of answers it is to give.
        quiet: Show nothing.
    """

    def __init__(self, stack: ExitStack, totals: Mapping[str, int], *, quiet: bool) -> None:
        self._stack = stack
        self._totals = totals
        self._quiet = quiet
        self._update: Update | None = None

    def __call__(self, name: str, done: int = 1, failed: int = 0) -> None:
        """Count answers of a system."""
        if self._update is None:
            self._update = self._stack.enter_context(run_progress(self._totals, quiet=self._quiet))
        self._update(name, done, failed)


def result_tables(results: Sequence[RunResult]) -> tuple[Table, ...]:
    """The leaderboard, and the F1 of each field by system."""
    entries = _entries(results)
    return leaderboard(entries), field_comparison(entries)


def next_steps(
    arguments: argparse.Namespace, configuration: Configuration, results: Sequence[RunResult]
) -> str:
    """Where the runs are, and how to look at them again; the example is the best that is no instrument."""
    best = max(results, key=lambda one: (not one.instrument, one.evaluation.f1 or 0.0))
    worst = min(best.evaluation.scores, key=lambda score: (score.exactly_right, score.document, score.trial))
    lines = [f"  {command_line(arguments, 'score', one.run.id)}" for one in results]
    width = max(map(len, lines))
    commented = [f"{line:<{width}}  # {one.run.system}" for line, one in zip(lines, results, strict=True)]
    explained = command_line(arguments, "score", best.run.id, "--explain", worst.document)
    return "\n".join(
        [
            "",
            f"Stored in {shown(configuration.store)}. To score a run again, without asking anybody:",
            *commented,
            "To see every mistake in one document:",
            f"  {explained}",
        ]
    )


def results_as_json(configuration: Configuration, results: Sequence[RunResult]) -> dict[str, Any]:
    """Everything that the runs came to."""
    return {
        "store": str(configuration.store),
        "runs": [
            {
                "run": run_as_json(one.run),
                "seconds": one.seconds,
                "instrument": one.instrument,
                "evaluation": as_json(one.evaluation),
            }
            for one in results
        ],
    }


def without_answer(results: Sequence[RunResult]) -> list[str]:
    """The systems of which every answer failed."""
    return [
        one.run.system
        for one in results
        if one.evaluation.scores and all(score.failure is not None for score in one.evaluation.scores)
    ]


def _entries(results: Sequence[RunResult]) -> list[Entry]:
    return [Entry(one.run.system, one.evaluation, one.run.id, one.seconds, one.instrument) for one in results]
