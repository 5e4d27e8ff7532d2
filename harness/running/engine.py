"""Put documents to one system, several at a time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from harness.errors import HarnessError
from harness.records import Attempt, FailureKind, Request, Response

if TYPE_CHECKING:
    from harness.systems import System

Answered = Callable[[Request, Response], None]
"""Takes an answer before anything else happens. What it raises ends the run."""

_LONGEST_DETAIL = 2_000


async def ask(system: System, requests: Iterator[Request], answered: Answered, *, concurrency: int) -> None:
    """Put every request to a system.

    A request is taken from the iterator when there is room for it. Between the moment at which an answer is
    there and the call of `answered` nothing else runs, so that a killed process loses no answer it has seen.

    Args:
        system: What is asked. An exception of its `answer` is a failed answer, unless it is a `HarnessError`.
        requests: What it is asked.
        answered: Called with each answer, in the order in which they come in.
        concurrency: How many requests are in flight at most.

    Raises:
        HarnessError: What the system says of its set-up, or what `requests` or `answered` raises. Requests in
            flight are given up.
    """

    async def work() -> None:
        for request in requests:
            answered(request, await _answer(system, request))
            # A system that never waits would keep the loop to itself, and Ctrl-C from reaching anybody.
            await asyncio.sleep(0)

    try:
        async with asyncio.TaskGroup() as workers:
            for _ in range(concurrency):
                workers.create_task(work())
    except BaseExceptionGroup as group:
        raise _first(group) from None


async def _answer(system: System, request: Request) -> Response:
    started = time.perf_counter()
    try:
        return await system.answer(request)
    except HarnessError:
        raise
    except Exception as error:  # noqa: BLE001 - one document's failure is counted, and the others go on
        detail = f"{type(error).__name__}: {error}"[:_LONGEST_DETAIL]
        attempt = Attempt(None, time.perf_counter() - started, failure=FailureKind.ERROR, detail=detail)
        return Response(request.document.id, request.trial, (attempt,))


def _first(group: BaseExceptionGroup[BaseException]) -> BaseException:
    error: BaseException = group
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error
