"""Lines that are too large, too deep or too long a number, and what of them is kept."""

from __future__ import annotations

import tracemalloc
from typing import TYPE_CHECKING

import pytest

from harness.errors import PredictionError
from harness.records import Extraction, ExtractionFailure, FailureKind
from harness.suites.predictions import read_predictions

if TYPE_CHECKING:
    from pathlib import Path

OVERSIZED = b'"' + b"x" * (17 * 1024**2) + b'"'


def write(folder: Path, data: str | bytes) -> Path:
    path = folder / "p.jsonl"
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def refusal(folder: Path, data: str | bytes) -> PredictionError:
    with pytest.raises(PredictionError) as caught:
        list(read_predictions(write(folder, data)))
    return caught.value


@pytest.mark.parametrize("depth", [100, 5_000, 100_000])
def test_a_value_nested_too_deep_is_a_failure_of_its_id(tmp_path: Path, depth: int) -> None:
    deep = "[" * depth + "]" * depth
    text = f'{{"value": {{"id": "wrong", "x": {deep}}}, "id": "a"}}\n{{"id": "b", "value": 1}}'
    failure, after = read_predictions(write(tmp_path, text))
    assert isinstance(failure, ExtractionFailure)
    assert (failure.document, failure.kind) == ("a", FailureKind.UNPARSABLE)
    assert "nested deeper than 100" in failure.detail
    assert after == Extraction("b", 0, 1)


def test_depth_100_is_a_value(tmp_path: Path) -> None:
    text = '{"id": 1, "value": ' + "[" * 99 + "{}, " * 200 + "1" + "]" * 99 + "}"
    (prediction,) = read_predictions(write(tmp_path, text))
    assert isinstance(prediction, ExtractionFailure)
    text = '{"id": 1, "value": ' + "[" * 98 + "{}, " * 200 + "1" + "]" * 98 + "}"
    (prediction,) = read_predictions(write(tmp_path, text))
    assert isinstance(prediction, Extraction)


def test_a_number_of_thousands_of_digits_is_a_failure(tmp_path: Path) -> None:
    (failure,) = read_predictions(write(tmp_path, '{"id": "a", "value": ' + "9" * 5000 + "}"))
    assert isinstance(failure, ExtractionFailure)
    assert failure.kind is FailureKind.UNPARSABLE


def test_a_failed_line_without_an_id_is_an_error(tmp_path: Path) -> None:
    error = refusal(tmp_path, '\n{"value": ' + "[" * 5000 + "]" * 5000 + "}")
    assert error.where.endswith("p.jsonl:2")
    assert "its id was not found" in error.seen


def test_an_oversized_line_is_a_failure_and_never_held_as_a_whole(tmp_path: Path) -> None:
    path = write(tmp_path, b"")
    with path.open("wb") as file:
        file.write(b'{"id": "a", "trial": 1, "value": "')
        for _ in range(50):
            file.write(b"x" * 1024**2)
        file.write(b'"}\n{"id": "b", "trial": 0, "value": 1}\n')
    tracemalloc.start()
    try:
        failure, after = read_predictions(path)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert isinstance(failure, ExtractionFailure)
    assert (failure.document, failure.trial, failure.kind) == ("a", 1, FailureKind.OVERSIZED)
    assert f"has {50 * 1024**2 + 36} bytes" in failure.detail
    assert after == Extraction("b", 0, 1)
    assert peak < 40 * 1024**2


def test_an_oversized_last_line_whose_character_is_cut(tmp_path: Path) -> None:
    text = '{"id": "a", "value": "' + "é" * (8 * 1024**2) + '"}'
    for padding in ("", " "):  # so that one of the two cuts falls inside a character
        (failure,) = read_predictions(write(tmp_path, padding + text))
        assert isinstance(failure, ExtractionFailure)
        assert failure.kind is FailureKind.OVERSIZED


@pytest.mark.parametrize("extra", [0, 1])
def test_the_limit_is_16_mib_without_the_line_end(tmp_path: Path, extra: int) -> None:
    head, tail = b'{"id": "a", "value": "', b'"}'
    line = head + b"x" * (16 * 1024**2 - len(head) - len(tail) + extra) + tail
    for end in (b"", b"\n"):
        (prediction,) = read_predictions(write(tmp_path, line + end))
        assert isinstance(prediction, ExtractionFailure if extra else Extraction)


def test_an_oversized_line_with_its_id_behind_is_an_error(tmp_path: Path) -> None:
    error = refusal(tmp_path, b'{"value": ' + OVERSIZED + b', "id": "a"}')
    assert "its id was not found" in error.seen
    assert '"id" before "value"' in error.hint


def test_an_oversized_line_with_its_trial_behind_is_not_taken_for_trial_0(tmp_path: Path) -> None:
    line = b'{"id": "a", "value": ' + OVERSIZED + b', "trial": 1}\n{"id": "a", "trial": 0, "value": 1}'
    assert "line 1 has none" in refusal(tmp_path, line).seen
