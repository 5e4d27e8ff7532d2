"""Trials of a document are a cluster: standard errors of six LLM frameworks over 100 documents and 10 trials.

Data: stephenleo/llm-structured-output-benchmarks @ 8090959 (Apache-2.0); figures: `reference_cluster_se.json`,
the clustered covariance of an ordinary regression by statsmodels. Both are read from the folder in
`HARNESS_ORACLES`. They are of the mean F1 of trials, by the published counts and without the failed ones. What
each trial adds is its F1 and 1, and the mean a measure like any other.
"""

import json
import os
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from harness.statistics.intervals import jackknife, paired_jackknife
from harness.statistics.randomisation import label_swap
from harness.statistics.spread import spread, trial_noise

Floats = NDArray[np.float64]
FOLDER = os.environ.get("HARNESS_ORACLES", "")
pytestmark = pytest.mark.skipif(not FOLDER, reason="HARNESS_ORACLES names no folder with the official data")

SYSTEMS = ("VanillaOpenAI", "LMFormatEnforcer", "Instructor", "Mirascope", "LlamaIndex", "Marvin")
PAIRS = (
    "VanillaOpenAI - Instructor",
    "VanillaOpenAI - Marvin",
    "Instructor - Mirascope",
    "LlamaIndex - LMFormatEnforcer",
)


def _read(name: str) -> str:
    return (Path(FOLDER) / "llm_ner_pydantic_10runs" / name).read_text(encoding="utf-8")


@cache
def _reference() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(_read("reference_cluster_se.json"))
    return found


@cache
def _trials(system: str) -> dict[int, list[float]]:
    """F1 of each trial that succeeded, by document; 1 where there is nothing to find and nothing was found."""
    rows = map(json.loads, _read(f"preds.{system}.jsonl").splitlines())
    found = {
        row["id"]: [
            2 * tp / (2 * tp + fp + fn) if tp + fp + fn else 1.0 for tp, fp, fn in row["official_tp_fp_fn"]
        ]
        for row in rows
    }
    return {document: trials for document, trials in found.items() if trials}


def _flat(system: str) -> tuple[list[float], list[int]]:
    pairs = [(value, document) for document, trials in _trials(system).items() for value in trials]
    return [value for value, _ in pairs], [document for _, document in pairs]


def _means(system: str, documents: list[int]) -> Floats:
    return np.array([[np.mean(_trials(system)[document]), 1.0] for document in documents])


def _mean(sums: Floats) -> Floats:
    mean: Floats = sums[..., :1] / sums[..., 1:]
    return mean


@pytest.mark.parametrize("system", SYSTEMS)
def test_clustered_standard_errors(system: str) -> None:
    reference = _reference()["systems"][system]
    values, documents = _flat(system)
    assert (len(values), len(set(documents))) == (reference["n"], reference["clusters"])
    assert np.mean(values) == pytest.approx(reference["mean"], rel=1e-12)
    rows = np.array([[sum(trials), float(len(trials))] for trials in _trials(system).values()])
    found = jackknife(rows, _mean, shares=False)
    # Equal where every document has ten trials; theirs is the jackknife's first approximation elsewhere.
    exactness = 1e-9 if reference["n"] == 1000 else 0.02
    assert found.errors.item() == pytest.approx(reference["clustered_se_statsmodels_corrected"], rel=exactness)


@pytest.mark.parametrize("system", SYSTEMS)
def test_averaging_inside_the_document_first(system: str) -> None:
    reference = _reference()["systems"][system]
    found = jackknife(_means(system, list(_trials(system))), _mean)
    assert found.errors.item() == pytest.approx(reference["doc_mean_se"], rel=1e-9)


@pytest.mark.parametrize("system", SYSTEMS)
def test_the_variance_between_documents_and_between_trials(system: str) -> None:
    reference = _reference()["systems"][system]
    values, documents = _flat(system)
    order = {document: number for number, document in enumerate(_trials(system))}
    rows = np.array([[value, 1.0] for value in values])
    noise = trial_noise(rows, np.array([order[document] for document in documents]), _mean)
    found = spread(jackknife(_means(system, list(order)), _mean), 0, noise)
    assert found is not None
    # Theirs weighs documents by their trials: the same where all have ten.
    exactness = 1e-9 if reference["n"] == 1000 else 0.02
    assert found.trials == pytest.approx(reference["within_doc_var"], rel=exactness)
    assert found.documents == pytest.approx(reference["between_doc_var"], rel=exactness)


@pytest.mark.parametrize("pair", PAIRS)
def test_pairs(pair: str) -> None:
    reference = _reference()["paired"][pair]
    candidate, baseline = pair.split(" - ")
    both = [document for document in _trials(candidate) if document in _trials(baseline)]
    assert len(both) == reference["n_docs"]
    sides = _means(baseline, both), _means(candidate, both)
    found = paired_jackknife(*sides, _mean)
    assert found.values.item() == pytest.approx(reference["mean_diff"], rel=1e-9)
    assert found.errors.item() == pytest.approx(reference["paired_se"], rel=1e-9)
    plain = paired_jackknife(*sides, _mean, shares=False)
    # At the level of their p the interval ends at 0.
    assert np.min(np.abs(plain.bounds(1 - reference["t_p"]))) == pytest.approx(0, abs=1e-9)
    p, theirs = label_swap(*sides, _mean, draws=20_000).p.item(), reference["signflip_mc_p_1e5_seed0"]
    assert abs(p - theirs) < 5 * (theirs * (1 - theirs) * (1 / 20_000 + 1 / 100_000)) ** 0.5
