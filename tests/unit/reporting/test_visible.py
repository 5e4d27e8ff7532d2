from __future__ import annotations

import sys
import unicodedata
from collections.abc import Callable
from typing import Any

import pytest

from harness.reporting.visible import encodable, shortened, value_text, visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred\x07", r"\x1b[31mred\x07"),
        ("a\nb\tc\r", r"a\nb\tc\r"),
        ("\x9b2J", r"\x9b2J"),
        ("\u202eevil\u2069\u200b", r"\u202eevil\u2069\u200b"),
        ("\ud800", r"\ud800"),
        ("\U000e0041", r"\U000e0041"),
        ("\u3164\ufe0f", r"\u3164\ufe0f"),
        ("\u2028", r"\u2028"),
        ("[bold]no markup[/bold]", "[bold]no markup[/bold]"),
        ("Пушилин a\u00a0b 東京 é", "Пушилин a\u00a0b 東京 é"),
    ],
)
def test_what_a_terminal_acts_on_becomes_an_escape(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_no_character_of_any_plane_comes_through_raw_that_controls_or_hides() -> None:
    hidden = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
    raw = [
        code
        for code in (*range(0x10000), *range(0xE0000, 0xE1000), sys.maxunicode)
        if any(unicodedata.category(one) in hidden for one in visible(chr(code)))
    ]
    assert raw == []


@pytest.mark.parametrize("make", [visible, lambda text: shortened(text, 80)])
def test_no_line_is_a_command_to_a_ci_server(make: Callable[[str], str]) -> None:
    assert make("::error file=x::boom") == r"\x3a:error file=x::boom"
    assert make("  ::add-mask::a") == r"  \x3a:add-mask::a"
    assert make("seen ##[error]boom") == r"seen \x23#[error]boom"
    assert make("std::vector # 1") == "std::vector # 1"


def test_making_visible_twice_changes_nothing() -> None:
    once = visible("\x1b\u202e\ud800\\x1b")
    assert visible(once) == once


@pytest.mark.parametrize(
    ("encoding", "shown"), [("ascii", r"\u2026\xe9"), ("latin-1", r"\u2026é"), ("utf-8", "…é")]
)
def test_what_an_encoding_lacks_becomes_an_escape(encoding: str, shown: str) -> None:
    assert encodable("…é", encoding) == shown
    assert encodable("…é", encoding).encode(encoding)


@pytest.mark.parametrize(
    ("text", "limit", "cut"),
    [
        ("abcdef", 6, "abcdef"),
        ("abcdefg", 6, "abcde…"),
        ("ab\x1bc", 6, r"ab\x1b"[:2] + "…"),
        ("ab\x1b", 6, r"ab\x1b"),
        ("\x1b" * 100, 9, r"\x1b\x1b…"),
        ("", 3, ""),
    ],
)
def test_cutting_keeps_the_limit_and_never_halves_an_escape(text: str, limit: int, cut: str) -> None:
    assert shortened(text, limit) == cut
    assert len(cut) <= limit


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "null"),
        (True, "true"),
        (3, "3"),
        (3.0, "3.0"),
        ("3", '"3"'),
        (float("nan"), "NaN"),
        (float("-inf"), "-Infinity"),
        ([], "[]"),
        ({"a": [1, "b", None], "c": {}}, '{"a": [1, "b", null], "c": {}}'),
        ("a\x1bb", r'"a\x1bb"'),
        (123456789012345678901234567890123456789012345678901234567890, None),
    ],
)
def test_a_value_on_one_line(value: Any, text: str | None) -> None:
    assert value_text(value, 40) == (str(value) if text is None else text)


def test_a_long_text_ends_in_an_ellipsis() -> None:
    assert value_text("x" * 1_000_000, 10) == '"xxxxxxxx…'


def test_endless_nesting_and_endless_digits_do_not_crash() -> None:
    nested: Any = []
    for _ in range(100_000):
        nested = [nested]
    assert value_text(nested, 10) == "[[[[[[[[[…"
    assert value_text(10**5000, 10).startswith("0x")
