from __future__ import annotations

import io
import re
import threading
from collections.abc import Callable
from decimal import Decimal

import pytest
from rich.console import Console, ConsoleRenderable, RenderHook

from harness.records import Standing
from harness.reporting.progress import SECONDS_BETWEEN_LINES, run_progress


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def written(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def lines(console: Console) -> list[str]:
    """What stood on the screen at some time, oldest first."""
    uncoloured = re.sub(r"\x1b\[[0-9;]*m", "", written(console))
    text = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "\n", uncoloured)
    return [line.rstrip() for line in re.split(r"[\r\n]", text) if line.strip()]


def test_a_pipe_gets_a_line_at_the_start_and_one_at_the_end_of_each_system(
    piped: Console, clock: Clock
) -> None:
    with run_progress({"rules": 3, "null\x1b": 2}, console=piped, clock=clock) as progress:
        started = written(piped)
        assert started == "rules: 3 to answer\nnull\\x1b: 2 to answer\n"
        progress.update("rules", Standing(in_flight=1))
        clock.now += 6
        progress.update("rules", Standing(done=2, in_flight=1))
        progress.update("rules", Standing(done=3, failed=1, in_flight=1))
        assert written(piped) == started
        progress.update("rules", Standing(done=3, failed=1))
        assert lines(piped)[2:] == ["rules: 3/3 answered, 1 failed, 2.0s each, 6.0s"]
        progress.update("rules", Standing(done=3, failed=1))
    assert lines(piped)[3:] == ["null\\x1b: 0/2 answered, 0 failed, 0.0s"]


