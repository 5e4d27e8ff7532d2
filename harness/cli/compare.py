"""`harness compare`: is it better, and how sure is that?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.cli import exits
from harness.cli.parsing import add_config, add_json, at_least

if TYPE_CHECKING:
    import argparse

    from harness.cli.parsing import Parser

_LISTED = 10


def add(parser: Parser) -> None:
    """Declare the command."""
    command = parser.add_command(
        "compare",
        purpose="say whether a run is better than another, and how sure that is",
        example="harness compare baseline latest\n"
        "  harness compare baselines/main.jsonl.gz latest --markdown > comment.md",
        run=run,
    )
    which = "a run's id, the beginning of one, a tag, latest, or the file of an exported run"
    command.add_argument("baseline", metavar="BASELINE", help=f"what was there: {which}")
    command.add_argument(
        "candidates", nargs="+", metavar="CANDIDATE", help="what might replace it; several rank"
    )
    command.add_argument(
        "--only-common-documents", action="store_true", help="narrow to the documents that all of them have"
    )
    listed = command.add_mutually_exclusive_group()
    listed.add_argument(
        "--limit",
        type=at_least(0),
        default=_LISTED,
        metavar="N",
        help=f"how many documents, lost and gained values are listed at most (default: {_LISTED})",
    )
    listed.add_argument(
        "--all", action="store_true", help="list all of them, and the fields that do not differ"
    )
    command.add_argument("--seed", type=at_least(0), metavar="N", help="the seed of the label swaps")
    command.add_argument(
        "--draws",
        type=at_least(1),
        metavar="N",
        help="how many swaps to draw when there are more (default: 100000)",
    )
    command.add_argument("--plot", metavar="FILE", help="draw the fields' differences; ends in .svg or .png")
    command.add_argument("--markdown", action="store_true", help="print Markdown, for a pull request")
    add_config(command)
    add_json(command)


def run(arguments: argparse.Namespace) -> int:
    """Compare runs. The exit code does not depend on what comes of it; `harness gate` decides."""
    from harness.cli.compared import check_plot, compared, drawn, printed
    from harness.errors import UsageError

    if arguments.json and arguments.markdown:
        raise UsageError("--json and --markdown are two forms of one answer", hint="choose one")
    if arguments.plot is not None and len(arguments.candidates) > 1:
        raise UsageError("--plot draws two runs beside each other", hint="name one candidate")
    if arguments.plot is not None:
        check_plot(arguments.plot)
    found = compared(arguments)
    if arguments.plot is not None:
        drawn(found, arguments.plot)
    printed(arguments, found)
    return exits.PASSED
