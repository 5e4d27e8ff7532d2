"""The `harness` command in processes that begin with everything imported, for tests that need many of them.

One process imports the command and its libraries, once; it forks for each command, which so begins at once. The
code is the command's own, from the words of its command line to its exit code; only back-offs are brief.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from harness.cli import main
from harness.running.engine import pace
from tests.servers.asked_suite import write_suite
from tests.servers.asking import finished
from tests.servers.model_server import ModelServer

ROOT = Path(__file__).parents[2]
BRIEFEST = 0.002
"""Seconds of the first back-off, in the place of the command's own."""


class ForkedCommands:
    """Starts commands, one after the other, while it is entered."""

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", __name__],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        _pipe(self._process.stdin).close()
        self._process.wait(30)
        _pipe(self._process.stdout).close()

    def start(
        self, words: Sequence[str], folder: Path, out: Path, err: Path, environment: Mapping[str, str]
    ) -> int:
        """Start `harness` with these words in a folder; its outputs go to files. Gives its process id."""
        told = {
            "words": list(words),
            "folder": str(folder),
            "out": str(out),
            "err": str(err),
            "environment": dict(environment),
        }
        to = _pipe(self._process.stdin)
        to.write(json.dumps(told) + "\n")
        to.flush()
        return int(_pipe(self._process.stdout).readline())

    def ended(self) -> int:
        """Wait for the command; its exit code, or the negative number of the signal that killed it."""
        return int(_pipe(self._process.stdout).readline())


def _pipe(pipe: IO[str] | None) -> IO[str]:
    assert pipe is not None
    return pipe


def _serve() -> None:
    """What the process does: fork for each line of standard input."""
    _rehearse()
    pace.BRIEFEST = BRIEFEST
    for line in sys.stdin:
        told = json.loads(line)
        child = os.fork()
        if child == 0:
            _become(told)
        _say(child)
        _, status = os.waitpid(child, 0)
        _say(os.waitstatus_to_exitcode(status))


def _rehearse() -> None:
    """Make one run, after which everything that runs import is there. No thread is left when it is done."""
    with ModelServer() as server, tempfile.TemporaryDirectory() as folder:
        finished(write_suite(Path(folder) / "suite", 1, server.base_url))


def _become(told: dict[str, Any]) -> None:
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    for number, name in ((1, "out"), (2, "err")):
        os.dup2(os.open(told[name], os.O_WRONLY | os.O_CREAT | os.O_APPEND), number)
    os.environ.clear()
    os.environ.update(told["environment"])
    os.chdir(told["folder"])
    code = 70
    try:
        code = main(told["words"])
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(code)


def _say(number: int) -> None:
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    _serve()
