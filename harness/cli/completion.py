"""`harness completion`: a script that completes commands and options in a shell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.cli import exits

if TYPE_CHECKING:
    import argparse

    from harness.cli.parsing import Parser

_SHELLS = ("bash", "zsh", "tcsh")


def add(parser: Parser) -> None:
    """Declare the command."""
    command = parser.add_command(
        "completion",
        purpose="print a script that completes commands in your shell",
        example='eval "$(harness completion bash)"',
        run=run,
    )
    command.add_argument("shell", choices=_SHELLS, metavar="SHELL", help=", ".join(_SHELLS))


def run(arguments: argparse.Namespace) -> int:
    """Print the script."""
    import shtab

    from harness.cli.commands import build_parser
    from harness.cli.output import write

    parser = build_parser()
    _complete_files(parser, {"FILE": shtab.FILE, "DOCUMENT": shtab.FILE, "FOLDER": shtab.DIRECTORY})
    write(shtab.complete(parser, shell=arguments.shell) + "\n")
    return exits.PASSED


def _complete_files(parser: Parser, completers: dict[str, object]) -> None:
    for action in parser._actions:
        if isinstance(action.metavar, str) and action.metavar in completers:
            action.complete = completers[action.metavar]  # type: ignore[attr-defined] # where shtab looks
    for command in parser.commands.values():
        _complete_files(command, completers)
