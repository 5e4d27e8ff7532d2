from __future__ import annotations

import signal
import threading

import pytest

from harness.running.interruption import uninterrupted


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
