import numpy as np
import pytest
from numpy.typing import NDArray

from harness.statistics import intervals
from harness.statistics.intervals import jackknife, paired_jackknife

Floats = NDArray[np.float64]


def ratio(sums: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        found: Floats = sums[..., ::2] / sums[..., 1::2]
    return found


def column(values: list[float]) -> Floats:
    return np.array([[value, 1.0] for value in values]).reshape(-1, 2)


def test_of_a_mean_it_is_the_standard_error_of_the_mean() -> None:
    values = [0.1, 0.4, 0.2, 0.9, 0.5, 0.6]
    found = jackknife(column(values), ratio, shares=False)
    assert found.values.item() == pytest.approx(np.mean(values))
    assert found.errors.item() == pytest.approx(np.std(values, ddof=1) / 6**0.5)
    assert found.influences[:, 0] == pytest.approx(np.array(values) - np.mean(values))
    # t(5) at 97.5 % and at 95 %, from a table.
    low, high = found.bounds()
    assert (high - found.values).item() == pytest.approx(2.570582 * found.errors.item(), rel=1e-6)
    assert (found.values - low).item() == pytest.approx(2.570582 * found.errors.item(), rel=1e-6)
    low, high = found.one_sided()
    assert (high - found.values).item() == pytest.approx(2.015048 * found.errors.item(), rel=1e-6)


def test_of_a_ratio_it_is_the_leave_one_out_formula() -> None:
    sums = np.array([[1.0, 2.0], [0.0, 5.0], [3.0, 3.0], [2.0, 8.0], [4.0, 6.0]])
    without = np.array([ratio(np.delete(sums, i, axis=0).sum(axis=0)).item() for i in range(5)])
    found = jackknife(sums, ratio)
    assert found.values.item() == pytest.approx(10 / 24)
    assert found.errors.item() == pytest.approx((4 / 5 * ((without - without.mean()) ** 2).sum()) ** 0.5)


def test_only_documents_that_touch_the_metric_count() -> None:
    values = [0.1, 0.4, 0.2, 0.9, 0.5]
    alone = jackknife(column(values), ratio)
    among = jackknife(np.vstack([column(values), np.zeros((35, 2))]), ratio)
    assert among.documents.item() == 5
    assert among.errors.item() == pytest.approx(alone.errors.item())
    assert np.isnan(among.influences[5:]).all()
    assert [bound.item() for bound in among.bounds()] == pytest.approx([b.item() for b in alone.bounds()])


@pytest.mark.parametrize("shares", [True, False])
@pytest.mark.parametrize(("documents", "given"), [(0, False), (1, False), (3, False), (4, False), (5, True)])
def test_under_five_documents_there_is_no_interval(documents: int, given: bool, shares: bool) -> None:
    values = [0.25, 0.5, 0.0, 1.0, 0.75][:documents]
    one = jackknife(np.vstack([column(values), np.zeros((9, 2))]), ratio, shares=shares)
    two = paired_jackknife(column(values), column(values[::-1]), ratio, shares=shares)
    for found in (one, two):
        assert found.documents.item() == documents
        for bounds in (found.bounds(), found.one_sided()):
            assert [not np.isnan(bound.item()) for bound in bounds] == [given, given]


def test_a_metric_that_hangs_on_one_document_has_no_error() -> None:
    # Nine documents are there and one has something in the denominator: without it there is no metric.
    sums = np.zeros((9, 2))
    sums[3] = (1.0, 3.0)
    found = jackknife(sums, ratio)
    assert found.values.item() == pytest.approx(1 / 3)
    assert found.documents.item() == 1
    assert np.isnan(found.errors.item())


def test_rounding_is_nothing() -> None:
    # Without the last document there is 0/0, and not rounding over rounding.
    rough = np.array([[0.1, 0.1], [0.2, 0.2], [-0.3, -0.3]])
    assert rough.sum() != 0
    found = jackknife(np.vstack([rough, [[1.0, 1.0]]]), ratio, shares=False)
    assert found.values.item() == 1
    assert np.isnan(found.errors.item())


def test_a_document_is_left_out_of_both_sides() -> None:
    was, now = column([0.1, 0.4, 0.2, 0.9, 0.5]), column([0.3, 0.4, 0.3, 1.0, 0.4])
    found = paired_jackknife(was, now, ratio)
    changes = now[:, 0] - was[:, 0]
    assert found.values.item() == pytest.approx(changes.mean())
    assert found.errors.item() == pytest.approx(changes.std(ddof=1) / 5**0.5)
    back = paired_jackknife(now, was, ratio)
    assert (back.values.item(), back.errors.item()) == pytest.approx(
        (-found.values.item(), found.errors.item())
    )


def test_a_document_that_touches_either_side_counts_in_a_pair() -> None:
    was, now = column([0.1, 0.4, 0.2, 0.9, 0.5]), column([0.3, 0.4, 0.3, 1.0, 0.4])
    was[0], now[1] = 0, 0
    assert paired_jackknife(was, now, ratio).documents.item() == 5


def test_a_difference_to_an_undefined_metric_is_undefined() -> None:
    found = paired_jackknife(np.zeros((6, 2)), column([0.5] * 6), ratio)
    assert np.isnan(found.values).all()
    assert np.isnan(found.bounds()).all()


@pytest.mark.parametrize("value", [0.0, 1.0])
def test_documents_that_are_all_alike_leave_room_for_others(value: float) -> None:
    def room(documents: int) -> float:
        found = jackknife(column([value] * documents), ratio)
        low, high = found.bounds()
        assert found.errors.item() == 0
        assert (high if value else low).item() == value
        return float((high - low).item())

    assert 0.3 < room(5) < 0.7
    assert 0.05 < room(40) < 0.12


def test_the_size_of_a_block_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    sums = np.random.default_rng(1).integers(0, 9, (50, 4)).astype(np.float64)
    one = jackknife(sums, ratio)
    monkeypatch.setattr(intervals, "_BLOCK", 28)
    other = jackknife(sums, ratio)
    assert one.errors.tolist() == other.errors.tolist()
    assert one.documents.tolist() == other.documents.tolist()


def test_two_sides_of_different_documents_are_refused() -> None:
    with pytest.raises(ValueError, match="not the same shape"):
        paired_jackknife(np.zeros((3, 2)), np.zeros((4, 2)), ratio)
