"""`harness runs export`: write a run to one file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.cli import exits
from harness.cli.parsing import add_config, add_json

if TYPE_CHECKING:
    import argparse

    from harness.cli.parsing import Parser


def add(parser: Parser) -> None:
    """Declare the command."""
    from harness.cli.stored import add_run

    command = parser.add_command(
        "export",
        purpose="write a run to one file, for a repository or another store",
        example="harness runs export baseline baseline.jsonl.gz",
        run=run,
    )
    add_run(command)
    command.add_argument("file", metavar="FILE", help="JSON lines; gzipped when the name ends in .gz")
    command.add_argument("--force", action="store_true", help="replace the file when it is there already")
    add_config(command)
    add_json(command)


def run(arguments: argparse.Namespace) -> int:
    """Export a run."""
    from pathlib import Path

    from harness.cli.output import say, write_json
    from harness.cli.selection import configuration_of
    from harness.cli.stored import existing_store
    from harness.reporting.figures import number_of
    from harness.storage.portable import export_run

    path = Path(arguments.file)
    with existing_store(configuration_of(arguments)) as store:
        found = store.run(arguments.run_id)
        count = export_run(store, found, path, overwrite=arguments.force)
    if arguments.json:
        write_json({"run": found.id, "file": str(path.absolute()), "responses": count})
    else:
        say(f"Wrote the run {found.id} with {number_of(count, 'response')} to {path}.")
    return exits.PASSED
