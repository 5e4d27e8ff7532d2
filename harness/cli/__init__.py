"""The command line: one thin module a command.

A command's module declares its arguments with `add`, and has a `run` that calls into the other rooms and
returns the exit code. What `run` needs is imported inside it, so that `harness --help` loads no library.
"""

from harness.cli.entry import main

__all__ = ["main"]
