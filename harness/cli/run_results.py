"""The results of `harness run`, for a person and for a program."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.cli.run_records import run_as_json, spending_as_json
from harness.cli.selection import command_line
from harness.reporting import Entry, as_json, field_comparison, leaderboard
from harness.storage import store_name, without_password

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from harness.reporting import Table
    from harness.running import RunResult, StoppedRun
    from harness.suites.configuration import Configuration


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
    commented = [f"{line:<{width}}  # {one.label}" for line, one in zip(lines, results, strict=True)]
    explained = command_line(arguments, "score", best.run.id, "--explain", worst.document)
    return "\n".join(
        [
            "",
            f"Stored in {store_name(configuration.store)}. To score a run again, without asking anybody:",
            *commented,
            "To see every mistake in one document:",
            f"  {explained}",
        ]
    )


def results_as_json(
    configuration: Configuration, results: Sequence[RunResult], stopped: Sequence[StoppedRun]
) -> dict[str, Any]:
    """Everything that the runs came to."""
    return {
        "store": without_password(configuration.store),
        "runs": [
            {
                "run": run_as_json(one.run),
                "seconds": one.seconds,
                "instrument": one.instrument,
                "spending": spending_as_json(one.spending),
                "evaluation": as_json(one.evaluation),
            }
            for one in results
        ],
        "stopped": [{"run": run_as_json(one.run), "error": str(one.error)} for one in stopped],
    }


def without_answer(results: Sequence[RunResult]) -> list[str]:
    """The systems of which every answer failed."""
    return [
        one.label
        for one in results
        if one.evaluation.scores and all(score.failure is not None for score in one.evaluation.scores)
    ]


def _entries(results: Sequence[RunResult]) -> list[Entry]:
    return [
        Entry(
            one.label,
            one.evaluation,
            one.run.id,
            one.seconds,
            one.instrument,
            one.spending.cost,
            one.spending.unpriced,
        )
        for one in results
    ]
