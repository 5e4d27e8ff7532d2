import pytest

from harness.statistics.proportions import wilson


def test_wilson() -> None:
    assert wilson(8, 10) == pytest.approx((0.4901625, 0.9433178), abs=1e-7)
    # At its bounds the share that was seen is as unlikely as the level says: z at 95 % is 1.6448536.
    for bound in wilson(8, 10, 0.9):
        assert abs(0.8 - bound) == pytest.approx(1.6448536 * (bound * (1 - bound) / 10) ** 0.5)


@pytest.mark.parametrize(("successes", "of", "end"), [(0, 7, 0), (7, 7, 1)])
def test_the_ends_are_met_and_have_a_width(successes: int, of: int, end: int) -> None:
    bounds = wilson(successes, of)
    assert bounds[end] == end
    assert 0 < bounds[1 - end] < 1


def test_none_of_none() -> None:
    assert wilson(0, 0) == (0.0, 1.0)


@pytest.mark.parametrize(("successes", "of"), [(2, 1), (-1, 3), (0, -1)])
def test_what_is_no_share(successes: int, of: int) -> None:
    with pytest.raises(ValueError, match="no share"):
        wilson(successes, of)
