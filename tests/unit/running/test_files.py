from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from harness.errors import GoldError, PredictionError, UsageError
from harness.records import FailureKind, OutcomeKind
from harness.running import FileScore, explain_files, score_files
from tests.unit.running.suites_on_disk import FACTS, TEXT, make_suite


@pytest.fixture
def target(tmp_path: Path) -> str:
    return make_suite(tmp_path).suite().schema


def lines(path: Path, *records: Any) -> Path:
    path.write_text("".join(f"{one if isinstance(one, str) else json.dumps(one)}\n" for one in records))
    return path


def scored(tmp_path: Path, target: str, gold: list[Any], predictions: list[Any]) -> FileScore:
    return score_files(
        target,
        lines(tmp_path / "gold.jsonl", *gold),
        lines(tmp_path / "predictions.jsonl", *predictions),
        root=str(tmp_path),
    )


GOLD = [{"id": "a", "value": FACTS, "text": TEXT}, {"id": 2, "value": {"title": {"$any": ["B", "C"]}}}]


def test_values_failures_and_texts(tmp_path: Path, target: str) -> None:
    result = scored(
        tmp_path, target, GOLD, [{"id": 2, "error": "no", "kind": "refused"}, {"id": "a", "value": FACTS}]
    )
    assert result.evaluation.failures == {FailureKind.REFUSED: 1}
    assert result.evaluation.recall == 4 / 5
    assert result.evaluation.grounding.right_exact == 2
    assert result.unanswered == ()


def test_what_is_not_predicted_is_a_failure(tmp_path: Path, target: str) -> None:
    result = scored(tmp_path, target, GOLD, [{"id": "2", "value": {"title": "C"}}])
    assert result.unanswered == ("a",)
    assert result.evaluation.failures == {FailureKind.NOT_ANSWERED: 1}
    assert (result.evaluation.precision, result.evaluation.recall) == (1.0, 1 / 5)


def test_a_trial_that_one_record_has_is_asked_of_all(tmp_path: Path, target: str) -> None:
    predictions = [
        {"id": "a", "trial": 0, "value": FACTS},
        {"id": "a", "trial": 2, "value": FACTS},
        {"id": "2", "trial": 2, "value": {"title": "B"}},
    ]
    result = scored(tmp_path, target, GOLD, predictions)
    assert result.unanswered == ("2 (trial 0)",)
    assert result.evaluation.trials == 2
    assert len(result.evaluation.scores) == 4


def test_a_required_field_may_be_left_out_of_gold(tmp_path: Path, target: str) -> None:
    gold = [{"id": 1, "value": {"facts": [{"amount": 3}]}}]
    result = scored(tmp_path, target, gold, [{"id": 1, "value": {"facts": [{"amount": 3}]}}])
    assert result.evaluation.f1 == 1.0


@pytest.mark.parametrize(
    ("value", "seen"),
    [
        ({"titel": "A"}, 'no field "titel"'),
        ({"facts": [{"amount": "many"}]}, r"facts\[0\].amount: "),
        ({"title": {"$some": 1}}, "no annotation"),
        ([], "Input should be an object"),
        (
            {"facts": {"$any": [{"$any": [[{"who": str(n)}], []]} for n in range(300)]}},
            "more than 256 combinations",
        ),
    ],
)
def test_gold_that_does_not_fit_is_refused_with_its_line(
    tmp_path: Path, target: str, value: Any, seen: str
) -> None:
    with pytest.raises(GoldError, match=seen) as caught:
        scored(tmp_path, target, [*GOLD, {"id": 3, "value": value}], [{"id": 2, "value": {}}])
    assert caught.value.where.endswith("gold.jsonl:3")


def test_a_prediction_without_gold_is_refused_with_its_line(tmp_path: Path, target: str) -> None:
    predictions = [{"id": "a", "value": {}}, "", {"id": "b", "value": {}}]
    with pytest.raises(PredictionError, match='the id "b" is not in gold') as caught:
        scored(tmp_path, target, GOLD, predictions)
    assert caught.value.where.endswith("predictions.jsonl:3")


def test_a_broken_line_is_refused(tmp_path: Path, target: str) -> None:
    with pytest.raises(PredictionError) as caught:
        scored(tmp_path, target, GOLD, [{"id": "a", "value": {}}, '{"id": "2", '])
    assert caught.value.where.endswith("predictions.jsonl:2")


@pytest.mark.parametrize("value", ["[" * 5_000 + "]" * 5_000, '"\\ud800"', "NaN", "1e999", '{"facts": 3}'])
def test_hostile_predictions_are_scored(tmp_path: Path, target: str, value: str) -> None:
    result = scored(tmp_path, target, GOLD, [f'{{"id": "a", "value": {value}}}', {"id": 2, "value": {}}])
    assert result.evaluation.totals.correct == 0
    assert result.evaluation.totals.possible == 5


def explained(tmp_path: Path, target: str, document: str, trial: int = 0) -> list[OutcomeKind]:
    gold = lines(tmp_path / "gold.jsonl", *GOLD)
    predictions = lines(tmp_path / "predictions.jsonl", {"id": 2, "value": {"title": "Z"}})
    outcomes = explain_files(target, gold, predictions, document, trial, root=str(tmp_path))
    return [one.kind for one in outcomes if one.kind is not OutcomeKind.ABSENT]


def test_explain_one_record(tmp_path: Path, target: str) -> None:
    assert explained(tmp_path, target, "2") == [OutcomeKind.INCORRECT]
    assert set(explained(tmp_path, target, "a")) == {OutcomeKind.MISSING}


def test_explain_refuses_what_is_not_there(tmp_path: Path, target: str) -> None:
    with pytest.raises(UsageError, match='gold has no id "c"') as caught:
        explained(tmp_path, target, "c")
    assert "a" in caught.value.hint
    with pytest.raises(UsageError, match="no prediction has the trial 4"):
        explained(tmp_path, target, "a", 4)
