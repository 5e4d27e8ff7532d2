"""Every request that the server saw, written down before it is answered."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tests.servers.faults import Fault


@dataclass(frozen=True)
class Usage:
    """Tokens of one completion, as a provider bills them."""

    input: int
    output: int
    cached: int
    reasoning: int


@dataclass(frozen=True)
class Entry:
    """One request.

    Attributes:
        number: The how manieth this is, from 1.
        document: The document it asks about; empty when none could be read.
        attempt: The how manieth request about this document, from 1.
        model: The model it asks.
        fault: What it met.
        complete: Whether a whole completion is sent, so that a provider would bill it.
        usage: What the completion says of its tokens; `None` when it says nothing, or when there is none.
    """

    number: int
    document: str
    attempt: int
    model: str
    fault: Fault
    complete: bool
    usage: Usage | None


class RequestLog:
    """Entries in the order of the requests, in memory and, when asked, in a file of JSON lines.

    Written by the server's thread, read by any.
    """

    def __init__(self, file: Path | None = None) -> None:
        self._entries: list[Entry] = []
        self._changed = threading.Condition()
        self._file = file.open("a", encoding="utf-8") if file is not None else None

    def add(self, entry: Entry) -> None:
        """Write it down; it is in the system's hands when this returns."""
        if self._file is not None:
            self._file.write(json.dumps(asdict(entry)) + "\n")
            self._file.flush()
        with self._changed:
            self._entries.append(entry)
            self._changed.notify_all()

    @property
    def entries(self) -> list[Entry]:
        """All there are now."""
        with self._changed:
            return list(self._entries)

    def wait_until(self, enough: Callable[[list[Entry]], bool], *, at_most: float = 60.0) -> list[Entry]:
        """Wait for a request that makes it true, and give all there are then; fails when none comes."""
        with self._changed:
            assert self._changed.wait_for(lambda: enough(self._entries), at_most), (
                f"still waiting with {len(self._entries)} requests after {at_most:g} s"
            )
            return list(self._entries)

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()


def read_log(file: Path) -> list[Entry]:
    """The entries of a file."""
    return [_entry(json.loads(line)) for line in file.read_text(encoding="utf-8").splitlines()]


def _entry(read: dict[str, Any]) -> Entry:
    usage = None if read["usage"] is None else Usage(**read["usage"])
    return Entry(**{**read, "fault": Fault(read["fault"]), "usage": usage})
