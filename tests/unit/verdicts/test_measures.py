import numpy as np
import pytest

from harness.records import Counts, DocumentScore, FactCounts, FailureKind
from harness.scoring.metrics import METRICS
from harness.verdicts.measures import SHARES, failure_measure, field_measure, headline_measure, together
from harness.verdicts.sums import Layout, run_sums

LAYOUT = Layout.of(["a", "b"], {"a": 2.0})
SUMS = run_sums(
    [
        DocumentScore("one", 0, {"a": Counts(2, 1, 1, 0, 3), "b": Counts(1)}, {"f": FactCounts(1, 1, 0, 2)}),
        DocumentScore("two", 0, {"a": Counts(missing=4)}, failure=FailureKind.TRUNCATED),
    ],
    LAYOUT,
).sums


def test_the_headline() -> None:
    found = headline_measure(LAYOUT)
    named = dict(zip(found.names, found(SUMS.sum(axis=0)).tolist(), strict=True))
    # Weighted: correct 5, incorrect 2, missing 10, absent 6.
    assert named == pytest.approx(
        {
            "f1": 10 / 24,
            "precision": 5 / 7,
            "recall": 5 / 17,
            "macro_f1": (4 / 11 + 1) / 2,
            "document_f1": (10 / 16 + 0) / 2,
            "exactly_right": 0.0,
            "fact_f1": 2 / 6,
            "fact_precision": 1 / 4,
            "fact_recall": 1 / 2,
            "edit_accuracy": 5 / 17,
            "over_generation": 0.0,
            "under_generation": 10 / 17,
            "null_specificity": 1.0,
        }
    )


@pytest.mark.parametrize("metric", METRICS)
def test_a_metric_of_every_field(metric: str) -> None:
    found = field_measure(LAYOUT, metric)
    assert found.names == ("a", "b")
    wanted = [METRICS[metric](counts) for counts in (Counts(2, 1, 5, 0, 3), Counts(1))]
    values = found(SUMS.sum(axis=0)).tolist()
    assert [None if np.isnan(value) else value for value in values] == wanted


def test_every_metric_of_counts_has_its_formula() -> None:
    assert list(SHARES) == list(METRICS)
    with pytest.raises(KeyError):
        field_measure(LAYOUT, "f2")


def test_some_of_the_headline() -> None:
    total, every = SUMS.sum(axis=0), headline_measure(LAYOUT)
    for names in (("f1",), ("recall", "macro_f1", "f1"), ("macro_f1",)):
        some = headline_measure(LAYOUT, names)
        assert some.names == names
        assert some(total).tolist() == [every(total)[every.at(name)] for name in names]
    with pytest.raises(KeyError):
        headline_measure(LAYOUT, ("f2",))


def test_the_first_step_is_the_same_for_the_sum_and_for_the_parts() -> None:
    every = together(headline_measure(LAYOUT), field_measure(LAYOUT), failure_measure(LAYOUT))
    condensed = every.condense(SUMS)
    assert condensed.shape == (2, every.width)
    assert np.allclose(condensed.sum(axis=0), every.condense(SUMS.sum(axis=0)))
    assert np.array_equal(every.finish(condensed), every(SUMS), equal_nan=True)


def test_many_sums_at_once() -> None:
    every = together(headline_measure(LAYOUT), field_measure(LAYOUT), failure_measure(LAYOUT))
    many = np.stack([SUMS, SUMS[::-1], 0 * SUMS])
    found = every(many)
    assert found.shape == (3, 2, len(every.names))
    for i in range(3):
        for j in range(2):
            assert np.array_equal(found[i, j], every(many[i, j]), equal_nan=True)
    assert np.isnan(found[2]).all()


def test_names_find_metrics() -> None:
    every = together(headline_measure(LAYOUT), field_measure(LAYOUT))
    assert (every.at("f1"), every.names[every.at("b")]) == (0, "b")
    with pytest.raises(ValueError, match="nowhere"):
        every.at("nowhere")


def test_failures() -> None:
    measure = failure_measure(LAYOUT)
    assert measure.names == ("failure_rate",)
    assert measure(SUMS.sum(axis=0)).tolist() == [0.5]


def test_no_field_at_all() -> None:
    empty = Layout.of([], {})
    sums = run_sums([DocumentScore("one", 0, {})], empty).sums.sum(axis=0)
    found = headline_measure(empty)
    named = dict(zip(found.names, found(sums).tolist(), strict=True))
    assert named.pop("exactly_right") == 1
    assert np.isnan(list(named.values())).all()
    assert field_measure(empty)(sums).shape == (0,)
