"""`harness cache clear`: forget the answers that later runs would take."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.cli import exits
from harness.cli.parsing import add_config, add_json

if TYPE_CHECKING:
    import argparse

    from harness.cli.parsing import Parser


def add(parser: Parser) -> None:
    """Declare the command."""
    from harness.cli.stored import add_yes

    command = parser.add_command(
        "clear",
        purpose="forget them, so that later runs ask anew; stored runs keep theirs",
        example="harness cache clear --yes",
        run=run,
    )
    add_yes(command)
    add_config(command)
    add_json(command)


def run(arguments: argparse.Namespace) -> int:
    """Clear the cache; a store that does not exist yet is not made."""
    from harness.cli.output import say, write_json
    from harness.cli.selection import configuration_of
    from harness.cli.stored import require_leave
    from harness.reporting.figures import number_of
    from harness.storage import open_store, store_exists, store_name, without_password

    configuration = configuration_of(arguments)
    where = store_name(configuration.store)
    count = 0
    if store_exists(configuration.store):
        with open_store(configuration.store) as store:
            held = store.cache_stats().answers
            if held:
                require_leave(arguments, f"Forget {number_of(held, 'answer')} of the cache in {where}?")
                count = store.clear_cache()
    if arguments.json:
        write_json({"store": without_password(configuration.store), "forgotten": count})
    else:
        say(f"The cache in {where} forgot {number_of(count, 'answer')}." if count else "The cache was empty.")
    return exits.PASSED
