from math import nan

import pytest

from harness.statistics.power import (
    documents_needed,
    fewest_documents,
    least_detectable,
    power,
    trials_for,
    trials_needed,
)
from harness.statistics.spread import Spread


@pytest.mark.parametrize(
    ("effect", "documents"),
    # The paired t test, two-sided 5 %, power 80 %: Cohen's d and n, as G*Power and R's pwr.t.test print.
    [(0.2, 199), (0.5, 34), (0.8, 15)],
)
def test_the_sizes_in_the_tables(effect: float, documents: int) -> None:
    assert documents_needed(1.0, effect) == documents
    assert power(1.0, documents, effect) >= 0.8 > power(1.0, documents - 1, effect)


def test_power_of_no_difference_is_a_false_alarm() -> None:
    assert power(1.0, 40, 0.0) == pytest.approx(0.05)
    assert power(1.0, 2000, 0.0) == pytest.approx(0.05)


def test_of_many_documents_t_is_normal() -> None:
    # 1.9599640 + 0.8416212 standard errors.
    assert power(1.0, 1_000_000, 2.8015852 / 1000) == pytest.approx(0.8, abs=1e-4)


@pytest.mark.parametrize("difference", [0.5, 5.0, 500.0])
def test_a_large_difference_is_seen_for_sure(difference: float) -> None:
    assert power(0.01, 100, difference) == pytest.approx(1.0)
    assert power(0.01, 100, -difference) == pytest.approx(1.0)


def test_five_documents_can_show_nothing() -> None:
    assert fewest_documents() == 6
    assert power(1e-9, 5, 1.0) == 0.0
    assert least_detectable(0.01, 5) is None
    assert trials_needed(Spread(0.0, 0.01), 5, 0.5) is None
    assert documents_needed(1e-9, 0.5) == 6


def test_what_is_not_known() -> None:
    assert least_detectable(0.0, 40) is None
    assert least_detectable(nan, 40) is None
    assert documents_needed(0.0, 0.1) is None
    assert documents_needed(nan, 0.1) is None
    assert documents_needed(0.01, 0.0) is None
    assert documents_needed(1.0, 1e-4) is None
    assert (power(0.0, 40, 0.1), power(0.0, 40, 0.0)) == (1.0, 0.0)


def test_trials() -> None:
    assert trials_for(Spread(0.01, 0.02), 0.02) == 2
    assert trials_for(Spread(0.01, 0.02), 0.05) == 1
    assert trials_for(Spread(0.01, None), 0.05) is None
    assert trials_for(Spread(0.01, 0.02), 0.01) is None
    assert trials_for(Spread(0.01, 0.02), 0.01 + 1e-12) is None
    assert trials_for(Spread(0.0, 0.0), 0.01) == 1
    assert trials_needed(Spread(0.01, 0.02), 50, 0.0) is None
