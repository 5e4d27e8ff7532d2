"""One row a field path: the counts of one system, or the F1 of several side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.paths import render
from harness.reporting.figures import NOT_DEFINED, number_of, score
from harness.reporting.tables import Column, Holds, Row, Table, numbers
from harness.schema import Record, leaves
from harness.scoring import metrics
from harness.scoring.evaluation import weight_at

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from harness.records import Counts
    from harness.reporting.leaderboard import Entry
    from harness.schema import Plan
    from harness.scoring.evaluation import Evaluation

PATH = Column("field", Holds.PATH)
_COUNTS = (
    Column("gold", Holds.NUMBER),
    Column("predicted", Holds.NUMBER, "pred"),
    Column("correct", Holds.NUMBER, "cor"),
    Column("incorrect", Holds.NUMBER, "inc"),
    Column("missing", Holds.NUMBER, "mis"),
    Column("spurious", Holds.NUMBER, "spu"),
)
_UNGRADED = Column("ungraded", Holds.NUMBER, "ungr")
_ROOT = render(())


def field_table(evaluation: Evaluation) -> Table:
    """A row for each field path that gold or a prediction reached, and all of them together."""
    ungraded = evaluation.totals.ungraded > 0
    columns = (PATH, *_COUNTS, *((_UNGRADED,) if ungraded else ()), *numbers("P", "R", "F1"))
    rows = []
    for path, counts in evaluation.fields.items():
        figures = (metrics.precision(counts), metrics.recall(counts), metrics.f1(counts))
        rows.append((path, *_counted(counts, ungraded=ungraded), *map(score, figures)))
    figures = (evaluation.precision, evaluation.recall, evaluation.f1)
    total = ("all fields", *_counted(evaluation.totals, ungraded=ungraded), *map(score, figures))
    return Table("Fields", columns, tuple(rows), (total,), tuple(_notes(evaluation, ungraded=ungraded)))


def field_comparison(entries: Sequence[Entry]) -> Table:
    """The F1 of every field, one column a system."""
    columns = (PATH, *numbers("gold", *(entry.name for entry in entries)))
    rows = [
        (path, _possible(entries, path), *(score(field_f1(entry.evaluation, path)) for entry in entries))
        for path in all_paths(entry.evaluation for entry in entries)
    ]
    total = (
        "all fields",
        _range(entry.evaluation.totals.possible for entry in entries),
        *(score(entry.evaluation.f1) for entry in entries),
    )
    notes = [
        "gold: the values of gold that a system is held to; a range where optional facts make it differ.",
        "n/a: neither gold nor the system has a value.",
    ]
    if entries:
        notes += _remarks(entries[0].evaluation.plan, [row[0] for row in rows])
    return Table("F1 by field", columns, tuple(rows), (total,), tuple(notes))


def field_f1(evaluation: Evaluation, path: str) -> float | None:
    """The F1 of one field path; `None` when it is not defined or nothing reached the path."""
    counts = evaluation.fields.get(path)
    return None if counts is None else metrics.f1(counts)


def all_paths(evaluations: Iterable[Evaluation]) -> list[str]:
    """The field paths that any evaluation reached, in the order of the schema; others behind, by name."""
    reached: set[str] = set()
    order: dict[str, int] = {}
    for evaluation in evaluations:
        reached |= evaluation.fields.keys()
        for leaf in leaves(evaluation.plan.root):
            order.setdefault(render(leaf.path), len(order))
    return sorted(reached, key=lambda path: (order.get(path, len(order)), path))


def _counted(counts: Counts, *, ungraded: bool) -> Row:
    cells = (
        counts.possible,
        counts.actual,
        counts.correct,
        counts.incorrect,
        counts.missing,
        counts.spurious,
        *((counts.ungraded,) if ungraded else ()),
    )
    return tuple(map(str, cells))


def _notes(evaluation: Evaluation, *, ungraded: bool) -> Iterable[str]:
    if not evaluation.fields:
        yield "Neither gold nor a prediction has a value."
        return
    yield "gold = correct + incorrect + missing. predicted = correct + incorrect + spurious."
    if ungraded:
        yield "ungraded: by a mark or because gold is unlabelled there; in no other column."
    yield from _remarks(evaluation.plan, evaluation.fields)
    if evaluation.stray:
        yield f"{number_of(evaluation.stray, 'predicted key')} outside the schema; in no column."


def _remarks(plan: Plan, paths: Collection[str]) -> Iterable[str]:
    """What to know of some rows of a table."""
    if isinstance(plan.root, Record) and _ROOT in paths:
        yield f"{_ROOT}: a whole value that is no object, and could not be read."
    if weighing := _weighing(plan, paths):
        yield weighing


def _weighing(plan: Plan, paths: Collection[str]) -> str:
    """What to know of the totals when fields weigh differently; empty when they do not."""
    weights = [weight_at(plan.root, path) for path in paths]
    if len(set(weights)) < 2:
        return ""
    heavy = sum(weight != 1 for weight in weights)
    return f"Weights other than 1: {heavy} of {len(weights)} fields; P, R and F1 of all fields count them."


def _possible(entries: Sequence[Entry], path: str) -> str:
    counts = (entry.evaluation.fields.get(path) for entry in entries)
    return _range(0 if one is None else one.possible for one in counts)


def _range(counts: Iterable[int]) -> str:
    """Alternatives and optional facts make gold's count depend on what it is compared with."""
    found = sorted(set(counts))
    if not found:
        return NOT_DEFINED
    return str(found[0]) if len(found) == 1 else f"{found[0]}-{found[-1]}"
