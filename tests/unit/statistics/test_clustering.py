import pytest

from harness.statistics.clustering import clustered_standard_error


def test_trials_that_always_agree_are_no_more_than_one() -> None:
    once = clustered_standard_error([0, 1, 1, 0, 1], "abcde")
    thrice = clustered_standard_error([0, 1, 1, 0, 1] * 3, "abcde" * 3)
    assert once == pytest.approx((0.3 / 5) ** 0.5)
    assert thrice == pytest.approx(once)


def test_bare() -> None:
    assert clustered_standard_error([0, 2], "ab", corrected=False) == pytest.approx(2**0.5 / 2)


@pytest.mark.parametrize(("values", "clusters"), [([], ""), ([1.0], "a"), ([1.0, 2.0], "aa")])
def test_fewer_than_two_clusters(values: list[float], clusters: str) -> None:
    assert clustered_standard_error(values, clusters) is None


def test_a_value_without_a_cluster() -> None:
    with pytest.raises(ValueError, match="2 values have 1 clusters"):
        clustered_standard_error([1.0, 2.0], "a")
