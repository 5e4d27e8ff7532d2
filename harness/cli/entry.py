"""From the words of a command line to an exit code."""

from __future__ import annotations

import errno
import os
import signal
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from harness.cli import exits
from harness.errors import HarnessError

if TYPE_CHECKING:
    from collections.abc import Sequence

TRACEBACK = "HARNESS_TRACEBACK"
"""The environment variable that asks for the traceback of a defect."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the entry point of the console script.

    Args:
        argv: The words behind `harness`; those of this process when `None`.

    Returns:
        The exit code. Every error has been told on standard error.
    """
    try:
        code = _run(sys.argv[1:] if argv is None else argv)
        sys.stdout.flush()
    except BrokenPipeError:
        return _pipe_closed()
    except HarnessError as error:
        if error.exit_code == exits.INTERRUPTED and argv is None:
            _end_in_peace()
        _tell(error)
        return error.exit_code
    except KeyboardInterrupt:
        if argv is None:
            _end_in_peace()
        _tell(HarnessError("interrupted"))
        return exits.INTERRUPTED
    except OSError as error:
        _tell(HarnessError(error.strerror or str(error), where=str(error.filename or "")))
        return exits.FAILED
    except (Exception, SystemExit) as error:  # noqa: BLE001 - the last place that can tell a user anything
        if isinstance(error.__context__, BrokenPipeError):  # rich turns a closed pipe into SystemExit(1)
            return _pipe_closed()
        return _defect(error)
    return code


def _run(words: Sequence[str]) -> int:
    from harness.cli.commands import build_parser
    from harness.cli.parsing import find_command, spelled_out

    if sys.__stdout__ is None:
        raise OSError(errno.EBADF, "standard output is closed")
    parser = build_parser()
    words = spelled_out(parser, words)
    command = find_command(parser, words)
    try:
        arguments = parser.parse_args(words)
    except SystemExit:  # --help or --version, which have been printed
        return exits.PASSED
    if command.commands:
        command.print_help(sys.stderr)
        return exits.WRONG_USAGE
    code: int = arguments.run(arguments)
    return code


def _end_in_peace() -> None:
    """Ignore further Ctrl-C, so that the message and the exit code of the first one arrive.

    Only for a process of our own: what is ignored stays so, in child processes too.
    """
    with suppress(ValueError):  # not the main thread, where no Ctrl-C arrives
        signal.signal(signal.SIGINT, signal.SIG_IGN)


def _tell(error: HarnessError) -> None:
    from harness.cli.output import say
    from harness.reporting import error_text

    try:
        say(error_text(error), stderr=True)
    except (OSError, SystemExit):  # standard error is closed: nobody listens, and the exit code still tells
        return


def _defect(error: BaseException) -> int:
    if os.environ.get(TRACEBACK) == "1":
        import traceback

        traceback.print_exception(error)
    _tell(
        HarnessError(
            f"the harness failed, and should not have: {type(error).__name__}: {error}",
            hint=f"please report this line, with what {TRACEBACK}=1 prints when you run the command again",
        )
    )
    return exits.FAILED


def _pipe_closed() -> int:
    # Python flushes standard output once more when it ends, and would complain.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return exits.PIPE_CLOSED
