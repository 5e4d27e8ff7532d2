"""How the trials of a run agree."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from harness.records import Stability
from harness.statistics.trials import flip_rate, pass_hat_k

if TYPE_CHECKING:
    from collections.abc import Iterable

    from harness.records import DocumentScore


def stability_of(scores: Iterable[DocumentScore]) -> Stability:
    """How often documents are exactly right again and again.

    Args:
        scores: One a document and trial; without any, nothing is defined.
    """
    trials: Counter[str] = Counter()
    right: Counter[str] = Counter()
    for score in scores:
        trials[score.document] += 1
        right[score.document] += score.exactly_right
    asked = [trials[name] for name in trials]
    good = [right[name] for name in trials]
    if not trials:
        return Stability(0, None)
    return Stability(
        trials=max(asked),
        right_in_all=sum(c == n for c, n in zip(good, asked, strict=True)) / len(asked),
        pass_k=pass_hat_k(good, asked),
        flip_rate=flip_rate(good, asked),
    )
