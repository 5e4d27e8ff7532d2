"""Which process a run is going on in, so that no second one goes on with it."""

from __future__ import annotations

import os
import platform
from pathlib import Path
from typing import TYPE_CHECKING

from harness.errors import UsageError
from harness.storage import RunStatus

if TYPE_CHECKING:
    from harness.storage import RunRecord


def this_process() -> str:
    """This process as a run keeps it: host, number, and when it began, since numbers come again."""
    return f"{platform.node()}/{os.getpid()}/{_began(os.getpid())}"


def refuse_going_on(run: RunRecord) -> None:
    """Leave a run alone that another process is making.

    Raises:
        UsageError: When one is.
    """
    if run.status is RunStatus.STARTED and going_on(run.details.get("process", "")):
        raise UsageError(
            "the run is going on in another process", where=f"run {run.id}", hint="stop that one first, or wait"
        )


def going_on(holder: str) -> bool:
    """Whether a process that `this_process` named is another one that is still there.

    Of another host nobody knows; it counts as gone, because a run that can never go on is worse than one that
    is asked twice: every answer is kept.
    """
    host, _, rest = holder.partition("/")
    number, _, began = rest.partition("/")
    if host != platform.node() or not number.isdigit() or int(number) == os.getpid():
        return False
    try:
        os.kill(int(number), 0)
    except PermissionError:
        pass
    except (OSError, OverflowError):
        return False
    return _began(int(number)) == began


def _began(number: int) -> str:
    """When a process began, in ticks since the machine did; empty where the system does not tell."""
    try:
        stat = Path(f"/proc/{number}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    # The second field is the program's name in brackets, which may hold anything.
    return stat.rpartition(")")[2].split()[19]
