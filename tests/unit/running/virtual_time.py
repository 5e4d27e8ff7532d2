"""A clock that stands still until everybody waits."""

from __future__ import annotations

import asyncio
import heapq


class VirtualTime:
    """Gives seconds, and lets them pass at once when a sleeper asks for it: the earliest wakes first."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        waking: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self.now + seconds, len(self.slept), waking))
        # Others first: whoever is about to sleep too must be in the queue before the clock moves.
        for _ in range(20):
            await asyncio.sleep(0)
        while not waking.done():
            moment, _, earliest = heapq.heappop(self._sleepers)
            self.now = max(self.now, moment)
            if not earliest.done():
                earliest.set_result(None)
