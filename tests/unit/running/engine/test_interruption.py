from __future__ import annotations

import signal
import threading
from collections.abc import Iterator

import pytest

from harness.running.engine.interruption import uninterrupted


@pytest.fixture
def heard_by_python() -> Iterator[None]:
    """A process that a shell put into the background ignores Ctrl-C from its beginning."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("heard_by_python")
def test_ctrl_c_is_ignored_inside_and_heard_again_after() -> None:
    with uninterrupted():
        signal.raise_signal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)


def test_another_thread_is_left_alone() -> None:
    heard: list[object] = []

    def work() -> None:
        with uninterrupted():
            heard.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert heard == [signal.getsignal(signal.SIGINT)]
