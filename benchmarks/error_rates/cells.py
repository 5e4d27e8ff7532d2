"""The cells of the tables: which populations are drawn from how often, for one number of documents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmarks.error_rates.populations import (
    EVERYTHING,
    RARE,
    equal_labels,
    equal_trials,
    systems,
    worse,
)
from benchmarks.error_rates.published import SYSTEMS
from benchmarks.error_rates.trying import Tried, try_pair, try_single

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.error_rates.populations import Population

DOCUMENTS = (5, 10, 20, 30, 50, 100)
DIFFERENCES = (0.03, 0.05, 0.10)
"""Of the comparison, and the margins of the gate."""


@dataclass(frozen=True)
class Often:
    """How many draws there are of all populations of a kind together, for one number of documents."""

    single: int = 6000
    equal_trials: int = 6000
    equal_labels: int = 3000
    systems: int = 6000
    worse: int = 2400
    rare: int = 3000


QUICK = Often(240, 120, 60, 120, 48, 60)


@dataclass(frozen=True)
class Cell:
    """What was tried with so many documents; a list has an entry a population."""

    documents: int
    single: list[Tried]
    equal_trials: list[Tried]
    equal_labels: list[Tried]
    systems: list[Tried]
    worse: dict[float, list[Tried]]
    rare: list[Tried]
    rare_difference: list[Tried]


def tried(documents: int, often: Often, seed: int) -> Cell:
    """Everything about one number of documents."""

    def pairs(
        kind: int,
        populations: Sequence[Population],
        times: int,
        path: str = EVERYTHING,
        *,
        compared: bool = True,
    ) -> list[Tried]:
        return [
            try_pair(
                population,
                path,
                documents,
                -(-times // len(populations)),
                (seed, documents, kind, number),
                margins=DIFFERENCES,
                compared=compared,
            )
            for number, population in enumerate(populations)
        ]

    def singles(kind: int, times: int, path: str = EVERYTHING) -> list[Tried]:
        return [
            try_single(system, path, documents, times // len(SYSTEMS), (seed, documents, kind, number))
            for number, system in enumerate(SYSTEMS)
        ]

    return Cell(
        documents,
        single=singles(0, often.single),
        equal_trials=pairs(1, equal_trials(), often.equal_trials),
        equal_labels=pairs(2, equal_labels(), often.equal_labels),
        systems=pairs(3, systems(), often.systems, compared=False),
        worse={
            difference: pairs(10 + number, worse(difference), often.worse)
            for number, difference in enumerate(DIFFERENCES)
        },
        rare=singles(4, often.rare, RARE),
        rare_difference=[
            *pairs(5, equal_trials(RARE), often.rare // 2, RARE, compared=False),
            *pairs(6, systems(RARE), often.rare // 2, RARE, compared=False),
        ],
    )
