"""`harness gold agree`: how far two label sets agree."""

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
        "agree",
        purpose="measure how far two label sets agree",
        example="harness gold agree gold/labour_export/passes/first gold/labour_export/passes/second",
        run=run,
    )
    command.add_argument("first", metavar="FIRST", help="the folder of labels that stands for gold")
    command.add_argument("second", metavar="SECOND", help="the folder of labels that is scored against it")
    add_config(command, suite=True)
    add_json(command)


def run(arguments: argparse.Namespace) -> int:
    """Measure the agreement."""
    from pathlib import Path

    from harness.cli.output import show, write_json
    from harness.cli.selection import subject_of
    from harness.reporting import agreement_table, as_json
    from harness.suites.checking import agree

    first, second = Path(arguments.first), Path(arguments.second)
    agreement = agree(subject_of(arguments).plan, first, second)
    if arguments.json:
        write_json(
            {
                "first": str(first),
                "second": str(second),
                "documents": agreement.documents,
                "strict": as_json(agreement.strict),
                "lenient": as_json(agreement.lenient),
            }
        )
    else:
        labels = (first.name, second.name) if first.name != second.name else (str(first), str(second))
        show([agreement_table(agreement.strict, agreement.lenient, labels)])
    return exits.PASSED
