"""`harness gate`: may this be released?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.cli.parsing import add_config, add_json, at_least
from harness.cli.parsing import dollars as amount

if TYPE_CHECKING:
    import argparse

    from harness.cli.parsing import Parser


def add(parser: Parser) -> None:
    """Declare the command."""
    from harness.cli.run import add_model

    command = parser.add_command(
        "gate",
        purpose="pass or fail a run by the suite's rules",
        example="harness gate latest\n"
        "  harness gate --system rules --junit gate.xml\n"
        "  harness gate --model openai/gpt-5-mini --prompt v2 --max-cost 5 --baseline main\n"
        "  harness gate latest --update-baseline",
        run=run,
    )
    command.add_argument(
        "run_id",
        nargs="?",
        metavar="RUN",
        help="a stored run: its id, the beginning of one, a tag, latest, or the file of an exported run "
        "(default: the suite's newest)",
    )
    add_config(command, suite=True)
    what = command.add_argument_group("run it first")
    what.add_argument("--system", nargs=1, action="extend", metavar="NAME", help="this system of harness.toml")
    what.add_argument(
        "--model",
        nargs=1,
        action="extend",
        metavar="PROVIDER/MODEL",
        help="this model, with no entry in harness.toml",
    )
    what.add_argument(
        "--prompt", nargs=1, action="extend", metavar="VERSION", help="this version of the prompt"
    )
    what.add_argument(
        "--trials", type=at_least(1), metavar="N", help="ask for each document N times (default: 1)"
    )
    what.add_argument(
        "--max-cost",
        type=amount,
        metavar="DOLLARS",
        help="stop before it costs more, and as soon as no answer can change the verdict",
    )
    what.add_argument(
        "--stop-early",
        action="store_true",
        help="stop as soon as no answer can change the verdict, without a ceiling, too",
    )
    what.add_argument("--concurrency", type=at_least(1), metavar="N", help="at most N calls at once")
    what.add_argument("--quiet", action="store_true", help="show no progress on standard error")
    add_model(command)
    against = command.add_argument_group("what it is compared with")
    against.add_argument(
        "--baseline", metavar="RUN", help="a tag, a run or a run's file, in the place of the gate's baseline"
    )
    against.add_argument(
        "--update-baseline", action="store_true", help="make the run the baseline, unless it fails"
    )
    against.add_argument(
        "--force",
        action="store_true",
        help="with --update-baseline: even a run that fails, is unfinished or has fewer documents",
    )
    written = command.add_argument_group("what is written")
    written.add_argument("--junit", metavar="FILE", help="write JUnit XML: a test case a rule")
    written.add_argument("--markdown", metavar="FILE", help="write Markdown, for a pull request's comment")
    written.add_argument(
        "--github", action="store_true", help="write GitHub's step summary, and annotations of gold files"
    )
    add_json(command)
    command.add_argument_group(
        "exit codes", "0 passed, 1 failed, 5 inconclusive (the gate in harness.toml may make that 0 or 1)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Judge a run; the exit code is the verdict."""
    from harness.cli.gated import Reports, exit_code, gated, updated

    found = gated(arguments)
    reports = Reports.of(arguments, found.decision)
    reports.write()
    replaced = updated(arguments, found) if arguments.update_baseline else None
    reports.show(found, replaced)
    return exit_code(found.decision, replaced)
