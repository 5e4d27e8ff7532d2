"""Put documents to one system, many at a time."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from harness.errors import CostCeilingReached, HarnessError
from harness.records import FailureKind, Request, Response
from harness.running.engine.pace import StoppingError
from harness.systems.base import CallFailedError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from harness.running.engine.exchange import PacedExchange
    from harness.systems import System

    Keep = Callable[[Request, Response], Awaitable[None]]


async def ask(
    system: System,
    requests: Iterator[Request | None],
    keep: Keep,
    exchange: Callable[[], PacedExchange],
    *,
    workers: int,
    document_timeout: float,
    stopping: Callable[[], bool],
    stop: Callable[[HarnessError], None],
) -> None:
    """Put every request to a system.

    A request is taken from the iterator when there is room for it, so that no more documents are in memory than
    are being asked about. No worker goes on before its answer is safe.

    Args:
        system: What is asked. An exception of its `answer` is a failed answer, unless it is a `HarnessError`.
        requests: What it is asked. A `None` among them asks nothing, and lets other tasks have their turn.
        keep: Keeps an answer; called for what was paid for even when the exchange was cut off.
        exchange: Makes the exchange of a request.
        workers: How many requests are worked on at most.
        document_timeout: Seconds for one request.
        stopping: Whether to take no further request.
        stop: Told why to take none, when what is in flight may be finished.

    Raises:
        HarnessError: Why the run cannot go on: what the system says of its set-up, or what `requests` or `keep`
            raises. Requests in flight are given up; what came back for them is kept.
    """

    async def work() -> None:
        for request in requests:
            if request is not None:
                halted = await _put(system, request, keep, exchange(), document_timeout)
                if isinstance(halted, CostCeilingReached):
                    stop(halted)
                elif halted is not None and not isinstance(halted, StoppingError):
                    raise halted
            # A system that never waits would keep the loop to itself, and Ctrl-C from reaching anybody.
            await asyncio.sleep(0)
            if stopping():
                return

    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(workers):
                group.create_task(work())
    except BaseExceptionGroup as failures:
        raise _first(failures) from None


async def _put(
    system: System, request: Request, keep: Keep, exchange: PacedExchange, document_timeout: float
) -> BaseException | None:
    """Put one request; returns why the run is to stop, if it is."""
    started = time.perf_counter()
    try:
        async with exchange.within(document_timeout):
            await system.answer(request, exchange)
    except asyncio.CancelledError:
        await _keep_what_was_paid(request, keep, exchange)
        raise
    except (CallFailedError, StoppingError):
        pass  # on the exchange already
    except HarnessError as error:
        exchange.halted = exchange.halted or error
    except Exception as error:  # noqa: BLE001 - one document's failure is counted, and the others go on
        if exchange.halted is None:
            words = f"{type(error).__name__}: {error}"
            exchange.end(FailureKind.ERROR, words, latency=time.perf_counter() - started)
    if exchange.halted is not None:
        await _keep_what_was_paid(request, keep, exchange)
        return exchange.halted
    if not exchange.attempts:
        exchange.end(FailureKind.EMPTY, "the system gave no answer")
    await keep(request, Response(request.document.id, request.trial, exchange.answers))
    return None


async def _keep_what_was_paid(request: Request, keep: Keep, exchange: PacedExchange) -> None:
    """Keep the attempts of an exchange that was cut off: their cost is known so, and it will be asked again."""
    if exchange.attempts:
        exchange.end(FailureKind.INTERRUPTED, "the run was stopped before this was answered")
        await keep(request, Response(request.document.id, request.trial, exchange.answers))


def _first(group: BaseExceptionGroup[BaseException]) -> BaseException:
    error: BaseException = group
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error
