"""How often the intervals, the comparison and the gate are wrong: `python -m benchmarks.error_rates`.

Documents are drawn from real counts of six published systems (`published.py`) into pairs whose true difference
is known (`populations.py`), thousands of times; the functions that the harness ships say what they say
(`trying.py`, `stopping.py`), and it is counted how often that is wrong. Takes some minutes on two cores; a seed
makes the same tables on any number of them.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor

from benchmarks.error_rates.cells import DOCUMENTS, QUICK, Often, tried
from benchmarks.error_rates.stopping import RULES, try_peeking, try_stopping
from benchmarks.error_rates.tables import all_tables
from harness.reporting.plain import plain_text
from harness.statistics.randomisation import SEED

STOPPED = (10, 30, 100)
PEEKED = 50


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.error_rates", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few draws: to see that it runs, not to believe")
    parser.add_argument("--seed", type=int, default=SEED, metavar="N", help=f"default: {SEED}")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1, metavar="N")
    arguments = parser.parse_args()
    often, seed = QUICK if arguments.quick else Often(), arguments.seed
    few = 20 if arguments.quick else 1
    started = time.perf_counter()
    with ProcessPoolExecutor(arguments.processes) as pool:
        peeking = pool.submit(try_peeking, PEEKED, 2400 // few, (seed, PEEKED))
        cells = {number: pool.submit(tried, number, often, seed) for number in reversed(DOCUMENTS)}
        stopping = {
            number: [
                pool.submit(try_stopping, rule, number, 1000 // few, (seed, number, position))
                for position, rule in enumerate(RULES)
            ]
            for number in STOPPED
        }
        tables = all_tables(
            [cells[number].result() for number in DOCUMENTS],
            {number: [one.result() for one in found] for number, found in stopping.items()},
            (PEEKED, *peeking.result()),
        )
    print(f"Seed {seed}{', few draws' if arguments.quick else ''}. All figures in percent.\n")
    print("\n".join(plain_text(table) for table in tables))
    print(f"{time.perf_counter() - started:.0f} seconds, {arguments.processes} processes", file=sys.stderr)


if __name__ == "__main__":
    main()
