"""`harness runs import`: put the file of a run into the store."""

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
        "import",
        purpose="put a run from a file into the store",
        example="harness runs import baseline.jsonl.gz",
        run=run,
    )
    command.add_argument("file", metavar="FILE", help="a file that `harness runs export` wrote")
    add_config(command)
    add_json(command)


def run(arguments: argparse.Namespace) -> int:
    """Import a run."""
    from pathlib import Path

    from harness.cli.output import say, write_json
    from harness.cli.run_records import run_as_json
    from harness.cli.selection import command_line, configuration_of
    from harness.storage import open_store, store_exists, store_name, without_password
    from harness.storage.restoring import import_run

    configuration = configuration_of(arguments)
    store_exists(configuration.store)  # says clearly when its folder is none
    with open_store(configuration.store) as store:
        found, new = import_run(store, Path(arguments.file))
    if arguments.json:
        address = without_password(configuration.store)
        write_json({"store": address, "run": run_as_json(found), "new": new})
    elif new:
        say(f"Stored the run {found.id} in {store_name(configuration.store)}. To look at it:")
        say(f"  {command_line(arguments, 'runs', 'show', found.id)}")
    else:
        say(f"The run {found.id} is in {store_name(configuration.store)} already, with the same answers.")
    return exits.PASSED
