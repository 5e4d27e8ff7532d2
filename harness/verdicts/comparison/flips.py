"""Which leaves one run has right and the other has not, and which of them are noise."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.records import LeafFlip, Outcome, OutcomeKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

CHARGED = frozenset((OutcomeKind.INCORRECT, OutcomeKind.MISSING, OutcomeKind.SPURIOUS))
"""The outcomes that cost something. Whatever else is there, or is not there at all, counts as right."""

_Key = tuple[str, str | int]
"""A leaf: its path with where gold states it or, where gold has nothing, with its number among those."""


@dataclass(frozen=True, slots=True)
class DocumentFlips:
    """What flipped in one document.

    Attributes:
        flips: In the order of the schema and of gold; what gold does not have comes last.
        noise: How many leaves differ between the runs in some trial, and between trials of one run as well.
    """

    flips: tuple[LeafFlip, ...]
    noise: int


def leaf_flips(
    document: str, baseline: Sequence[tuple[Outcome, ...]], candidate: Sequence[tuple[Outcome, ...]]
) -> DocumentFlips:
    """The leaves of a document that cost something in every trial of one run and in none of the other.

    A leaf that gold has is known by its place in gold, so that the order of a prediction's lists changes
    nothing. Of leaves that gold does not have, as many of a path are set against each other as both runs
    invent, the equal ones first; what one run invents beyond that has flipped.

    Args:
        document: The document's id.
        baseline: The outcomes of each trial, in order; at least one trial.
        candidate: The same of the other run, whose trials may be more or fewer.
    """
    sides = (
        _Side([_keyed(trial, _invented(candidate[0])) for trial in baseline]),
        _Side([_keyed(trial, _invented(baseline[0])) for trial in candidate]),
    )
    flips, noise = [], 0
    for key in dict.fromkeys([*sides[0].charged, *sides[1].charged]):
        shares = [side.charged[key] / len(side.trials) for side in sides]
        if any(0 < share < 1 for share in shares):
            noise += 1
        elif shares[0] != shares[1]:
            flips.append(
                LeafFlip(
                    document=document,
                    trial=0,
                    better=shares[0] > shares[1],
                    baseline=sides[0].trials[0].get(key),
                    candidate=sides[1].trials[0].get(key),
                )
            )
    return DocumentFlips(tuple(sorted(flips, key=lambda flip: _has_no_gold(flip))), noise)


def worst_first(flips: Iterable[LeafFlip]) -> tuple[LeafFlip, ...]:
    """What was lost, then what was gained, each by document; inside a document the order stays."""
    return tuple(sorted(flips, key=lambda flip: (flip.better, flip.document)))


class _Side:
    """One run's trials of a document, and in how many of them each leaf costs something."""

    def __init__(self, trials: list[dict[_Key, Outcome]]) -> None:
        self.trials = trials
        self.charged = Counter(key for trial in trials for key, one in trial.items() if one.kind in CHARGED)


def _keyed(outcomes: tuple[Outcome, ...], others: Mapping[tuple[str, str], int]) -> dict[_Key, Outcome]:
    """The outcomes of a trial by leaf; of what gold has not, what the other run invents as well comes first."""
    keyed: dict[_Key, Outcome] = {(one.path, one.gold_at): one for one in outcomes if one.gold_at}
    invented: dict[str, list[tuple[bool, str, Outcome]]] = {}
    left = Counter(others)
    for one in sorted((one for one in outcomes if not one.gold_at), key=_said):
        said = (one.path, _said(one))
        invented.setdefault(one.path, []).append((left[said] <= 0, said[1], one))
        left[said] -= 1
    for path, found in invented.items():
        for number, (_, _, one) in enumerate(sorted(found, key=lambda entry: entry[:2])):
            keyed[path, number] = one
    return keyed


def _invented(outcomes: tuple[Outcome, ...]) -> Counter[tuple[str, str]]:
    return Counter((one.path, _said(one)) for one in outcomes if not one.gold_at)


def _said(outcome: Outcome) -> str:
    """What was predicted, as a text that orders and compares it."""
    return json.dumps(outcome.predicted, sort_keys=True)


def _has_no_gold(flip: LeafFlip) -> bool:
    return not any(one is not None and one.gold_at for one in (flip.baseline, flip.candidate))
