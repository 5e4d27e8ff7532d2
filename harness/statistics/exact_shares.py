"""How large a share may be, exactly: bounds that hold at 0 and at 1 too, where no error can be estimated."""

from __future__ import annotations


def exact_bounds(count: float, whole: int, level: float = 0.95) -> tuple[float, float]:
    """The one-sided bounds of a share, each of that confidence on its own (Clopper and Pearson 1934).

    None of 5 is at most 45 % (the rule of three: about 3/n for larger n); 5 of 5 is at least 55 %. The bounds
    hold the confidence for every share and every number, and are wider than they had to be for most.

    Args:
        count: How many of them; it has decimals when several trials of one thing were averaged. Those count as
            one observation, as if they always agreed: the bounds are too wide then, never too narrow.
        whole: Of how many; (0, 1) are the bounds of 0.
        level: The confidence.

    >>> [round(bound, 3) for bound in exact_bounds(0, 5)]
    [0.0, 0.451]
    """
    from scipy.special import betaincinv

    low = 0.0 if count <= 0 else float(betaincinv(count, whole - count + 1, 1 - level))
    high = 1.0 if count >= whole else float(betaincinv(count + 1, whole - count, level))
    return low, high
