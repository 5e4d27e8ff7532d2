"""Recordings: every answer of a run in one portable file, and answers from it without a network.

A recording is JSON lines: a first line that says so, and one line an answer, written when the answer came. What
is in the file stays in it. An answer that takes the place of an earlier one, such as a success after a failure,
is another line with the next `take`; the highest take counts.
"""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING, Self

from harness.errors import ReplayError
from harness.records import FailureKind, Fingerprint, Request, Response, Source
from harness.running.recordings.nearest_request import differences, nearest
from harness.running.recordings.recorded_line import RecordedLine, encoded
from harness.running.recordings.recording_index import HEADER, RecordingIndex, reporting
from harness.suites.places import place, quoted, shown

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType


class _File:
    """A file that is closed once, by hand or at the end of a `with`."""

    def __init__(self, path: Path, flags: int, done: str) -> None:
        self._path = path
        with reporting(path, done):
            self._descriptor = os.open(path, flags | os.O_CLOEXEC | os.O_NONBLOCK, 0o666)
        self._open = True
        if not stat.S_ISREG(os.fstat(self._descriptor).st_mode):
            self.close()
            raise ReplayError("this is no file", where=place(path), hint="a recording is an ordinary file")

    def close(self) -> None:
        """Let go of the file; closing twice is fine."""
        if self._open:
            self._open = False
            os.close(self._descriptor)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


class Recording(_File):
    """Answers from a file.

    Args:
        path: The file.

    Raises:
        ReplayError: When it cannot be read, is no recording, is cut off or is damaged.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path, os.O_RDONLY, "read")
        try:
            self._index = RecordingIndex(path, self._descriptor)
            self._refuse_cut_off()
        except BaseException:
            self.close()
            raise

    def __len__(self) -> int:
        return len(self._index)

    def answer(self, request: Request, fingerprint: Fingerprint) -> Response:
        """The recorded answer to a request, its failed attempts included.

        Raises:
            ReplayError: When there is none; says what the nearest recorded request is, and what differs.
        """
        line = self._index.find(fingerprint)
        if line is None:
            raise self._missing(request, fingerprint)
        return Response(request.document.id, request.trial, line.attempts, Source.REPLAY)

    def _refuse_cut_off(self) -> None:
        if self._index.cut_off:
            raise ReplayError(
                "the recording ends in the middle of a line",
                where=place(self._path, self._index.lines + 1),
                hint="record it once more with the same command: what it lacks is added, and the cache answers",
            )

    def _missing(self, request: Request, fingerprint: Fingerprint) -> ReplayError:
        found = nearest(fingerprint, self._index.newest())
        hints = ["the recording holds no answer at all"]
        if found is not None:
            number, line = found
            hints = [
                f"the nearest recorded request, on line {number}, is document {quoted(line.name)}, "
                f"trial {line.fingerprint.trial}; it differs in",
                *(f"  {words}" for words in differences(fingerprint, line.fingerprint)),
            ]
        hints.append(f"to record what is missing: the same command with --record {shown(self._path)}")
        return ReplayError(
            f"no answer is recorded for document {quoted(request.document.id)}, trial {request.trial}",
            where=place(self._path),
            hint="\n  ".join(hints),
        )


class Recorder(_File):
    """Writes answers to a file, which is made, or goes on when it is a recording.

    Every line is handed to the operating system before `write` returns, so that a killed process loses none. A
    last line that an earlier process could not finish is removed.

    Args:
        path: The file. One process records to it at a time.

    Raises:
        ReplayError: When the file cannot be written, is no recording, is damaged, or is being recorded to.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path, os.O_RDWR | os.O_CREAT, "written")
        try:
            self._lock()
            self._begin()
            self._index = RecordingIndex(path, self._descriptor)
            self._mend()
        except BaseException:
            self.close()
            raise

    def write(self, fingerprint: Fingerprint, response: Response) -> None:
        """Add an answer, failed ones too; one that is there already is left alone.

        An answer that was interrupted is none, and is not written.

        Raises:
            ReplayError: When it could not be written. What was written before stays whole.
        """
        if response.failure is FailureKind.INTERRUPTED:
            return
        earlier = self._index.find(fingerprint)
        if earlier is not None and earlier.attempts == response.attempts:
            return
        take = 0 if earlier is None else earlier.take + 1
        line = RecordedLine(fingerprint, response.document, take, response.attempts)
        data = encoded(line)
        self._put(data, self._index.size)
        self._index.add(line, len(data))

    def _begin(self) -> None:
        """Write the first line where there is none, or the beginning of one."""
        with reporting(self._path, "read"):
            size = os.fstat(self._descriptor).st_size
            beginning = os.pread(self._descriptor, len(HEADER), 0) if size < len(HEADER) else None
        if beginning is not None and HEADER.startswith(beginning):
            self._put(HEADER, 0)

    def _mend(self) -> None:
        """Let the file end with a whole line."""
        with reporting(self._path, "written"):
            if self._index.cut_off:
                os.ftruncate(self._descriptor, self._index.size)
            elif os.pread(self._descriptor, 1, self._index.size - 1) != b"\n":
                self._put(b"\n", self._index.size)
                self._index.size += 1

    def _put(self, data: bytes, offset: int) -> None:
        """Write bytes as a whole or, when that fails, not at all."""
        with reporting(self._path, "written"):
            try:
                written = 0
                while written < len(data):
                    written += os.pwrite(self._descriptor, data[written:], offset + written)
            except OSError:
                os.ftruncate(self._descriptor, offset)
                raise

    def _lock(self) -> None:
        try:
            import fcntl
        except ImportError:  # not on this system; two recorders of one file are then the user's mistake
            return
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise ReplayError(
                "another process is recording to this file",
                where=place(self._path),
                hint="wait for it, or name another file",
            ) from None
