from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING

import pytest

from harness.errors import GoldError, PredictionError
from harness.records import Extraction, ExtractionFailure, FailureKind
from harness.suites.predictions import GoldLine, read_gold_lines, read_predictions

if TYPE_CHECKING:
    from pathlib import Path


def write(folder: Path, data: str | bytes) -> Path:
    path = folder / "p.jsonl"
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def refusal(folder: Path, data: str | bytes) -> PredictionError:
    with pytest.raises(PredictionError) as caught:
        list(read_predictions(write(folder, data)))
    return caught.value


def test_reads_values_failures_and_blank_lines(tmp_path: Path) -> None:
    text = (
        '\ufeff{"id": "a", "value": {"x": [1]}}\r\n\n   \n'
        '{"id": 7, "value": null}\n'
        '{"id": "b", "error": "no key"}\n'
        '{"id": "c", "error": "no", "kind": "not answered"}'
    )
    assert list(read_predictions(write(tmp_path, text))) == [
        Extraction("a", 0, {"x": [1]}),
        Extraction("7", 0, None),
        ExtractionFailure("b", 0, FailureKind.ERROR, "no key"),
        ExtractionFailure("c", 0, FailureKind.NOT_ANSWERED, "no"),
    ]


def test_takes_every_value_that_pythons_json_takes(tmp_path: Path) -> None:
    text = '{"id": "a", "value": [NaN, Infinity, -Infinity, 1e999, "\\ud800", "\\u0000"]}'
    (prediction,) = read_predictions(write(tmp_path, text))
    assert isinstance(prediction, Extraction)
    assert isinstance(prediction.value, list)
    assert math.isnan(prediction.value[0])
    assert prediction.value[1:] == [math.inf, -math.inf, math.inf, "\ud800", "\0"]


def test_trials_tell_repeats_apart(tmp_path: Path) -> None:
    text = '{"id": 1, "trial": 1, "value": 1}\n{"id": "1", "trial": 0, "value": 2}'
    assert [(p.document, p.trial) for p in read_predictions(write(tmp_path, text))] == [("1", 1), ("1", 0)]


@pytest.mark.parametrize(
    ("text", "line", "words", "hint"),
    [
        (
            '{"id": 1, "value": 1}\n\n{"id": "1", "value": 1}',
            3,
            '"1" stands in line 1 and again in line 3',
            '"trial"',
        ),
        (
            '{"id": "a", "trial": 2, "value": 1}\n{"id": "a", "trial": 2, "error": "x"}',
            2,
            '"a" with trial 2 stands in line 1 and again in line 2',
            "own trial",
        ),
        (
            '{"id": 1, "value": 1}\n{"id": 2, "trial": 0, "value": 1}',
            2,
            'has a "trial" and line 1 has none',
            "every line",
        ),
        (
            '{"id": 1, "trial": 0, "value": 1}\n{"id": 2, "value": 1}',
            2,
            'has no "trial" and line 1 has one',
            "every line",
        ),
        (
            '{"id": 1, "value": [1}',
            1,
            "this is not JSON: Expecting ',' delimiter at column 22, before \"}\"",
            "complete",
        ),
        ('{"id": 1, "value": ', 1, "at column 20, before the end", "complete"),
        ("{'id': 1}", 1, "this is not JSON", "complete"),
        ("[1]", 1, 'this is "[1]", not an object', '{"id"'),
        ('{"id": 1}', 1, 'neither "value" nor "error"', "one of them"),
        ('{"id": 1, "value": 1, "error": "x"}', 1, 'both "value" and "error"', "one of them"),
        ('{"value": 1}', 1, 'there is no "id"', "id"),
        ('{"id": 1, "vlue": 1}', 1, 'unknown key "vlue"', 'did you mean "value"'),
        (
            '{"id": 1, "failure": "refused"}',
            1,
            'unknown key "failure"',
            "a line has id, trial, value,",
        ),
        ('{"id": true, "value": 1}', 1, '"id" is not a name', "whole number"),
        ('{"id": 1.5, "value": 1}', 1, '"id" is not a name', "whole number"),
        ('{"id": "", "value": 1}', 1, '"id" is not a name', "whole number"),
        ('{"id": 1, "trial": -1, "value": 1}', 1, '"trial" is not a whole number', "from 0"),
        ('{"id": 1, "trial": true, "value": 1}', 1, '"trial" is not a whole number', "from 0"),
        ('{"id": 1, "error": 3}', 1, '"error" is not a string', "words"),
        (
            '{"id": 1, "error": "", "kind": "refusd"}',
            1,
            'unknown kind of failure "refusd"',
            'did you mean "refused"',
        ),
        ('{"id": 1, "error": "", "kind": [1]}', 1, "unknown kind of failure", "known are"),
        ('{"id": 1, "value": 1, "kind": "error"}', 1, '"kind" stands beside "value"', "remove"),
    ],
)
def test_refuses_with_the_line(tmp_path: Path, text: str, line: int, words: str, hint: str) -> None:
    error = refusal(tmp_path, text)
    assert words in error.seen
    assert hint in error.hint
    assert error.where == f"{tmp_path / 'p.jsonl'}:{line}"


