"""`harness run`: put the documents of a suite to systems, store the answers and score them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.cli import exits
from harness.cli.parsing import add_config, add_json, at_least, setting
from harness.cli.parsing import dollars as amount

if TYPE_CHECKING:
    import argparse

    from harness.cli.parsing import Parser


def add(parser: Parser) -> None:
    """Declare the command."""
    command = parser.add_command(
        "run",
        purpose="put documents to systems, store the answers, score them",
        example="harness run --suite labour_export --system null rules\n"
        "  harness run --model openai/gpt-5-mini --prompt v1 v2 --trials 3 --max-cost 5\n"
        "  harness run --resume latest",
        run=run,
    )
    add_config(command, suite=True)
    _add_choice(command)
    add_model(command)
    _add_manner(command)
    add_json(command)


def _add_choice(command: Parser) -> None:
    what = command.add_argument_group("what is asked")
    what.add_argument(
        "--system",
        nargs="+",
        action="extend",
        metavar="NAME",
        help="these systems, not those of the suite, or all that harness.toml defines",
    )
    what.add_argument(
        "--model",
        nargs="+",
        action="extend",
        metavar="PROVIDER/MODEL",
        help="these models, with no entry in harness.toml",
    )
    what.add_argument(
        "--prompt", nargs="+", action="extend", metavar="VERSION", help="each of these versions of the prompt"
    )
    what.add_argument(
        "--trials", type=at_least(1), metavar="N", help="ask for each document N times (default: 1)"
    )
    what.add_argument("--limit", type=at_least(1), metavar="N", help="only the first N documents")
    what.add_argument("--leave-out", nargs="+", action="extend", metavar="ID", help="all documents but these")
    what.add_argument("--resume", metavar="RUN", help="go on with a stored run: ask what has no answer")
    what.add_argument("--retry-failed", metavar="RUN", help="the same, and ask again for what failed")


def add_model(command: Parser) -> None:
    """Add the options of how models are asked."""
    how = command.add_argument_group("how models are asked, in the place of what harness.toml says")
    how.add_argument("--base-url", metavar="URL", help="the address of an OpenAI-compatible server")
    how.add_argument("--mode", metavar="MODE", help="tools, json_schema, json or markdown_json")
    how.add_argument(
        "--max-retries", type=at_least(0), metavar="N", help="ask again so often when an answer does not fit"
    )
    how.add_argument(
        "--parameter",
        nargs="+",
        action="extend",
        type=setting,
        metavar="NAME=VALUE",
        help="sent with every call: temperature=0",
    )


def _add_manner(command: Parser) -> None:
    manner = command.add_argument_group("how it is done")
    manner.add_argument(
        "--concurrency", type=at_least(1), metavar="N", help="at most N calls at once, for every system"
    )
    manner.add_argument(
        "--max-cost", type=amount, metavar="DOLLARS", help="stop before all of it costs more; resumable"
    )
    recording = manner.add_mutually_exclusive_group()
    recording.add_argument("--record", metavar="FILE", help="write every answer to a portable file, too")
    recording.add_argument("--replay", metavar="FILE", help="answer from such a file, and ask nobody")
    manner.add_argument("--quiet", action="store_true", help="show no progress on standard error")


def run(arguments: argparse.Namespace) -> int:
    """Run the systems; fails when one of them could not be asked, or gave no answer that could be used."""
    from harness.cli.output import say, show, write_json
    from harness.cli.run_request import results_of
    from harness.cli.run_results import next_steps, result_tables, results_as_json, without_answer
    from harness.cli.selection import configuration_of
    from harness.errors import SystemUnavailableError
    from harness.running import RunResult, StoppedRun

    configuration = configuration_of(arguments)
    results = results_of(arguments, configuration)
    finished = [one for one in results if isinstance(one, RunResult)]
    stopped = [one for one in results if isinstance(one, StoppedRun)]
    if arguments.json:
        write_json(results_as_json(configuration, finished, stopped))
    elif finished:
        show(result_tables(finished))
        say(next_steps(arguments, configuration, finished))
    for one in stopped[:-1]:
        say(str(one.error), stderr=True)
    if stopped:
        raise stopped[-1].error
    silent = without_answer(finished)
    if silent:
        raise SystemUnavailableError(
            f"no answer of {' and '.join(silent)} could be used",
            hint="the leaderboard says what kind of failure; all of it is stored",
        )
    return exits.PASSED
