"""The approximate randomisation of sacrebleu on WMT17 English to German, replayed draw by draw.

Data and figures: mjpost/sacrebleu @ f615c728 (Apache-2.0), read from the folder in `HARNESS_ORACLES`: what each
of 3,004 segments adds to BLEU for 16 systems, and the p-values of sacrebleu 2.6.0, `PairedTest("ar", 10000)`
with seed 12345. A segment is our document, and BLEU a measure like any other. Its bootstrap ("bs") is not
asked: it is no two-sided test.
"""

import json
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from harness.statistics.randomisation import label_swap

Floats = NDArray[np.float64]
FOLDER = os.environ.get("HARNESS_ORACLES", "")
pytestmark = pytest.mark.skipif(not FOLDER, reason="HARNESS_ORACLES names no folder with the official data")

DRAWS, SEED = 10_000, 12_345


@cache
def _official() -> dict[str, Any]:
    path = Path(FOLDER) / "sacrebleu_wmt17_significance" / "official_pvalues.json"
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


@cache
def _segments() -> dict[str, Floats]:
    path = Path(FOLDER) / "sacrebleu_wmt17_significance" / "bleu_sufficient_stats.npz"
    with np.load(path) as stored:
        return {name: stored[name].astype(np.float64) for name in stored.files}


def bleu(sums: Floats) -> Floats:
    """System length, reference length, four times correct, four times total."""
    with np.errstate(divide="ignore", invalid="ignore"):
        brevity = np.minimum(0.0, 1 - sums[..., 1] / sums[..., 0])
        found = 100 * np.exp(brevity + np.log(sums[..., 2:6] / sums[..., 6:10]).mean(axis=-1))
    return np.asarray(found)[..., None]


def _their_draws() -> Iterator[NDArray[np.bool_]]:
    rng = np.random.default_rng(SEED)
    segments = len(_segments()[_official()["baseline"]])
    yield from np.array_split(rng.integers(2, size=(DRAWS, segments), dtype=bool), 10)


def test_the_scores() -> None:
    for name, official in _official()["systems"].items():
        assert bleu(_segments()[name].sum(axis=0)).item() == pytest.approx(official["bleu"], rel=1e-12)


def test_every_p_to_the_last_bit() -> None:
    baseline = _official()["baseline"]
    systems = {name: one for name, one in _official()["systems"].items() if name != baseline}
    assert len(systems) == 15
    for name, official in systems.items():
        found = label_swap(_segments()[baseline], _segments()[name], bleu, swaps=_their_draws())
        assert found.p.item() == official["ar_p"], name
        assert (found.draws, found.exact, found.least_p) == (DRAWS, False, 1 / (DRAWS + 1))


def test_our_draws_agree_with_theirs_and_with_multeval() -> None:
    baseline = _official()["baseline"]
    for name in ("newstest2017.KIT.4950.en-de", "newstest2017.online-B.0.en-de"):
        official = _official()["systems"][name]
        ours = label_swap(_segments()[baseline], _segments()[name], bleu, draws=DRAWS).p.item()
        error = (ours * (1 - ours) / DRAWS) ** 0.5
        assert abs(ours - official["ar_p"]) < 5 * error
        assert abs(ours - official["multeval_ar_p_published_bleu_ter"][0]) < 0.01
