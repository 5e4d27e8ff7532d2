import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from random import Random

import pytest

from harness.errors import CostCeilingReached, SystemUnavailableError
from harness.records import Attempt, FailureKind, Limits, Price
from harness.running.engine.exchange import Line, PacedExchange
from harness.running.engine.pace import Pace, StoppingError
from harness.running.money.budget import Budget
from harness.running.money.prices import Pricing, free, price_of
from harness.running.money.purse import Purse
from harness.systems.base import Called, CallFailedError, Remedy
from tests.unit.running.virtual_time import VirtualTime

GOOD = Attempt("{}", 0.1, input_tokens=100, output_tokens=10)
DEAR = price_of("own/model", {"own/model": Price(Decimal(10_000), Decimal(0))})  # a cent a token asked


def failed(remedy: Remedy, words: str = "no", retry_after: float | None = None) -> CallFailedError:
    kind = FailureKind.RATE_LIMITED if remedy is Remedy.SLOWER else FailureKind.ERROR
    attempt = Attempt(None, 0.1, failure=kind, detail=words, cost=Decimal(0))
    return CallFailedError(attempt, remedy, retry_after)


def scripted(*acts: CallFailedError | Attempt) -> Callable[[], Awaitable[Called[str]]]:
    left = list(acts)

    async def once() -> Called[str]:
        act = left.pop(0)
        if isinstance(act, CallFailedError):
            raise act
        return Called("value", act)

    return once


def lined(
    act: Callable[[Line, VirtualTime], Awaitable[None]],
    *,
    limits: Limits | None = None,
    pricing: Pricing | None = None,
    ceiling: Decimal | None = None,
) -> None:
    async def inside() -> None:
        time, price = VirtualTime(), pricing or free()
        pace = Pace(limits or Limits(), Random(1), clock=time, sleep=time.sleep)  # noqa: S311
        await act(Line("sys", pace, price, Budget(price, Purse(ceiling))), time)
        assert pace.in_flight == 0

    asyncio.run(inside())


async def never() -> Called[str]:
    await asyncio.Event().wait()
    raise AssertionError("nobody sets it")


def kinds(attempts: Sequence[Attempt]) -> list[FailureKind | None]:
    return [attempt.failure for attempt in attempts]


def test_a_call_is_made_again_while_that_helps_and_each_is_recorded() -> None:
    async def act(line: Line, time: VirtualTime) -> None:
        exchange = PacedExchange(line)
        script = scripted(failed(Remedy.SLOWER, retry_after=4.0), failed(Remedy.AGAIN), GOOD)
        assert await exchange.call(script) == "value"
        assert kinds(exchange.attempts) == [FailureKind.RATE_LIMITED, FailureKind.ERROR, None]
        assert time.now >= 4.0
        assert exchange.halted is None

    lined(act)


def test_it_is_made_again_no_more_often_than_allowed() -> None:
    async def act(line: Line, time: VirtualTime) -> None:
        exchange = PacedExchange(line)
        with pytest.raises(CallFailedError):
            await exchange.call(scripted(*[failed(Remedy.AGAIN)] * 3, GOOD))
        assert len(exchange.attempts) == 3
        assert exchange.halted is None

    lined(act, limits=Limits(retries=2))


def test_what_no_repetition_helps_is_not_repeated() -> None:
    async def act(line: Line, time: VirtualTime) -> None:
        exchange = PacedExchange(line)
        with pytest.raises(CallFailedError):
            await exchange.call(scripted(failed(Remedy.NONE)))
        assert len(exchange.attempts) == 1
        assert exchange.halted is None

    lined(act)


def test_what_concerns_every_request_stops_the_system_in_the_providers_words() -> None:
    async def act(line: Line, time: VirtualTime) -> None:
        exchange = PacedExchange(line)
        with pytest.raises(SystemUnavailableError, match="Incorrect API key") as caught:
            await exchange.call(scripted(failed(Remedy.STOP, "Incorrect API key")))
        assert exchange.halted is caught.value
        assert caught.value.where == "system sys"

    lined(act)


