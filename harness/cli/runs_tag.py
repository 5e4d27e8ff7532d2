"""`harness runs tag`: give a run names."""

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
        "tag",
        purpose="give a run names, which stand for its id everywhere",
        example="harness runs tag latest baseline",
        run=run,
    )
    add_run(command)
    command.add_argument("tags", nargs="+", metavar="NAME", help="a name without white space")
    command.add_argument("--remove", action="store_true", help="take these names away instead")
    add_config(command)
    add_json(command)


def run(arguments: argparse.Namespace) -> int:
    """Add tags to a run, or take some away."""
    from harness.cli.output import say, write_json
    from harness.cli.run_records import run_as_json
    from harness.cli.selection import configuration_of
    from harness.cli.stored import existing_store
    from harness.errors import UsageError
    from harness.storage import without_password

    configuration = configuration_of(arguments)
    with existing_store(configuration) as store:
        found = store.run(arguments.run_id)
        tags = set(found.tags)
        for name in arguments.tags:
            if arguments.remove and name not in tags:
                hint = f"its tags are {', '.join(found.tags)}" if found.tags else "it has no tag"
                raise UsageError(f"the run {found.id} has no tag {name!r}", hint=hint)
        tags = tags - set(arguments.tags) if arguments.remove else tags | set(arguments.tags)
        store.tag_run(found.id, tags)
        found = store.run(found.id)
    if arguments.json:
        write_json({"store": without_password(configuration.store), "run": run_as_json(found)})
    else:
        say(f"Tags of the run {found.id}: {', '.join(found.tags) or 'none'}.")
    return exits.PASSED
