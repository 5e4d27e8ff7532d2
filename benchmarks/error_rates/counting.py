"""Count what six published systems got right, with our scorer: `python -m benchmarks.error_rates.counting`.

Reads the outputs of six systems, ten trials of each over 100 documents, from the folder in `HARNESS_ORACLES`
(stephenleo/llm-structured-output-benchmarks @ 8090959, Apache-2.0), scores each against gold, and writes
`counts.csv`: whole numbers, no text of a document and no output of a model.
"""

from __future__ import annotations

import csv
import io
import json
import os
import sys
from pathlib import Path
from typing import Annotated, Any

from pydantic import create_model

from benchmarks.error_rates.published import COUNTS, FAILED, SYSTEMS, TRIALS, digit
from harness.marks import Exact
from harness.records import DocumentScore, Extraction, ExtractionFailure, FailureKind
from harness.schema.compile import compile_model
from harness.scoring.scorer import Scorer

_FOLDER = "llm_ner_pydantic_10runs"
_HEAD = f"""\
# What six published systems got right, leaf by leaf: {TRIALS} trials of each over 100 documents.
# Source: github.com/stephenleo/llm-structured-output-benchmarks @ 8090959b6219e24a256adb3f75e29b231af812e7,
# data/ner.pkl and results/ner/*.pkl, licensed under Apache-2.0. The documents are synthetic.
# Changed: scored against gold by this project's scorer; a failed trial misses everything. Counts only.
# Made by `HARNESS_ORACLES=… python -m benchmarks.error_rates.counting`.
# gold: leaves that gold has. A system: its correct leaves, a slash, its spurious leaves, each a character a
# trial: 0-9a-z for 0 to 35, `{FAILED}` for a failed trial. Missing = gold - correct; no leaf is incorrect.
"""


def scores(folder: Path, system: str) -> list[DocumentScore]:
    """Every trial of a system over every document, a trial that failed among them."""
    official = json.loads((folder / "official_scores.json").read_text("utf-8"))
    fields: dict[str, Any] = {name: (set[Annotated[str, Exact()]], set()) for name in official["entity_types"]}
    scorer = Scorer(compile_model(create_model("Entities", **fields)))
    gold = {row["id"]: row["labels"] for row in _lines(folder / "gold.jsonl")}
    found = []
    for row in _lines(folder / f"preds.{system}.jsonl"):
        answers = [_spelled_out(value) for value in row["predictions"]]
        name = f"{row['id']:03}"
        for trial in range(TRIALS):
            answer: Extraction | ExtractionFailure = (
                Extraction(name, trial, answers[trial])
                if trial < len(answers)
                else ExtractionFailure(name, trial, FailureKind.INVALID)
            )
            found.append(scorer.score(gold[row["id"]], answer))
    return found


def table(folder: Path) -> str:
    """The file's text."""
    by_system = {system: scores(folder, system) for system in SYSTEMS}
    leaves = {
        (score.document, path)
        for one in by_system.values()
        for score in one
        for path, counts in score.leaves.items()
        if counts.possible or counts.actual
    }
    cells = {system: _cells(one) for system, one in by_system.items()}
    gold = {
        (score.document, path): counts.possible
        for score in by_system[SYSTEMS[0]]
        for path, counts in score.leaves.items()
    }
    text = io.StringIO()
    text.write(_HEAD)
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("document", "path", "gold", *SYSTEMS))
    for leaf in sorted(leaves):
        writer.writerow((*leaf, gold.get(leaf, 0), *(_cell(cells[system], leaf) for system in SYSTEMS)))
    return text.getvalue()


def main() -> None:
    """Write the counts beside this file."""
    given = os.environ.get("HARNESS_ORACLES", "")
    if not given:
        sys.exit("HARNESS_ORACLES names no folder with the official data")
    text = table(Path(given) / _FOLDER)
    COUNTS.write_text(text, encoding="utf-8")
    print(f"{COUNTS.name}: {len(text):,} characters")


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def _spelled_out(value: dict[str, list[str] | None]) -> dict[str, list[str]]:
    """Ours calls a blank string absent, the source a value: a blank is spelled out before scoring."""
    return {
        name: [text if text.strip() else f"blank {text!r}" for text in texts or ()]
        for name, texts in value.items()
    }


def _cells(found: list[DocumentScore]) -> dict[tuple[str, str, int], tuple[str, str]]:
    cells = {}
    for score in found:
        for path, counts in score.leaves.items():
            assert not counts.incorrect
            both = (digit(counts.correct), digit(counts.spurious))
            cells[score.document, path, score.trial] = both
        if score.failure is not None:
            cells[score.document, "", score.trial] = (FAILED, FAILED)
    return cells


def _cell(cells: dict[tuple[str, str, int], tuple[str, str]], leaf: tuple[str, str]) -> str:
    document, path = leaf
    pairs = [
        cells.get((document, "", trial)) or cells.get((document, path, trial), ("0", "0"))
        for trial in range(TRIALS)
    ]
    return "".join(correct for correct, _ in pairs) + "/" + "".join(spurious for _, spurious in pairs)


if __name__ == "__main__":
    main()
