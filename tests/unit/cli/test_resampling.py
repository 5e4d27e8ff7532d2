from __future__ import annotations

import io
from collections.abc import Iterator

from rich.console import Console

from harness.cli.resampling import SILENT, Resampling


def clock(*times: float) -> Iterator[float]:
    yield from times


def shown(*times: float, terminal: bool = True) -> str:
    """What is drawn when so many steps are told at these seconds, the first being the beginning."""
    file = io.StringIO()
    console = Console(file=file, force_terminal=terminal, width=80, markup=False)
    ticks = clock(*times)
    with Resampling(console, lambda: next(ticks)) as progress:
        for step in range(1, len(times)):
            progress("comparing", step * 1_000, 9_000)
    return file.getvalue()


def test_a_short_computation_shows_nothing() -> None:
    assert shown(0.0, 0.1, SILENT - 0.01) == ""


def test_a_long_one_shows_how_far_it_has_come() -> None:
    text = shown(0.0, 0.1, SILENT, SILENT + 1)
    assert "comparing: 3,000 of 9,000" in text
    assert "1,000 of 9,000" not in text.replace("3,000 of 9,000", "").replace("2,000 of 9,000", "")


def test_a_pipe_or_a_log_gets_nothing() -> None:
    assert shown(0.0, SILENT + 5, SILENT + 6, terminal=False) == ""
