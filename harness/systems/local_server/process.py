"""Start a server as a process of its own, know when it has ended, and leave none behind."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import IO

from harness.errors import SystemUnavailableError
from harness.records import Json
from harness.systems.answers.redaction import without_keys

_LAST_BYTES = 16_384
_LAST_LINES = 5
_LONGEST_LAST_WORDS = 1_000


class LocalServer:
    """A server that ends with the process that starts it.

    Its program reads its settings as one line of JSON from standard input, writes its address as one line to
    standard output when it is ready, writes its log to standard error, and ends when standard input is closed.

    Args:
        name: The system, as errors name it.
        command: The program and its arguments.
        settings: What it reads. Its `api_key` is taken out of every error.
        patience: Seconds that it may take until it is ready.
    """

    def __init__(
        self, name: str, command: Sequence[str], settings: Mapping[str, Json], patience: float
    ) -> None:
        self._name = name
        self._command = command
        self._settings = settings
        self._patience = patience
        self._process: subprocess.Popen[bytes] | None = None
        self._log: IO[bytes] | None = None

    async def start(self) -> str:
        """Start it and wait until it is ready.

        Returns:
            Its address.

        Raises:
            SystemUnavailableError: When it cannot be started, ends, takes too long, or listens to the world.
        """
        # Without a name, so that nothing is left of it when this process is killed.
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 - it lives as long as the process
        try:
            # A session of its own: Ctrl-C in the terminal is the harness's to understand, not the server's.
            self._process = subprocess.Popen(  # noqa: S603 - a command of the user's own configuration
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._log,
                start_new_session=True,
            )
        except OSError as error:
            raise self._unavailable(f"the server cannot be started: {error}") from error
        try:
            async with asyncio.timeout(self._patience):
                address = await asyncio.to_thread(self._tell_and_listen, self._process)
        except TimeoutError:
            self._kill()
            raise self._unavailable(
                f"the server was not ready within {self._patience:g} s",
                "give it longer with start_timeout, or take a smaller model",
            ) from None
        except BaseException:
            self._kill()
            raise
        if not address:
            await asyncio.to_thread(self._process.wait)
            raise self._unavailable(self.ended or "the server ended", "the file may be broken, or too large")
        if not address.startswith("http://127.0.0.1:"):
            self._kill()
            raise self._unavailable(f"the server says that it listens at {address[:100]!r}, not on loopback")
        return address

    @property
    def ended(self) -> str:
        """How it ended; empty while it runs, and before it was started."""
        code = None if self._process is None else self._process.poll()
        if code is None:
            return ""
        if code == -signal.SIGKILL:
            return "the server was killed by SIGKILL, as the system does when memory runs out"
        if code < 0:
            return f"the server was ended by {signal.Signals(-code).name}"
        return f"the server ended with exit code {code}"

    async def ends(self, *, within: float) -> bool:
        """Whether it has ended, or does so in a number of seconds."""
        if self._process is None:
            return False
        try:
            await asyncio.to_thread(self._process.wait, within)
        except subprocess.TimeoutExpired:
            return False
        return True

    @property
    def last_words(self) -> str:
        """The end of its log, without its key; empty when it wrote none."""
        if self._log is None:
            return ""
        # Not with seek: the server writes where this file stands.
        size = os.fstat(self._log.fileno()).st_size
        text = os.pread(self._log.fileno(), _LAST_BYTES, max(0, size - _LAST_BYTES)).decode("utf-8", "replace")
        lines = [line.strip() for line in text.splitlines() if line.strip()][-_LAST_LINES:]
        key = str(self._settings.get("api_key", ""))
        said = without_keys("; ".join(lines), key, at_most=_LAST_BYTES)
        return "".join(c if c.isprintable() else " " for c in said)[-_LONGEST_LAST_WORDS:]

    async def stop(self) -> None:
        """End it, whatever it is doing: it holds nothing that is worth saving. May be called twice."""
        self._kill()
        process, log = self._process, self._log
        if process is not None:
            await asyncio.to_thread(process.wait)
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    with suppress(OSError):
                        pipe.close()
        if log is not None:
            log.close()
            self._log = None

    def _tell_and_listen(self, process: subprocess.Popen[bytes]) -> str:
        """In a thread: it returns when the server is ready or has ended, and it ends when it is killed."""
        assert process.stdin is not None  # noqa: S101 - it is a pipe
        assert process.stdout is not None  # noqa: S101 - it is a pipe
        with suppress(OSError):
            process.stdin.write(json.dumps(self._settings).encode() + b"\n")
            process.stdin.flush()
        return process.stdout.readline(1_000).decode("utf-8", "replace").strip()

    def _kill(self) -> None:
        if self._process is not None:
            self._process.kill()

    def _unavailable(self, seen: str, hint: str = "") -> SystemUnavailableError:
        said = f"its last words: {self.last_words}" if self.last_words else ""
        return SystemUnavailableError(
            seen, where=f"system {self._name!r}", hint="; ".join(filter(None, (hint, said)))
        )
