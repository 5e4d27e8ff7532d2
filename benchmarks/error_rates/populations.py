"""Where documents come from whose truth is known.

The 100 documents of `counts.csv`, each with ten trials of six systems, are the world: a draw takes documents
with replacement, and a trial of each at random. The truth of a system is its F1 over all of them. A population
says of a pair of systems what the difference of their truths is, exactly:

- `equal trials`: two different trials of one system; 0.
- `equal labels`: two systems whose answers are swapped, document by document, by the toss of a coin; 0.
- `systems`: two systems as they are.
- `lost documents`, `lost leaves`: a system, and the same made worse until its truth is lower by the difference
  that is asked for: by answering a share of the documents as a much worse system does, or by missing a share
  of what it has right.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.error_rates.published import SYSTEMS, TRIALS, published
from harness.verdicts.measures import field_measure
from harness.verdicts.sums import Layout, run_sums

if TYPE_CHECKING:
    from collections.abc import Callable

    from harness.statistics.arrays import Floats, Integers

    Draw = Callable[[np.random.Generator, int], tuple[Floats, Floats]]

EVERYTHING = "everything"
RARE = "phone_number[]"
"""A field that gold has in 10 of the 100 documents."""
GOOD = ("VanillaOpenAI", "Marvin", "Instructor", "Mirascope")
POOR = ("LlamaIndex", "LMFormatEnforcer")


@dataclass(frozen=True)
class Population:
    """A pair of systems.

    Attributes:
        name: What tables call it.
        truth: Candidate − baseline, in F1 over all there is.
        draw: Takes so many documents: the sums of the baseline and of the candidate.
    """

    name: str
    truth: float
    draw: Draw


def layout(path: str) -> Layout:
    """One path: a field, or all of them together, whose F1 is the micro F1 of the whole."""
    return Layout.of((path,), {})


@cache
def rows(system: str, path: str) -> Floats:
    """(trials, documents, columns): what each trial of each document adds."""
    scores = published(system)
    if path == EVERYTHING:
        scores = tuple(replace(score, leaves={EVERYTHING: score.total}) for score in scores)
    trials = [[score for score in scores if score.trial == trial] for trial in range(TRIALS)]
    return np.stack([run_sums(trial, layout(path)).sums for trial in trials])


def truth(system: str, path: str) -> float:
    """F1 of a system over all its trials of all documents."""
    return _f1(_mean(rows(system, path)), path)


def single(system: str, path: str) -> Callable[[np.random.Generator, int], Floats]:
    """Draws documents of one system."""
    every = rows(system, path)

    def draw(random: np.random.Generator, documents: int) -> Floats:
        return _taken(every, _trials(random, documents)[0], _documents(random, documents))

    return draw


def equal_trials(path: str = EVERYTHING) -> list[Population]:
    """Two trials of one system, for each system."""
    return [Population(name, 0.0, _two_trials(rows(name, path), rows(name, path))) for name in SYSTEMS]


def equal_labels(path: str = EVERYTHING) -> list[Population]:
    """Two systems, swapped by the toss of a coin, for each pair of systems."""

    def swapped(draw: Draw) -> Draw:
        def both(random: np.random.Generator, documents: int) -> tuple[Floats, Floats]:
            one, other = draw(random, documents)
            coin = random.random((documents, 1)) < 0.5
            return np.where(coin, one, other), np.where(coin, other, one)

        return both

    return [replace(pair, truth=0.0, draw=swapped(pair.draw)) for pair in systems(path)]


def systems(path: str = EVERYTHING) -> list[Population]:
    """Two systems as they are, for each pair."""
    return [
        Population(
            f"{one}, {other}",
            truth(other, path) - truth(one, path),
            _two_trials(rows(one, path), rows(other, path)),
        )
        for one, other in combinations(SYSTEMS, 2)
    ]


def worse(difference: float, path: str = EVERYTHING) -> list[Population]:
    """Good systems and the same made worse by that difference, in either way."""
    return [
        *(_lost_documents(good, poor, difference, path) for good, poor in zip(GOOD, 2 * POOR, strict=True)),
        *(_lost_leaves(good, difference, path) for good in GOOD),
    ]


def _lost_documents(good: str, poor: str, difference: float, path: str) -> Population:
    every, bad = rows(good, path), rows(poor, path)
    goal = _f1(_mean(every), path) - difference
    share = _solved(lambda part: _f1((1 - part) * _mean(every) + part * _mean(bad), path), goal)

    def draw(random: np.random.Generator, documents: int) -> tuple[Floats, Floats]:
        taken = _documents(random, documents)
        first, second = _trials(random, documents)
        failed = random.random((documents, 1)) < share
        return _taken(every, first, taken), np.where(
            failed, _taken(bad, second, taken), _taken(every, second, taken)
        )

    return Population(f"{good}, {share:.1%} of documents as {poor}", -difference, draw)


def _lost_leaves(good: str, difference: float, path: str) -> Population:
    every = rows(good, path)
    goal = _f1(_mean(every), path) - difference
    share = _solved(lambda part: _f1(_missed(_mean(every), part * _mean(every), path), path), goal)
    pair = _two_trials(every, every)

    def draw(random: np.random.Generator, documents: int) -> tuple[Floats, Floats]:
        baseline, candidate = pair(random, documents)
        lost = np.zeros_like(candidate)
        correct = layout(path).outcome("correct")
        lost[:, correct] = random.binomial(candidate[:, correct].astype(np.int64), share)
        return baseline, _missed(candidate, lost, path)

    return Population(f"{good}, {share:.1%} of correct leaves missed", -difference, draw)


def _missed(sums: Floats, lost: Floats, path: str) -> Floats:
    """Sums with what `lost` has in the column of correct leaves moved to the missing ones."""
    correct, missing = layout(path).outcome("correct"), layout(path).outcome("missing")
    moved = sums.copy()
    moved[..., correct] -= lost[..., correct]
    moved[..., missing] += lost[..., correct]
    return moved


def _two_trials(one: Floats, other: Floats) -> Draw:
    def draw(random: np.random.Generator, documents: int) -> tuple[Floats, Floats]:
        taken = _documents(random, documents)
        first, second = _trials(random, documents)
        return _taken(one, first, taken), _taken(other, second, taken)

    return draw


def _documents(random: np.random.Generator, documents: int) -> Integers:
    return random.integers(0, 100, documents)


def _trials(random: np.random.Generator, documents: int) -> tuple[Integers, Integers]:
    """Two different trials for each document."""
    first = random.integers(0, TRIALS, documents)
    return first, (first + random.integers(1, TRIALS, documents)) % TRIALS


def _taken(every: Floats, trials: Integers, documents: Integers) -> Floats:
    found: Floats = every[trials, documents]
    return found


def _mean(every: Floats) -> Floats:
    found: Floats = every.mean(axis=(0, 1))
    return found


def _f1(sums: Floats, path: str) -> float:
    return float(field_measure(layout(path))(sums)[0])


def _solved(falling: Callable[[float], float], goal: float) -> float:
    """Where a falling function of a share meets a goal."""
    low, high = 0.0, 1.0
    assert falling(high) < goal
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if falling(middle) > goal else (low, middle)
    return high
