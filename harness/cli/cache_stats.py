"""`harness cache stats`: what the cache holds."""

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
        "stats",
        purpose="say how many answers later runs can take from the cache",
        example="harness cache stats",
        run=run,
    )
    add_config(command)
    add_json(command)


def run(arguments: argparse.Namespace) -> int:
    """Say what the cache holds; a store that does not exist yet is not made."""
    from dataclasses import asdict

    from harness.cli.output import say, write_json
    from harness.cli.selection import configuration_of
    from harness.reporting.figures import number_of
    from harness.storage import CacheStats, open_store, store_exists, store_name, without_password

    configuration = configuration_of(arguments)
    stats = CacheStats(0, 0, None, None)
    if store_exists(configuration.store):
        with open_store(configuration.store) as store:
            stats = store.cache_stats()
    if arguments.json:
        write_json({"store": without_password(configuration.store), **asdict(stats)})
    elif stats.oldest is None or stats.newest is None:
        say(f"The cache in {store_name(configuration.store)} is empty.")
    else:
        began, ended = (moment[:19].replace("T", " ") for moment in (stats.oldest, stats.newest))
        answers = number_of(stats.answers, "answer")
        say(f"The cache in {store_name(configuration.store)} has {answers}, {_size(stats.size)},")
        say(f"stored from {began} to {ended} (UTC).")
    return exits.PASSED


def _size(count: int) -> str:
    """Bytes, to three digits.

    >>> _size(1), _size(2_345), _size(12_345_678)
    ('1 byte', '2.3 kB', '12.3 MB')
    """
    if count < 1_000:
        return f"{count} byte{'' if count == 1 else 's'}"
    size, unit = next(
        (count / scale, unit) for scale, unit in ((1e9, "GB"), (1e6, "MB"), (1e3, "kB")) if count >= scale
    )
    return f"{size:,.1f} {unit}"
