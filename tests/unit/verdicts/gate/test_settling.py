from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from harness.statistics.exact_shares import exact_bounds
from harness.statistics.intervals import Jackknife
from harness.verdicts.gate.settling import documents_to_settle, share_to_settle, trials_to_settle


def found(value: float, error: float, documents: int) -> Jackknife:
    return Jackknife(
        np.array([value]), np.array([error]), np.array([documents]), np.zeros((documents, 1)), shares=False
    )


def above(limit: float) -> Callable[[float, float], bool]:
    return lambda low, high: low > limit or high < limit


@pytest.mark.parametrize(("value", "error", "documents"), [(0.05, 0.1, 10), (-0.03, 0.05, 7), (0.01, 0.2, 40)])
def test_so_many_more_settle_it_and_one_less_does_not(value: float, error: float, documents: int) -> None:
    more = documents_to_settle(found(value, error, documents), documents, above(0))
    assert more is not None
    for number, settled in ((documents + more, True), (documents + more - 1, False)):
        low, high = found(value, error * (documents / number) ** 0.5, number).one_sided()
        assert bool(low[0] > 0 or high[0] < 0) is settled


def test_nothing_settles_a_value_on_its_limit() -> None:
    assert documents_to_settle(found(0.0, 0.1, 10), 10, above(0)) is None


def test_one_document_says_nothing_about_others() -> None:
    assert documents_to_settle(found(0.5, float("nan"), 1), 1, above(0)) is None


def test_three_documents_need_two_more_at_least() -> None:
    assert documents_to_settle(found(0.5, 0.001, 3), 3, above(0)) == 2


def test_documents_that_do_not_touch_the_metric_count_along() -> None:
    alone = documents_to_settle(found(0.05, 0.1, 10), 10, above(0))
    assert alone is not None
    assert documents_to_settle(found(0.05, 0.1, 10), 30, above(0)) == 3 * alone


def test_trials_help_only_as_far_as_they_are_the_noise() -> None:
    unsure = found(0.05, 0.05, 20)
    all_noise = trials_to_settle(unsure, 2, 0.05**2, above(0))
    half_noise = trials_to_settle(unsure, 2, 0.05**2 * 0.8, above(0))
    assert all_noise is not None
    assert half_noise is not None
    assert all_noise < half_noise
    assert trials_to_settle(unsure, 2, 0.05**2 * 0.1, above(0)) is None
    assert trials_to_settle(unsure, 1, 0.05**2, above(0)) is None
    assert trials_to_settle(found(0.05, 0.05, 4), 2, 0.05**2, above(0)) is None


def test_no_failure_in_so_many_documents_is_under_one_per_cent() -> None:
    more = share_to_settle(0.0, 5, lambda _, high: high < 0.01)
    assert more == 299 - 5
    assert exact_bounds(0, 299)[1] < 0.01 <= exact_bounds(0, 298)[1]


def test_trials_that_differ_more_than_documents_are_all_of_the_noise() -> None:
    unsure = found(0.05, 0.05, 20)
    assert trials_to_settle(unsure, 2, 0.5, above(0)) == trials_to_settle(unsure, 2, 0.05**2, above(0)) == 4
