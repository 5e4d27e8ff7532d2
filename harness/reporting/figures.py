"""How figures are written: metrics with three decimals, whole counts plain, `n/a` where 0/0 stands."""

from __future__ import annotations

import math

NOT_DEFINED = "n/a"


def score(value: float | None) -> str:
    """A metric with three decimals. Only a perfect score prints as 1.000, only nothing as 0.000.

    >>> score(0.8124), score(0.99996), score(1.0), score(0.0001), score(None)
    ('0.812', '0.999', '1.000', '0.001', 'n/a')
    """
    if value is None or not math.isfinite(value):
        return NOT_DEFINED
    if 0 < value < 1:
        value = min(max(value, 0.001), 0.999)
    return f"{abs(value) if value == 0 else value:.3f}"


def part(share: float | None, whole: int) -> str:
    """A share of a whole number of things as `k/n`; k has decimals when trials were averaged.

    As many decimals as it takes for what is not whole not to look so.

    >>> part(0.4, 5), part(0.3, 5), part(0.992, 5), part(None, 0)
    ('2/5', '1.5/5', '4.96/5', '0/0')
    """
    count = (share or 0.0) * whole
    nearest = round(count)
    if math.isclose(count, nearest, abs_tol=1e-9):
        return f"{nearest}/{whole}"
    places = next(places for places in range(1, 12) if float(f"{count:.{places}f}") != nearest)
    return f"{count:.{places}f}/{whole}"


def duration(seconds: float | None) -> str:
    """A length of time, shorter than a clock would print it.

    >>> duration(0.42), duration(125), duration(7300), duration(None)
    ('0.4s', '2m05s', '2h01m', 'n/a')
    """
    if seconds is None or not math.isfinite(seconds):
        return NOT_DEFINED
    if seconds < 59.95:
        return f"{seconds:.1f}s"
    minutes, left = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes}m{left:02d}s"
    return f"{minutes // 60}h{minutes % 60:02d}m"


def number_of(count: int, noun: str) -> str:
    """A count with its noun.

    >>> number_of(1, "document"), number_of(2_000, "trial")
    ('1 document', '2,000 trials')
    """
    return f"{count:,} {noun if count == 1 else noun + 's'}"
