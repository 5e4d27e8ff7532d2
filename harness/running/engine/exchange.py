"""One request's calls: each in its turn, within its time, paid for, and made again when that helps."""

from __future__ import annotations

import asyncio
import time
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from harness.errors import SystemUnavailableError
from harness.records import Attempt, FailureKind
from harness.running.engine.pace import PATIENCE
from harness.systems.base import CallFailedError, Exchange, Remedy

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from harness.running.engine.pace import Pace
    from harness.running.money.budget import Budget
    from harness.running.money.prices import Pricing
    from harness.systems.base import Called, T

_LONGEST_DETAIL = 2_000
_FEW = 5
"""After so many requests that cannot be answered, all in the same words and none answered, none will be."""


class Line:
    """What all exchanges with one system share.

    Args:
        name: The system, as errors name it.
        pace: Gives turns.
        pricing: Knows what a call costs.
        budget: Knows whether it may be spent.
    """

    def __init__(self, name: str, pace: Pace, pricing: Pricing, budget: Budget) -> None:
        self.name = name
        self.pace = pace
        self.pricing = pricing
        self.budget = budget
        self.answered = False
        self._hopeless: dict[str, int] = {}

    def refused(self, words: str) -> SystemUnavailableError | None:
        """Count a request that cannot be answered; the error to stop with when it looks as if none can."""
        if self.answered:
            return None
        count = self._hopeless[words] = self._hopeless.get(words, 0) + 1
        if count < _FEW:
            return None
        return self.unavailable(f"the first {count} requests were all refused in the same words: {words}")

    def unavailable(self, words: str) -> SystemUnavailableError:
        """The error that stops the system."""
        return SystemUnavailableError(
            words,
            where=f"system {self.name}",
            hint="mend that and run again: stored answers are used again",
        )


@dataclass(slots=True)
class _Failure:
    """A call that failed, in the terms that matter here."""

    attempt: Attempt
    remedy: Remedy
    retry_after: float | None = None


class PacedExchange(Exchange):
    """One request's exchange with a system of a run.

    Attributes:
        halted: Why the run cannot go on, found during this exchange; an adapter's client may have wrapped it
            beyond recognition, so that it is kept here.
        paid: Whether anything came back that may have been paid for.
    """

    def __init__(self, line: Line) -> None:
        super().__init__()
        self.halted: BaseException | None = None
        self.paid = False
        self._line = line
        self._deadline: asyncio.Timeout | None = None
        self._seconds = 0.0

    @asynccontextmanager
    async def within(self, seconds: float) -> AsyncIterator[None]:
        """Give this exchange so long from the beginning of its first call; what is over then has timed out.

        Waiting for the first turn does not count, or a slow provider would fail whatever stands behind.
        """
        self._seconds = seconds
        try:
            async with asyncio.timeout(None) as deadline:
                self._deadline = deadline
                yield
        except TimeoutError:
            if self._deadline is None or not self._deadline.expired():
                raise
            self.end(FailureKind.TIMED_OUT, f"not done within {seconds:g} s")

    @property
    def answers(self) -> tuple[Attempt, ...]:
        """The attempts, with what each cost where that can be known; a system may make some without calling."""
        return tuple(
            attempt if attempt.cost is not None else replace(attempt, cost=self._line.pricing.cost(attempt))
            for attempt in self.attempts
        )

    def end(self, failure: FailureKind, words: str, *, latency: float = 0.0) -> None:
        """Say why there will be no answer: of a call that was cut off, or as an attempt that called nobody."""
        if self.attempts and self.attempts[-1].failure is FailureKind.INTERRUPTED:
            cut_off = self.attempts[-1]
            self.attempts[-1] = replace(cut_off, failure=failure, detail=words[:_LONGEST_DETAIL])
            return
        ended = Attempt(None, latency, failure=failure, detail=words[:_LONGEST_DETAIL], cost=Decimal(0))
        self.attempts.append(ended)

    async def call(self, once: Callable[[], Awaitable[Called[T]]], size: int = 0) -> T:
        """Make a call in its turn, and again while that can help.

        Raises:
            CallFailedError: When the last attempt failed and this request cannot be answered.
            SystemUnavailableError: When no request can be.
            StoppingError: When the run stops before the call begins.
            CostCeilingReached: When it could cost more than may be spent.
        """
        limits = self._line.pace.limits
        repetition = 0
        while True:
            try:
                made = await self._once(once, size)
                if not isinstance(made, _Failure):
                    return made.value
                repetition += 1
                self._give_up(made, tried=repetition > limits.retries)
                await self._line.pace.back_off(repetition, made.retry_after)
            except CallFailedError:
                raise
            except BaseException as error:
                self.halted = self.halted or error
                raise

    async def _once(self, once: Callable[[], Awaitable[Called[T]]], size: int) -> Called[T] | _Failure:
        pace, budget = self._line.pace, self._line.budget
        began = await pace.turn(size, begun=self.paid)
        if self._deadline is not None and not self.attempts:
            self._deadline.reschedule(asyncio.get_running_loop().time() + self._seconds)
        try:
            reservation = await budget.reserve(size)
        except BaseException:
            pace.left()
            raise
        recorded: Attempt | None = None
        started = time.perf_counter()
        try:
            async with asyncio.timeout(pace.limits.call_timeout):
                called = await once()
        except TimeoutError:
            words = f"no answer within {pace.limits.call_timeout:g} s"
            late = Attempt(None, time.perf_counter() - started, failure=FailureKind.TIMED_OUT, detail=words)
            recorded = self._record(late)
            pace.too_much(began, None, None)
            return _Failure(recorded, Remedy.SLOWER)
        except CallFailedError as failed:
            recorded = self._record(failed.attempt)
            if failed.remedy is Remedy.SLOWER:
                pace.too_much(began, failed.retry_after, failed.allowance)
            return _Failure(recorded, failed.remedy, failed.retry_after)
        except asyncio.CancelledError:
            latency = time.perf_counter() - started
            recorded = self._record(
                Attempt(None, latency, failure=FailureKind.INTERRUPTED, detail="the call was cut off")
            )
            raise
        else:
            recorded = self._record(called.attempt)
            self._line.answered = True
            pace.went_well(called.allowance)
            return called
        finally:
            # A call that was cut off may have been paid for, and nobody can say how much it was.
            budget.settle(reservation, recorded.cost if recorded is not None else None)
            pace.left()

    def _record(self, attempt: Attempt) -> Attempt:
        attempt = replace(attempt, cost=self._line.pricing.cost(attempt))
        self.paid = self.paid or attempt.raw is not None or bool(attempt.output_tokens)
        self.attempts.append(attempt)
        return attempt

    def _give_up(self, failure: _Failure, *, tried: bool) -> None:
        """Raise when calling again is no use."""
        words = failure.attempt.detail
        if failure.remedy is Remedy.STOP:
            raise self._line.unavailable(words)
        if failure.remedy is Remedy.NONE:
            error = self._line.refused(words)
            if error is not None:
                raise error
        if failure.retry_after is not None and failure.retry_after > PATIENCE:
            raise self._line.unavailable(f"it asks to wait {failure.retry_after:.0f} s: {words}")
        if failure.remedy is Remedy.NONE or tried:
            raise CallFailedError(failure.attempt, failure.remedy, failure.retry_after)
