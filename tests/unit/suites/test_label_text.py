from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from harness.errors import GoldError
from harness.suites.label_text import parse_label_text

YAML = Path("a.yaml")
JSON = Path("a.json")


def test_yaml_lines_are_those_of_keys_and_items() -> None:
    text = "# first\na:\n  b: 1\n  c:\n    - x\n    - {d: 2,\n       e: 3}\n"
    parsed = parse_label_text(text, YAML)
    assert parsed.value == {"a": {"b": 1, "c": ["x", {"d": 2, "e": 3}]}}
    assert parsed.lines == {
        (): 2,
        ("a",): 2,
        ("a", "b"): 3,
        ("a", "c"): 4,
        ("a", "c", 0): 5,
        ("a", "c", 1): 6,
        ("a", "c", 1, "d"): 6,
        ("a", "c", 1, "e"): 7,
    }


def test_json_lines_are_those_of_keys_and_items() -> None:
    text = '{"a":\n [1,\n  {"b": "x\\"{",\n "c": []}],\n "": {}}'
    parsed = parse_label_text(text, JSON)
    assert parsed.value == json.loads(text)
    assert parsed.lines == {
        (): 1,
        ("a",): 1,
        ("a", 0): 2,
        ("a", 1): 3,
        ("a", 1, "b"): 3,
        ("a", 1, "c"): 4,
        ("",): 5,
    }


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("2022-08-25", "2022-08-25"),
        ("2022-08-25 10:00:00", "2022-08-25 10:00:00"),
        ("2022-08", "2022-08"),
        ("yes", "yes"),
        ("No", "No"),
        ("on", "on"),
        ("OFF", "OFF"),
        ("12:30", "12:30"),
        ("1_000", "1_000"),
        ("=", "="),
        ("2022", 2022),
        ("-7", -7),
        ("010", 10),
        ("0x1F", 31),
        ("0o17", 15),
        ("1.5", 1.5),
        (".5", 0.5),
        ("1e3", 1000.0),
        ("True", True),
        ("false", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("'null'", "null"),
        ('"7"', "7"),
        ("|\n  two\n  lines\n", "two\nlines\n"),
    ],
)
def test_yaml_scalars_follow_the_core_schema(written: str, value: object) -> None:
    parsed = parse_label_text(f"a: {written}", YAML).value
    assert parsed == {"a": value}
    assert isinstance(parsed, dict)
    assert type(parsed["a"]) is type(value)


def test_verbatim_keys_stay_text_at_the_top_only() -> None:
    text = "hash: 123e4\nnone:\nbelow: {hash: 123}"
    assert parse_label_text(text, YAML, verbatim=("hash", "none")).value == {
        "hash": "123e4",
        "none": "",
        "below": {"hash": 123},
    }


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a: 1\nb: 2\na: 3", 3, 'the key "a" stands twice'),
        ("a: 1\nb: *x", 2, "an alias"),
        ("a: &x 1", 1, "an anchor"),
        ("a:\n  - &x [1]", 2, "an anchor"),
        ("a: !!str 1", 1, "a tag"),
        ("a: ! x", 1, "a tag"),
        ("a: !!python/object/apply:os.system [x]", 1, "a tag"),
        ("a: 1\n2: x", 2, 'a key, "2", is not a string'),
        ("null: x", 1, "is not a string"),
        ("? [a]\n: 1", 1, "a key, a list or mapping, is not a string"),
        ("a:\n  b: .nan", 2, "is not finite"),
        ("a: -.inf", 1, "is not finite"),
        ("a: 1e999", 1, "too large"),
        ("a: " + "9" * 5000, 1, "thousands of digits"),
        ("a: 1\n---\nb: 2", 2, "a second YAML document"),
        ("a: 1\nb: [1,\n", 2, "this is not YAML"),
        ("a: 1\nb: x: y", 2, "this is not YAML"),
        ("a: 1\nb: é\x01", 2, "this is not YAML"),
        ("a: 1\n\tb: 2", 2, "this is not YAML"),
        ('a: "\\ud800"', 1, "this is not YAML"),
        ("a: 1\nb: x\u2028y", 2, "U+2028"),
        ("[" * 20_000, 1, "deeper than 100"),
        ("- " * 101 + "x", 1, "deeper than 100"),
    ],
)
def test_refuses_yaml_with_the_line(text: str, line: int, words: str) -> None:
    with pytest.raises(GoldError) as caught:
        parse_label_text(text, YAML)
    assert words in caught.value.seen
    assert caught.value.where == f"a.yaml:{line}"


def test_refuses_the_same_without_the_c_parser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(yaml, "CSafeLoader", raising=False)
    assert parse_label_text("a: [1, {b: é}]", YAML).value == {"a": [1, {"b": "é"}]}
    for text, line in (("a: 1\nb: x: y", 2), ("a: 1\nb: é\x01", 2), ("a: &x 1", 1), ("[" * 200, 1)):
        with pytest.raises(GoldError) as caught:
            parse_label_text(text, YAML)
        assert caught.value.where == f"a.yaml:{line}"


@pytest.mark.parametrize(
    ("text", "where", "words"),
    [
        ('{"a": 1,\n "a": 2}', "a.json:2", 'the key "a" stands twice'),
        ('{"a": 1,\n "\\u0061": 2}', "a.json:2", 'the key "a" stands twice'),
        ('{"a": 1,\n x}', "a.json:2", "this is not JSON"),
        ('{"a":\n NaN}', "a.json:2", "is not finite"),
        ("[1,\n -1e999]", "a.json:2", "is not finite"),
        ('["\\ud800"]', "a.json:1", "half a surrogate pair"),
        ("[" * 101 + "]" * 101, "a.json:1", "deeper than 100"),
        ("[" + "9" * 5000 + "]", "a.json", "thousands of digits"),
    ],
)
def test_refuses_json_with_the_line(text: str, where: str, words: str) -> None:
    with pytest.raises(GoldError) as caught:
        parse_label_text(text, JSON)
    assert words in caught.value.seen
    assert caught.value.where == where


def test_refuses_json_too_deep_for_the_parser() -> None:
    with pytest.raises(GoldError, match="deeper than 100"):
        parse_label_text("[" * 200_000 + "]" * 200_000, JSON)


@pytest.mark.parametrize("path", [YAML, JSON])
def test_refuses_an_empty_text(path: Path) -> None:
    with pytest.raises(GoldError, match="the label file is empty"):
        parse_label_text("\ufeff \n", path)


@pytest.mark.parametrize("path", [YAML, JSON])
def test_depth_100_and_a_byte_order_mark_are_fine(path: Path) -> None:
    parse_label_text("\ufeff" + "[" * 100 + "]" * 100, path)


scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
values = st.recursive(
    scalars | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


def paths(value: Any, here: tuple[str | int, ...] = ()) -> set[tuple[str | int, ...]]:
    children: Any = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    return {here}.union(*(paths(child, (*here, key)) for key, child in children))


@given(values)
def test_any_json_keeps_its_value_and_every_path_has_a_line(value: Any) -> None:
    text = json.dumps(value, indent=1)
    parsed = parse_label_text(text, JSON)
    assert parsed.value == value
    assert set(parsed.lines) == paths(value)
    assert all(1 <= line <= text.count("\n") + 1 for line in parsed.lines.values())


@given(values)
def test_any_value_survives_yaml(value: Any) -> None:
    parsed = parse_label_text(yaml.safe_dump(value), YAML)
    assert parsed.value == value
    assert set(parsed.lines) == paths(value)
