from __future__ import annotations

import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from harness.errors import Interrupted, StoreError
from harness.pytest_plugin.sharing import once


class Maker:
    """Counts how often something is made."""

    def __init__(self, error: Exception | None = None) -> None:
        self.made = 0
        self._error = error

    def __call__(self) -> tuple[str, int]:
        self.made += 1
        if self._error is not None:
            raise self._error
        return ("made", self.made)


def test_the_first_makes_it_and_the_others_wait(tmp_path: Path) -> None:
    maker, together = Maker(), threading.Barrier(4)

    def ask(_: int) -> tuple[str, int]:
        together.wait()
        return once(tmp_path / "shared", "a", maker)

    # A lock of a file holds between two descriptors of one process as between two processes.
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(ask, range(4))) == [("made", 1)] * 4
    assert maker.made == 1


def test_each_name_is_made(tmp_path: Path) -> None:
    maker = Maker()
    assert [once(tmp_path, name, maker) for name in ("a", "b", "a")] == [("made", 1), ("made", 2), ("made", 1)]


def test_one_process_keeps_nothing() -> None:
    maker = Maker()
    assert [once(None, "a", maker), once(None, "a", maker)] == [("made", 1), ("made", 2)]


def test_an_error_of_the_harness_is_everybodys(tmp_path: Path) -> None:
    maker = Maker(StoreError("it is full", where="runs.sqlite", hint="make room"))
    for _ in range(2):
        with pytest.raises(StoreError) as told:
            once(tmp_path, "a", maker)
        assert str(told.value) == "runs.sqlite: it is full\n  make room"
    assert maker.made == 1


@pytest.mark.parametrize("error", [Interrupted("stopped"), ValueError("a defect")])
def test_what_is_nobody_elses_is_made_again(tmp_path: Path, error: Exception) -> None:
    maker = Maker(error)
    for _ in range(2):
        with pytest.raises(type(error)):
            once(tmp_path, "a", maker)
    assert maker.made == 2


def test_only_this_user_reads_what_is_shared(tmp_path: Path) -> None:
    once(tmp_path / "shared", "a", Maker())
    assert (tmp_path / "shared").stat().st_mode & 0o777 == 0o700


def test_without_locks_each_makes_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fcntl", None)
    maker = Maker()
    assert [once(tmp_path, "a", maker), once(tmp_path, "a", maker)] == [("made", 1), ("made", 2)]
