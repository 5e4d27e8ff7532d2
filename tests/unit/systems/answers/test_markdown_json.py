import pytest

from harness.systems.answers.markdown_json import json_in


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('{"a": 1}', '{"a": 1}'),
        ('```json\n{"a": 1}\n```', '{"a": 1}'),
        ("```\n[1]\n```", "[1]"),
        ('It quotes ```json\n{"old": 1}\n``` and answers ```json\n{"new": 2}\n``` so.', '{"new": 2}'),
        ('```json\n{"a": 1}\n``` and code ```py\nprint()\n```', '{"a": 1}'),
        ('Sure! {"a": {"b": "}"}} Bye.', '{"a": {"b": "}"}}'),
        ('See [1]: {"a": 1}', '{"a": 1}'),
        ("no JSON {here", "no JSON {here"),
        ("plain", "plain"),
        ("", ""),
        ("```json\n{broken\n```", "```json\n{broken\n```"),
    ],
)
def test_the_json_of_an_answer(text: str, found: str) -> None:
    assert json_in(text) == found


@pytest.mark.parametrize(
    "text", ["{" * 50_000, "```" * 50_000, "[" * 50_000 + "]" * 50_000, "```json\n" * 20_000]
)
def test_hostile_text_is_left_alone(text: str) -> None:
    assert json_in(text) == text
