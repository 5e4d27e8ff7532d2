"""What the answers of a run took."""

from __future__ import annotations

import math
from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING

from harness.records import Expense, FailureKind
from harness.storage.money import EXACT

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from harness.records import DocumentScore, Response


def expense_of(responses: Iterable[Response], scores: Iterable[DocumentScore]) -> Expense:
    """What answers took; each is looked at once, and only its latency is kept.

    Args:
        responses: The newest answer of each document and trial. One that was cut off is no answer.
        scores: Of the same documents; they say what failed.
    """
    cost = Decimal(0)
    unpriced = asked = answered = 0
    latencies = []
    for response in responses:
        if response.failure is FailureKind.INTERRUPTED:
            continue
        latencies.append(math.fsum(attempt.latency for attempt in response.attempts))
        for attempt in response.attempts:
            asked += attempt.input_tokens or 0
            answered += attempt.output_tokens or 0
            if attempt.cost is None:
                unpriced += 1
            else:
                cost = EXACT.add(cost, attempt.cost)
    latencies.sort()
    failed = Counter(score.failure for score in scores if score.failure is not None)
    return Expense(
        answers=len(latencies),
        cost=cost,
        unpriced=unpriced,
        input_tokens=asked,
        output_tokens=answered,
        latency_p50=percentile(latencies, 50),
        latency_p95=percentile(latencies, 95),
        failures=tuple((kind, failed[kind]) for kind in FailureKind if failed[kind]),
    )


def percentile(ordered: Sequence[float], share: int) -> float | None:
    """The least of the values that so many per cent of them do not exceed; `None` when there is none.

    It is always one of the values (the nearest rank), so one slow answer in ten is the 95th percentile.

    >>> percentile([1.0, 2.0, 3.0, 10.0], 50), percentile([1.0, 2.0, 3.0, 10.0], 95), percentile([], 50)
    (2.0, 10.0, None)
    """
    if not ordered:
        return None
    return ordered[max(math.ceil(len(ordered) * share / 100), 1) - 1]
