from __future__ import annotations

import pytest

from harness.records import Counts, DocumentScore
from harness.statistics.power import documents_needed, power
from harness.statistics.spread import Spread
from harness.verdicts.comparison.power import Basis, basis_of_one, basis_of_two, needed, spread_range
from harness.verdicts.sums import Layout

LAYOUT = Layout.of(("a",), {})
LABELS = {"labels": ("v2", "v3"), "runs": ("r2", "r3")}


def run(*right: int, trial: int = 0, of: int = 10) -> list[DocumentScore]:
    return [
        DocumentScore(f"d{at:02}", trial, {"a": Counts(correct=one, missing=of - one)})
        for at, one in enumerate(right)
    ]


def test_two_runs_with_one_trial() -> None:
    found = basis_of_two(run(5, 6, 7, 8, 9, 10), run(9, 6, 7, 2, 9, 10), LAYOUT)
    assert found is not None
    assert (found.documents, found.trials) == (6, 1)
    assert found.spread.trials is None
    assert found.variance == pytest.approx(found.spread.documents)
    assert found.variance > 0


def test_trials_tell_what_is_luck() -> None:
    """Both runs answer each document well once and badly once: all that differs is luck."""
    luck = run(2, 2, 8, 8, 2, 8) + run(8, 8, 2, 2, 8, 2, trial=1)
    found = basis_of_two(luck, luck, LAYOUT)
    assert found is not None
    assert found.spread.documents == 0
    assert found.spread.trials is not None
    assert found.spread.trials > 0
    assert found.trials == 2


def test_one_run_beside_itself_differs_by_its_trials_alone() -> None:
    found = basis_of_one(run(2, 9, 8, 7, 5, 8) + run(4, 9, 2, 7, 8, 8, trial=1), LAYOUT)
    assert found is not None
    assert found.spread.documents == 0
    assert found.trials == 2
    report = needed(found, labels=("v2",), runs=("r2",), differences=(0.1,))
    assert "(v2 beside itself)" in report.title
    documents = dict(report.rows[0].with_trials)
    assert documents[1] > documents[2] > documents[10]  # type: ignore[operator] # numbers all


@pytest.mark.parametrize("scores", [run(5, 6, 7), run(5) + run(7, trial=1)])
def test_what_does_not_tell(scores: list[DocumentScore]) -> None:
    assert basis_of_one(scores, LAYOUT) is None


def test_one_document_does_not_tell() -> None:
    assert basis_of_two(run(5), run(7), LAYOUT) is None


def test_what_it_takes() -> None:
    report = needed(Basis(Spread(0.03, None), 40, 1), **LABELS)  # type: ignore[arg-type] # labels and runs
    assert [row.difference for row in report.rows] == [0.01, 0.02, 0.03, 0.05, 0.1]
    five = report.rows[3]
    assert five.documents is not None
    assert five.documents.value == documents_needed(0.03, 0.05)
    assert five.power == power(0.03, 40, 0.05)
    assert five.documents.low is not None
    assert five.documents.high is not None
    assert five.documents.value is not None
    assert five.documents.low < five.documents.value < five.documents.high
    assert five.with_trials == ()
    assert five.trials is None
    assert report.detectable is not None
    assert power(0.03, 40, report.detectable) == pytest.approx(0.8)
    assert report.title == (
        "40 documents with 1 trial each show a difference of F1 from 7.9 points on, "
        "80 % of the time (v3 beside v2)"
    )


def test_the_trials_that_the_documents_at_hand_need() -> None:
    found = Basis(Spread(0.005, 0.03), 40, 2)
    report = needed(found, differences=(0.05, 0.01), **LABELS)  # type: ignore[arg-type] # labels and runs
    small, large = report.rows
    assert small.trials is None
    assert large.trials is not None
    assert power(found.spread.at(large.trials), 40, 0.05) >= 0.8
    assert power(found.spread.at(large.trials - 1), 40, 0.05) < 0.8
    assert [number for number, _ in large.with_trials] == [1, 2, 3, 5, 10]


def test_five_documents_show_nothing_and_the_spread_is_unsure() -> None:
    report = needed(Basis(Spread(0.03, None), 5, 1), **LABELS)  # type: ignore[arg-type] # labels and runs
    assert report.title == "5 documents can show no difference of F1 at all (v3 beside v2)"
    assert report.detectable is None
    assert {row.power for row in report.rows} == {0.0}
    assert report.remarks[0].startswith(
        "5 documents leave the spread itself unsure: it may be 0.60 to 2.87 times"
    )
    assert report.remarks[1].startswith("Fewer than 6 documents can show no difference at all")


def test_where_nothing_differs_nothing_is_known() -> None:
    report = needed(Basis(Spread(0.0, None), 40, 1), **LABELS)  # type: ignore[arg-type] # labels and runs
    assert report.title == "40 documents do not tell what difference of F1 they could show (v3 beside v2)"
    assert report.detectable is None
    assert len(report.remarks) == 1
    assert report.remarks[0].startswith("No document differs more between the two")
    assert {(row.power, row.documents, row.with_trials, row.trials) for row in report.rows} == {
        (None, None, (), None)
    }
    assert report.curves == ()


def test_runs_that_count_the_same_and_trials_that_agree_tell_nothing() -> None:
    same = run(5, 6, 7, 8, 9, 10)
    two = basis_of_two(same, same, LAYOUT)
    thrice = [one for trial in range(3) for one in run(1, 3, 7, 3, 9, 7, trial=trial)]
    one = basis_of_one(thrice, LAYOUT)
    for found in (two, one):
        assert found is not None
        assert not found.tells
        assert needed(found, differences=(0.1,), **LABELS).rows[0].power is None  # type: ignore[arg-type] # as above


@pytest.mark.parametrize(
    ("documents", "variance", "told"), [(10, 0.1, True), (19, 0.1, True), (20, 0.1, False), (40, 0.004, True)]
)
def test_few_documents_promise_too_much(documents: int, variance: float, told: bool) -> None:
    basis = Basis(Spread(variance, None), documents, 1)
    report = needed(basis, differences=(0.1,), **LABELS)  # type: ignore[arg-type] # labels and runs
    said = [one for one in report.remarks if one.startswith("Below 20 documents power is promised too high")]
    assert bool(said) is told
    row = report.rows[0].documents
    assert row is not None
    assert documents < 20 or told is (row.low is not None and row.low < 20)


def test_curves_rise_and_lie_in_their_bands() -> None:
    report = needed(Basis(Spread(0.03, None), 40, 1), **LABELS)  # type: ignore[arg-type] # labels and runs
    for curve in report.curves:
        assert list(curve.documents) == sorted(set(curve.documents))
        assert 40 in curve.documents
        assert list(curve.power) == sorted(curve.power)
        triples = zip(curve.low, curve.power, curve.high, strict=True)
        assert all(low <= middle <= high for low, middle, high in triples)
    assert report.curves[0].power[-1] >= 0.8


def test_the_range_of_a_spread_closes_with_documents() -> None:
    ends = [spread_range(documents) for documents in (2, 5, 50, 5_000)]
    assert all(low < 1 < high for low, high in ends)
    assert [high - low for low, high in ends] == sorted((high - low for low, high in ends), reverse=True)
