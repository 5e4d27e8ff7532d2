"""The published counts of six LLM frameworks, with our scorer and by their rules; then by ours.

Data and figures: stephenleo/llm-structured-output-benchmarks @ 8090959 (Apache-2.0), read from the folder in
`HARNESS_ORACLES`. Their scorer compares the sets of values of each entity type of gold, to the letter, and
drops failed runs. Ours calls a blank string absent, theirs a value: a blank is spelled out before scoring.
"""

import json
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Annotated, Any

import pytest
from pydantic import create_model

from harness.marks import Exact
from harness.records import Counts, Extraction, ExtractionFailure, FailureKind
from harness.schema.compile import compile_model
from harness.scoring.metrics import f1, precision, recall
from harness.scoring.scorer import Scorer

FOLDER = os.environ.get("HARNESS_ORACLES", "")
pytestmark = pytest.mark.skipif(not FOLDER, reason="HARNESS_ORACLES names no folder with the official data")

PUBLISHED = {
    "VanillaOpenAI": (0.834, 0.748, 0.789),
    "LMFormatEnforcer": (0.701, 0.262, 0.382),
    "Instructor": (0.776, 0.768, 0.772),
    "Mirascope": (0.768, 0.738, 0.752),
    "LlamaIndex": (0.792, 0.310, 0.446),
    "Marvin": (0.822, 0.776, 0.798),
}
RUNS = 10


def _read(name: str) -> list[dict[str, Any]]:
    text = (Path(FOLDER) / "llm_ner_pydantic_10runs" / name).read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


@cache
def _official() -> dict[str, Any]:
    text = (Path(FOLDER) / "llm_ner_pydantic_10runs" / "official_scores.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


@cache
def _gold() -> dict[int, dict[str, list[str]]]:
    return {row["id"]: row["labels"] for row in _read("gold.jsonl")}


@cache
def _scorer() -> Scorer:
    fields: dict[str, Any] = {
        name: (set[Annotated[str, Exact()]], set()) for name in _official()["entity_types"]
    }
    return Scorer(compile_model(create_model("Entities", **fields)))


def _spelled_out(value: dict[str, list[str] | None]) -> dict[str, list[str]]:
    return {
        name: [text if text.strip() else f"blank {text!r}" for text in texts or ()]
        for name, texts in value.items()
    }


def _runs(system: str) -> Iterator[tuple[int, list[dict[str, Any]], list[list[int]]]]:
    for row in _read(f"preds.{system}.jsonl"):
        yield row["id"], [_spelled_out(value) for value in row["predictions"]], row["official_tp_fp_fn"]


def _three(counts: Counts) -> tuple[int, int, int]:
    """True positives, false positives, false negatives."""
    return counts.correct, counts.incorrect + counts.spurious, counts.incorrect + counts.missing


@cache
def published(system: str) -> Counts:
    """By the published rules: only what gold has keys for is graded, and failed runs are dropped."""
    total = Counts()
    for document, predictions, official in _runs(system):
        unlabelled = {name: {"$unlabelled": True} for name in _official()["entity_types"]}
        gold: Any = {**unlabelled, **_gold()[document]}
        for trial, (value, wanted) in enumerate(zip(predictions, official, strict=True)):
            found = _scorer().score(gold, Extraction(str(document), trial, value)).total
            assert _three(found) == tuple(wanted), (document, trial)
            assert found.incorrect == 0
            total = total.plus(found)
    return total


@cache
def strict(system: str) -> Counts:
    """By our rules: every key counts, and a failed run misses everything."""
    total = Counts()
    for document, predictions, _ in _runs(system):
        gold: Any = _gold()[document]
        for trial in range(RUNS):
            name = str(document)
            found = (
                _scorer().score(gold, Extraction(name, trial, predictions[trial]))
                if trial < len(predictions)
                else _scorer().score(gold, ExtractionFailure(name, trial, FailureKind.INVALID))
            )
            total = total.plus(found.total)
    return total


@pytest.mark.parametrize("system", PUBLISHED)
def test_the_published_counts_and_figures(system: str) -> None:
    official = _official()["systems"][system]
    found = published(system)
    assert _three(found) == (official["tp"], official["fp"], official["fn"])
    figures = (precision(found), recall(found), f1(found))
    assert tuple(round(figure, 3) for figure in figures if figure is not None) == PUBLISHED[system]


@pytest.mark.parametrize("system", PUBLISHED)
def test_the_strict_counts(system: str) -> None:
    official = _official()["systems"][system]["strict_union_keys_and_failures_as_misses"]
    found = strict(system)
    assert _three(found) == (official["tp"], official["fp"], official["fn"])
    assert f1(found) == pytest.approx(official["f1"], abs=1e-12)


def test_the_strict_rules_change_the_winner() -> None:
    assert max(PUBLISHED, key=lambda system: f1(published(system)) or 0) == "Marvin"
    assert max(PUBLISHED, key=lambda system: f1(strict(system)) or 0) == "VanillaOpenAI"
