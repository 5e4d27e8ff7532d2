"""Answers on their way into the store: written first, looked at afterwards."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from harness.storage import Kept

if TYPE_CHECKING:
    from collections.abc import Callable

    from harness.records import Request, Response
    from harness.storage import Store


class Ledger:
    """Writes the answers of one run.

    Answers that come in during one turn of the event loop are written in one transaction, at the end of that
    turn. So a busy run commits seldom, a quiet one at once, and no answer waits for another.

    Args:
        store: Keeps them.
        run_id: The run.
        written: Called with each answer when it is safe.
    """

    def __init__(self, store: Store, run_id: str, written: Callable[[Request, Response], None]) -> None:
        self._store = store
        self._run_id = run_id
        self._written = written
        self._open: list[tuple[Request, Kept]] = []
        self._done: asyncio.Future[None] | None = None

    async def keep(self, request: Request, response: Response, key: str | None) -> None:
        """Write an answer; returns when it is safe.

        Raises:
            StoreError: When it could not be written.
        """
        self.add(request, response, key)
        if self._done is None:
            loop = asyncio.get_running_loop()
            self._done = loop.create_future()
            loop.call_soon(self._flush_for, self._done)
        await asyncio.shield(self._done)

    def add(self, request: Request, response: Response, key: str | None) -> None:
        """Have an answer written with the next ones, or by `flush`."""
        self._open.append((request, Kept(response, key)))

    def flush(self) -> None:
        """Write what is open.

        Raises:
            StoreError: When it could not be written; it stays open.
        """
        if not self._open:
            return
        self._store.append(self._run_id, [kept for _, kept in self._open])
        safe, self._open = self._open, []
        for request, kept in safe:
            self._written(request, kept.response)

    def _flush_for(self, done: asyncio.Future[None]) -> None:
        self._done = None
        try:
            self.flush()
        except BaseException as error:  # noqa: BLE001 - raised in every task that waits for it
            if not done.cancelled():
                done.set_exception(error)
        else:
            if not done.cancelled():
                done.set_result(None)
