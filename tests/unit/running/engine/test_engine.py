import asyncio
from collections.abc import Callable, Iterator, Mapping
from random import Random

import pytest

from harness.errors import CostCeilingReached, HarnessError, StoreError, SystemUnavailableError
from harness.records import Attempt, Document, FailureKind, Limits, Request, Response
from harness.running.engine.engine import ask
from harness.running.engine.exchange import Line, PacedExchange
from harness.running.engine.pace import Pace
from harness.running.money.budget import Budget
from harness.running.money.prices import free
from harness.running.money.purse import Purse
from harness.systems.base import Called, Exchange


class Scripted:
    """Calls once for each request, and does before it what the test says."""

    def __init__(self, act: Callable[[Request], None] = lambda request: None) -> None:
        self.act = act
        self.in_flight = 0
        self.most = 0

    @property
    def identity(self) -> Mapping[str, str]:
        return {}

    def fingerprint(self, request: Request) -> None:
        return None

    async def answer(self, request: Request, exchange: Exchange) -> None:
        self.in_flight += 1
        self.most = max(self.most, self.in_flight)
        try:
            for _ in range(3):
                await asyncio.sleep(0)
            self.act(request)
            await exchange.call(self._once)
        finally:
            self.in_flight -= 1

    async def _once(self) -> Called[None]:
        return Called(None, Attempt("{}", 0.0))

    async def close(self) -> None:
        pass


def requests(count: int) -> Iterator[Request]:
    return (Request(Document(str(number), "text", "0")) for number in range(count))


class Desk:
    """Everything that `ask` needs, and what came of it."""

    def __init__(self, system: Scripted, workers: int = 4) -> None:
        self.system = system
        self.workers = workers
        self.responses: list[Response] = []
        self.stopped_by: list[HarnessError] = []
        self.line = Line("sys", Pace(Limits(concurrency=50), Random(1)), free(), Budget(free(), Purse(None)))  # noqa: S311

    async def keep(self, request: Request, response: Response) -> None:
        self.responses.append(response)

    def stop(self, reason: HarnessError) -> None:
        self.stopped_by.append(reason)
        self.line.pace.stop()

    def run(self, given: Iterator[Request | None]) -> list[Response]:
        asyncio.run(
            ask(
                self.system,
                given,
                self.keep,
                lambda: PacedExchange(self.line),
                workers=self.workers,
                document_timeout=60,
                stopping=lambda: self.line.pace.stopping,
                stop=self.stop,
            )
        )
        return self.responses


@pytest.mark.parametrize("workers", [1, 3, 50])
def test_everything_is_asked_once_and_no_more_than_so_many_at_a_time(workers: int) -> None:
    system = Scripted()
    responses = Desk(system, workers).run(requests(20))
    assert sorted(int(one.document) for one in responses) == list(range(20))
    assert system.most == min(workers, 20)


def test_a_request_is_made_only_when_there_is_room_for_it() -> None:
    desk = Desk(Scripted())
    ahead: list[int] = []

    def given() -> Iterator[Request]:
        for number, request in enumerate(requests(30)):
            ahead.append(number - len(desk.responses))
            yield request

    desk.run(given())
    assert len(ahead) == 30
    assert max(ahead) <= 4


def test_none_asks_nothing() -> None:
    def given() -> Iterator[Request | None]:
        for request in requests(3):
            yield None
            yield request
            yield None

    assert len(Desk(Scripted()).run(given())) == 3


def test_an_exception_is_a_failed_answer_with_its_words() -> None:
    def explode(request: Request) -> None:
        if request.document.id == "3":
            raise KeyError("x" * 10_000)

    responses = {one.document: one.attempts[-1] for one in Desk(Scripted(explode)).run(requests(5))}
    assert responses["3"].failure is FailureKind.ERROR
    assert responses["3"].detail.startswith("KeyError: 'xxx")
    assert len(responses["3"].detail) == 2_000
    assert [one.failure for name, one in responses.items() if name != "3"] == [None] * 4


def test_an_error_of_the_set_up_ends_it_all() -> None:
    def unavailable(request: Request) -> None:
        if request.document.id == "2":
            raise SystemUnavailableError("gone")

    system = Scripted(unavailable)
    with pytest.raises(SystemUnavailableError, match="gone"):
        Desk(system).run(requests(1_000))
    assert system.in_flight == 0


def test_what_the_keeper_raises_ends_it_all() -> None:
    desk = Desk(Scripted())

    async def refuse(request: Request, response: Response) -> None:
        raise StoreError("the disk is full")

    desk.keep = refuse  # type: ignore[method-assign]
    with pytest.raises(StoreError, match="the disk is full"):
        desk.run(requests(9))


def test_the_end_of_the_money_finishes_what_is_in_flight() -> None:
    def dear(request: Request) -> None:
        if request.document.id == "5":
            raise CostCeilingReached("enough")

    desk = Desk(Scripted(dear))
    responses = desk.run(requests(1_000))
    assert [str(error) for error in desk.stopped_by] == ["enough"]
    assert {one.document for one in responses} >= {"0", "1", "2", "3"}
    assert len(responses) <= 9
    assert all(one.failure is None for one in responses)


def test_a_stop_takes_no_further_request() -> None:
    desk = Desk(Scripted())

    def stop(request: Request) -> None:
        if request.document.id == "7":
            desk.line.pace.stop()

    desk.system.act = stop
    assert len(desk.run(requests(1_000))) <= 8


def test_a_client_that_hides_why_it_stopped_is_seen_through() -> None:
    class Hiding(Scripted):
        async def answer(self, request: Request, exchange: Exchange) -> None:
            async def once() -> Called[None]:
                raise SystemUnavailableError("a wrong key")

            try:
                await exchange.call(once)
            except Exception as error:
                raise RuntimeError("something went wrong") from error

    with pytest.raises(SystemUnavailableError, match="a wrong key"):
        Desk(Hiding()).run(requests(3))


def test_attempts_of_a_request_that_is_cut_off_are_kept_as_interrupted() -> None:
    class Reasking(Scripted):
        async def answer(self, request: Request, exchange: Exchange) -> None:
            await exchange.call(self._once)
            if request.document.id == "1":
                raise SystemUnavailableError("gone")
            await asyncio.Event().wait()

    desk = Desk(Reasking(), workers=2)
    with pytest.raises(SystemUnavailableError):
        desk.run(requests(2))
    assert sorted(one.document for one in desk.responses) == ["0", "1"]
    assert [[attempt.failure for attempt in one.attempts] for one in desk.responses] == [
        [None, FailureKind.INTERRUPTED]
    ] * 2


def test_a_system_that_says_nothing_gave_an_empty_answer() -> None:
    class Silent(Scripted):
        async def answer(self, request: Request, exchange: Exchange) -> None:
            pass

    (response,) = Desk(Silent()).run(requests(1))
    assert response.failure is FailureKind.EMPTY
