"""`harness run`: put the documents of a suite to systems, store the answers and score them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.cli import exits
from harness.cli.parsing import add_config, add_json, at_least

if TYPE_CHECKING:
    import argparse

    from harness.cli.parsing import Parser


def add(parser: Parser) -> None:
    """Declare the command."""
    command = parser.add_command(
        "run",
        purpose="put documents to systems, store the answers, score them",
        example="harness run --suite labour_export --system null rules",
        run=run,
    )
    command.add_argument(
        "--system",
        nargs="+",
        action="extend",
        metavar="NAME",
        help="only these systems, not all that harness.toml defines",
    )
    command.add_argument(
        "--trials", type=at_least(1), default=1, metavar="N", help="ask for each document N times (default: 1)"
    )
    command.add_argument(
        "--concurrency", type=at_least(1), default=8, metavar="N", help="ask at most N at once (default: 8)"
    )
    command.add_argument("--limit", type=at_least(1), metavar="N", help="only the first N documents")
    command.add_argument("--quiet", action="store_true", help="show no progress on standard error")
    add_config(command, suite=True)
    add_json(command)


def run(arguments: argparse.Namespace) -> int:
    """Run the systems; fails when one of them gave no answer that could be used."""
    from contextlib import ExitStack

    from harness.cli.output import say, show, write_json
    from harness.cli.run_results import LateProgress, next_steps, result_tables, results_as_json, without_answer
    from harness.cli.selection import chosen_systems, configuration_of
    from harness.errors import SystemUnavailableError
    from harness.running import run_systems
    from harness.suites.documents import document_ids

    configuration = configuration_of(arguments)
    suite = configuration.suite(arguments.suite)
    systems = chosen_systems(configuration, arguments.system)
    documents = document_ids(suite.documents)[: arguments.limit]
    totals = {system.name: len(documents) * arguments.trials for system in systems}
    with ExitStack() as stack:
        results = run_systems(
            configuration,
            suite,
            systems,
            trials=arguments.trials,
            concurrency=arguments.concurrency,
            limit=arguments.limit,
            update=LateProgress(stack, totals, quiet=arguments.quiet),
        )
    if arguments.json:
        write_json(results_as_json(configuration, results))
    else:
        show(result_tables(results))
        say(next_steps(arguments, configuration, results))
    silent = without_answer(results)
    if silent:
        raise SystemUnavailableError(
            f"no answer of {' and '.join(silent)} could be used",
            hint="the leaderboard says what kind of failure; all of it is stored",
        )
    return exits.PASSED
