"""`harness init`: write a suite that runs at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.cli import exits
from harness.cli.parsing import add_json

if TYPE_CHECKING:
    import argparse

    from harness.cli.parsing import Parser


def add(parser: Parser) -> None:
    """Declare the command."""
    command = parser.add_command(
        "init",
        purpose="write a small suite that runs at once",
        example="harness init my-suite",
        run=run,
    )
    command.add_argument("folder", nargs="?", default=".", metavar="FOLDER", help="where (default: here)")
    add_json(command)


def run(arguments: argparse.Namespace) -> int:
    """Write the files and say what to type next."""
    import shlex
    from pathlib import Path

    from harness.cli.new_suite import DOCUMENT, write_suite
    from harness.cli.output import say, write_json

    folder = Path(arguments.folder)
    written = write_suite(folder)
    enter = "" if folder.resolve() == Path.cwd() else f"cd {shlex.quote(str(folder))} && "
    following = [f"{enter}harness run", f"harness score latest --explain {DOCUMENT}"]
    if arguments.json:
        write_json({"folder": str(folder), "files": [str(path) for path in written], "next": following})
    else:
        say(
            "\n".join(
                ["Wrote", *(f"  {path}" for path in written), "", "Next:", *(f"  {line}" for line in following)]
            )
        )
    return exits.PASSED
