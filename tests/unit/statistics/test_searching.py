import pytest

from harness.statistics.searching import first


@pytest.mark.parametrize("wanted", range(1, 12))
def test_the_first(wanted: int) -> None:
    assert first(lambda number: number >= wanted, 1, 10) == (wanted if wanted <= 10 else None)
