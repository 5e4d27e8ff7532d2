"""`harness runs list`: what is stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.cli import exits
from harness.cli.parsing import add_config, add_json, at_least

if TYPE_CHECKING:
    import argparse

    from harness.cli.parsing import Parser

_MOST = 20


def add(parser: Parser) -> None:
    """Declare the command."""
    command = parser.add_command(
        "list", purpose="list the stored runs, newest first", example="harness runs list --limit 5", run=run
    )
    command.add_argument(
        "--limit", type=at_least(1), default=_MOST, metavar="N", help="how many to list (default: %(default)s)"
    )
    add_config(command)
    add_json(command)


def run(arguments: argparse.Namespace) -> int:
    """List the runs; a store that does not exist yet is not made."""
    from harness.cli.output import show, write_json
    from harness.cli.run_records import Listed, listed_as_json, run_list
    from harness.cli.selection import configuration_of
    from harness.storage import open_store, store_exists, without_password

    configuration = configuration_of(arguments)
    if store_exists(configuration.store):
        with open_store(configuration.store) as store:
            found = store.runs(arguments.limit + 1)
            listed = [Listed(one, store.scored_by(one.id)) for one in found[: arguments.limit]]
    else:
        found, listed = (), []
    if arguments.json:
        runs = [listed_as_json(one) for one in listed]
        write_json({"store": without_password(configuration.store), "runs": runs})
    else:
        show([run_list(listed, more=len(found) > len(listed))])
    return exits.PASSED
