import asyncio
import signal
from collections.abc import Callable, Iterator

import pytest

from harness.running.engine.stopping import stopping_on_signals


@pytest.fixture(params=[signal.SIG_IGN, signal.SIG_DFL])
def hang_up(request: pytest.FixtureRequest) -> Iterator[object]:
    before = signal.signal(signal.SIGHUP, request.param)
    yield request.param
    signal.signal(signal.SIGHUP, before)


def inside(act: Callable[[list[str]], None]) -> list[str]:
    heard: list[str] = []

    async def work() -> None:
        with stopping_on_signals(lambda: heard.append("stop")):
            act(heard)
            for _ in range(10):
                await asyncio.sleep(0)

    asyncio.run(work())
    return heard


def terminated_twice(_: list[str]) -> None:
    signal.raise_signal(signal.SIGTERM)
    signal.raise_signal(signal.SIGTERM)


def test_what_nohup_ignores_stays_ignored_and_all_is_put_back(hang_up: object) -> None:
    during: list[object] = []
    inside(lambda _: during.append(signal.getsignal(signal.SIGHUP)))
    assert (during == [signal.SIG_IGN]) is (hang_up is signal.SIG_IGN)
    assert signal.getsignal(signal.SIGHUP) is hang_up


def test_the_first_signal_stops_and_the_second_cuts_off() -> None:
    assert inside(lambda _: signal.raise_signal(signal.SIGTERM)) == ["stop"]
    with pytest.raises(asyncio.CancelledError):
        inside(terminated_twice)
