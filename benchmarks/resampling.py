"""Label-swap randomisation beside the bare matrix product underneath.

`python -m benchmarks.resampling` makes two seeded runs, each document with counts at every field path, and asks
every headline metric and the F1 of every field with the same draws: as `harness compare` does, from arrays to
p-values. The bound is NumPy's product of the draws, already drawn and in floating point, and the differences of
the two runs, in chunks of the same size: it draws nothing, computes no metric and counts nothing.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import sys
import time
from typing import TYPE_CHECKING

import numpy as np

from harness.statistics.intervals import paired_jackknife
from harness.statistics.randomisation import label_swap
from harness.verdicts.measures import field_measure, headline_measure, together
from harness.verdicts.sums import DOCUMENT, FACTS, OUTCOMES, Layout

if TYPE_CHECKING:
    from harness.statistics.arrays import Floats

GOAL = 5.0
"""How many seconds are a few."""


def made(rng: np.random.Generator, layout: Layout, documents: int, right: float) -> Floats:
    """What the documents of a run add: up to three leaves a path."""
    others = (1 - right) / (len(OUTCOMES) - 1)
    shares = [right, *[others] * (len(OUTCOMES) - 1)]
    leaves = rng.multinomial(rng.integers(0, 4, (documents, len(layout.paths))), shares)
    facts = rng.integers(0, 4, (documents, len(FACTS)))
    whole = np.zeros((documents, len(DOCUMENT)))
    whole[:, 0] = rng.random(documents)
    whole[:, 1:4] = 1
    return np.hstack([leaves.transpose(0, 2, 1).reshape(documents, -1), facts, whole]).astype(np.float64)


def bare(change: Floats, draws: int, rows: int) -> float:
    """Seconds that the product underneath takes."""
    swaps = np.random.default_rng(1).integers(2, size=(rows, len(change))).astype(np.float64)
    start = time.perf_counter()
    for done in range(0, draws, rows):
        swaps[: min(rows, draws - done)] @ change
    return time.perf_counter() - start


def main() -> int:
    """Print the table."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    options.add_argument("--documents", type=int, default=1000)
    options.add_argument("--paths", type=int, default=60)
    options.add_argument("--draws", type=int, default=100_000)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--seed", type=int, default=20221122)
    chosen = options.parse_args()
    rng = np.random.default_rng(chosen.seed)
    layout = Layout.of([f"facts[].field_{number}" for number in range(chosen.paths)], {})
    baseline, candidate = (made(rng, layout, chosen.documents, right) for right in (0.60, 0.61))
    measure = together(headline_measure(layout), field_measure(layout))
    rows = max(1, 2**21 // chosen.documents)

    harness, product = [], []
    for _ in range(chosen.rounds):
        start = time.perf_counter()
        label_swap(baseline, candidate, measure, seed=chosen.seed, draws=chosen.draws)
        harness.append(time.perf_counter() - start)
        product.append(bare(candidate - baseline, chosen.draws, rows))
    start = time.perf_counter()
    paired_jackknife(baseline, candidate, measure).bounds()
    intervals = time.perf_counter() - start

    print(
        f"{chosen.draws:,} draws over {chosen.documents:,} documents and {chosen.paths} field paths, "
        f"{len(measure.names)} metrics, seed {chosen.seed}, median of {chosen.rounds} rounds"
    )
    ours, theirs = statistics.median(harness), statistics.median(product)
    ratio = statistics.median(one / other for one, other in zip(harness, product, strict=True))
    print(f"{'harness s':>9}  {'bare product s':>14}  {'ratio':>5}  {'intervals s':>11}  {'peak MiB':>8}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{ours:>9.2f}  {theirs:>14.2f}  {ratio:>5.2f}  {intervals:>11.2f}  {peak:>8.0f}")
    print(f"goal: at most {GOAL:.0f} seconds")
    return 0


if __name__ == "__main__":
    sys.exit(main())
