"""Why a rule says what it says, in one sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.records import Verdict
from harness.statistics.intervals import FEWEST
from harness.verdicts.gate.rules import plain

if TYPE_CHECKING:
    from harness.verdicts.gate.measures import Seen
    from harness.verdicts.gate.rules import Rule

_MOST_DECIMALS = 9


def figure(rule: Rule, value: float, *, beside: float | None = None, signed: bool = False) -> str:
    """A figure of a rule's metric: three decimals, and as many more as tell it from the limit beside it.

    >>> from harness.verdicts.gate.rules import parse_rule
    >>> figure(parse_rule("f1 >= 0.8"), 0.79998, beside=0.8), figure(parse_rule("latency_p95 <= 20"), 3.25)
    ('0.79998', '3.250 s')
    """
    decimals = 4 if rule.metric == "dollars_per_document" else 3
    while beside not in (None, value) and decimals < _MOST_DECIMALS and _rounds_onto(value, beside, decimals):
        decimals += 1
    sign = "+" if signed and value >= 0 else "-" if value < 0 else ""
    number = f"{abs(value):.{decimals}f}"
    if rule.metric == "dollars_per_document":
        return f"{sign}${number if value else 0}"
    return f"{sign}{number}{' s' if rule.metric.startswith('latency') else ''}"


def limit_of(rule: Rule) -> float:
    """What a rule's figure is held against: its limit, or the margin as a difference to the baseline.

    >>> from harness.verdicts.gate.rules import parse_rule
    >>> limit_of(parse_rule("f1 >= 0.8")), limit_of(parse_rule("f1 >= baseline - 0.02"))
    (0.8, -0.02)
    """
    if rule.margin is None:
        return rule.limit or 0.0
    return -rule.margin if rule.measured.more_is_better else rule.margin


def _rounds_onto(value: float, beside: float | None, decimals: int) -> bool:
    return beside is not None and float(f"{value:.{decimals}f}") == float(f"{beside:.{decimals}f}")


def of_value(rule: Rule, value: float, verdict: Verdict) -> str:
    """A value held against its limit."""
    limit = rule.limit or 0.0
    seen, bar = figure(rule, value, beside=limit), _limit(rule, limit)
    if rule.measured.more_is_better:
        return f"{seen} is at least {bar}" if verdict is Verdict.PASS else f"{seen} is below {bar}"
    return f"{seen} is at most {bar}" if verdict is Verdict.PASS else f"{seen} is above {bar}"


def of_bound(rule: Rule, seen: Seen, verdict: Verdict) -> str:
    """A one-sided bound held against its limit."""
    limit = rule.limit or 0.0
    low, high = seen.low or 0.0, seen.high or 0.0
    bar = _limit(rule, limit)
    up = rule.measured.more_is_better
    if verdict is Verdict.INCONCLUSIVE:
        between = f"from {figure(rule, low, beside=limit)} to {figure(rule, high, beside=limit)}"
        return f"anything {between} is possible, which is on both sides of {bar}"
    if (verdict is Verdict.PASS) == up:
        kept = figure(rule, low, beside=limit)
        return f"it is at least {kept} with 95 % confidence{'' if up else f', above {bar}'}"
    kept = figure(rule, high, beside=limit)
    return f"it is at most {kept} with 95 % confidence{f', below {bar}' if up else ''}"


def of_difference(rule: Rule, seen: Seen, verdict: Verdict) -> str:
    """The bounds of a difference held against a margin."""
    low, high = seen.low or 0.0, seen.high or 0.0
    worst, best = (low, high) if rule.measured.more_is_better else (-high, -low)
    margin = rule.margin or 0.0
    if verdict is Verdict.PASS and worst > 0:
        return "not worse, with 95 % confidence"
    if verdict is Verdict.PASS:
        return f"worse by at most {figure(rule, -worst, beside=margin)} with 95 % confidence"
    if verdict is Verdict.FAIL:
        return f"worse by at least {figure(rule, -best, beside=margin)} with 95 % confidence"
    limit = limit_of(rule)
    ends = " to ".join(figure(rule, end, beside=limit, signed=True) for end in (low, high))
    possible = f"any difference from {ends} is possible"
    if not margin:
        return f"{possible}, and a margin of 0 passes only what is shown to be better"
    return f"{possible}, the limit {'+' if limit > 0 else ''}{plain(limit)} among them"


def of_reach(rule: Rule, low: float, high: float, verdict: Verdict, left: int) -> str:
    """A rule that is decided although answers are missing."""
    limit = rule.limit or 0.0
    up = rule.measured.more_is_better
    whatever = f"whatever the {left:,} open answer{'' if left == 1 else 's'} would say"
    if (verdict is Verdict.FAIL) == up:
        return f"at most {figure(rule, high, beside=limit)} {whatever}"
    return f"at least {figure(rule, low, beside=limit)} {whatever}"


def no_bounds(rule: Rule, seen: Seen) -> str:
    """Why there is a value and no bound."""
    if seen.documents < FEWEST:
        what = "document says" if seen.documents == 1 else "documents say"
        return f"{seen.documents:,} {what} anything about it, and bounds need at least {FEWEST}"
    if rule.metric == "error_cost":
        return "every document costs the same, so nothing says how much others may cost"
    return "it hangs on one document: without that it is not defined"


def no_value(rule: Rule) -> str:
    """Why there is no value at all."""
    if rule.metric.startswith("latency") or rule.metric == "dollars_per_document":
        return "nothing was answered"
    if rule.path:
        return f"no document has anything to say about {rule.path}: {_NOTHING.get(rule.metric, _NO_VALUE)}"
    return f"it is not defined: {_NOTHING.get(rule.metric, _NO_VALUE)}"


_NO_VALUE = "neither gold nor any answer has a value"
_NOTHING = {
    "precision": "no answer has a value",
    "over_generation": "no answer has a value",
    "recall": "gold has no value",
    "under_generation": "gold has no value",
    "null_specificity": "gold leaves nothing open",
    "fact_f1": "neither gold nor any answer has a fact",
    "fact_precision": "no answer has a fact",
    "fact_recall": "gold has no fact",
}


def _limit(rule: Rule, limit: float) -> str:
    if rule.metric == "dollars_per_document":
        return f"${plain(limit)}"
    return f"{plain(limit)}{' s' if rule.metric.startswith('latency') else ''}"
