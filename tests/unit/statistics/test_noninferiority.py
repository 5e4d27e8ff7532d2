from math import inf, nan

import pytest

from harness.statistics.noninferiority import noninferiority


def test_a_difference_within_the_margin() -> None:
    found = noninferiority(-0.01, 0.01, 40, 0.05)
    assert found is not None
    # t(39) at 95 %, from a table.
    assert (found.lower, found.upper) == pytest.approx((-0.01 - 0.01684875, -0.01 + 0.01684875), abs=1e-8)
    assert found.t == pytest.approx(4)
    assert found.p == pytest.approx(0.000137, abs=1e-6)


@pytest.mark.parametrize("difference", [-0.08, -0.05, -0.03, 0.0, 0.2])
def test_p_and_the_bounds_say_the_same(difference: float) -> None:
    found = noninferiority(difference, 0.01, 12, 0.05)
    assert found is not None
    assert (found.p < 0.05) == (found.lower > -0.05)
    assert (found.p > 0.95) == (found.upper < -0.05)


@pytest.mark.parametrize(
    ("difference", "margin", "t", "p"),
    [(0.0, 0.05, inf, 0.0), (0.0, 0.0, 0.0, 1.0), (-0.1, 0.05, -inf, 1.0), (0.01, 0.0, inf, 0.0)],
)
def test_documents_that_do_not_vary(difference: float, margin: float, t: float, p: float) -> None:
    found = noninferiority(difference, 0.0, 9, margin)
    assert found is not None
    assert (found.t, found.p, found.lower, found.upper) == (t, p, difference, difference)


@pytest.mark.parametrize(("difference", "error", "documents"), [(0.1, 0.1, 4), (nan, 0.1, 9), (0.1, nan, 9)])
def test_what_cannot_be_tested(difference: float, error: float, documents: int) -> None:
    assert noninferiority(difference, error, documents, 0.05) is None


@pytest.mark.parametrize("margin", [-0.01, nan])
def test_what_is_no_margin(margin: float) -> None:
    with pytest.raises(ValueError, match="margin"):
        noninferiority(0.0, 0.1, 9, margin)
