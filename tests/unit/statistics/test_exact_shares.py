import pytest

from harness.statistics.exact_shares import exact_bounds


@pytest.mark.parametrize("whole", [1, 5, 40])
def test_at_the_ends_it_is_the_rule_of_three(whole: int) -> None:
    assert exact_bounds(0, whole) == pytest.approx((0.0, 1 - 0.05 ** (1 / whole)))
    assert exact_bounds(whole, whole) == pytest.approx((0.05 ** (1 / whole), 1.0))


def test_between_them_it_is_the_binomial_tail() -> None:
    low, high = exact_bounds(1, 3, 0.9)
    assert 1 - (1 - low) ** 3 == pytest.approx(0.1)
    assert (1 - high) ** 3 + 3 * high * (1 - high) ** 2 == pytest.approx(0.1)


def test_none_of_none() -> None:
    assert exact_bounds(0, 0) == (0.0, 1.0)


def test_trials_that_were_averaged() -> None:
    low, high = exact_bounds(1.5, 3)
    assert exact_bounds(1, 3)[0] < low < 0.5 < high < exact_bounds(2, 3)[1]
