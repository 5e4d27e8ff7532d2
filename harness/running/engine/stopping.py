"""What Ctrl-C does to a run: once, it finishes what is in flight; twice, it stops now."""

from __future__ import annotations

import asyncio
import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_SIGNALS = (signal.SIGINT, signal.SIGTERM, *((signal.SIGHUP,) if hasattr(signal, "SIGHUP") else ()))
"""SIGHUP is what a run hears when the terminal that it was left in is closed."""


@contextmanager
def stopping_on_signals(stop: Callable[[], None]) -> Iterator[None]:
    """Call `stop` at the first SIGINT, SIGTERM or SIGHUP, and cancel the current task at the second.

    Outside the main thread, where no signal arrives, and where the event loop takes none, it does nothing.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    seen = 0

    def arrived() -> None:
        nonlocal seen
        seen += 1
        if seen == 1:
            stop()
        elif task is not None:
            task.cancel()

    before = {number: signal.getsignal(number) for number in _SIGNALS}
    if hasattr(signal, "SIGHUP") and before[signal.SIGHUP] is signal.SIG_IGN:
        del before[signal.SIGHUP]  # nohup asked for that
    try:
        for number in before:
            loop.add_signal_handler(number, arrived)
    except NotImplementedError:  # the event loop of Windows: Ctrl-C cancels there
        yield
        return
    try:
        yield
    finally:
        for number, handler in before.items():
            loop.remove_signal_handler(number)
            signal.signal(number, handler)
