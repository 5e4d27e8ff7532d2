"""`harness export outcomes`: every judged value of runs as a table for pandas, polars or a spreadsheet."""

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
        "outcomes",
        purpose="write a row for every judged value of runs, for pandas, polars or a spreadsheet",
        example="harness export outcomes baseline latest --parquet outcomes.parquet",
        run=run,
    )
    command.add_argument(
        "runs",
        nargs="+",
        metavar="RUN",
        help="a run's id, the beginning of one, a tag, latest, or the file of an exported run",
    )
    form = command.add_mutually_exclusive_group(required=True)
    form.add_argument("--parquet", metavar="FILE", help="write Parquet; needs the extra parquet")
    form.add_argument("--csv", metavar="FILE", help="write CSV; values stand in it as JSON")
    command.add_argument("--force", action="store_true", help="replace the file when it is there already")
    add_config(command)
    add_json(command)


def run(arguments: argparse.Namespace) -> int:
    """Export the outcomes of runs."""
    from pathlib import Path

    from harness.cli.output import say, write_json
    from harness.cli.resampling import Resampling
    from harness.cli.selection import configuration_of
    from harness.reporting.figures import number_of
    from harness.running.comparison.exporting import outcome_rows
    from harness.running.comparison.outcome_files import require_parquet, write_csv, write_parquet

    path = Path(arguments.csv or arguments.parquet)
    if arguments.parquet is not None:
        require_parquet()
    configuration = configuration_of(arguments)
    with Resampling() as progress:
        rows = outcome_rows(configuration, arguments.runs, progress=progress)
        write = write_parquet if arguments.csv is None else write_csv
        count = write(rows, path, overwrite=arguments.force)
    if arguments.json:
        write_json({"file": str(path.absolute()), "rows": count})
    else:
        say(f"Wrote {number_of(count, 'outcome')} to {path}.")
    return exits.PASSED
