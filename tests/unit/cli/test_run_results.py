import argparse
from decimal import Decimal
from pathlib import Path

from harness.cli.run_results import next_steps, without_answer
from harness.records import Counts, DocumentScore, FailureKind, Signature
from harness.running import RunResult
from harness.schema.compile import compile_model
from harness.scoring.evaluation import Evaluation
from harness.storage import RunRecord, RunStatus, Spending
from harness.suites.configuration import Configuration
from tests.scored import model_of

PLAN = compile_model(model_of(str))
SPENT_NOTHING = Spending(
    answers=1,
    calls=1,
    input_tokens=0,
    cached_input_tokens=0,
    output_tokens=0,
    reasoning_tokens=0,
    cost=Decimal(0),
    unpriced=0,
)


def result(name: str, *scores: DocumentScore, instrument: bool = False) -> RunResult:
    run = RunRecord(
        id=f"run-of-{name}",
        suite="s",
        system=name,
        status=RunStatus.FINISHED,
        created="2026-11-22T05:34:40+00:00",
        finished=None,
        trials=1,
        documents=len(scores),
        signature=Signature(()),
    )
    return RunResult(
        label=name,
        run=run,
        evaluation=Evaluation(PLAN, scores),
        seconds=1.0,
        instrument=instrument,
        spending=SPENT_NOTHING,
    )


def answer(document: str, failure: FailureKind | None = None, *, right: bool = True) -> DocumentScore:
    counts = Counts(correct=1) if right and failure is None else Counts(missing=1)
    return DocumentScore(document, 0, {"v": counts}, failure=failure)


def test_a_system_is_without_answer_when_all_of_its_answers_failed() -> None:
    error, refused = FailureKind.ERROR, FailureKind.REFUSED
    results = [
        result("good", answer("a"), answer("b")),
        result("half", answer("a"), answer("b", error)),
        result("mute", answer("a", refused), answer("b", error)),
        result("idle"),
    ]
    assert without_answer(results) == ["mute"]


def test_the_example_is_a_document_with_a_mistake_of_the_best_that_is_no_instrument() -> None:
    configuration = Configuration(
        root=Path("/x"),
        path=Path("/x/harness.toml"),
        store="/x/runs",
        suites={},
        systems={},
        prices={},
        lines={},
    )
    results = [
        result("worst", answer("a", right=False)),
        result("best", answer("a"), answer("b", right=False)),
        result("noisy", answer("a"), instrument=True),
    ]
    text = next_steps(argparse.Namespace(config="my conf.toml"), configuration, results)
    assert "Stored in /x/runs." in text
    assert "  harness score run-of-noisy --config 'my conf.toml'  # noisy" in text
    assert text.endswith("  harness score run-of-best --explain b --config 'my conf.toml'")
