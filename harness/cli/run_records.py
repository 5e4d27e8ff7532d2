"""Stored runs, for a person and for a program."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from harness.reporting import json_value, run_table
from harness.reporting.figures import number_of
from harness.reporting.spending import dollars
from harness.running.signature import changed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from harness.records import Signature
    from harness.reporting import Table
    from harness.storage import RunRecord, Spending

_COLUMNS = ("run", "began_(UTC)", "suite", "system", "status", "documents", "trials", "F1")
_TAGS = "tags"
_SINCE = "scored_since_with"


@dataclass(frozen=True, slots=True)
class Listed:
    """A stored run and what it was last scored by.

    Attributes:
        run: The run.
        scored_by: The signature of its scores; `None` when it has none.
    """

    run: RunRecord
    scored_by: Signature | None

    @property
    def since(self) -> str:
        """What differs between the asking and the last scoring, in words; empty when nothing does."""
        if self.scored_by is None:
            return ""
        keys = changed(self.run.signature, self.scored_by)
        return f"other {', '.join(keys)}" if keys else ""


def run_list(listed: Sequence[Listed], *, more: bool) -> Table:
    """A row a run; a column says so where scores were made with other gold or the like than the run.

    Args:
        listed: Newest first.
        more: Whether the store holds older ones too.
    """
    columns: tuple[str, ...] = _COLUMNS
    if any(one.run.tags for one in listed):
        columns = (columns[0], _TAGS, *columns[1:])
    if any(one.since for one in listed):
        columns = (*columns, _SINCE)
    rows = [
        {
            "run": one.run.id,
            _TAGS: ", ".join(one.run.tags),
            "began_(UTC)": one.run.created[:19].replace("T", " "),
            "suite": one.run.suite,
            "system": one.run.system,
            "status": str(one.run.status),
            "documents": one.run.documents,
            "trials": one.run.trials,
            "F1": one.run.summary.get("f1"),
            _SINCE: one.since,
        }
        for one in listed
    ]
    table = run_table(rows, columns, ids=("run",), empty="No run is stored yet; `harness run` makes the first.")
    return replace(table, notes=("There are older runs; --limit shows more.",)) if more else table


def listed_as_json(listed: Listed) -> dict[str, Any]:
    """A run, and by what it was last scored."""
    scored_by = None if listed.scored_by is None else dict(listed.scored_by.entries)
    return {**run_as_json(listed.run), "scored_by": scored_by}


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
        "tags": list(run.tags),
    }


def spending_as_json(spending: Spending) -> dict[str, Any]:
    """What the calls of a run came to; dollars as text, since they are exact, `null` when no cost is known."""
    known = spending.calls == 0 or spending.unpriced < spending.calls
    return {**asdict(spending), "cost": f"{spending.cost:f}" if known else None}


def cost_in_words(spending: Spending) -> str:
    """What calls cost, and of how many that is not known; what is not known is never 0."""
    unknown = f"unknown for {number_of(spending.unpriced, 'call')}"
    if spending.calls and spending.unpriced == spending.calls:
        return unknown
    return f"{dollars(spending.cost)}, {unknown}" if spending.unpriced else dollars(spending.cost)
