"""The standard error of a mean whose values come in clusters."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from harness.statistics.arrays import Floats


def clustered_standard_error(
    values: Sequence[float] | Floats, clusters: Sequence[Hashable], *, corrected: bool = True
) -> float | None:
    """The standard error of the mean, the trials or questions of a document being one cluster.

    Deviations from the mean are added within a cluster before they are squared, √(Σ(Σ(x − x̄))²) / N
    (Liang and Zeger 1986; Miller 2024, "Adding error bars to evals", appendix A), times √(C/(C − 1)) for C
    clusters, as regression packages and Inspect have it. With equal clusters that is the standard error of the
    clusters' means.

    Args:
        values: One a trial.
        clusters: The document of each.
        corrected: Whether to multiply by √(C/(C − 1)).

    Returns:
        `None` for fewer than two clusters.

    Raises:
        ValueError: The two have not the same length.

    >>> clustered_standard_error([0, 1, 0, 1], ["one", "two", "one", "two"], corrected=False)
    0.3535533905932738
    """
    import numpy as np

    x = np.asarray(values, dtype=np.float64)
    if len(x) != len(clusters):
        raise ValueError(f"{len(x)} values have {len(clusters)} clusters")
    numbers: dict[Hashable, int] = {}
    places = [numbers.setdefault(cluster, len(numbers)) for cluster in clusters]
    if len(numbers) < 2:
        return None
    together = np.bincount(places, weights=x - x.mean())
    error = float(np.sqrt((together**2).sum())) / len(x)
    return error * (len(numbers) / (len(numbers) - 1)) ** 0.5 if corrected else error
