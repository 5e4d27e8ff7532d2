"""When the next call to a system may begin.

How many are in flight is learnt: doubled with every round while all goes well, until the first trouble; from
then on one more a round, and half as many whenever the provider says that it is too much. TCP does the same,
and for the same reason: nobody can know beforehand what the other side bears, and it changes.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING

from harness.running.engine.ceilings import Ceiling

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from random import Random

    from harness.records import Limits
    from harness.systems.base import Allowance

FIRST = 8
"""Calls in flight at the beginning, where the limits allow as many."""
BRIEFEST, LONGEST = 0.5, 60.0
"""Seconds that a failed call waits for its first repetition, and for any, before jitter."""
PATIENCE = 900.0
"""Seconds that a provider may ask to wait. A run stops rather than wait longer, and can be resumed."""


class StoppingError(Exception):
    """The run is stopping, and this call would begin something."""


class Pace:
    """Decides, for one system in one event loop, when calls begin.

    Args:
        limits: The ceilings.
        random: Draws the jitter.
        clock: Gives seconds that never go back.
        sleep: Waits for seconds.
    """

    def __init__(
        self,
        limits: Limits,
        random: Random,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self.limits = limits
        self.width = float(min(limits.concurrency, FIRST))
        self.in_flight = 0
        self.stopping = False
        self._random = random
        self._clock = clock
        self._sleep = sleep
        self._queue: deque[asyncio.Future[None]] = deque()
        self._requests = Ceiling(limits.requests_per_minute)
        self._tokens = Ceiling(limits.tokens_per_minute)
        self._closed_until = 0.0
        self._trouble_at: float | None = None
        self._stopped = asyncio.Event()

    @property
    def waiting(self) -> str:
        """Why nothing begins just now, in a few words; empty when something may."""
        seconds = self._closed_until - self._clock()
        return f"asked to wait {seconds:.0f} s" if seconds >= 1 else ""

    async def turn(self, size: int, *, begun: bool = False) -> float:
        """Wait until a call may begin, and count it as in flight; give the place back with `left`.

        Args:
            size: About how many tokens it is, for the ceiling.
            begun: Whether something was paid for this request already, so that a stopping run finishes it.

        Returns:
            The clock's time at which it begins.

        Raises:
            StoppingError: When the run stops.
        """
        while self.in_flight >= int(self.width):
            self._refuse_new(begun)
            place = asyncio.get_running_loop().create_future()
            self._queue.append(place)
            try:
                await place
            except asyncio.CancelledError:
                with suppress(ValueError):
                    self._queue.remove(place)
                self._admit()  # the place may have been given to this call already
                raise
        self.in_flight += 1
        try:
            while True:
                self._refuse_new(begun)
                now = self._clock()
                wait = max(self._closed_until - now, self._requests.wait(1, now), self._tokens.wait(size, now))
                if wait <= 0:
                    break
                # A stopping run pauses for nothing; what was begun still keeps to the ceilings.
                await (self._sleep(wait) if self.stopping else self.pause(wait))
        except BaseException:
            self.left()
            raise
        self._requests.take(1, now)
        self._tokens.take(size, now)
        return now

    def left(self) -> None:
        """Give a place back."""
        self.in_flight -= 1
        self._admit()

    def went_well(self, allowance: Allowance | None) -> None:
        """A call was answered: there may be more of them."""
        if self.width < self.limits.concurrency:
            step = 1.0 if self._trouble_at is None else 1.0 / self.width
            self.width = min(float(self.limits.concurrency), self.width + step)
            self._admit()
        self._heed(allowance)

    def too_much(self, began: float, retry_after: float | None, allowance: Allowance | None) -> None:
        """A call was refused as too much, or took too long: fewer of them from now on.

        Calls that began before the last such moment say nothing new.

        Args:
            began: What `turn` returned for it.
            retry_after: Seconds for which the provider wants nothing at all; `None` when it does not say.
            allowance: What it says of its limits.
        """
        if self._trouble_at is None or began >= self._trouble_at:
            self.width = max(1.0, self.width / 2)
            self._trouble_at = self._clock()
        if retry_after is not None:
            self._close_for(retry_after)
        self._heed(allowance)

    async def back_off(self, repetition: int, retry_after: float | None) -> None:
        """Wait before a call is made again: twice as long each time, with jitter, never less than asked for.

        Args:
            repetition: Which one it will be, from 1.
            retry_after: Seconds that the provider asks for.

        Raises:
            StoppingError: When the run stops in the meantime.
        """
        longest = min(LONGEST, BRIEFEST * 2 ** (repetition - 1))
        # Half of it fixed, half of it drawn: calls that failed together must not come back together.
        wait = longest / 2 + self._random.random() * longest / 2
        await self.pause(wait if retry_after is None else retry_after + wait / 10)
        if self.stopping:
            raise StoppingError

    async def pause(self, seconds: float) -> None:
        """Wait, but no longer than the run goes on."""
        if self.stopping:
            return
        sleeping = asyncio.ensure_future(self._sleep(seconds))
        stopped = asyncio.ensure_future(self._stopped.wait())
        try:
            await asyncio.wait((sleeping, stopped), return_when=asyncio.FIRST_COMPLETED)
        finally:
            sleeping.cancel()
            stopped.cancel()

    def stop(self) -> None:
        """Begin nothing from now on; what is in flight goes on."""
        self.stopping = True
        self._stopped.set()
        self._wake(len(self._queue))

    def _refuse_new(self, begun: bool) -> None:
        if self.stopping and not begun:
            raise StoppingError

    def _admit(self) -> None:
        self._wake(int(self.width) - self.in_flight)

    def _wake(self, most: int) -> None:
        """Let so many look again whether there is a place for them."""
        while most > 0 and self._queue:
            place = self._queue.popleft()
            if not place.done():
                place.set_result(None)
                most -= 1

    def _heed(self, allowance: Allowance | None) -> None:
        if allowance is None:
            return
        if allowance.requests == 0 and allowance.requests_reset is not None:
            self._close_for(allowance.requests_reset)
        if allowance.tokens == 0 and allowance.tokens_reset is not None:
            self._close_for(allowance.tokens_reset)

    def _close_for(self, seconds: float) -> None:
        self._closed_until = max(self._closed_until, self._clock() + min(seconds, PATIENCE))
