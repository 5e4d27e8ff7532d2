from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from harness.records import GateDecision, Signature, Verdict
from harness.reporting.gate.markdown import COMMENT_LIMIT, bounded_markdown, gate_markdown, marker
from harness.reporting.markdown_text import LONGEST, code, prose, row, table
from harness.reporting.visible import shortened
from tests.unit.reporting.decisions import (
    AFTER,
    COMPARISON,
    FAILED,
    HOSTILE,
    OPEN,
    PASSED,
    RULES,
    decision,
    difference,
    flip,
    hostile_decisions,
    rule,
)

READER = MarkdownIt("commonmark").enable("table")


def tokens(text: str) -> list[Token]:
    """Every token of a page, those inside lines among them."""
    found = []
    for token in READER.parse(text):
        found += [token, *(token.children or ())]
    return found


def spans(text: str) -> list[str]:
    return [token.content for token in tokens(text) if token.type == "code_inline"]


def test_what_a_reviewer_reads() -> None:
    text = gate_markdown(decision(PASSED, FAILED, OPEN, remarks=("Gold is of today.",)))
    assert text == (
        "<!-- harness gate invoices -->\n"
        "### ❌ The gate of invoices fails: 1 of 3 rules fails, 1 is not settled\n"
        "\n"
        "|  | rule | seen | why |\n"
        "| --- | --- | ---: | --- |\n"
        "| ✅ pass | `f1 >= 0.7` | 0.771 | f1 is 0.771 |\n"
        "| ❌ fail | `f1 >= baseline - 0.02` | -0.041 (-0.061 to -0.021) | f1 is 4.1 points under rules v1 |\n"
        "| ⚠️ inconclusive | `lower(f1) >= 0.75` | 0.771 | the lower bound is 0.74; "
        "12 more documents like these would settle it |\n"
        "\n"
        "**rules v2 is 4.1 points of F1 worse than rules v1 (95 % interval 2.1 to 6.1, 40 documents).**\n"
        "\n"
        "**Before** `rules v1` (run `20260301-1200-abcd`), **after** `rules v2` (run `20260302-1200-ef01`), "
        "over 40 documents.\n"
        "\n"
        "|  | before | after | points | 95 % interval | p |\n"
        "| --- | ---: | ---: | ---: | ---: | ---: |\n"
        "| **F1** | 0.812 | 0.771 | **-4.1** | -6.1 to -2.1 | 0.0030 |\n"
        "| precision | 0.900 | 0.890 | -1.0 | -3.0 to +1.0 | 0.40 |\n"
        "| failures | 1 | 2 |  |  |  |\n"
        "| cost | $0.8000 | $1.20 + 2 unpriced |  |  |  |\n"
        "| latency p50, p95 | 0.4s, 1.2s | 0.5s, 1m15s |  |  |  |\n"
        "\n"
        "<details><summary>Other metrics</summary>\n"
        "\n"
        "|  | before | after | points | 95 % interval | p |\n"
        "| --- | ---: | ---: | ---: | ---: | ---: |\n"
        "| null specificity | n/a | n/a | n/a | n/a | n/a |\n"
        "\n"
        "</details>\n"
        "\n"
        "**Fields that moved most** (F1; 2 of 3 fields moved)\n"
        "\n"
        "| field | documents | before | after | points | 95 % interval | p |\n"
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |\n"
        "| `items[].amount` (also between trials) | 40 | 0.800 | 0.710 | **-9.0** | -11.0 to -7.0 | 0.0004 |\n"
        "| `total` | 40 | 0.500 | 0.600 | +10.0 | +8.0 to +12.0 | 0.20 |\n"
        "\n"
        "**Bold**: more than chance explains (p ≤ 0.05 and an interval without 0).\n"
        "\n"
        "<details><summary>2 leaves lost, 1 gained</summary>\n"
        "\n"
        "|  | document | at | gold | before | after | evidence | stated in |\n"
        "| --- | --- | --- | --- | --- | --- | --- | --- |\n"
        "| lost | `002_shop` | `items[1].amount` | `3` | `8` | `(not there)` |  "
        "| `gold/invoices/002_shop.yaml:12` |\n"
        "| lost | `001_mill` | `items[1].amount` | `3` | `3` | `8` | `3 sacks` "
        "| `gold/invoices/001_mill.yaml:12` |\n"
        "| gained | `003_farm` | `items[1].amount` | `3` | `8` | `3` | `3 sacks` "
        "| `gold/invoices/003_farm.yaml:12` |\n"
        "\n"
        "</details>\n"
        "\n"
        "2 leaves changed between trials of one system as well and count as noise.\n"
        "\n"
        "- Gold is of today.\n"
        "\n"
        "<details><summary>What this depends on</summary>\n"
        "\n"
        "`suite:invoices|documents:3f2a|rules:77aa`\n"
        "\n"
        "</details>\n"
    )


@pytest.mark.parametrize(
    ("one", "heading"),
    [
        (decision(PASSED), "### ✅ The gate of invoices passes: the rule holds\n"),
        (decision(PASSED, PASSED), "### ✅ The gate of invoices passes: all 2 rules hold\n"),
        (
            decision(PASSED, OPEN),
            "### ⚠️ The gate of invoices is inconclusive: 1 of 2 rules is not settled; "
            "the policy does not say what that means\n",
        ),
        (
            decision(OPEN, counts_as=Verdict.PASS),
            "### ✅ The gate of invoices is inconclusive: 1 of 1 rule is not settled; "
            "the policy lets that pass\n",
        ),
        (
            decision(OPEN, counts_as=Verdict.FAIL),
            "### ❌ The gate of invoices is inconclusive: 1 of 1 rule is not settled; "
            "the policy counts that as a failure\n",
        ),
    ],
)
def test_the_heading_is_the_verdict(one: GateDecision, heading: str) -> None:
    assert heading in gate_markdown(one)


