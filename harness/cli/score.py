"""`harness score`: score a stored run again, or predictions that were made elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.cli import exits
from harness.cli.parsing import add_config, add_json, at_least

if TYPE_CHECKING:
    import argparse

    from harness.cli.parsing import Parser

_FILES = ("schema", "gold", "predictions")


def add(parser: Parser) -> None:
    """Declare the command."""
    command = parser.add_command(
        "score",
        purpose="score a stored run again, or predictions made elsewhere",
        example="harness score latest --explain 001_mill\n"
        "  harness score --schema schemas.invoice:Invoice --gold gold.jsonl --predictions preds.jsonl",
        run=run,
    )
    command.add_argument(
        "run_id", nargs="?", metavar="RUN", help="a run's id, the beginning of one, a tag, or latest"
    )
    command.add_argument("--schema", metavar="TARGET", help="module:Model, for predictions made elsewhere")
    command.add_argument("--gold", metavar="FILE", help="JSONL, one {id, value} a line; value as in a label")
    command.add_argument(
        "--predictions",
        metavar="FILE",
        help="JSONL, one {id, value} or {id, error} a line, with trial if repeated",
    )
    command.add_argument("--explain", metavar="ID", help="print each mistake in this document instead")
    command.add_argument(
        "--trial", type=at_least(0), metavar="N", help="with --explain: which repeat, from 0 (default: 0)"
    )
    command.add_argument("--all", action="store_true", help="with --explain: what cost nothing, too")
    add_config(command)
    add_json(command)


def run(arguments: argparse.Namespace) -> int:
    """Score, or explain one document."""
    from harness.cli.output import say, show, write_json
    from harness.cli.scored import explained, scored
    from harness.errors import UsageError

    given = [name for name in _FILES if getattr(arguments, name) is not None]
    if arguments.run_id is not None and given:
        raise UsageError(f"both a run and --{given[0]} are given", hint="name a run, or files")
    if arguments.run_id is None and not given:
        raise UsageError(
            "no run is named",
            hint="`harness score latest` scores the newest; `harness runs` lists them; "
            "for predictions made elsewhere give --schema, --gold and --predictions",
        )
    missing = [f"--{name}" for name in _FILES if getattr(arguments, name) is None]
    if given and missing:
        raise UsageError(f"{' and '.join(missing)} must be given too", where="harness score")
    if arguments.explain is None and (arguments.trial is not None or arguments.all):
        raise UsageError("--trial and --all belong to --explain", where="harness score")
    report = scored(arguments) if arguments.explain is None else explained(arguments)
    if arguments.json:
        write_json(report.json)
    else:
        show(report.tables)
        if report.remarks:
            say("\n".join(["", *report.remarks]))
    return exits.PASSED
