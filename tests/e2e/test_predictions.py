"""Predictions made elsewhere, hostile ones too: each a clear error or a counted failure."""

import json

import pytest

from tests.e2e.conftest import Cli, Done

SCHEMA = "import pydantic\nclass Person(pydantic.BaseModel):\n    name: str\n    born: float | None = None\n"
FILES = ("score", "--schema", "people:Person", "--gold", "gold.jsonl", "--predictions", "preds.jsonl")


@pytest.fixture
def people(here: Cli) -> Cli:
    here.write("people.py", SCHEMA)
    return here


def score(cli: Cli, gold: dict[str, object], lines: list[str], *words: str, code: int = 0) -> Done:
    cli.write(
        "gold.jsonl", "".join(json.dumps({"id": key, "value": value}) + "\n" for key, value in gold.items())
    )
    cli.write("preds.jsonl", "".join(f"{line}\n" for line in lines))
    return cli(*FILES, *words, code=code)


def test_score_files(people: Cli) -> None:
    gold: dict[str, object] = {"a": {"name": "Ada", "born": 1815}, "b": {"name": "Bo"}, "c": {"name": "Cy"}}
    lines = [
        '{"id": "a", "value": {"name": "ada", "born": 1816}}',
        '{"id": "b", "error": "it would not say", "kind": "refused"}',
    ]
    done = score(people, gold, lines, "--json").json
    assert done["unanswered"] == ["c"]
    assert done["evaluation"]["failures"] == {"refused": 1, "not answered": 1}
    assert done["evaluation"]["counts"]["correct"] == 1
    assert done["evaluation"]["counts"]["missing"] == 2
    text = people(*FILES).out
    assert "Failed answers: 1 refused, 1 not answered" in text
    assert "the predictions have not: c." in text
    assert "1816" in people(*FILES, "--explain", "a").out


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('{"id": "36", "value": {"name": ', "preds.jsonl:37"),
        ('{"id": "0", "value": {}}', "stands in line 1 and again in line 37"),
        ('{"id": "36"}', 'neither "value" nor "error"'),
        ('{"id": "nobody", "value": {}}', "nobody"),
    ],
)
def test_a_broken_line_37(people: Cli, line: str, told: str) -> None:
    gold: dict[str, object] = {str(number): {"name": "Ada"} for number in range(40)}
    lines = [json.dumps({"id": key, "value": value}) for key, value in gold.items()]
    lines[36] = line
    done = score(people, gold, lines, code=3)
    assert done.out == ""
    assert done.err.startswith("error: ")
    assert told in done.err
    assert "preds.jsonl:37" in done.err or "nobody" in line


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ('{"name": "' + "a" * (50 * 1024 * 1024) + '"}', "oversized"),
        ('{"name": ' + "[" * 10_000 + "]" * 10_000 + "}", "oversized"),
    ],
    ids=["50 MB", "10,000 deep"],
)
def test_what_is_too_large_or_too_deep_is_a_counted_failure(people: Cli, value: str, kind: str) -> None:
    done = score(people, {"a": {"name": "Ada"}}, [f'{{"id": "a", "value": {value}}}'], "--json").json
    assert list(done["evaluation"]["failures"].values()) == [1], kind
    assert done["evaluation"]["counts"]["missing"] == 1


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "9" * 5_000])
def test_numbers_that_are_none_are_wrong_and_leave_the_json_valid(people: Cli, number: str) -> None:
    line = f'{{"id": "a", "value": {{"name": "Ada", "born": {number}}}}}'
    done = score(people, {"a": {"name": "Ada", "born": 1815}}, [line], "--json").json
    counts = done["evaluation"]["counts"]
    assert counts["incorrect"] == 1 or done["evaluation"]["failures"]
    if number == "NaN":
        assert people(*FILES, "--explain", "a", "--json").json["outcomes"][0]["predicted"] == "NaN"


def test_lone_surrogates_and_control_characters_are_wrong_and_print_as_escapes(people: Cli) -> None:
    line = '{"id": "a", "value": {"name": "\\ud800\\u001b[31m"}}'
    score(people, {"a": {"name": "Ada"}}, [line])
    assert "\\ud800\\x1b[31m" in people(*FILES, "--explain", "a").out
    assert people(*FILES, "--explain", "a", "--json").json["outcomes"][0]["kind"] == "incorrect"


def test_trials(people: Cli) -> None:
    lines = [json.dumps({"id": "a", "trial": trial, "value": {"name": "Ada"}}) for trial in range(3)]
    assert score(people, {"a": {"name": "Ada"}}, lines, "--json").json["evaluation"]["trials"] == 3
    assert people(*FILES, "--explain", "a", "--trial", "2").out.startswith("a, trial 2\n")
