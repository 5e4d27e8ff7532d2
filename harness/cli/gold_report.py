"""The report of `harness gold check`, for a person and for a program."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from harness.reporting.figures import number_of

if TYPE_CHECKING:
    from harness.suites.checking import GoldReport

_SHOWN = 20


def report_text(report: GoldReport, *, whole: bool) -> str:
    """One line a problem, then the values for a person to look at, then what was checked.

    Args:
        report: What was found.
        whole: List every unsupported value, not only the first.
    """
    lines = []
    for problem in report.problems:
        path = f"{problem.path}: " if problem.path else ""
        lines.append(f"{problem.where}: {path}{_one_line(problem.seen)}")
        if problem.hint:
            lines.append(f"  {_one_line(problem.hint)}")
    if report.unsupported:
        listed = report.unsupported if whole else report.unsupported[:_SHOWN]
        doubtful = number_of(len(report.unsupported), "value")
        lines += ["", f"{doubtful} not found in the quotes of their fact; please look:"]
        lines += [f"  {one.where}: {one.path} = {_one_line(one.value)}" for one in listed]
        if len(listed) < len(report.unsupported):
            lines.append(f"  and {len(report.unsupported) - len(listed)} more; --verbose lists all")
    found = number_of(len(report.problems), "problem") if report.problems else "no problem"
    checked = ", ".join(
        (
            number_of(report.files, "label file"),
            number_of(report.facts, "fact"),
            number_of(report.leaves, "value"),
        )
    )
    return "\n".join([*lines, *([""] if lines else []), f"{checked}: {found}"])


def report_as_json(report: GoldReport) -> dict[str, Any]:
    """The report, with every unsupported value."""
    return dataclasses.asdict(report)


def _one_line(text: str) -> str:
    return " ".join(text.split())