def test_a_pipe_gets_at_most_one_line_in_half_a_minute(piped: Console, clock: Clock) -> None:
    with run_progress({"a": 100, "b": 100}, console=piped, clock=clock) as progress:
        for second in range(90):
            clock.now = 100.0 + second
            for name in ("a", "b"):
                progress.update(name, Standing(done=second // 2, in_flight=4))
        between = lines(piped)[2:]
    assert between == [
        "a: 15/100 answered, 0 failed, 4 in flight, 2.0s each, 2m50s left",
        "a: 30/100 answered, 0 failed, 4 in flight, 2.0s each, 2m20s left",
    ]
    assert SECONDS_BETWEEN_LINES == 30


def test_all_that_is_known_is_said(piped: Console, clock: Clock) -> None:
    standing = Standing(
        done=60,
        failed=2,
        reused=40,
        in_flight=8,
        tokens=12_345,
        cost=Decimal("0.0123"),
        unpriced=3,
        waiting="asked to wait 20 s\x1b[31m",
    )
    with run_progress({"gpt": 100}, console=piped, clock=clock) as progress:
        progress.update("gpt", Standing(done=40, reused=40))
        clock.now += 1_000
        progress.update("gpt", Standing(done=40, reused=40, in_flight=8))
        shown = len(lines(piped))
        clock.now += 40
        progress.update("gpt", standing)
        assert lines(piped)[shown:] == [
            "gpt: 60/100 answered, 2 failed, 8 in flight, waiting: asked to wait 20 s\\x1b[31m, 2.0s each, "
            "1m20s left, $0.0123 + 3 unpriced, 12.3k tokens, 40 reused"
        ]
    assert lines(piped)[-1] == (
        "gpt: 60/100 answered, 2 failed, 2.0s each, 17m20s, $0.0123 + 3 unpriced, 12.3k tokens, 40 reused"
    )


def test_what_was_there_already_has_no_speed(piped: Console, clock: Clock) -> None:
    with run_progress({"gpt": 100}, console=piped, clock=clock) as progress:
        progress.update("gpt", Standing(done=1, reused=1))
        clock.now += 5
        progress.update("gpt", Standing(done=100, reused=100))
    assert lines(piped)[1:] == ["gpt: 100/100 answered, 0 failed, 5.0s, 100 reused"]


def test_an_interrupted_run_still_says_how_far_it_came(piped: Console, clock: Clock) -> None:
    def interrupted() -> None:
        with run_progress({"rules": 3}, console=piped, clock=clock) as progress:
            progress.update("rules", Standing(done=1, in_flight=2))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert lines(piped)[-1] == "rules: 1/3 answered, 0 failed, 0.0s"


def test_a_terminal_gets_a_bar_a_system(terminal: Callable[[int], Console], clock: Clock) -> None:
    console = terminal(120)
    with run_progress({"rules": 3, "[bold]{x}\x1b": 0}, console=console, clock=clock) as progress:
        progress.update("rules", Standing(in_flight=2))
        clock.now += 1
        progress.update(
            "rules", Standing(done=2, failed=1, in_flight=1, tokens=1_500, cost=Decimal("1.5"), unpriced=1)
        )
    last = lines(console)[-2:]
    assert re.match(
        r"rules +━{16}─{8} 2/3 1 failed, 1 in flight, 2\.0/s, 0\.5s left, \$1\.50 \+ 1 unpriced, 1\.5k t",
        last[0],
    )
    assert re.match(r"\[bold\]\{x\}\\x1b +\S+ 0/0 0 failed, 0\.0s$", last[1])


@pytest.mark.parametrize("width", [20, 40, 80])
def test_a_narrow_terminal_gets_one_line_a_system(
    terminal: Callable[[int], Console], clock: Clock, width: int
) -> None:
    console = terminal(width)
    totals = {"a-system-with-a-name-that-is-much-too-long-for-any-table": 1_000, "b": 10}
    with run_progress(totals, console=console, clock=clock) as progress:
        progress.update(
            "b", Standing(done=5, in_flight=5, tokens=10**9, cost=Decimal(10**6), waiting="w" * 200)
        )
    last = lines(console)[-2:]
    assert last[0].startswith("a-s")
    assert last[1].startswith("b")
    assert all(len(line) <= width for line in last)


def test_a_terminal_without_unicode_gets_other_bars(clock: Clock) -> None:
    file = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    console = Console(
        file=file, force_terminal=True, width=100, color_system=None, markup=False, highlight=False
    )
    with run_progress({"naïve": 4}, console=console, clock=clock) as progress:
        progress.update("naïve", Standing(done=1, in_flight=1, waiting="w" * 100))
    file.seek(0)
    assert "na\\xefve " + "=" * 6 + "-" * 18 + " 1/4 0 failed, 1 in flight, waiting: www" in file.read()


def test_notes_are_said_beside_the_rest(
    piped: Console, terminal: Callable[[int], Console], clock: Clock
) -> None:
    for console in (piped, terminal(80)):
        with run_progress({"rules": 3}, console=console, clock=clock) as progress:
            progress.note("stopping: [b]finishing[/b] 5 in flight\x1b[2J\nCtrl-C again stops now")
        shown = lines(console)
        assert "stopping: [b]finishing[/b] 5 in flight\\x1b[2J" in shown
        assert shown.index("Ctrl-C again stops now") < len(shown) - 1


def test_quiet_writes_nothing(capsys: pytest.CaptureFixture[str], piped: Console) -> None:
    for console in (piped, None):
        with run_progress({"rules": 1}, quiet=True, console=console) as progress:
            progress.update("rules", Standing(done=1))
            progress.note("unheard")
    captured = capsys.readouterr()
    assert (captured.out, captured.err, written(piped)) == ("", "", "")


def test_progress_goes_to_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    with run_progress({"rules": 1}):
        pass
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("rules: 1 to answer\n")


@pytest.mark.parametrize("kind", ["quiet", "piped", "terminal"])
def test_an_unknown_system_is_an_error(kind: str, piped: Console, terminal: Callable[[int], Console]) -> None:
    console = terminal(80) if kind == "terminal" else piped
    with (
        run_progress({"rules": 1}, console=console, quiet=kind == "quiet") as progress,
        pytest.raises(KeyError),
    ):
        progress.update("rulez", Standing())


def test_an_update_on_a_terminal_draws_nothing_itself(terminal: Callable[[int], Console], clock: Clock) -> None:
    console = terminal(80)
    drawing: list[str] = []
    console.push_render_hook(Drawing(drawing))
    here = threading.current_thread().name
    with run_progress({"rules": 10_000}, console=console, clock=clock) as progress:
        before = drawing.count(here)
        for done in range(10_000):
            progress.update("rules", Standing(done=done))
        assert drawing.count(here) == before
    assert drawing.count(here) > before
    assert "9,999/10,000" in lines(console)[-1]


class Drawing(RenderHook):
    """Notes which thread draws."""

    def __init__(self, threads: list[str]) -> None:
        self._threads = threads

    def process_renderables(self, renderables: list[ConsoleRenderable]) -> list[ConsoleRenderable]:
        self._threads.append(threading.current_thread().name)
        return renderables
