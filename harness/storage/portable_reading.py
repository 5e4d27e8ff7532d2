"""Read the file of a run. It may come from anywhere: every value is checked before it is believed."""

from __future__ import annotations

import gzip
import json
import zlib
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Any, NoReturn, TypeVar, cast

from harness.errors import StoreError
from harness.storage.portable import FORMAT, VERSION
from harness.storage.portable_fields import names_of, response_of, run_of, score_line_of, signature_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from harness.records import DocumentScore, Response, Signature
    from harness.storage.base import RunRecord

_Value = TypeVar("_Value")
_GZIP = b"\x1f\x8b"
_AGAIN = "nothing was stored; export the run again, or fetch the file again"
_LONGEST = 512 * 1024 * 1024
"""Bytes of a line. A response with megabytes in each of its attempts has fewer."""


@dataclass(slots=True)
class RunFile:
    """The file of a run, read line by line.

    Attributes:
        path: The file.
        line: The number of the line that was read last.
    """

    path: Path
    line: int = 0
    _lines: Iterator[tuple[str, Any]] = field(init=False)
    _next: tuple[str, Any] = field(init=False, default=("", None))

    def __post_init__(self) -> None:
        """Read the first line.

        Raises:
            StoreError: When the file is not a run's, or of a newer version.
        """
        self._lines = self._read()
        self._advance()
        kind, value = self._next
        if kind != "format" or not isinstance(value, dict) or value.get("name") != FORMAT:
            self._refuse("this is not an exported run", "name a file that `harness runs export` wrote")
        if value.get("version") != VERSION:
            self._refuse(
                f"the file has version {value.get('version')!a}; this harness reads version {VERSION}",
                "update the harness",
            )
        self._advance()

    def run(self) -> RunRecord:
        """The run; to be read first."""
        return self._take("run", run_of)

    def planned(self) -> tuple[str, ...]:
        """The ids of the run's documents; to be read behind the run."""
        return self._take("planned", names_of)

    def takes(self) -> Iterator[tuple[int, Response]]:
        """Every take, in order; to be read behind the planned documents.

        Raises:
            StoreError: When they are out of order, or one is missing.
        """
        before: tuple[str, int, int] | None = None
        while self._next[0] == "response":
            line = self.line
            take, response = self._take("response", response_of)
            place = (response.document, response.trial, take)
            same = before is not None and before[:2] == place[:2]
            if take != (before[2] + 1 if same and before is not None else 0) or (before or place) > place:
                self._refuse("this response is out of order, or the one before it is missing", line=line)
            before = place
            yield take, response

    def scored_by(self) -> Signature | None:
        """The signature of the scores, `None` when there are none; to be read behind the takes."""
        return self._take("scored_by", signature_of) if self._next[0] == "scored_by" else None

    def scores(self) -> Iterator[DocumentScore]:
        """The scores, in order; to be read behind their signature.

        Raises:
            StoreError: When they are out of order, or two are for the same document and trial.
        """
        before: tuple[str, int] | None = None
        while self._next[0] == "score":
            line = self.line
            score = self._take("score", score_line_of)
            place = (score.document, score.trial)
            if before is not None and place <= before:
                self._refuse("this score is out of order, or there twice", line=line)
            before = place
            yield score

    def end(self, responses: int, scores: int) -> None:
        """Check that nothing is missing and nothing comes behind; to be read last."""
        line = self.line
        found = self._take("end", lambda value: value)
        if found != {"responses": responses, "scores": scores}:
            self._refuse(f"the file has {responses} responses and {scores} scores, and should not", line=line)
        if self._next[0]:
            self._refuse("there is something behind the end of the run")

    def records(self) -> Iterator[tuple[str, Any]]:
        """What each line behind the run's is and holds, as `run_records` gives them; for the methods above."""
        yield "planned", self.planned()
        responses = scores = 0
        for one in self.takes():
            responses += 1
            yield "response", one
        signature = self.scored_by()
        if signature is not None:
            yield "scored_by", signature
        for score in self.scores():
            scores += 1
            yield "score", score
        self.end(responses, scores)

    def _take(self, kind: str, checked: Callable[[Any], _Value]) -> _Value:
        """The value of the line that comes next, which has to be of that kind."""
        found, value = self._next
        if found != kind:
            if not found:
                self._refuse("the file is cut off here", _AGAIN)
            self._refuse(f'"{kind}" should stand here, and {found[:40]!a} does')
        try:
            taken = checked(value)
        except ValueError as failure:
            self._refuse(str(failure))
        self._advance()
        return taken

    def _advance(self) -> None:
        self._next = next(self._lines, ("", None))

    def _read(self) -> Iterator[tuple[str, Any]]:
        """What each line is, and its value."""
        try:
            with self.path.open("rb") as raw:
                packed = raw.read(2) == _GZIP
                raw.seek(0)
                file = cast("IO[bytes]", gzip.GzipFile(fileobj=raw)) if packed else raw
                while data := file.readline(_LONGEST + 1):
                    self.line += 1
                    yield self._parsed(data)
                self.line += 1
        except (EOFError, zlib.error, gzip.BadGzipFile):
            self.line += 1
            self._refuse("the file is cut off here, or damaged", _AGAIN)
        except OSError as failure:
            raise StoreError(
                f"the file cannot be read: {failure.strerror or failure}",
                where=str(self.path),
                hint="name a file that `harness runs export` wrote",
            ) from failure

    def _parsed(self, data: bytes) -> tuple[str, Any]:
        if len(data) > _LONGEST:
            self._refuse("the line is too long for a response")
        try:
            value = json.loads(data.decode("utf-8", "surrogatepass"), parse_constant=_no_constant)
        except (ValueError, RecursionError):
            if self.line == 1:
                self._refuse("this is not an exported run", "name a file that `harness runs export` wrote")
            if not data.endswith(b"\n"):
                self._refuse("the file is cut off here", _AGAIN)
            self._refuse("this line is not JSON", _AGAIN)
        if not isinstance(value, dict) or len(value) != 1:
            self._refuse("this line is not one of an exported run", _AGAIN)
        return next(iter(value.items()))

    def _refuse(self, seen: str, hint: str = "", *, line: int | None = None) -> NoReturn:
        raise StoreError(seen, where=f"{self.path}:{line or self.line}", hint=hint or _AGAIN)


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
