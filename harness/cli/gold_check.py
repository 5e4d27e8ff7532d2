"""`harness gold check`: what is wrong with the labels of a suite."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.cli import exits
from harness.cli.parsing import add_config, add_json

if TYPE_CHECKING:
    import argparse

    from harness.cli.parsing import Parser


def add(parser: Parser) -> None:
    """Declare the command."""
    command = parser.add_command(
        "check",
        purpose="check every label; exit 3 when one is wrong",
        example="harness gold check --suite labour_export",
        run=run,
    )
    command.add_argument(
        "--verbose",
        action="store_true",
        help="list every value that its quotes may not support, not the first 20",
    )
    add_config(command, suite=True)
    add_json(command)


def run(arguments: argparse.Namespace) -> int:
    """Check the labels."""
    from harness.cli.gold_report import report_as_json, report_text
    from harness.cli.output import say, write_json
    from harness.cli.selection import subject_of
    from harness.suites.checking import check_gold

    suite, model, plan = subject_of(arguments)
    report = check_gold(plan, model, suite.gold, suite.documents)
    if arguments.json:
        write_json(report_as_json(report))
    else:
        say(report_text(report, whole=arguments.verbose))
    return exits.INVALID_INPUT if report.problems else exits.PASSED
