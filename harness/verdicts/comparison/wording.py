"""How differences, intervals and p-values are written, in sentences and in tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.statistics.power import ALPHA

if TYPE_CHECKING:
    from harness.records import Difference, Interval

LOWER_IS_BETTER = frozenset(("over_generation", "under_generation", "failure_rate"))
"""Metrics that a better system has less of."""
_SMALLEST_P = 0.0001


def points(difference: float, *, sign: bool = False) -> str:
    """A difference of two shares in points, hundredths of the whole; what is not nothing does not look so.

    >>> points(0.0412), points(-0.1), points(0.0, sign=True), points(0.05, sign=True), points(0.00004)
    ('4.1', '-10.0', '0.0', '+5.0', '0.004')
    """
    value = difference * 100
    if abs(value) < 1e-9:
        return "0.0"
    text = f"{value:.1f}"
    if float(text) == 0:
        text = f"{value:.1g}"
    return f"+{text}" if sign and value > 0 else text


def interval_text(interval: Interval, *, sign: bool = False) -> str:
    """The bounds of a difference, in points.

    >>> from harness.records import Interval
    >>> interval_text(Interval(0.012, 0.07)), interval_text(Interval(-0.01, 0.03), sign=True)
    ('1.2 to 7.0', '-1.0 to +3.0')
    """
    return f"{points(interval.low, sign=sign)} to {points(interval.high, sign=sign)}"


def p_text(p: float | None) -> str:
    """A p-value to two digits; 1 only when it is 1.

    >>> p_text(0.28123), p_text(0.03123), p_text(0.00213), p_text(0.00001), p_text(1.0), p_text(0.999)
    ('0.28', '0.031', '0.0021', '<0.0001', '1', '0.99')
    >>> p_text(0.0996), p_text(0.25), p_text(None)
    ('0.10', '0.25', 'n/a')
    """
    if p is None:
        return "n/a"
    if p < _SMALLEST_P:
        return f"<{_SMALLEST_P:.4f}"
    if p >= 1:
        return "1"
    if p >= 0.0995:
        return f"{min(p, 0.99):.2f}"
    places = 3 if p >= 0.00995 else 4
    return f"{p:.{places}f}"


def shown(difference: Difference) -> int:
    """Whether the candidate is shown to be better (1) or worse (-1), or neither (0).

    Both must say so: p, adjusted where it was asked with others, is at most 0.05, and the 95 % interval leaves
    out 0.
    """
    p = difference.p if difference.adjusted_p is None else difference.adjusted_p
    interval = difference.difference.interval
    if p is None or interval is None or p > ALPHA or interval.low <= 0 <= interval.high:
        return 0
    up = 1 if interval.low > 0 else -1
    return -up if difference.metric in LOWER_IS_BETTER else up


def documents_text(count: int) -> str:
    """A number of documents.

    >>> documents_text(1), documents_text(2627)
    ('1 document', '2,627 documents')
    """
    return f"{count:,} document{'' if count == 1 else 's'}"
