"""Stored runs, for a person and for a program."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from harness.reporting import json_value, run_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from harness.reporting import Table
    from harness.storage import RunRecord

_COLUMNS = ("run", "began_(UTC)", "suite", "system", "status", "documents", "trials", "F1")


def run_list(runs: Sequence[RunRecord], *, more: bool) -> Table:
    """A row a run.

    Args:
        runs: Newest first.
        more: Whether the store holds older ones too.
    """
    rows = [
        {
            "run": run.id,
            "began_(UTC)": run.created[:19].replace("T", " "),
            "suite": run.suite,
            "system": run.system,
            "status": str(run.status),
            "documents": run.documents,
            "trials": run.trials,
            "F1": run.summary.get("f1"),
        }
        for run in runs
    ]
    table = run_table(rows, _COLUMNS, empty="No run is stored yet; `harness run` makes the first.")
    return replace(table, notes=("There are older runs; --limit shows more.",)) if more else table


def run_as_json(run: RunRecord) -> dict[str, Any]:
    """Everything that is stored of a run but its answers and scores."""
    return {
        "id": run.id,
        "suite": run.suite,
        "system": run.system,
        "status": str(run.status),
        "created": run.created,
        "finished": run.finished,
        "trials": run.trials,
        "documents": run.documents,
        "signature": dict(run.signature.entries),
        "identity": dict(run.identity),
        "details": dict(run.details),
        "summary": json_value(run.summary),
    }
