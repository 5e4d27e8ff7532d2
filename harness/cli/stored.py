"""The store that a command is about, and leave to take something out of it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from harness.errors import UsageError

if TYPE_CHECKING:
    import argparse

    from harness.cli.parsing import Parser
    from harness.storage.sql import SqlStore
    from harness.suites.configuration import Configuration


def existing_store(configuration: Configuration) -> SqlStore:
    """The store of a configuration, which is not made when it does not exist.

    Raises:
        UsageError: When it does not exist.
        StoreError: When it cannot be opened.
    """
    from harness.storage import open_store, store_exists, store_name

    if not store_exists(configuration.store):
        raise UsageError(
            "the store holds no run", where=store_name(configuration.store), hint="make one with `harness run`"
        )
    return open_store(configuration.store)


def add_run(parser: Parser, *, several: bool = False) -> None:
    """Add the argument that names a stored run, or several of them."""
    how = "id, the beginning of one, a tag, or latest"
    if several:
        parser.add_argument("runs", nargs="+", metavar="RUN", help=f"stored runs; each an {how}")
    else:
        parser.add_argument("run_id", metavar="RUN", help=f"a stored run: its {how}")


def add_yes(parser: Parser) -> None:
    """Add `--yes`."""
    parser.add_argument("--yes", action="store_true", help="do not ask first")


def require_leave(arguments: argparse.Namespace, question: str) -> None:
    """Go on only with `--yes`, or when the user says so at a terminal.

    Raises:
        UsageError: When the user says no, or nobody can be asked.
    """
    if arguments.yes:
        return
    from harness.cli.output import say

    if not (sys.stdin and sys.stdin.isatty()):
        raise UsageError(question.replace("?", " needs a yes, and nobody can be asked here"), hint="add --yes")
    say(f"{question} [y/N]", stderr=True)
    if sys.stdin.readline().strip().lower() not in ("y", "yes"):
        raise UsageError("nothing was changed", hint="answer y, or add --yes")
