from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.suites.json_tokens import deeper_than, tokens, top_level_scalars


def test_tokens_know_their_lines() -> None:
    assert list(tokens('{"a\\"b":\n[1, true]}')) == [
        ("{", 1),
        ('"a\\"b"', 1),
        (":", 1),
        ("[", 2),
        ("1", 2),
        (",", 2),
        ("true", 2),
        ("]", 2),
        ("}", 2),
    ]


def test_nothing_is_read_behind_a_string_without_an_end() -> None:
    assert list(tokens('{"a": "x, \\"id\\": 1, ')) == [("{", 1), ('"a"', 1), (":", 1)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('{"id": 1, "value": [[[', {"id": "1"}),
        ('{"value": {"id": 2}, "id": "x"}', {"id": '"x"'}),
        ('{"value": {"id": 2}', {}),
        ('{"value": "{\\"id\\": 2}", "id": 3}', {"value": '"{\\"id\\": 2}"', "id": "3"}),
        ('{"id": 12', {}),
        ('{"id": [1], "trial": 0}', {"trial": "0"}),
        ('[{"id": 1}]', {}),
        ('{"id": 1} , "id": 2}', {"id": "1"}),
        ("", {}),
    ],
)
def test_only_complete_scalars_of_the_outermost_object_are_found(text: str, found: dict[str, str]) -> None:
    assert top_level_scalars(text) == found


@given(
    st.dictionaries(st.text("abc", max_size=3), st.integers() | st.text() | st.lists(st.integers()), max_size=5)
)
def test_finds_the_scalars_that_json_finds(value: dict[str, object]) -> None:
    found = top_level_scalars(json.dumps(value))
    assert {key: json.loads(token) for key, token in found.items()} == {
        key: member for key, member in value.items() if not isinstance(member, list)
    }


@pytest.mark.parametrize(("value", "depth"), [(1, 0), ([], 1), ([1, {"a": 2}], 2), ({"a": [[]], "b": 1}, 3)])
def test_depth_counts_lists_and_objects(value: object, depth: int) -> None:
    assert not deeper_than(value, depth)
    assert depth == 0 or deeper_than(value, depth - 1)
