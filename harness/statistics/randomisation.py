"""Could the difference between two runs be chance? Swap whole documents between them and see.

If it made no difference which run a document's row came from, every way to swap the rows of some documents
would be as likely as what was seen. p is the share of them that leave a difference at least as large (Noreen
1989; Chinchor 1992, who did so for MUC's F; Yeh 2000). A whole document is swapped, not a leaf, since the
leaves of a document are not independent; and the metric is computed anew, since F1 is no mean.

A document that is the same on both sides changes nothing by being swapped: all 2^n ways are 2^d ways, d the
documents that differ in anything the measure looks at, each 2^(n − d) times over. Looking at those 2^d gives
the same p as looking at all, and can be afforded more often; a draw asks only them, too. Swapping the others
instead turns the difference round, as far from 0 as before: with one document held in its place the other half
is known.

`least_p` is that of all n documents, 2^(1 − n), since which of them differ was not known before.

Differences that only rounding tells apart count as equal, so that the answer does not hang on the order in
which a machine adds up. A difference that a swap leaves undefined counts as large. The observed way is one of
the exact ways; to drawn ones it is added, (extreme + 1) / (draws + 1), so that p is never 0 (Phipson and Smyth
2010).

The bits of the draws are those of PCG64 with the seed, as they come: NumPy promises these to stay as they are,
and not those of `Generator`. Each draw takes the next whole words of 64 bits, one bit a document that differs,
in the documents' order, the lowest first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.statistics.arrays import ROUNDING, Rounding, TwoSteps

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from harness.statistics.arrays import Bools, Floats, Measure, Progress

SEED = 20221122
"""The seed of the draws when none is given."""

DRAWS = 100_000
"""How many swaps are drawn when there are too many to look at each."""

EXACT = 16
"""Up to so many documents that differ, each of the 2^documents ways to swap them is looked at."""

_BLOCK = 2**22
"""How many numbers a chunk works on."""


@dataclass(frozen=True, slots=True, eq=False)
class Randomisation:
    """What came of it.

    Attributes:
        p: Of each metric, two-sided: how often swapping leaves a difference as large. NaN where the difference
            itself is undefined.
        least_p: The least p that so many documents can reach or, when not `exact`, so many draws.
        draws: How many ways to swap were looked at; when `exact` all 2^d, d the documents that differ.
        exact: Whether every way was looked at.
    """

    p: Floats
    least_p: float
    draws: int
    exact: bool


def label_swap(
    baseline: Floats,
    candidate: Floats,
    measure: Measure,
    *,
    seed: int = SEED,
    draws: int = DRAWS,
    swaps: Iterable[Bools] | None = None,
    progress: Progress | None = None,
) -> Randomisation:
    """Test whether two runs differ.

    Args:
        baseline: (documents, columns), documents in the order of their ids.
        candidate: The same documents in the same order.
        measure: What to compute of each.
        seed: Of the draws.
        draws: How many, when there are too many ways to look at each.
        swaps: Blocks (draws, documents) to use in place of the function's own, True where a document changes
            places: somebody else's draws, to replay them.
        progress: Told after each chunk.

    Raises:
        ValueError: The two have not the same shape, or there is no draw.
    """
    import numpy as np

    if baseline.shape != candidate.shape:
        raise ValueError(f"The two sides have not the same shape: {baseline.shape} and {candidate.shape}")
    if isinstance(measure, TwoSteps):
        baseline, candidate = measure.condense(baseline), measure.condense(candidate)
        measure = measure.finish
    documents, columns = baseline.shape
    differ = np.flatnonzero((np.abs(candidate - baseline) > ROUNDING * np.abs(baseline)).any(axis=1))
    exact = swaps is None and len(differ) <= EXACT
    rows = max(1, _BLOCK // (len(differ) + 4 * columns + 1))
    if swaps is not None:
        blocks: Iterable[Bools] = (block[:, differ] for block in swaps)
    elif exact:
        blocks = _every(len(differ), rows)
    else:
        blocks = _drawn(len(differ), seed, draws, rows)
    total = 0 if swaps is not None else 2 ** max(0, len(differ) - 1) if exact else draws

    # (columns, documents), so that the values of a column over the draws lie side by side; columns that change
    # alike, or not at all, are multiplied once.
    change, column = np.unique((candidate - baseline)[differ].T, axis=0, return_inverse=True)
    ours, theirs = baseline.sum(axis=0), candidate.sum(axis=0)
    rounding = Rounding.of(baseline, candidate)
    values = measure(theirs) - measure(ours)
    bar = np.abs(values) - ROUNDING * np.maximum(1.0, np.abs(measure(theirs)))
    extreme = np.zeros(values.shape, dtype=np.int64)
    done = 0
    for block in blocks:
        moved = (change @ block.T.astype(np.float64))[column].T
        swapped = measure(rounding.cleared(theirs - moved)) - measure(rounding.cleared(ours + moved))
        # An undefined difference is no smaller than the bar.
        extreme += (~(np.abs(swapped) < bar)).sum(axis=0)
        done += len(block)
        if progress is not None:
            progress(done, max(done, total))
    if not done:
        raise ValueError("There is no draw")
    p = extreme / done if exact else (extreme + 1) / (done + 1)
    return Randomisation(
        p=np.where(np.isnan(values), np.nan, p),
        least_p=2.0 ** (1 - max(1, documents)) if exact else 1 / (done + 1),
        draws=2 ** len(differ) if exact else done,
        exact=exact,
    )


def _every(documents: int, rows: int) -> Iterator[Bools]:
    """Each way to swap, but for those that swap the first: they are the others turned round."""
    import numpy as np

    ways = 2 ** max(0, documents - 1)
    places = np.arange(documents)
    for start in range(0, ways, rows):
        numbers = np.arange(start, min(ways, start + rows))
        yield (numbers[:, None] >> places & 1).astype(np.bool_)


def _drawn(documents: int, seed: int, draws: int, rows: int) -> Iterator[Bools]:
    """Draws of so many documents; the same whatever the size of a chunk."""
    import numpy as np

    source = np.random.PCG64(seed)
    words = -(-documents // 64)
    for start in range(0, draws, rows):
        many = min(rows, draws - start)
        raw = source.random_raw(many * words).astype("<u8", copy=False).view(np.uint8)
        yield np.unpackbits(raw.reshape(many, words * 8), axis=1, count=documents, bitorder="little").view(
            np.bool_
        )
