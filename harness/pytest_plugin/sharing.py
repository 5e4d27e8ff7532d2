"""Make something once for all of xdist's workers: the first makes it, the others wait and read."""

from __future__ import annotations

import hashlib
import os
import pickle
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar, cast

from harness.errors import HarnessError, Interrupted
from harness.pytest_plugin import SHARED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pytest

_T = TypeVar("_T")


def shared_folder(config: pytest.Config) -> Path | None:
    """The folder that this worker of xdist shares with the others, which may not be there yet.

    `None` when the session has only this process.
    """
    name = getattr(config, "workerinput", {}).get(SHARED)
    return None if name is None else Path(tempfile.gettempdir(), name)


def once(folder: Path | None, name: str, make: Callable[[], _T]) -> _T:
    """What `make` gives, made by the first process that asks; its HarnessError is raised in all of them.

    The lock is the operating system's: it goes with its process, so that nobody waits for a worker that died.
    Where there is no such lock (Windows), each process makes its own.

    Args:
        folder: What the processes share; `None` when there is only this one.
        name: What is made.
        make: Makes it. What it gives is pickled.
    """
    if folder is None:
        return make()
    folder.mkdir(mode=0o700, exist_ok=True)
    place = folder / hashlib.sha256(name.encode()).hexdigest()
    with _locked(place.with_suffix(".lock")) as alone:
        if not alone:
            return make()
        made = place.with_suffix(".pickle")
        if made.exists():
            # Only processes of this session know the folder, and only this user may write there.
            result = pickle.loads(made.read_bytes())  # noqa: S301 - our own, see above
        else:
            result = _outcome(make)
            made.with_suffix(".part").write_bytes(pickle.dumps(result))
            made.with_suffix(".part").replace(made)
    if isinstance(result, HarnessError):
        raise result
    return cast("_T", result)


def _outcome(make: Callable[[], _T]) -> _T | HarnessError:
    try:
        return make()
    except Interrupted:  # the user meant this process; the others hear it as well
        raise
    except HarnessError as error:
        return error


@contextmanager
def _locked(path: Path) -> Iterator[bool]:
    """Hold a file's lock; gives `False` where there are no locks."""
    try:
        import fcntl
    except ImportError:
        yield False
        return
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield True
    finally:
        os.close(descriptor)
