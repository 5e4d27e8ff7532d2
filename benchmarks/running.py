"""What a run costs beside the libraries that it asks with, in one go against a server on this machine.

`python -m benchmarks.running` measures, each in a fresh process: a bare `openai` loop, a bare `instructor`
loop, and `run_systems` with everything on: store, cache, validation and scoring. CPU is of that process alone,
user and system; the server is another one, and what it bears is measured by raw sockets and printed. Then a
second run of the whole command from the cache, beside a loop with one SQLite table; then memory. `--all`
measures every size at every latency and concurrency.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from benchmarks.asked.suite import write_suite

ROOT = Path(__file__).parents[1]
SIZES, LATENCIES, CONCURRENCIES = (200, 1_000, 5_000), (0.0, 0.05), (32, 128)
CPU_GOAL = 1.0
CACHED_GOAL_MS, CACHED_GOAL_SECONDS, CACHED_FEW, CACHED = 0.3, 0.7, 200, 1_000
MEMORY_GOAL = 1.2
PYTHON = [sys.executable, "-m"]
_ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
"""As a user has it: what was installed is compiled once, and not by every process."""


@dataclass(frozen=True)
class Cell:
    """One row of the table."""

    documents: int
    latency: float
    concurrency: int


@dataclass(frozen=True)
class Measured:
    """One process."""

    wall: float
    cpu: float
    peak: float


def grid(*, every: bool) -> list[Cell]:
    """What is measured: without `--all`, the larger sizes less often."""
    cells = [Cell(*one) for one in product(SIZES, LATENCIES, CONCURRENCIES)]
    often = {200: 4, 1_000: 2, 5_000: 1}
    ends = [(0.0, 32), (0.05, 128), (0.0, 128), (0.05, 32)]
    usual = {Cell(size, *end) for size, times in often.items() for end in ends[:times]}
    return cells if every else [one for one in cells if one in usual]


@contextmanager
def server(latency: float) -> Iterator[int]:
    """The port of the server."""
    with subprocess.Popen(  # noqa: S603 - our own words
        [*PYTHON, "benchmarks.asked.server", "--latency", str(latency)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.stdin.close()
            process.wait(30)


def measured(kind: str, port: int, documents: int, concurrency: int) -> Measured:
    """One measurement in a process of its own."""
    sizes = ["--port", str(port), "--documents", str(documents), "--concurrency", str(concurrency)]
    done = subprocess.run(  # noqa: S603 - our own words
        [*PYTHON, "benchmarks.asked.measure", kind, *sizes],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return Measured(**json.loads(done.stdout))


def show_ceiling(port: int) -> None:
    """What the server bears."""
    for concurrency in CONCURRENCIES:
        requests = 20_000
        raw = measured("raw", port, requests, concurrency)
        told = f"{requests / raw.wall:,.0f} requests/s, {1000 * raw.cpu / requests:.2f} ms CPU each"
        print(f"the server's ceiling, raw sockets, {concurrency:>3} at once: {told}")


def show_asking(cells: list[Cell]) -> dict[int, Measured]:
    """The table; the harness's measurements by size, of those with the least latency and concurrency."""
    kept: dict[int, Measured] = {}
    print()
    print(f"{'':>9}  {'':>7}  {'':>7}  {'CPU ms a document':^37}  {'wall ms a document':^31}")
    names = f"{'openai':>7}  {'instructor':>10}  {'harness':>7}"
    print(f"{'documents':>9}  {'latency':>7}  {'at once':>7}  {names}  {'ratio':>5}     {names}")
    for cell in cells:
        with server(cell.latency) as port:
            every = [
                measured(kind, port, cell.documents, cell.concurrency)
                for kind in ("openai", "instructor", "harness")
            ]
        cpu = [1000 * one.cpu / cell.documents for one in every]
        wall = [1000 * one.wall / cell.documents for one in every]
        kept.setdefault(cell.documents, every[2])
        print(
            f"{cell.documents:>9,}  {1000 * cell.latency:>4.0f} ms  {cell.concurrency:>7}  "
            f"{cpu[0]:>7.2f}  {cpu[1]:>10.2f}  {cpu[2]:>7.2f}  {cpu[2] / cpu[1]:>5.2f}     "
            f"{wall[0]:>7.2f}  {wall[1]:>10.2f}  {wall[2]:>7.2f}",
            flush=True,
        )
    print(f"ratio: CPU of the harness to the bare instructor loop; goal: at most {CPU_GOAL:.2f}, in every row")
    return kept


def timed(words: list[str], folder: Path) -> tuple[float, float]:
    """Wall and CPU seconds of a whole process."""
    before, start = os.times(), time.perf_counter()
    subprocess.run(  # noqa: S603 - our own words
        words,
        cwd=folder,
        env=_ENVIRONMENT | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        check=True,
    )
    after = os.times()
    cpu = after.children_user - before.children_user + after.children_system - before.children_system
    return time.perf_counter() - start, cpu


def from_cache(documents: int, rounds: int) -> list[tuple[float, float]]:
    """The best wall and CPU seconds of the harness's second run, and of a loop with one SQLite table."""
    ours = [str(Path(sys.executable).with_name("harness")), "run", "--system", "mock", "--quiet"]
    theirs = [*PYTHON, "benchmarks.asked.cached", "."]
    with tempfile.TemporaryDirectory() as name, server(0.0) as port:
        folder = Path(name)
        write_suite(folder, documents, base_url=f"http://127.0.0.1:{port}/v1", concurrency=32)
        timed(ours, folder)
        timed([*theirs, "--fill"], folder)
        return [min(timed(words, folder) for _ in range(rounds)) for words in (ours, theirs)]


def show_cached(rounds: int) -> None:
    """A second run from the cache as a whole process, beside a loop with one SQLite table."""
    few, many = (from_cache(documents, rounds) for documents in (CACHED_FEW, CACHED))
    print()
    print(f"a second run from the cache, whole process, best of {rounds}")
    for title, small, large in zip(("harness", "bare SQLite"), few, many, strict=True):
        each = 1000 * (large[0] - small[0]) / (CACHED - CACHED_FEW)
        print(
            f"{title:>15}  {CACHED:,} documents: {large[0]:.2f} s wall, {large[1]:.2f} s CPU;  "
            f"{CACHED_FEW}: {small[0]:.2f} s;  {each:.2f} ms for each further one"
        )
    print(f"ratio: {many[0][0] / many[1][0]:.2f}")
    print(f"goal: at most {CACHED_GOAL_SECONDS} s, and {CACHED_GOAL_MS} ms for each further document")


def show_memory(kept: dict[int, Measured]) -> None:
    """Peak memory of a run."""
    few, many = min(kept), max(kept)
    print()
    for size, one in sorted(kept.items()):
        print(f"peak memory of a run at {size:>5,} documents: {one.peak:,.0f} MiB")
    print(f"ratio: {kept[many].peak / kept[few].peak:.2f}; goal: at most {MEMORY_GOAL:.2f}")


def main() -> int:
    """Print the tables."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    options.add_argument("--all", action="store_true", help="every size at every latency and concurrency")
    options.add_argument("--rounds", type=int, default=5, help="of the run from the cache")
    chosen = options.parse_args()
    with server(0.0) as port:
        show_ceiling(port)
    kept = show_asking(grid(every=chosen.all))
    show_cached(chosen.rounds)
    show_memory(kept)
    return 0


if __name__ == "__main__":
    sys.exit(main())
