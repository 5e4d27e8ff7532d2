from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy.special import expit, logit

from harness.statistics.intervals import jackknife, paired_jackknife
from harness.statistics.shares import difference_bounds, share_bounds

if TYPE_CHECKING:
    from harness.statistics.arrays import Floats


def of(*numbers: float) -> Floats:
    return np.array(numbers, dtype=np.float64)


def ratio(sums: Floats, /) -> Floats:
    with np.errstate(invalid="ignore", divide="ignore"):
        found: Floats = sums[..., [0]] / sums[..., [1]]
    return found


def rows(right: list[float], of_each: float = 1.0) -> Floats:
    return np.array([[one, of_each] for one in right], dtype=np.float64)


def both(bounds: tuple[Floats, Floats]) -> tuple[float, float]:
    return float(bounds[0][0]), float(bounds[1][0])


def test_on_the_scale_of_log_odds() -> None:
    low, high = both(share_bounds(of(0.8), of(0.05), of(20), of(2)))
    assert low == pytest.approx(expit(logit(0.8) - 2 * 0.05 / 0.16))
    assert high == pytest.approx(expit(logit(0.8) + 2 * 0.05 / 0.16))
    assert 0.8 - low > high - 0.8


def test_turned_round_the_bounds_are_turned_round() -> None:
    low, high = share_bounds(of(0.3, 1.0, 0.5), of(0.1, 0.0, 0.0), of(9, 9, 9), of(2, 2, 2))
    other_low, other_high = share_bounds(of(0.7, 0.0, 0.5), of(0.1, 0.0, 0.0), of(9, 9, 9), of(2, 2, 2))
    assert low == pytest.approx(1 - other_high)
    assert high == pytest.approx(1 - other_low)


def test_documents_that_are_all_right_have_wilsons_bounds() -> None:
    """Wilson 1927 for 10 of 10, as every table has it: 0.7225 to 1."""
    bounds = both(share_bounds(of(1.0), of(0.0), of(10), of(1.959964)))
    assert bounds == pytest.approx((0.72247, 1.0), abs=1e-5)


@pytest.mark.parametrize("value", [0.0, 1e-9, 0.2, 1 - 1e-9, 1.0])
@pytest.mark.parametrize("error", [0.0, 1e-13, 0.01, 10.0])
def test_bounds_stay_between_0_and_1_and_around_the_value(value: float, error: float) -> None:
    low, high = both(share_bounds(of(value), of(error), of(7), of(12.7)))
    assert 0 <= low <= value <= high <= 1


def test_what_is_undefined_has_no_bounds() -> None:
    low, high = share_bounds(of(np.nan, 0.5, 0.5), of(0.1, np.nan, 0.1), of(9, 9, 9), of(2, 2, np.nan))
    assert np.isnan([low, high]).all()


def test_newcombes_paired_example() -> None:
    """Newcombe 1998, method 10: of 50 pairs 36 are both right, 12 and 2 on one side alone: 0.0569 to 0.3404."""
    wilson = [share_bounds(of(share), of(0.0), of(50), of(1.959964)) for share in (0.76, 0.96)]
    correlation = (36 * 0 - 12 * 2) / (48 * 2 * 38 * 12) ** 0.5
    was, now = ((of(share), *bounds) for share, bounds in zip((0.76, 0.96), wilson, strict=True))
    assert both(difference_bounds(was, now, of(correlation))) == pytest.approx((0.0569, 0.3404), abs=5e-5)


def test_a_difference_is_turned_round_with_its_sides() -> None:
    one, other = rows([1, 0, 1, 1, 0, 1, 1, 1]), rows([1, 0.5, 1, 0, 1, 1, 1, 1])
    low, high = both(paired_jackknife(one, other, ratio).bounds())
    turned_low, turned_high = both(paired_jackknife(other, one, ratio).bounds())
    assert (low, high) == pytest.approx((-turned_high, -turned_low))


def test_a_difference_is_no_surer_than_the_plain_interval() -> None:
    random = np.random.default_rng(1)
    for _ in range(50):
        one, other = (rows(list(random.random(12) < 0.8)) for _ in range(2))
        found = paired_jackknife(one, other, ratio)
        plain = paired_jackknife(one, other, ratio, shares=False)
        low, high = both(found.bounds())
        plain_low, plain_high = both(plain.bounds())
        assert low <= max(plain_low, -1) + 1e-12
        assert high >= min(plain_high, 1) - 1e-12


def test_few_documents_that_differ_make_the_difference_unsure() -> None:
    """Where 2 of 20 documents differ, t has 3 degrees of freedom, and not 19."""
    one = rows([1, 1, *[0.9] * 18])
    other = rows([0.9, 0.8, *[0.9] * 18])
    found = paired_jackknife(one, other, ratio)
    assert found.differing is not None
    assert found.differing.tolist() == [2]
    low, _ = both(found.bounds())
    assert low <= float(found.values[0]) - 3.18 * float(found.errors[0])


def test_sides_that_are_alike_leave_room_for_what_was_not_seen() -> None:
    """20 documents that both systems answer alike do not prove that they answer all documents alike."""
    alike = rows([1, 0.5] * 10)
    found = paired_jackknife(alike, alike, ratio)
    low, high = both(found.bounds())
    assert found.errors[0] == 0
    assert found.differing is not None
    assert found.differing.tolist() == [0]
    assert -0.1 < low < 0 < high < 0.1


def test_one_sided_bounds_of_a_share_are_those_of_its_interval() -> None:
    found = jackknife(rows([1, 0, 1, 1, 0.5, 1]), ratio)
    assert both(found.bounds(0.9)) == pytest.approx(both(found.one_sided(0.95)))


def test_a_bound_gives_way_to_the_side_to_which_differences_lean() -> None:
    """One document of 20 is lost: others may be, and none was won."""
    one = rows([0.7, 0.9] * 10)
    other = rows([0.0, 1.0, 0.6, 1.0, 0.6, 1.0, 0.6, *[0.9, 0.7] * 6, 0.9])
    found = paired_jackknife(one, other, ratio)
    (low, high), (lower, upper) = both(found.bounds(0.9)), both(found.one_sided(0.95))
    assert lower < low
    assert upper - found.values[0] < found.values[0] - lower
    assert upper >= high
    turned = paired_jackknife(other, one, ratio).one_sided()
    assert both(turned) == pytest.approx((-upper, -lower))
