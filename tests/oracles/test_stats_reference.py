"""Intervals, tests and adjustments beside the numbers of R, SciPy, statsmodels, Inspect and vassarstats.

Data and figures: `stats_reference/cases.json` in the folder that `HARNESS_ORACLES` names, from the tests of
SciPy 1.17.1 (BSD-3), statsmodels (BSD-3) and UKGovernmentBEIS/inspect_ai @ 499e6152 (MIT).

Not asked, since we have no such thing: percentile, basic and BCa intervals (the jackknife's need no draws; what
BCa takes from it, the acceleration, is asked), McNemar's chi-square (the exact test needs no large numbers),
Bonferroni, Hochberg, Benjamini-Hochberg and the rest (Holm's holds whatever the fields have to do with each
other), and the strict sign-flip p, which calls a system different from itself.
"""

import json
import os
from functools import cache
from pathlib import Path
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from harness.statistics.contingency import mcnemar
from harness.statistics.exact_shares import exact_bounds
from harness.statistics.families import holm
from harness.statistics.intervals import jackknife, paired_jackknife
from harness.statistics.randomisation import label_swap
from harness.statistics.shares import share_bounds

Floats = NDArray[np.float64]
FOLDER = os.environ.get("HARNESS_ORACLES", "")
pytestmark = pytest.mark.skipif(not FOLDER, reason="HARNESS_ORACLES names no folder with the official data")


@cache
def _cases() -> dict[str, Any]:
    text = (Path(FOLDER) / "stats_reference" / "cases.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def _column(values: list[float]) -> Floats:
    """Each value, and 1."""
    return np.array([[value, 1.0] for value in values])


def _mean(sums: Floats) -> Floats:
    mean: Floats = sums[..., :1] / sums[..., 1:]
    return mean


def _total(sums: Floats) -> Floats:
    return sums[..., :1]


def test_mcnemar() -> None:
    for case in _cases()["mcnemar"]["exact"]:
        lost, gained = case["table"][0][1], case["table"][1][0]
        assert min(lost, gained) == case["stat_min_bc"]
        assert mcnemar(lost, gained) == mcnemar(gained, lost) == pytest.approx(case["p"], abs=5e-7)


def test_holm() -> None:
    case = _cases()["multiple_testing_R_multtest"]
    assert np.sort(holm(case["p_unsorted"])) == pytest.approx(case["holm"], rel=1e-11)


@pytest.mark.parametrize("name", ["case1", "case2"])
def test_noninferiority(name: str) -> None:
    case = _cases()["tost_paired_R_equivalence"][name]
    found = paired_jackknife(_column(case["y"]), _column(case["x"]), _mean, shares=False)
    difference, error, documents = found.values.item(), found.errors.item(), found.documents.item()
    assert difference == pytest.approx(case["mean_diff"], rel=1e-12)
    assert error == pytest.approx(case["se_diff"], rel=1e-12)
    assert documents - 1 == case["df"]
    assert [bound.item() for bound in found.one_sided(1 - case["alpha"])] == pytest.approx(case["ci_diff"])
    # The bound at the level of their p is the margin itself.
    p = case["ni_lower_margin0.6_p"]
    assert found.one_sided(1 - p)[0].item() == pytest.approx(-case["epsilon"], rel=1e-9)
    assert found.one_sided(1 - case["p_value"])[1].item() == pytest.approx(case["epsilon"], rel=1e-9)


def test_equal_clusters_are_the_jackknife_over_them() -> None:
    case = _cases()["clustered_se_inspect_ai"]
    values = np.array(case["values"], dtype=np.float64).reshape(5, 4).mean(axis=0)
    found = jackknife(_column(list(values)), _mean, shares=False)
    assert found.errors.item() == pytest.approx(case["exact"], rel=1e-12)


@pytest.mark.parametrize("measure", [_mean, _total])
@pytest.mark.parametrize("number", range(4))
def test_sign_flips(number: int, measure: Any) -> None:
    case = _cases()["exact_sign_flip"]["cases"][number]
    changes = _column(case["diffs"])
    for other in (0.0, 0.1, 7.3):
        shift = np.array([other, 0])
        found = label_swap(shift + changes * [0, 1], shift + changes, measure)
        assert found.exact
        assert found.p.item() == case["p_two_sided_ge"] == case["scipy_permutation_test_p"]
        assert found.least_p == case["min_attainable_p"]
        assert found.draws == 2 ** np.count_nonzero(case["diffs"])


def test_wilson() -> None:
    for case in _cases()["wilson_ci"]["cases"]:
        share, none, documents = (np.array([one]) for one in (case["k"] / case["n"], 0.0, float(case["n"])))
        z = np.array([NormalDist().inv_cdf(0.975)])
        found = [bound.item() for bound in share_bounds(share, none, documents, z)]
        assert found == pytest.approx(case["wilson"], rel=1e-12, abs=1e-12)


def test_clopper_and_pearson() -> None:
    for case in _cases()["wilson_ci"]["cases"]:
        found = exact_bounds(case["k"], case["n"], 0.975)
        assert found == pytest.approx(case["clopper_pearson"], rel=1e-9, abs=1e-12)


def test_the_acceleration_of_the_mean() -> None:
    case = _cases()["bca_acceleration_1samp"]
    moved = jackknife(_column(case["x"]), _mean, shares=False).influences[:, 0]
    assert (moved**3).sum() / (6 * (moved**2).sum() ** 1.5) == pytest.approx(case["a_hat"], rel=1e-9)
