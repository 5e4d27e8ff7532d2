"""`harness runs delete`: remove runs from the store."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.cli import exits
from harness.cli.parsing import add_config, add_json

if TYPE_CHECKING:
    import argparse

    from harness.cli.parsing import Parser


def add(parser: Parser) -> None:
    """Declare the command."""
    from harness.cli.stored import add_run, add_yes

    command = parser.add_command(
        "delete",
        purpose="remove runs; the cache keeps their answers",
        example="harness runs delete 20261122-053440-k3f9",
        run=run,
    )
    add_run(command, several=True)
    add_yes(command)
    add_config(command)
    add_json(command)


def run(arguments: argparse.Namespace) -> int:
    """Remove runs; none when one of them is not there."""
    from harness.cli.output import say, write_json
    from harness.cli.selection import configuration_of
    from harness.cli.stored import existing_store, require_leave
    from harness.reporting.figures import number_of
    from harness.running.holding import refuse_going_on
    from harness.storage import store_name, without_password

    configuration = configuration_of(arguments)
    with existing_store(configuration) as store:
        found = list({one.id: one for one in map(store.run, arguments.runs)}.values())
        named = ", ".join(one.id for one in found)
        where = store_name(configuration.store)
        require_leave(arguments, f"Remove {number_of(len(found), 'run')} ({named}) from {where}?")
        for one in found:
            refuse_going_on(one)
        for one in found:
            store.delete_run(one.id)
    if arguments.json:
        address = without_password(configuration.store)
        write_json({"store": address, "deleted": [one.id for one in found]})
    else:
        say(f"Removed {named}.")
    return exits.PASSED
