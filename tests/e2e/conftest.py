"""The real command in its own process, in a folder of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.servers.forked_commands import ForkedCommands

COMMAND = Path(sys.executable).with_name("harness")


@dataclass(frozen=True)
class Done:
    """A command that ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output as strict JSON: no NaN, nothing before or behind it."""
        return json.loads(self.out, parse_constant=_refused)


def checked(done: Done, code: int | None) -> Done:
    """The command, if it ended as it should; with no traceback in any case."""
    assert "Traceback" not in done.err, done.err
    assert code is None or done.code == code, f"exit code {done.code}\n{done.out}\n{done.err}"
    return done


def _refused(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")


def environment(**more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HARNESS_")}
    for name in ("FORCE_COLOR", "NO_COLOR", "COLUMNS", "TTY_COMPATIBLE", "PYTHONUNBUFFERED"):
        kept.pop(name, None)
    return kept | more


@dataclass(frozen=True)
class Cli:
    """Calls `harness` in a folder."""

    folder: Path

    def __call__(self, *words: str, code: int | None = 0, **env: str) -> Done:
        """Run a command; `code` is the exit code that it must have."""
        ended = subprocess.run(
            [str(COMMAND), *words],
            cwd=self.folder,
            env=environment(**env),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            timeout=120,
            check=False,
        )
        return checked(Done(ended.returncode, ended.stdout, ended.stderr), code)

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return path

    def edit(self, name: str, old: str, new: str) -> None:
        """Replace a text that stands once in a file."""
        path = self.folder / name
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {name}"
        path.write_text(text.replace(old, new), encoding="utf-8")


@dataclass(frozen=True)
class ForkedCli(Cli):
    """The same, in processes that have everything imported when they begin."""

    commands: ForkedCommands
    outputs: Path

    def __call__(self, *words: str, code: int | None = 0, **env: str) -> Done:
        """Run a command; `code` is the exit code that it must have."""
        out, err = self.outputs / "out", self.outputs / "err"
        for file in (out, err):
            file.write_bytes(b"")
        self.commands.start(words, self.folder, out, err, environment(**env))
        done = Done(self.commands.ended(), out.read_text("utf-8"), err.read_text("utf-8"))
        return checked(done, code)


@pytest.fixture(scope="session")
def commands() -> Iterator[ForkedCommands]:
    with ForkedCommands() as commands:
        yield commands


@pytest.fixture
def here(tmp_path: Path) -> Cli:
    """An empty folder."""
    return Cli(tmp_path)


@pytest.fixture(scope="session")
def _starter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("starter")
    Cli(folder)("init")
    return folder


@pytest.fixture(scope="session")
def _ran(_starter: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("ran") / "suite"
    shutil.copytree(_starter, folder)
    Cli(folder)("run", "--quiet")
    return folder


@pytest.fixture
def copied(tmp_path: Path) -> Callable[[Path], Cli]:
    def copy(source: Path) -> Cli:
        folder = tmp_path / "suite"
        shutil.copytree(source, folder)
        return Cli(folder)

    return copy


@pytest.fixture
def starter(_starter: Path, copied: Callable[[Path], Cli]) -> Cli:
    """What `harness init` writes, not run yet."""
    return copied(_starter)


@pytest.fixture
def ran(_ran: Path, copied: Callable[[Path], Cli]) -> Cli:
    """The same after `harness run`."""
    return copied(_ran)
