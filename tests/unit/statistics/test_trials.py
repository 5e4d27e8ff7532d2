import pytest

from harness.statistics.trials import flip_rate, pass_hat_k


def test_pass_hat_k() -> None:
    assert pass_hat_k([4, 2], [4, 4]) == pytest.approx((0.75, (1 + 1 / 6) / 2, 0.5, 0.5))
    assert pass_hat_k([1, 0], [1, 1]) == (0.5,)


def test_only_as_many_trials_as_every_document_has() -> None:
    assert pass_hat_k([4, 1], [4, 2]) == (0.75, 0.5)


def test_nothing() -> None:
    assert pass_hat_k([], []) == ()
    assert flip_rate([], []) is None


def test_flip_rate() -> None:
    assert flip_rate([2, 0, 2], [4, 4, 2]) == pytest.approx((4 / 6 + 0 + 0) / 3)
    assert flip_rate([1, 1], [2, 1]) == 1.0
    assert flip_rate([1, 0], [1, 1]) is None


@pytest.mark.parametrize(("right", "trials"), [([3], [2]), ([-1], [2]), ([1, 1], [1])])
def test_what_cannot_be(right: list[int], trials: list[int]) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - zip's own words for the last
        pass_hat_k(right, trials)
    with pytest.raises(ValueError):  # noqa: PT011
        flip_rate(right, trials)
