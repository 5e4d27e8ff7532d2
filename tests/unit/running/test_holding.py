import platform
import subprocess
import sys
from dataclasses import replace

import pytest

from harness.errors import UsageError
from harness.records import Signature
from harness.running.holding import going_on, refuse_going_on, this_process
from harness.storage import RunRecord, RunStatus

SAY = "from harness.running.holding import this_process; print(this_process(), flush=True); input()"


def test_this_process_is_no_other() -> None:
    assert not going_on(this_process())


def test_another_process_is_going_on_until_it_ends() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", SAY], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        holder = other.stdout.readline().strip()
        assert going_on(holder)
        run = RunRecord(
            "r", "s", "x", RunStatus.STARTED, "", None, 1, 1, Signature(()), {}, {"process": holder}
        )
        with pytest.raises(UsageError, match="going on in another process"):
            refuse_going_on(run)
        refuse_going_on(replace(run, status=RunStatus.INTERRUPTED))
        # Another one that has got the same number later is not the one that was meant.
        assert not going_on(f"{holder.rpartition('/')[0]}/1")
        other.communicate("\n")
    assert not going_on(holder)


@pytest.mark.parametrize(
    "holder", ["", "/", f"{platform.node()}/x/1", "elsewhere/1/1", f"{platform.node()}/99999999999999/1"]
)
def test_whoever_cannot_be_known_counts_as_gone(holder: str) -> None:
    assert not going_on(holder)
