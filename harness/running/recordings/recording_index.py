"""Where each answer of a recording stands. The answers themselves stay in the file, and out of memory."""

from __future__ import annotations

import json
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from harness.errors import ReplayError
from harness.running.recordings.recorded_line import RecordedLine, decoded
from harness.suites.places import place, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from harness.records import Fingerprint

FORMAT, VERSION = "extraction-harness recording", 1
HEADER = json.dumps({"format": FORMAT, "version": VERSION}).encode() + b"\n"

_LONGEST_HEADER = 4_096
_LONGEST_LINE = 1024 * 1024 * 1024


class RecordingIndex:
    """The lines of a recording that is open for reading.

    Attributes:
        lines: How many whole lines the file has, its first one included.
        size: Bytes of them.
        cut_off: Whether another line begins behind them, and does not end.

    Raises:
        ReplayError: When the file is no recording, or has a line that cannot be read.
    """

    def __init__(self, path: Path, descriptor: int) -> None:
        self._path = path
        self._descriptor = descriptor
        self._places: dict[bytes, tuple[int, int, int]] = {}
        self.lines = 0
        self.size = 0
        self.cut_off = False
        with reporting(path, "read"), os.fdopen(descriptor, "rb", closefd=False) as file:
            file.seek(0)
            self._check_header(file.readline(_LONGEST_HEADER))
            while data := file.readline(_LONGEST_LINE):
                if not data.endswith(b"\n") and not self._is_whole(data):
                    self.cut_off = True
                    break
                self.add(self._decoded(data, self.lines + 1), len(data))

    def __len__(self) -> int:
        return len(self._places)

    def find(self, fingerprint: Fingerprint) -> RecordedLine | None:
        """The newest answer to a request; `None` when there is none."""
        found = self._places.get(bytes.fromhex(fingerprint.key))
        return None if found is None else self._read(*found)

    def newest(self) -> Iterator[tuple[int, RecordedLine]]:
        """The newest answer to every request with its line's number, one at a time."""
        for found in self._places.values():
            yield found[2], self._read(*found)

    def add(self, line: RecordedLine, size: int) -> None:
        """Count a line that stands behind the last one.

        Raises:
            ReplayError: When another line has another answer to the same request, and neither says that it came
                later.
        """
        key = bytes.fromhex(line.fingerprint.key)
        here = (self.size, size, self.lines + 1)
        self.size, self.lines = self.size + size, self.lines + 1
        known = self._places.get(key)
        if known is not None:
            earlier = self._read(*known)
            if earlier.take == line.take and earlier.attempts != line.attempts:
                raise ReplayError(
                    f"this line and line {known[2]} answer the same request differently",
                    where=place(self._path, here[2]),
                    hint=f"document {quoted(line.name)}, trial {line.fingerprint.trial}: "
                    "decide which of the two is right, and remove the other",
                )
            if earlier.take >= line.take:
                return
        self._places[key] = here

    def _is_whole(self, data: bytes) -> bool:
        """Whether a last line lacks its end and nothing else, as some editors leave it."""
        if len(data) >= _LONGEST_LINE:
            raise ReplayError(
                f"the line is longer than {_LONGEST_LINE:,} bytes", where=place(self._path, self.lines + 1)
            )
        try:
            decoded(data)
        except ValueError:
            return False
        return True

    def _check_header(self, data: bytes) -> None:
        where = place(self._path, 1)
        try:
            content = json.loads(data.decode())
        except (ValueError, RecursionError):
            content = None
        if not isinstance(content, dict) or content.get("format") != FORMAT or not data.endswith(b"\n"):
            raise ReplayError(
                "this is no recording",
                where=where,
                hint="harness run --record FILE makes one: name another file",
            )
        if content.get("version") != VERSION:
            raise ReplayError(
                f"the recording has version {quoted(str(content.get('version')), 20)}; "
                f"this harness reads version {VERSION}",
                where=where,
                hint="use the harness that made it, or a newer one, or record anew",
            )
        self.size, self.lines = len(data), 1

    def _read(self, offset: int, size: int, number: int) -> RecordedLine:
        with reporting(self._path, "read"):
            data = os.pread(self._descriptor, size, offset)
        return self._decoded(data, number)

    def _decoded(self, data: bytes, number: int) -> RecordedLine:
        try:
            return decoded(data)
        except ValueError as error:
            raise ReplayError(
                f"the line cannot be read: {error}",
                where=place(self._path, number),
                hint="the file is damaged: take it from where it came, or remove the line and record it again",
            ) from None


@contextmanager
def reporting(path: Path, done: str) -> Iterator[None]:
    """Turn the errors of the file system inside into a `ReplayError`."""
    try:
        yield
    except OSError as error:
        raise ReplayError(
            f"the recording could not be {done}: {error.strerror or error}",
            where=place(path),
            hint="mend that, or name another file",
        ) from None
