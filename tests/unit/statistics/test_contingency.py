import pytest

from harness.statistics.contingency import mcnemar


@pytest.mark.parametrize(
    ("lost", "gained", "p"),
    [(0, 0, 1.0), (1, 0, 1.0), (0, 5, 2 / 32), (0, 6, 2 / 64), (1, 5, 14 / 64), (3, 3, 1.0), (2, 3, 1.0)],
)
def test_mcnemar(lost: int, gained: int, p: float) -> None:
    assert mcnemar(lost, gained) == mcnemar(gained, lost) == p


def test_many_documents() -> None:
    assert mcnemar(4900, 5100) == pytest.approx(0.0466, abs=1e-3)
    assert mcnemar(0, 5000) == 0.0


def test_fewer_than_none() -> None:
    with pytest.raises(ValueError, match="-1"):
        mcnemar(3, -1)
