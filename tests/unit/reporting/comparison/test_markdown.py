from __future__ import annotations

from dataclasses import replace

from harness.reporting.comparison.markdown import comparison_markdown
from tests.unit.reporting.decisions import BEFORE, COMPARISON, difference, flip, outcome

HOSTILE = "@everyone <script>alert(1)</script> | [x](https://evil.example) `#1` \x1b[31m"


def test_a_comment() -> None:
    text = comparison_markdown((replace(COMPARISON, remarks=("Fewer than 5 documents.",)),))
    lines = text.splitlines()
    assert (
        lines[0]
        == "### rules v2 is 4.1 points of F1 worse than rules v1 (95 % interval 2.1 to 6.1, 40 documents)"
    )
    assert (
        "**Before** `rules v1` (run `20260301-1200-abcd`), **after** `rules v2` (run `20260302-1200-ef01`)"
        in text
    )
    assert "| F1 | 0.812 | 0.771 | **-4.1** | -6.1 to -2.1 | 0.0030 |" in lines
    assert "| precision | 0.900 | 0.890 | -1.0 | -3.0 to +1.0 | 0.40 |" in lines
    assert "| `items[].amount` | 40 | 0.800 | 0.710 | **-9.0** ~ | -11.0 to -7.0 | 0.0004 |" in lines
    assert "<details><summary>F1 by field: 2 fields</summary>" in lines
    assert "| `002_shop` | 1.000 | 0.500 | -3.0 |" in lines
    values = "| `3` | `3` | `8` | `3 sacks` | `gold/invoices/001_mill.yaml:12` |"
    assert f"| lost | `001_mill` | `items[1].amount` {values}" in lines
    assert "Set aside as noise: 2 values that the trials of one system do not agree on." in lines
    assert "| cost | $0.8000 | $1.20 + 2 unpriced |" in lines
    assert "- Fewer than 5 documents." in lines
    assert "`baseline:a|candidate:b`" in lines
    assert text.count("<details>") == text.count("</details>") == 5


def test_only_so_many_are_listed() -> None:
    text = comparison_markdown((COMPARISON,), limit=1)
    assert "2 more documents: `harness compare --all` lists them." in text
    assert "1 more value: `harness compare --all` lists them." in text
    every = comparison_markdown((COMPARISON,), limit=None)
    assert "| `buyer` | 40 |" in every
    assert "--all" not in every


def test_one_document_differs() -> None:
    (worst, *_) = COMPARISON.flipped_documents
    text = comparison_markdown((replace(COMPARISON, flipped_documents=(worst,), documents=1_000),))
    assert "<details><summary>1 document that differs, worst first</summary>" in text
    assert ", 1,000 documents." in text


def test_a_document_that_only_failed_on_one_side_says_so() -> None:
    failed = replace(COMPARISON.flipped_documents[0], baseline=0.0, candidate=0.0, change=0.0, is_failed=1.0)
    lines = comparison_markdown((replace(COMPARISON, flipped_documents=(failed,)),)).splitlines()
    assert "| `002_shop` | 0.000 | 0.000 | 0.0 | failed |" in lines


def test_what_does_not_differ_has_no_section() -> None:
    same = replace(COMPARISON, fields=COMPARISON.fields[:1], flipped_documents=(), flipped_leaves=(), noise=0)
    text = comparison_markdown((same,))
    assert "F1 by field" not in text
    assert "flipped" not in text
    assert "noise" not in text


def test_hostile_text_pings_nobody_and_links_nowhere() -> None:
    leaf = flip(
        HOSTILE, baseline=outcome(predicted=HOSTILE, gold=HOSTILE, path="x"), evidence=HOSTILE, label=HOSTILE
    )
    documents = tuple(replace(one, document=HOSTILE) for one in COMPARISON.flipped_documents)
    hostile = replace(
        COMPARISON,
        baseline=replace(BEFORE, label=HOSTILE, run=HOSTILE),
        fields=(difference("f1", f'"{HOSTILE}"', 0.2, 0.3, 0.1),),
        flipped_documents=documents,
        flipped_leaves=(leaf,),
        remarks=(HOSTILE,),
    )
    text = comparison_markdown((hostile,))
    assert "\x1b" not in text
    outside = _outside_code(text)
    for bad in ("@everyone", "<script>", "https://", "[x]("):
        assert bad in text
        assert bad not in outside


def _outside_code(text: str) -> str:
    """What is left without code spans, whose fences are as long as needed."""
    kept = []
    for line in text.splitlines():
        at, out = 0, ""
        while at < len(line):
            if line[at] != "`":
                out += line[at]
                at += 1
                continue
            ticks = len(line[at:]) - len(line[at:].lstrip("`"))
            end = at + ticks
            while True:
                end = line.index("`" * ticks, end)
                longer = len(line[end:]) - len(line[end:].lstrip("`"))
                if longer == ticks:
                    break
                end += longer
            at = end + ticks
        kept.append(out)
    return "\n".join(kept)
