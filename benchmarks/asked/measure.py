"""`python -m benchmarks.asked.measure KIND …`: one measurement in a process of its own, told as JSON.

What is imported and the documents that lie in a folder are there before the clock starts; everything that a run
does, its checks and its store included, is inside.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import resource
import tempfile
import time
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.asked.loops import Ask, bare_instructor, bare_openai, put, raw_sockets
from benchmarks.asked.suite import write_suite

if TYPE_CHECKING:
    from collections.abc import Callable

KINDS = ("raw", "openai", "instructor", "harness")


def _loop(opened: AbstractAsyncContextManager[Ask], documents: int, concurrency: int) -> None:
    async def work() -> None:
        async with opened as ask:
            await put(ask, documents, concurrency)

    asyncio.run(work())


def _harness(folder: Path, documents: int) -> None:
    from harness.running import RunResult, run_systems
    from harness.suites.configuration import load_configuration

    configuration = load_configuration(folder / "harness.toml")
    suite = configuration.suite()
    (result,) = run_systems(configuration, suite, [configuration.system("mock")])
    assert isinstance(result, RunResult), result.error
    counts = result.evaluation.totals
    assert result.evaluation.documents == documents
    assert not result.evaluation.failures
    assert counts.correct == 16 * documents - counts.incorrect, "every answer is scored"


def _prepared(kind: str, port: int, documents: int, concurrency: int, folder: Path) -> Callable[[], None]:
    import instructor
    import openai  # noqa: F401 - imported before the clock starts

    instructor.Mode.TOOLS  # noqa: B018 - instructor imports on use
    if kind == "raw":
        return lambda: asyncio.run(raw_sockets(port, documents, concurrency))
    if kind == "openai":
        return lambda: _loop(bare_openai(port), documents, concurrency)
    if kind == "instructor":
        return lambda: _loop(bare_instructor(port), documents, concurrency)
    import harness.running.runs
    import harness.storage.sql
    import harness.storage.sqlite  # noqa: F401 - imported before the clock starts

    write_suite(folder, documents, base_url=f"http://127.0.0.1:{port}/v1", concurrency=concurrency)
    return lambda: _harness(folder, documents)


def main() -> None:
    """Measure."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.asked.measure")
    options.add_argument("kind", choices=KINDS)
    for name in ("port", "documents", "concurrency"):
        options.add_argument(f"--{name}", type=int, required=True)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        work = _prepared(chosen.kind, chosen.port, chosen.documents, chosen.concurrency, Path(folder))
        gc.collect()
        wall, cpu = time.perf_counter(), time.process_time()
        work()
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"wall": wall, "cpu": cpu, "peak": peak}))


if __name__ == "__main__":
    main()
