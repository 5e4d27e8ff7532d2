"""What it takes to see a difference: a table, and the same for a program."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from harness.reporting.figures import NOT_DEFINED, number_of
from harness.reporting.tables import Column, Holds, Table, numbers
from harness.verdicts.comparison.wording import points

if TYPE_CHECKING:
    from harness.verdicts.comparison.power import PowerReport, Range

_NONE = "none"
"""No number of documents or trials would do."""


def power_table(report: PowerReport) -> Table:
    """A row a difference: how often it is seen now, and what it would take."""
    trials = [number for number, _ in report.rows[0].with_trials]
    others = [f"with {number_of(number, 'trial')}" for number in trials]
    told = bool(trials)
    needs = f"trials for {report.documents}"
    return Table(
        f"To see it in {100 * report.wanted:g} % of comparisons",
        (
            Column("difference", Holds.NUMBER),
            *numbers("seen now", "documents needed", "range", *others, *([needs] if told else [])),
        ),
        tuple(
            (
                _difference(row.difference),
                NOT_DEFINED if row.power is None else f"{100 * row.power:.0f} %",
                NOT_DEFINED if row.documents is None else _count(row.documents.value),
                NOT_DEFINED if row.documents is None else _range(row.documents),
                *(_count(documents) for _, documents in row.with_trials),
                *([_count(row.trials)] if told else []),
            )
            for row in report.rows
        ),
        notes=report.remarks,
    )


def power_as_json(report: PowerReport) -> dict[str, Any]:
    """Everything but the curves, differences and powers as shares; `None` where no number would do.

    Where no document differs, the power and the documents as a whole are `None`: nothing is known.
    """
    found = dataclasses.asdict(dataclasses.replace(report, curves=()))
    del found["curves"]
    found["detectable_difference"] = found.pop("detectable")
    return found


def _difference(difference: float) -> str:
    number = points(difference).removesuffix(".0")
    return f"{number} point{'' if number == '1' else 's'}"


def _range(found: Range) -> str:
    return f"{_count(found.low)} to {_count(found.high)}"


def _count(number: int | None) -> str:
    return _NONE if number is None else f"{number:,}"
