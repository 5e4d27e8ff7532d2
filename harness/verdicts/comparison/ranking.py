"""Rank several runs so that those which cannot be told apart share a rank."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from harness.paths import render
from harness.records import Difference
from harness.schema import leaves
from harness.scoring.evaluation import weight_at
from harness.statistics.families import holm
from harness.statistics.intervals import jackknife, paired_jackknife
from harness.statistics.randomisation import DRAWS, SEED, label_swap
from harness.verdicts.comparison.comparing import HEADLINE, estimate_of, or_none
from harness.verdicts.comparison.signature import ranking_signature
from harness.verdicts.comparison.wording import shown
from harness.verdicts.measures import NamedMeasure, headline_measure
from harness.verdicts.sums import Layout, paths_in, run_sums

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from harness.records import Estimate, Side, Signature
    from harness.schema import Plan
    from harness.statistics.arrays import Floats, Progress
    from harness.verdicts.comparison.comparing import Entrant


@dataclass(frozen=True, slots=True)
class Place:
    """One run on a leaderboard.

    Attributes:
        rank: From 1; `None` for a test instrument beside real systems, and where F1 is not defined.
        side: The run.
        f1: Its F1.
    """

    rank: int | None
    side: Side
    f1: Estimate


@dataclass(frozen=True, slots=True)
class Pair:
    """Two runs of a leaderboard beside each other.

    Attributes:
        upper: The run that stands higher, by its position on the leaderboard.
        lower: The other.
        difference: Lower as the baseline, upper as the candidate; adjusted over all pairs.
    """

    upper: int
    lower: int
    difference: Difference


@dataclass(frozen=True, slots=True)
class Ranking:
    """A leaderboard.

    Attributes:
        places: The highest F1 first; equal ones by label and run.
        pairs: Every pair of them.
        signature: What it depends on.
    """

    places: tuple[Place, ...]
    pairs: tuple[Pair, ...]
    signature: Signature


def rank(
    plan: Plan,
    entrants: Sequence[Entrant],
    *,
    seed: int = SEED,
    draws: int = DRAWS,
    narrowed: str = "",
    progress: Progress | None = None,
) -> Ranking:
    """Rank runs over the same documents by F1.

    Every pair is tested, adjusted over all pairs (Holm). A new rank begins only where each system above is
    shown better than each system below.

    Args:
        plan: The compiled schema that all were scored by.
        entrants: The runs.
        seed: Of the label swaps.
        draws: How many of them, when there are too many to look at each.
        narrowed: What the documents were narrowed to on purpose, for the signature; empty when they were not.
        progress: Told how far the label swaps have come, pair by pair.

    Raises:
        ValueError: When they have not the same documents.
    """
    order = [render(leaf.path) for leaf in leaves(plan.root)]
    paths = paths_in(order, *(entrant.scores for entrant in entrants))
    layout = Layout.of(paths, {path: weight_at(plan.root, path) for path in paths})
    every = headline_measure(layout)
    measure = NamedMeasure((HEADLINE,), lambda sums: every.compute(sums)[..., [every.at(HEADLINE)]])
    sums = [run_sums(entrant.scores, layout) for entrant in entrants]
    if len({one.documents for one in sums}) > 1:
        raise ValueError("only runs over the same documents can be ranked")
    f1 = [_own(one.sums, measure) for one in sums]
    ordered = sorted(
        range(len(entrants)),
        key=lambda at: (-_level(f1[at]), entrants[at].side.label, entrants[at].side.run),
    )
    asked = list(combinations(range(len(ordered)), 2))
    found = []
    for number, (upper, lower) in enumerate(asked):
        ours, theirs = sums[ordered[lower]].sums, sums[ordered[upper]].sums
        swapped = label_swap(ours, theirs, measure, seed=seed, draws=draws)
        paired = paired_jackknife(ours, theirs, measure)
        found.append((swapped.p[0], paired))
        if progress is not None:
            progress(number + 1, len(asked))
    adjusted = holm([float(p) for p, _ in found])
    pairs = tuple(
        Pair(
            upper,
            lower,
            Difference(
                metric=HEADLINE,
                path="",
                baseline=f1[ordered[lower]],
                candidate=f1[ordered[upper]],
                difference=estimate_of(paired),
                documents=int(paired.documents[0]),
                p=or_none(p),
                adjusted_p=or_none(fair),
            ),
        )
        for (upper, lower), (p, paired), fair in zip(asked, found, adjusted, strict=True)
    )
    sides = [entrants[at].side for at in ordered]
    ranked = _ranked(sides, [f1[at] for at in ordered])
    better = {(pair.upper, pair.lower) for pair in pairs if shown(pair.difference) > 0}
    ranks = ranks_of(ranked, better)
    places = tuple(
        Place(ranks.get(position), side, f1[at])
        for position, (at, side) in enumerate(zip(ordered, sides, strict=True))
    )
    signature = ranking_signature(
        sides, documents=len(sums[0].documents), narrowed=narrowed, seed=seed, draws=draws
    )
    return Ranking(places, pairs, signature)


def ranks_of(ordered: Sequence[int], better: Collection[tuple[int, int]]) -> dict[int, int]:
    """Ranks from 1, counted as in sport: behind two that share the first comes the third.

    Args:
        ordered: What is ranked, best first.
        better: The pairs of which the first is shown better than the second.

    >>> ranks_of([0, 1, 2], {(0, 1), (0, 2)}), ranks_of([0, 1, 2], {(0, 2)})
    ({0: 1, 1: 2, 2: 2}, {0: 1, 1: 1, 2: 1})
    """
    ranks: dict[int, int] = {}
    rank = 1
    for number, one in enumerate(ordered):
        above, below = ordered[:number], ordered[number:]
        if above and all((high, low) in better for high in above for low in below):
            rank = number + 1
        ranks[one] = rank
    return ranks


def _ranked(sides: Sequence[Side], f1: Sequence[Estimate]) -> list[int]:
    """The positions that get a rank. Instruments have seen gold: beside real systems they get none."""
    only_instruments = all(side.instrument for side in sides)
    return [
        position
        for position, (side, estimate) in enumerate(zip(sides, f1, strict=True))
        if estimate.value is not None and (only_instruments or not side.instrument)
    ]


def _own(sums: Floats, measure: NamedMeasure) -> Estimate:
    return estimate_of(jackknife(sums, measure))


def _level(estimate: Estimate) -> float:
    """F1 without the last bits, in which sums can differ for systems that do not; what is undefined is last."""
    return -1.0 if estimate.value is None else round(estimate.value, 12)
