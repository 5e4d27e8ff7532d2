"""Answers that are there already: in the cache of all runs, or in a recording."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.records import Response, Source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from harness.records import Fingerprint, Request
    from harness.running.recordings.cassettes import Recording
    from harness.storage import Store
    from harness.systems import System

_MOST = 128
_LARGEST = 4_000_000
"""Requests, and characters of their documents, that are looked up together."""


class Lookup:
    """Finds what need not be asked.

    Args:
        system: Says what an answer depends on.
        store: Has the cache.
        recording: Answers in the place of the cache and of the system; `None` for none.
        found: Called with each answer that was found and its fingerprint.
    """

    def __init__(
        self,
        system: System,
        store: Store,
        recording: Recording | None,
        found: Callable[[Request, Response], None],
    ) -> None:
        self._system = system
        self._store = store
        self._recording = recording
        self._found = found
        self._open: dict[tuple[str, int], Fingerprint] = {}

    def fingerprint(self, request: Request) -> Fingerprint | None:
        """The fingerprint of a request that `unanswered` gave, once; `None` when it has none."""
        return self._open.pop((request.document.id, request.trial), None)

    def unanswered(self, requests: Iterator[Request]) -> Iterator[Request | None]:
        """The requests that have to be asked; after each batch a `None`, to let other tasks have their turn.

        Raises:
            ReplayError: When there is a recording, and it has no answer to a request.
            StoreError: When the cache cannot be read.
        """
        batch: list[tuple[Request, Fingerprint]] = []
        size = 0
        for request in requests:
            fingerprint = self._system.fingerprint(request)
            if fingerprint is None:
                yield request
                continue
            batch.append((request, fingerprint))
            size += len(request.document.text)
            if len(batch) >= _MOST or size >= _LARGEST:
                missing = self._missing(batch)
                batch, size = [], 0
                yield None
                yield from missing
        yield from self._missing(batch)

    def _missing(self, batch: list[tuple[Request, Fingerprint]]) -> list[Request]:
        """The requests of a batch that nobody has answered yet; the others have been found."""
        keys = [fingerprint.key for _, fingerprint in batch] if self._recording is None else []
        known = self._store.cached(keys) if keys else {}
        missing = []
        for request, fingerprint in batch:
            self._open[request.document.id, request.trial] = fingerprint
            if self._recording is not None:
                self._found(request, self._recording.answer(request, fingerprint))
                continue
            attempts = known.get(fingerprint.key)
            if attempts is None:
                missing.append(request)
            else:
                name, trial = request.document.id, request.trial
                self._found(request, Response(name, trial, attempts, Source.CACHE))
        return missing
