import asyncio
from collections.abc import Callable, Mapping

import pytest

from harness.errors import StoreError, SystemUnavailableError
from harness.records import Attempt, Document, FailureKind, Request, Response
from harness.running.engine import ask


class Scripted:
    def __init__(self, act: Callable[[Request], None] = lambda request: None) -> None:
        self.act = act
        self.in_flight = 0
        self.most = 0

    @property
    def identity(self) -> Mapping[str, str]:
        return {}

    async def answer(self, request: Request) -> Response:
        self.in_flight += 1
        self.most = max(self.most, self.in_flight)
        try:
            for _ in range(3):
                await asyncio.sleep(0)
            self.act(request)
        finally:
            self.in_flight -= 1
        return Response(request.document.id, request.trial, (Attempt("{}", 0.0),))

    async def close(self) -> None:
        pass


def requests(count: int) -> list[Request]:
    return [Request(Document(str(number), "text", "0")) for number in range(count)]


def asked(system: Scripted, count: int, concurrency: int = 4) -> list[Response]:
    responses: list[Response] = []
    given = iter(requests(count))
    asyncio.run(ask(system, given, lambda _, one: responses.append(one), concurrency=concurrency))
    return responses


@pytest.mark.parametrize("concurrency", [1, 3, 50])
def test_everything_is_asked_once_and_no_more_than_so_many_at_a_time(concurrency: int) -> None:
    system = Scripted()
    responses = asked(system, 20, concurrency)
    assert sorted(int(one.document) for one in responses) == list(range(20))
    assert system.most == min(concurrency, 20)


def test_a_request_is_made_only_when_there_is_room_for_it() -> None:
    system = Scripted()
    ahead: list[int] = []
    done = 0

    def counted(request: Request, response: Response) -> None:
        nonlocal done
        done += 1

    def given() -> object:
        for number, request in enumerate(requests(30)):
            ahead.append(number - done)
            yield request

    asyncio.run(ask(system, given(), counted, concurrency=4))  # type: ignore[arg-type]
    assert len(ahead) == 30
    assert max(ahead) <= 4


def test_an_exception_is_a_failed_answer_with_its_words() -> None:
    def explode(request: Request) -> None:
        if request.document.id == "3":
            raise KeyError("x" * 10_000)

    responses = {one.document: one.attempts[-1] for one in asked(Scripted(explode), 5)}
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
        asked(system, 1_000)
    assert system.in_flight == 0


def test_what_the_taker_raises_ends_it_all() -> None:
    def refuse(request: Request, response: Response) -> None:
        raise StoreError("the disk is full")

    with pytest.raises(StoreError, match="the disk is full"):
        asyncio.run(ask(Scripted(), iter(requests(9)), refuse, concurrency=2))