def test_names_a_broken_line_37(tmp_path: Path) -> None:
    lines = [json.dumps({"id": number, "value": {"x": number}}) for number in range(50)]
    lines[36] = lines[36][:-1]
    predictions = read_predictions(write(tmp_path, "\n".join(lines)))
    assert [next(predictions).document for _ in range(36)] == [str(number) for number in range(36)]
    with pytest.raises(
        PredictionError, match=r"p\.jsonl:37: this is not JSON: .* at column 31, before the end"
    ):
        next(predictions)


def test_an_error_shows_no_control_characters(tmp_path: Path) -> None:
    assert "\x1b" not in str(refusal(tmp_path, '{"id": "\x1b[31m", "value": 1}'))
    assert "\x1b" not in str(refusal(tmp_path, '{"\\u001b[31m": 1}'))


def test_refuses_bytes_that_are_not_utf_8(tmp_path: Path) -> None:
    error = refusal(tmp_path, b'{"id": 1, "value": 1}\n{"id": "\xff"}')
    assert error.where.endswith("p.jsonl:2")
    assert "byte 0xff at byte 9 of the line" in error.seen


@pytest.mark.parametrize("data", ["", "\n \n", "\ufeff"])
def test_refuses_a_file_without_lines(tmp_path: Path, data: str) -> None:
    assert "is empty" in refusal(tmp_path, data).seen


def test_refuses_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(PredictionError, match="does not exist"):
        list(read_predictions(tmp_path / "none.jsonl"))
    with pytest.raises(PredictionError, match="cannot be read: Is a directory"):
        list(read_predictions(tmp_path))


def test_of_a_key_that_a_model_says_twice_the_last_counts(tmp_path: Path) -> None:
    (found,) = read_predictions(write(tmp_path, '{"id": 1, "value": {"a": 1, "a": 2}}'))
    assert isinstance(found, Extraction)
    assert found.value == {"a": 2}


def test_reads_gold_lines(tmp_path: Path) -> None:
    text = '{"id": 1, "value": {"x": {"$any": [1, 2]}}, "text": "words"}\n\n{"value": null, "id": "b"}'
    assert list(read_gold_lines(write(tmp_path, text))) == [
        GoldLine("1", {"x": {"$any": [1, 2]}}, "words", 1),
        GoldLine("b", None, None, 3),
    ]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ('{"id": 1, "value": 1}\n{"id": "1", "value": 2}', 2, "stands in line 1 and again in line 2"),
        ('{"id": 1}', 1, 'there is no "value"'),
        ('{"id": 1, "value": {"a": 1, "b": [{"c": 1, "c": 2}]}}', 1, 'the key "c" stands twice'),
        ('{"id": 1, "value": 1, "error": "x"}', 1, 'unknown key "error"'),
        ('{"id": 1, "value": 1, "text": 3}', 1, '"text" is not a string'),
        ('\n{"id": 1, "value": [}', 2, "this is not JSON"),
        ('{"id": 1, "value": ' + "[" * 5000 + "]" * 5000 + "}", 1, "nested deeper than 100"),
    ],
)
def test_refuses_gold_lines(tmp_path: Path, text: str, line: int, words: str) -> None:
    path = write(tmp_path, text)
    with pytest.raises(GoldError) as caught:
        list(read_gold_lines(path))
    assert words in caught.value.seen
    assert caught.value.where == f"{path}:{line}"
