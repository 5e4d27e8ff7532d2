from __future__ import annotations

import io
import re
import sys
import threading
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from rich.console import Console

from harness.reporting.progress import Tally, run_progress


def written(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def without_times(text: str) -> list[str]:
    return re.sub(r"(, [\d.]+(/s|s each))?, [\d.]+s", "", text).splitlines()


def test_a_pipe_gets_a_line_at_the_start_and_one_at_the_end(piped: Console) -> None:
    with run_progress({"rules": 3, "null\x1b": 2}, console=piped) as update:
        started = written(piped)
        update("rules", done=2)
        update("rules", done=1, failed=1)
        assert written(piped) == started
    assert started == "rules: 3 to answer\nnull\\x1b: 2 to answer\n"
    assert without_times(written(piped)[len(started) :]) == [
        "rules: 3/3 answered, 1 failed",
        "null\\x1b: 0/2 answered, 0 failed",
    ]


def test_an_interrupted_run_still_says_how_far_it_came(piped: Console) -> None:
    def interrupted() -> None:
        with run_progress({"rules": 3}, console=piped) as update:
            update("rules")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert without_times(written(piped))[-1] == "rules: 1/3 answered, 0 failed"


def test_a_terminal_gets_a_bar_a_system(terminal: Callable[[int], Console]) -> None:
    console = terminal(100)
    with run_progress({"rules": 3, "[bold]{x}": 0}, console=console) as update:
        update("rules", done=2, failed=1)
    text = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", written(console))
    last = [line for line in re.split(r"[\r\n]", text) if line.strip()][-2:]
    assert re.search(r"^rules .*2/3 1 failed", last[0])
    assert re.search(r"^\[bold\]\{x\} .*0/0 0 failed", last[1])


def test_quiet_writes_nothing(capsys: pytest.CaptureFixture[str], piped: Console) -> None:
    with run_progress({"rules": 1}, quiet=True, console=piped) as update:
        update("rules")
    with run_progress({"rules": 1}, quiet=True) as update:
        update("rules")
    captured = capsys.readouterr()
    assert (captured.out, captured.err, written(piped)) == ("", "", "")


def test_progress_goes_to_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    with run_progress({"rules": 1}):
        pass
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("rules: 1 to answer\n")


def test_an_unknown_system_is_an_error(piped: Console) -> None:
    with run_progress({"rules": 1}, console=piped) as update, pytest.raises(KeyError):
        update("rulez")


def test_a_system_that_waits_for_its_turn_starts_its_own_clock(
    piped: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = iter([100.0, 160.0, 164.0, 165.0])
    monkeypatch.setattr("harness.reporting.progress.time", SimpleNamespace(monotonic=lambda: next(clock)))
    with run_progress({"late": 8}, console=piped) as update:
        update("late", done=0)
        update("late", done=7)
        update("late", done=0)
    assert written(piped).splitlines()[-1] == "late: 7/8 answered, 0 failed, 1.4/s, 5.0s"


def test_threads_lose_no_answer(piped: Console) -> None:
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with run_progress({"rules": 8000}, console=piped) as update:

            def work() -> None:
                for _ in range(1000):
                    update("rules", failed=1)

            threads = [threading.Thread(target=work) for _ in range(8)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
    finally:
        sys.setswitchinterval(interval)
    assert "rules: 8000/8000 answered, 8000 failed" in written(piped)


@pytest.mark.parametrize(
    ("done", "last", "rate"),
    [(0, 15.0, ""), (10, 10.0, ""), (10, 15.0, "2.0/s"), (2, 15.0, "2.5s each"), (1, 310.0, "5m00s each")],
)
def test_a_rate_is_answers_a_second_or_seconds_an_answer(done: int, last: float, rate: str) -> None:
    assert Tally(total=10, began=10.0, last=last, done=done).rate == rate
