import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from random import Random

import pytest

from harness.records import Limits
from harness.running.engine.pace import FIRST, LONGEST, PATIENCE, Pace, StoppingError
from harness.systems.base import Allowance
from tests.unit.running.virtual_time import VirtualTime

WIDE = Limits(concurrency=128)


def paced(limits: Limits, act: Callable[[Pace, VirtualTime], Awaitable[None]]) -> None:
    async def inside() -> None:
        time = VirtualTime()
        await act(Pace(limits, Random(1), clock=time, sleep=time.sleep), time)  # noqa: S311

    asyncio.run(inside())


async def called(pace: Pace, size: int = 1) -> float:
    began = await pace.turn(size)
    pace.went_well(None)
    pace.left()
    return began


@pytest.mark.parametrize("most", [1, 3, 8, 40])
def test_no_more_are_in_flight_than_may_be(most: int) -> None:
    seen: list[int] = []

    async def act(pace: Pace, time: VirtualTime) -> None:
        async def one() -> None:
            await pace.turn(1)
            seen.append(pace.in_flight)
            await asyncio.sleep(0)
            pace.went_well(None)
            pace.left()

        await asyncio.gather(*(one() for _ in range(100)))
        assert pace.in_flight == 0

    paced(Limits(concurrency=most), act)
    assert max(seen) <= most
    assert len(seen) == 100


def test_it_doubles_with_every_round_until_the_first_trouble() -> None:
    async def act(pace: Pace, time: VirtualTime) -> None:
        assert pace.width == FIRST
        for _ in range(FIRST):
            await called(pace)
        assert pace.width == 2 * FIRST
        began = await pace.turn(1)
        pace.too_much(began, None, None)
        pace.left()
        assert pace.width == FIRST
        for _ in range(FIRST):
            await called(pace)
        assert FIRST + 0.9 < pace.width <= FIRST + 1
        for _ in range(20_000):
            await called(pace)
        assert pace.width == 128

    paced(WIDE, act)


def test_calls_of_one_round_are_one_trouble() -> None:
    async def act(pace: Pace, time: VirtualTime) -> None:
        began = [await pace.turn(1) for _ in range(8)]
        time.now = 5.0
        for moment in began:
            pace.too_much(moment, None, None)
            pace.left()
        assert pace.width == 4
        again = await pace.turn(1)
        pace.too_much(again, None, None)
        assert pace.width == 2

    paced(WIDE, act)


def test_it_never_falls_below_one() -> None:
    async def act(pace: Pace, time: VirtualTime) -> None:
        for _ in range(20):
            began = await pace.turn(1)
            pace.too_much(began, None, None)
            pace.left()
        assert pace.width == 1
        await called(pace)

    paced(WIDE, act)


def test_nothing_begins_while_the_provider_asks_to_wait() -> None:
    async def act(pace: Pace, time: VirtualTime) -> None:
        began = await pace.turn(1)
        pace.too_much(began, 30.0, None)
        pace.left()
        assert pace.waiting == "asked to wait 30 s"
        assert await called(pace) == 30.0
        assert pace.waiting == ""

    paced(WIDE, act)


@pytest.mark.parametrize(
    ("allowance", "begins"),
    [
        (Allowance(requests=0, requests_reset=12.0), 12.0),
        (Allowance(tokens=0, tokens_reset=7.0), 7.0),
        (Allowance(requests=3, requests_reset=12.0), 0.0),
        (Allowance(requests=0), 0.0),
        (Allowance(requests=0, requests_reset=1e9), PATIENCE),
    ],
)
def test_what_the_provider_still_allows_is_heeded(allowance: Allowance, begins: float) -> None:
    async def act(pace: Pace, time: VirtualTime) -> None:
        await pace.turn(1)
        pace.went_well(allowance)
        pace.left()
        assert await called(pace) == begins

    paced(WIDE, act)


def test_the_ceilings_of_a_minute_hold() -> None:
    async def act(pace: Pace, time: VirtualTime) -> None:
        began = sorted(await asyncio.gather(*(called(pace) for _ in range(25))))
        assert [sum(60 * n <= moment < 60 * (n + 1) for moment in began) for n in range(3)] == [10, 10, 5]

    paced(replace(WIDE, requests_per_minute=10), act)

    async def tokens(pace: Pace, time: VirtualTime) -> None:
        began = sorted(await asyncio.gather(*(called(pace, 400) for _ in range(4))))
        assert began == [0.0, 0.0, 60.0, 60.0]

    paced(replace(WIDE, tokens_per_minute=1_000), tokens)


def test_repetitions_wait_longer_each_time_and_no_longer_than_a_minute() -> None:
    async def act(pace: Pace, time: VirtualTime) -> None:
        for repetition in range(1, 12):
            await pace.back_off(repetition, None)
        longest = [min(LONGEST, 0.5 * 2**step) for step in range(11)]
        assert all(most / 2 <= slept <= most for slept, most in zip(time.slept, longest, strict=True))

    paced(WIDE, act)


def test_a_repetition_waits_at_least_as_long_as_it_is_asked_to() -> None:
    async def act(pace: Pace, time: VirtualTime) -> None:
        for _ in range(50):
            await pace.back_off(1, 3.0)
        assert all(3.0 <= slept < 3.1 for slept in time.slept)
        assert len(set(time.slept)) == 50

    paced(WIDE, act)


def test_a_stop_ends_every_wait_and_lets_what_was_begun_go_on() -> None:
    async def act(pace: Pace, time: VirtualTime) -> None:
        first = await pace.turn(1)
        assert first == 0.0
        queued = asyncio.create_task(pace.turn(1))
        begun = asyncio.create_task(pace.turn(1, begun=True))
        forever: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        pace._sleep = lambda _: forever
        backing_off = asyncio.create_task(pace.back_off(1, None))
        for _ in range(3):
            await asyncio.sleep(0)
        pace.stop()
        for task in (queued, backing_off):
            with pytest.raises(StoppingError):
                await task
        assert not begun.done()
        pace.left()
        await begun
        assert pace.in_flight == 1

    paced(Limits(concurrency=1), act)


def test_a_cancelled_wait_gives_its_place_to_the_next() -> None:
    async def act(pace: Pace, time: VirtualTime) -> None:
        await pace.turn(1)
        tasks = [asyncio.create_task(pace.turn(1)) for _ in range(3)]
        await asyncio.sleep(0)
        pace.left()  # the first of them has the place, and is cut off before it learns so
        tasks[0].cancel()
        await asyncio.wait(tasks[:2])
        assert tasks[0].cancelled()
        assert tasks[1].done()
        pace.left()
        await tasks[2]

    paced(Limits(concurrency=1), act)
