import numpy as np
import pytest
from numpy.typing import NDArray

from harness.statistics.intervals import jackknife, paired_jackknife
from harness.statistics.spread import Spread, spread, trial_noise

Floats = NDArray[np.float64]


def mean(sums: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        found: Floats = sums[..., :1] / sums[..., 1:2]
    return found


def rows_of(trials: list[list[float]]) -> tuple[Floats, NDArray[np.int64], Floats]:
    rows = np.array([[value, 1.0] for one in trials for value in one])
    document = np.array([number for number, one in enumerate(trials) for _ in one], dtype=np.int64)
    return rows, document, np.array([[np.mean(one), 1.0] for one in trials])


def test_of_a_mean_it_is_the_analysis_of_variance() -> None:
    rng = np.random.default_rng(3)
    trials = (rng.normal(0.5, 0.2, (400, 1)) + rng.normal(0, 0.1, (400, 4))).tolist()
    rows, document, sums = rows_of(trials)
    noise = trial_noise(rows, document, mean)
    assert noise.trials.tolist() == [4] * 400
    assert noise.variances[:, 0] == pytest.approx([np.var(one, ddof=1) for one in trials])
    found = spread(jackknife(sums, mean, shares=False), 0, noise)
    assert found is not None
    assert found.trials == pytest.approx(0.01, rel=0.1)
    assert found.documents == pytest.approx(0.04, rel=0.1)
    assert found.at(4) == pytest.approx(sums[:, 0].var(ddof=1))


def test_both_sides_of_a_difference_are_noisy() -> None:
    rng = np.random.default_rng(4)
    documents = rng.normal(0.5, 0.2, (500, 1))
    sides = [rows_of((documents + rng.normal(0, error, (500, 3))).tolist()) for error in (0.1, 0.05)]
    difference = paired_jackknife(sides[0][2], sides[1][2], mean, shares=False)
    found = spread(difference, 0, *(trial_noise(rows, document, mean) for rows, document, _ in sides))
    assert found is not None
    # The documents are as hard for both: nothing is left between them.
    assert found.trials == pytest.approx(0.01 + 0.0025, rel=0.1)
    assert found.documents == pytest.approx(0, abs=0.0006)


def test_one_trial_tells_nothing_of_trials() -> None:
    rows, document, sums = rows_of([[0.1], [0.4], [0.9]])
    one = jackknife(sums, mean)
    found = spread(one, 0, trial_noise(rows, document, mean))
    assert found == Spread(one.influences.var(ddof=1), None)
    assert found.at(10) == found.documents


def test_one_side_with_one_trial_leaves_its_noise_to_the_documents() -> None:
    once, many = rows_of([[0.1], [0.4], [0.9]]), rows_of([[0.1, 0.2], [0.4, 0.5], [0.8, 0.9]])
    one = paired_jackknife(once[2], many[2], mean)
    noises = [trial_noise(rows, document, mean) for rows, document, _ in (once, many)]
    assert spread(one, 0, *noises) == spread(one, 0, noises[1])


def test_a_document_with_one_trial_is_as_noisy_as_the_others() -> None:
    rows, document, sums = rows_of([[0.1, 0.3], [0.4], [0.9, 0.7], [0.5, 0.7]])
    noise = trial_noise(rows, document, mean)
    assert np.isnan(noise.variances[1, 0])
    found = spread(jackknife(sums, mean), 0, noise)
    assert found is not None
    assert found.trials == pytest.approx(0.02)
    assert found.documents == pytest.approx(sums[:, 0].var(ddof=1) - (3 * 0.01 + 0.02) / 4)


def test_documents_that_do_not_touch_it_have_no_part() -> None:
    rows, document, sums = rows_of([[0.1, 0.3], [0.4, 0.4], [0.9, 0.7]])
    more = (
        np.vstack([rows, np.zeros((4, 2))]),
        np.append(document, [3, 3, 4, 4]),
        np.vstack([sums, np.zeros((2, 2))]),
    )
    one = spread(jackknife(sums, mean), 0, trial_noise(rows, document, mean))
    other = spread(jackknife(more[2], mean), 0, trial_noise(more[0], more[1], mean))
    assert one is not None
    assert other is not None
    assert (one.documents, one.trials) == pytest.approx((other.documents, other.trials))


def test_fewer_than_two_documents() -> None:
    rows, document, sums = rows_of([[0.1, 0.3]])
    assert spread(jackknife(sums, mean), 0, trial_noise(rows, document, mean)) is None


def test_a_difference_that_hangs_on_one_document() -> None:
    once, many = rows_of([[0.1, 0.2], [0.4, 0.5], [0.8, 0.9]]), rows_of([[0.1, 0.2], [0.4, 0.5], [0.8, 0.9]])
    once[2][1:] = 0
    one = paired_jackknife(once[2], many[2], mean)
    assert one.documents.item() == 3
    assert spread(one, 0, trial_noise(*many[:2], mean)) is None
