from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.records import Counts
from harness.scoring import metrics
from harness.scoring.metrics import METRICS, Weighted, mean, weighted

_COUNTS = st.builds(Counts, *[st.integers(0, 30)] * 6)
COUNTS = Counts(correct=6, incorrect=2, missing=4, spurious=1, absent=3, ungraded=50)


@pytest.mark.parametrize(
    ("metric", "value"),
    [
        (metrics.precision, 6 / 9),
        (metrics.recall, 6 / 12),
        (metrics.f1, 12 / 21),
        (metrics.edit_accuracy, 6 / 13),
        (metrics.over_generation, 1 / 9),
        (metrics.under_generation, 4 / 12),
        (metrics.null_specificity, 3 / 4),
    ],
)
def test_the_formulas(metric: Callable[[Counts], float | None], value: float) -> None:
    assert metric(COUNTS) == value
    assert METRICS[metric.__name__](COUNTS) == value


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("nothing", [Counts(), Counts(ungraded=9), Weighted()])
def test_nothing_over_nothing_is_none(metric: str, nothing: Counts | Weighted) -> None:
    assert METRICS[metric](nothing) is None


@pytest.mark.parametrize(
    ("counts", "nones"),
    [
        (
            Counts(absent=5),
            {"precision", "recall", "f1", "edit_accuracy", "over_generation", "under_generation"},
        ),
        (Counts(missing=5), {"precision", "over_generation", "null_specificity"}),
        (Counts(spurious=5), {"recall", "under_generation"}),
        (Counts(correct=5), {"null_specificity"}),
    ],
)
def test_which_metrics_are_undefined(counts: Counts, nones: set[str]) -> None:
    assert {name for name, metric in METRICS.items() if metric(counts) is None} == nones


@given(_COUNTS)
def test_metrics_are_shares_and_f1_lies_between(counts: Counts) -> None:
    for metric in METRICS.values():
        value = metric(counts)
        assert value is None or 0 <= value <= 1
    precision, recall, f1 = metrics.precision(counts), metrics.recall(counts), metrics.f1(counts)
    if precision is not None and recall is not None:
        assert f1 is not None
        assert min(precision, recall) - 1e-12 <= f1 <= max(precision, recall) + 1e-12


@given(_COUNTS, st.integers(0, 100))
def test_absent_and_ungraded_enter_no_precision_or_recall(counts: Counts, more: int) -> None:
    other = counts._replace(absent=counts.absent + more, ungraded=more)
    for name in ("precision", "recall", "f1", "edit_accuracy", "over_generation", "under_generation"):
        assert METRICS[name](other) == METRICS[name](counts)


@given(st.lists(_COUNTS))
def test_weights_of_one_change_nothing(many: list[Counts]) -> None:
    found = weighted((one, 1.0) for one in many)
    whole = Counts()
    for one in many:
        whole = whole.plus(one)
    assert found == tuple(whole)[:5]
    assert (found.possible, found.actual) == (whole.possible, whole.actual)


def test_weights() -> None:
    assert weighted([(Counts(correct=1), 2.0), (Counts(missing=4), 0.5)]) == Weighted(correct=2, missing=2)


def test_the_mean_of_what_is_defined() -> None:
    assert mean([1.0, None, 0.5]) == 0.75
    assert mean([None, None]) is None
    assert mean([]) is None
    assert mean([0.0]) == 0.0
