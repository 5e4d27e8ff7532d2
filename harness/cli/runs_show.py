"""`harness runs show`: everything about one run."""

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
        "show", purpose="say everything about one run", example="harness runs show latest", run=run
    )
    add_run(command)
    add_config(command)
    add_json(command)


def run(arguments: argparse.Namespace) -> int:
    """Show a run: what it is, how far it came, what it spent."""
    from harness.cli.output import show, write_json
    from harness.cli.run_details import details_as_json, read_details, run_tables
    from harness.cli.selection import configuration_of
    from harness.cli.stored import existing_store
    from harness.storage import without_password

    configuration = configuration_of(arguments)
    with existing_store(configuration) as store:
        details = read_details(store, arguments.run_id)
    if arguments.json:
        write_json({"store": without_password(configuration.store), **details_as_json(details)})
    else:
        show(run_tables(details))
    return exits.PASSED
