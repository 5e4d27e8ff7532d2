from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.paths import EACH_ITEM, EACH_VALUE, Path, Variant, parse, render, walk

_STEPS = (
    st.text()
    | st.sampled_from(["a", "$", "*", "[]", "", "odd key", '"', "\\", "a.b", "<A>", "é", "\ud800", "\n", "1a"])
    | st.integers(0, 10**6)
    | st.sampled_from([EACH_ITEM, EACH_VALUE])
    | st.sampled_from(["A", "Box[int]", "list", "with space"]).map(Variant)
)


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("$", ()),
        ("a", ("a",)),
        ("deployments[].workers.minimum", ("deployments", EACH_ITEM, "workers", "minimum")),
        ("deployments[2].workers", ("deployments", 2, "workers")),
        ("a.*", ("a", EACH_VALUE)),
        ("*", (EACH_VALUE,)),
        ("[]", (EACH_ITEM,)),
        ("[][]", (EACH_ITEM, EACH_ITEM)),
        ("[0].a", (0, "a")),
        ("a<Deployment>.b", ("a", Variant("Deployment"), "b")),
        ("<A>", (Variant("A"),)),
        ('a."odd key"', ("a", "odd key")),
        ('"$"', ("$",)),
        ('"*"', ("*",)),
        ('"a.b".c', ("a.b", "c")),
        ('""', ("",)),
    ],
)
def test_a_path_prints_and_reads_back(text: str, path: Path) -> None:
    assert parse(text) == path
    assert render(path) == text


@given(st.lists(_STEPS, max_size=6).map(tuple))
def test_every_path_reads_back(path: Path) -> None:
    assert parse(render(path)) == path


@pytest.mark.parametrize(
    "text",
    [
        "", ".", ".a", "a.", "a..b", "a.[0]", "a b", "[", "[-1]", "[x]", "a]", "<", "<>", '"open', "$.a",
        "a*", "a.$", "1a", 'a"b"', "[٣]", "é", '"\\q"', "a\n",
    ],
)  # fmt: skip
def test_what_is_no_path_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"column|no field path"):
        parse(text)


def test_the_message_gives_the_column() -> None:
    with pytest.raises(ValueError, match="column 2"):
        parse("a.!")


@given(st.text())
def test_any_other_text_reads_or_is_refused(text: str) -> None:
    try:
        path = parse(text)
    except ValueError:
        return
    assert parse(render(path)) == path


@pytest.mark.parametrize(
    ("value", "path", "found"),
    [
        ({"a": [{"b": 1}]}, ("a", 0, "b"), 1),
        ({"a": 1}, (), {"a": 1}),
        ({"a": None}, ("a", "b"), None),
        ([1, 2], (5,), None),
        ([1, 2], ("0",), None),
        ({"0": 1}, (0,), None),
        ("text", (0,), None),
        ((1, 2), (1,), 2),
        (None, ("a",), None),
        ({"a": [1]}, ("a", EACH_ITEM), None),
    ],
)
def test_walking(value: Any, path: Path, found: Any) -> None:
    assert walk(value, path) == found