def test_without_a_baseline_there_is_nothing_before() -> None:
    text = gate_markdown(decision(PASSED, comparison=None, documents=12))
    assert "`rules v2` (run `20260302-1200-ef01`) over 12 of 40 documents. No baseline.\n" in text
    assert "Before" not in text


def test_identical_runs_say_so() -> None:
    same = replace(
        COMPARISON,
        identical=True,
        headline=difference("f1", "", 0.8, 0.8, 1.0),
        fields=(),
        flipped_leaves=(),
        noise=0,
    )
    text = gate_markdown(decision(PASSED, comparison=same))
    assert "**no difference: rules v2 and rules v1 have the same counts in every one of 40 documents" in text
    assert "| **F1** | 0.800 | 0.800 | 0.0 | -2.0 to +2.0 | 1 |\n" in text
    for absent in ("moved", "Bold", "lost", "noise"):
        assert absent not in text


def test_fields_beyond_chance_come_before_larger_moves() -> None:
    names = [name for name in spans(gate_markdown(decision(PASSED))) if name in ("total", "items[].amount")]
    assert names == ["items[].amount", "total"]


@pytest.mark.parametrize("limit", [1_000, 4_000, COMMENT_LIMIT])
def test_a_comment_is_never_too_long(limit: int) -> None:
    flips = tuple(flip(f"{number:05}" + "é" * 100, evidence="@" * 300) for number in range(2_000))
    many = [rule(f"f1 of {'x' * 90}{number} >= 0.5", Verdict.FAIL, "because " * 100) for number in range(90)]
    text = bounded_markdown(
        decision(*many, comparison=replace(COMPARISON, flipped_leaves=flips)), limit, most_flips=1_500
    )
    assert limit // 2 < len(text.encode()) <= limit


def test_what_is_left_out_is_counted() -> None:
    flips = tuple(flip(f"{number:05}") for number in range(500))
    text = gate_markdown(decision(PASSED, comparison=replace(COMPARISON, flipped_leaves=flips)))
    assert "500 leaves lost, 0 gained" in text
    assert "460 more: `harness compare --all` lists them.\n" in text
    assert text.count("| lost |") == 40


def test_many_rules_are_counted() -> None:
    many = [rule(f"f1 >= 0.{number:03}", Verdict.PASS) for number in range(103)]
    text = gate_markdown(decision(*many))
    assert text.count("✅ pass") == 100
    assert "\n3 more rules are not listed.\n" in text


def test_a_comment_is_found_again_whatever_its_suite_is_called() -> None:
    system = replace(AFTER, signature=Signature((("system", "noisy-gold"), ("prompt", "v1"))))
    assert marker(decision(PASSED, candidate=system)) == "<!-- harness gate invoices noisy-gold -->"
    text = gate_markdown(decision(PASSED, suite="a--> <b>"))
    assert text.startswith("<!-- harness gate a-b -->\n")


_OUR_HTML = re.compile(
    r"(<!-- harness gate[\w. -]* -->|<details><summary>[\w ,]+</summary>|</details>)\n?", re.ASCII
)
_ACTS = re.compile(r"[@#<>\[\]`~|\\&*_!]|://|www\.|^/")


@given(hostile_decisions(rules=RULES))
def test_no_text_pings_links_or_gives_orders(one: GateDecision) -> None:
    text = gate_markdown(one)
    found = tokens(text)
    for token in found:
        assert token.type not in ("link_open", "image", "html_inline", "heading_open") or token.tag == "h3"
        if token.type == "html_block":
            assert all(_OUR_HTML.fullmatch(line) for line in token.content.splitlines()), token.content
        if token.type == "text":
            assert not _ACTS.search(token.content.replace("<0.0001", "")), token
    assert not any(line.startswith("/") for line in text.splitlines())
    assert "\u202e" not in text


@given(hostile_decisions(rules=RULES))
def test_every_line_of_a_table_has_all_its_cells(one: GateDecision) -> None:
    rows: list[int] = []
    for token in READER.parse(gate_markdown(one)):
        if token.type == "table_open":
            rows = []
        elif token.type == "tr_open":
            rows.append(0)
        elif token.type in ("th_open", "td_open"):
            rows[-1] += 1
        elif token.type == "table_close":
            assert all(left == right for left, right in pairwise(rows))


@given(HOSTILE)
def test_a_code_span_reads_back(text: str) -> None:
    page = "\n".join(table("a | b:", [row([code(text), code("end")])]))
    assert spans(page) == [*([shortened(text, LONGEST)] if text else []), "end"]
    assert spans(f"- {code(text)}x") == ([shortened(text, LONGEST)] if text else [])


@given(st.lists(HOSTILE, min_size=1).map(" ".join))
def test_prose_reads_back(text: str) -> None:
    page = READER.parse(f"- a {prose(text, 10_000)}")
    inline = next(token for token in page if token.type == "inline")
    read = "".join(token.content for token in inline.children or ())
    assert read.rstrip(" ") == f"a {shortened(text, 10_000)}".rstrip(" ")
