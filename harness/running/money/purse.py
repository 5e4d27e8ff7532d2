"""The money of a command: a ceiling that no call begins to pass.

Each call reserves the most that it may cost, and gives back what it did not need. As long as no call costs more
than it reserved, spending never passes the ceiling. Near it, calls wait for those in flight to give something
back; one is refused when nothing is in flight and there is still no room. So nothing that is being paid for is
ever cut off.
"""

from __future__ import annotations

import asyncio
from collections import deque
from decimal import Decimal

from harness.errors import CostCeilingReached
from harness.reporting.spending import dollars
from harness.running.money.rates import ZERO


class Reservation:
    """Room for one call.

    Attributes:
        most: US dollars that are kept free for it.
        settled: Whether the call has ended.
    """

    __slots__ = ("most", "settled")

    def __init__(self, most: Decimal) -> None:
        self.most = most
        self.settled = False


class Purse:
    """The money of one command, shared by all its systems, in one event loop at a time.

    Args:
        ceiling: US dollars that may be spent; `None` for no ceiling.
        spent: What earlier parts of the run cost.

    Attributes:
        ceiling: As given.
        spent: What was spent so far, earlier parts included, as far as it is known.
        presumed: The most that calls of unknown cost may have cost; it counts against the ceiling too.
        reserved: What the calls in flight may cost.
        closed: Whether a call was refused. None is granted afterwards.
    """

    def __init__(self, ceiling: Decimal | None, spent: Decimal = ZERO) -> None:
        self.ceiling = ceiling
        self.spent = spent
        self.presumed = ZERO
        self.reserved = ZERO
        self.closed = False
        self._in_flight = 0
        self._queue: deque[tuple[Reservation, asyncio.Future[None]]] = deque()

    @property
    def left(self) -> Decimal | None:
        """US dollars that no call has reserved; `None` without a ceiling, negative when it was passed."""
        return None if self.ceiling is None else self.ceiling - self.spent - self.presumed - self.reserved

    async def reserve(self, most: Decimal) -> Reservation:
        """Keep room for a call that costs at most this; waits while calls in flight may give room back.

        Calls are granted in the order in which they ask; one that costs nothing always is.

        Raises:
            CostCeilingReached: When nothing is in flight and there is no room, now and ever after.
        """
        reservation = Reservation(most)
        if self.ceiling is None or not most:
            return self._granted(reservation)
        if self.closed:
            raise self._refusal(most)
        if not self._queue and self._fits(most):
            return self._granted(reservation)
        if not self._in_flight:
            self._close()
            raise self._refusal(most)
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        entry = (reservation, turn)
        self._queue.append(entry)
        try:
            await turn
        except BaseException:
            if turn.done() and not turn.cancelled() and turn.exception() is None:
                self.settle(reservation, ZERO)  # granted, and cut off before it could begin
            elif entry in self._queue:
                self._queue.remove(entry)
                self._grant_waiting()
            raise
        return reservation

    def settle(self, reservation: Reservation, cost: Decimal | None) -> None:
        """Say what a call cost, `None` when nobody knows. Saying it again changes nothing."""
        if reservation.settled:
            return
        reservation.settled = True
        self._in_flight -= 1
        self.reserved -= reservation.most
        if cost is None:
            self.presumed += reservation.most
        else:
            self.spent += cost
        self._grant_waiting()

    def _fits(self, most: Decimal) -> bool:
        left = self.left
        return left is None or most <= left

    def _granted(self, reservation: Reservation) -> Reservation:
        self._in_flight += 1
        self.reserved += reservation.most
        return reservation

    def _grant_waiting(self) -> None:
        while self._queue and self._fits(self._queue[0][0].most):
            reservation, turn = self._queue.popleft()
            if not turn.done():
                self._granted(reservation)
                turn.set_result(None)
        if self._queue and not self._in_flight:
            self._close()

    def _close(self) -> None:
        self.closed = True
        while self._queue:
            reservation, turn = self._queue.popleft()
            if not turn.done():
                turn.set_exception(self._refusal(reservation.most))

    def _refusal(self, most: Decimal) -> CostCeilingReached:
        return CostCeilingReached(
            f"the next call may cost up to {dollars(most)}, and {self._account()}",
            hint="go on with a higher ceiling: harness run --resume RUN --max-cost MORE",
        )

    def _account(self) -> str:
        presumed = f", and up to {dollars(self.presumed)} by calls of unknown cost" if self.presumed else ""
        return f"{dollars(self.spent)} of {dollars(self.ceiling or ZERO)} is spent{presumed}"

    def stopped(self, run: str, answered: int, planned: int) -> CostCeilingReached:
        """The error that ends a run: how far it came for its money, and how to go on.

        Args:
            run: The run's id.
            answered: Answers that it has, failed ones included.
            planned: Answers that it is to have.
        """
        hints = [f"go on with a higher ceiling: harness run --resume {run} --max-cost MORE"]
        if answered and self.spent:
            whole = self.spent * planned / answered
            hints.append(f"at this rate, all {planned:,} answers cost about {dollars(whole)}")
        else:
            hints.append("a smaller max_completion_tokens lets calls begin nearer to the ceiling")
        return CostCeilingReached(
            f"stopped before the ceiling: {self._account()}; {answered:,} of {planned:,} answered",
            where=f"run {run}",
            hint="\n  ".join(hints),
        )