def test_a_provider_that_asks_to_wait_for_hours_stops_the_system() -> None:
    async def act(line: Line, time: VirtualTime) -> None:
        with pytest.raises(SystemUnavailableError, match="asks to wait 7200 s"):
            await PacedExchange(line).call(scripted(failed(Remedy.SLOWER, "daily limit", 7_200.0)))

    lined(act)


def test_requests_that_are_all_refused_in_the_same_words_stop_the_system() -> None:
    async def act(line: Line, time: VirtualTime) -> None:
        for _ in range(4):
            with pytest.raises(CallFailedError):
                await PacedExchange(line).call(scripted(failed(Remedy.NONE, "bad parameter")))
        with pytest.raises(SystemUnavailableError, match=r"first 5 requests .* bad parameter"):
            await PacedExchange(line).call(scripted(failed(Remedy.NONE, "bad parameter")))

    lined(act)


def test_after_one_answer_refusals_stop_nothing() -> None:
    async def act(line: Line, time: VirtualTime) -> None:
        await PacedExchange(line).call(scripted(GOOD))
        for _ in range(20):
            with pytest.raises(CallFailedError):
                await PacedExchange(line).call(scripted(failed(Remedy.NONE, "too long")))

    lined(act)


def test_a_call_that_takes_too_long_has_timed_out_and_is_made_again() -> None:
    async def act(line: Line, time: VirtualTime) -> None:
        calls = 0

        async def once() -> Called[str]:
            nonlocal calls
            calls += 1
            if calls == 1:
                await asyncio.Event().wait()
            return Called("late", GOOD)

        exchange = PacedExchange(line)
        assert await exchange.call(once) == "late"
        assert kinds(exchange.attempts) == [FailureKind.TIMED_OUT, None]
        assert exchange.attempts[0].detail == "no answer within 0.01 s"

    lined(act, limits=Limits(call_timeout=0.01))


def test_a_document_has_its_time_from_its_first_call_on() -> None:
    async def act(line: Line, time: VirtualTime) -> None:
        exchange = PacedExchange(line)
        async with exchange.within(0.01):
            await exchange.call(never)
        assert kinds(exchange.attempts) == [FailureKind.TIMED_OUT]
        assert exchange.attempts[-1].detail == "not done within 0.01 s"
        never_called = PacedExchange(line)
        async with never_called.within(0.0):
            await asyncio.sleep(0)
        assert never_called.attempts == []

    lined(act)


def test_costs_are_written_on_every_attempt() -> None:
    async def act(line: Line, time: VirtualTime) -> None:
        exchange = PacedExchange(line)
        await exchange.call(scripted(failed(Remedy.AGAIN), GOOD))
        assert [attempt.cost for attempt in exchange.attempts] == [Decimal(0), Decimal(1)]
        assert exchange.paid

    lined(act, pricing=DEAR)


def test_a_call_that_might_pass_the_ceiling_is_not_made() -> None:
    async def act(line: Line, time: VirtualTime) -> None:
        assert await PacedExchange(line).call(scripted(GOOD), size=100) == "value"
        exchange = PacedExchange(line)
        with pytest.raises(CostCeilingReached):
            await exchange.call(scripted(GOOD), size=100)
        assert isinstance(exchange.halted, CostCeilingReached)
        assert exchange.attempts == []

    lined(act, pricing=DEAR, ceiling=Decimal("2.5"))


def test_a_stop_refuses_what_has_not_begun_and_finishes_what_was_paid_for() -> None:
    async def act(line: Line, time: VirtualTime) -> None:
        paid = PacedExchange(line)
        await paid.call(scripted(GOOD))
        line.pace.stop()
        assert await paid.call(scripted(replace(GOOD, raw="[]"))) == "value"
        fresh = PacedExchange(line)
        with pytest.raises(StoppingError):
            await fresh.call(scripted(GOOD))
        assert isinstance(fresh.halted, StoppingError)

    lined(act)


def test_a_call_that_is_cut_off_is_recorded_and_gives_its_place_back() -> None:
    async def act(line: Line, time: VirtualTime) -> None:
        exchange = PacedExchange(line)
        task = asyncio.create_task(exchange.call(never))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert kinds(exchange.attempts) == [FailureKind.INTERRUPTED]

    lined(act)
