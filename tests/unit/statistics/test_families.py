import numpy as np
import pytest

from harness.statistics.families import holm


@pytest.mark.parametrize(
    ("raw", "adjusted"),
    [
        ([], []),
        ([0.2], [0.2]),
        ([0.01, 0.02, 0.03], [0.03, 0.04, 0.04]),
        ([0.03, 0.01, 0.02], [0.04, 0.03, 0.04]),
        ([0.02, 0.02], [0.04, 0.04]),
        ([0.9, 0.8], [1.0, 1.0]),
        ([0.01, np.nan, 0.04], [0.02, np.nan, 0.04]),
        ([np.nan], [np.nan]),
    ],
)
def test_holm(raw: list[float], adjusted: list[float]) -> None:
    assert np.allclose(holm(raw), adjusted, rtol=1e-12, equal_nan=True)
