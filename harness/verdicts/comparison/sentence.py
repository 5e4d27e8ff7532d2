"""A comparison in one sentence: for a manager to read and a statistician to sign."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.records import Interval
from harness.statistics.power import ALPHA
from harness.verdicts.comparison.wording import documents_text, interval_text, p_text, points, shown

if TYPE_CHECKING:
    from harness.records import Comparison
    from harness.verdicts.comparison.ranking import Ranking


_FORETELLING = 20
"""Fewer documents foretell too often what they can show: docs/statistics.md has what was measured."""


def sentence(comparison: Comparison) -> str:
    """What the comparison says of the headline F1, without a full stop.

    "Better" and "worse" are said only of what both the test and the interval show; see
    `harness.verdicts.comparison.wording.shown`. Labels stand in it as they are.
    """
    ours, theirs = comparison.baseline.label, comparison.candidate.label
    if comparison.baseline.run == comparison.candidate.run:
        return f"no difference: both are the run {comparison.baseline.run} (p = 1)"
    if comparison.identical:
        many = comparison.documents
        among = "in the one document" if many == 1 else f"in every one of {documents_text(many)}"
        return f"no difference: {theirs} and {ours} have the same counts {among} (p = 1)"
    headline = comparison.headline
    difference, interval = headline.difference.value, headline.difference.interval
    if difference is None:
        return f"can't tell: {_undefined(comparison)}"
    extent = documents_text(comparison.documents)
    direction = shown(headline)
    if direction and interval is not None:
        low, high = sorted((abs(interval.low), abs(interval.high)))
        return (
            f"{theirs} is {points(abs(difference))} points of F1 {'better' if direction > 0 else 'worse'} than "
            f"{ours} (95 % interval {interval_text(Interval(low, high))}, {extent})"
        )
    return f"can't tell: {_seen(comparison, difference)}, {_limits(comparison, difference)}"


def _undefined(comparison: Comparison) -> str:
    lacking = [
        side.label
        for side, estimate in (
            (comparison.baseline, comparison.headline.baseline),
            (comparison.candidate, comparison.headline.candidate),
        )
        if estimate.value is None
    ]
    return f"F1 is not defined for {' and '.join(lacking)}: there is nothing to find, and nothing was predicted"


def _seen(comparison: Comparison, difference: float) -> str:
    ours, theirs = comparison.baseline.label, comparison.candidate.label
    if points(difference) == "0.0":
        return f"{theirs} and {ours} have the same F1"
    where = "above" if difference > 0 else "below"
    return f"{theirs} is {points(abs(difference))} points of F1 {where} {ours}"


def _limits(comparison: Comparison, difference: float) -> str:
    """Why that shows nothing."""
    many = documents_text(comparison.documents)
    if comparison.least_p > ALPHA:
        least_p = f"can't show any difference (least p {p_text(comparison.least_p)})"
        if comparison.exact:
            return f"and {many} {least_p}"
        drawn = f"{comparison.draws} draw{'' if comparison.draws == 1 else 's'}"
        return f"and {drawn} {least_p}; ask for more with --draws"
    interval, p = comparison.headline.difference.interval, comparison.headline.p
    bounds = "no interval" if interval is None else f"95 % interval {interval_text(interval)}"
    figures = f"({bounds}, p = {p_text(p)}, {many})"
    chance = p is None or p > ALPHA
    if interval is None:
        return f"which {'may be chance' if chance else 'no interval backs'} {figures}"
    if chance != (interval.low <= 0 <= interval.high):
        return f"and the test and the interval do not agree on whether that is chance {figures}"
    least = comparison.detectable
    if least is None or least <= abs(difference) or comparison.headline.documents < _FORETELLING:
        return f"which may be chance {figures}"
    enough = f"{many} show a difference of {points(least)} points four times out of five"
    return f"which may be chance {figures}; {enough}"


_NAMED = 4


def ranking_sentence(ranking: Ranking) -> str:
    """What a leaderboard says of the first rank, without a full stop."""
    first = [place.side.label for place in ranking.places if place.rank == 1]
    ranked = sum(place.rank is not None for place in ranking.places)
    if not first:
        return "can't tell: no system has a rank"
    if len(first) == ranked == 1:
        return f"only {first[0]} has a rank"
    if len(first) == 1:
        others = "the other" if ranked == 2 else f"each of the {ranked - 1} others"
        return f"{first[0]} is best: it is shown better than {others}"
    rest = len(first) - _NAMED
    named, last = (first[:-1], first[-1]) if rest <= 0 else (first[:_NAMED], f"{rest} more")
    share = "share the first rank" if len(first) < ranked else "cannot be told apart"
    return f"can't tell which is best: {', '.join(named)} and {last} {share}"
