"""The server in a process of its own, for tests that load both."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from tests.servers.faults import Plan

ROOT = Path(__file__).parents[2]


@contextmanager
def server_process(plan: Plan, log: Path, *, latency: float = 0.0) -> Iterator[str]:
    """Its base URL. It ends with the block, and with this process, whichever ends first."""
    words = ["--plan", json.dumps(asdict(plan)), "--log", str(log), "--latency", str(latency)]
    with subprocess.Popen(
        [sys.executable, "-m", "tests.servers", *words],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        try:
            yield server.stdout.readline().strip()
        finally:
            server.stdin.close()
            server.wait(30)
