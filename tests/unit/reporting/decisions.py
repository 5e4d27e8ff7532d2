"""Decisions of a gate, made by hand."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from harness.records import (
    Comparison,
    Difference,
    DocumentFlip,
    Estimate,
    Expense,
    FailureKind,
    GateDecision,
    Interval,
    LeafFlip,
    Outcome,
    OutcomeKind,
    Presence,
    RuleResult,
    Side,
    Signature,
    Stability,
    Verdict,
)

BEFORE = Side(
    "rules v1",
    "20260301-1200-abcd",
    "2026-03-01T12:00:00Z",
    Signature((("suite", "invoices"), ("prompt", "v1"))),
    Stability(1, 0.5),
    Expense(40, Decimal("0.8"), 0, 1000, 100, 0.4, 1.2, ((FailureKind.REFUSED, 1),)),
)
AFTER = replace(
    BEFORE,
    label="rules v2",
    run="20260302-1200-ef01",
    expense=Expense(40, Decimal("1.2"), 2, 1000, 100, 0.5, 75.0, ((FailureKind.REFUSED, 2),)),
)


def outcome(path: str = "items[].amount", **changes: Any) -> Outcome:
    """A leaf that is wrong: gold 3, predicted 8."""
    at = path.replace("[]", "[1]")
    one = Outcome(
        path, OutcomeKind.INCORRECT, 3, 8, at, at, Presence.VALUE, Presence.VALUE, 0.0, "Number", "differs"
    )
    return replace(one, **changes)


def flip(document: str = "001_mill", *, better: bool = False, **changes: Any) -> LeafFlip:
    wrong, right = outcome(), outcome(kind=OutcomeKind.CORRECT, predicted=3, similarity=1.0)
    sides = (wrong, right) if better else (right, wrong)
    one = LeafFlip(document, 0, better, *sides, "3 sacks", 12, f"gold/invoices/{document}.yaml")
    return replace(one, **changes)


def difference(
    metric: str, path: str, before: float | None, after: float | None, p: float | None
) -> Difference:
    if before is None or after is None:
        return Difference(metric, path, Estimate(before), Estimate(after), Estimate(None), 0, None, None)
    gap = after - before
    return Difference(
        metric,
        path,
        Estimate(before, Interval(before - 0.05, before + 0.05)),
        Estimate(after, Interval(after - 0.05, after + 0.05)),
        Estimate(gap, Interval(gap - 0.02, gap + 0.02)),
        40,
        p,
        p if path or metric != "f1" else None,
    )


COMPARISON = Comparison(
    baseline=BEFORE,
    candidate=AFTER,
    documents=40,
    headline=difference("f1", "", 0.812, 0.771, 0.003),
    metrics=(difference("precision", "", 0.9, 0.89, 0.4), difference("null_specificity", "", None, None, None)),
    fields=(
        difference("f1", "buyer", 0.9, 0.9, 1.0),
        difference("f1", "total", 0.5, 0.6, 0.2),
        replace(difference("f1", "items[].amount", 0.8, 0.71, 0.0004), noisy=True),
    ),
    flipped_documents=(
        DocumentFlip("002_shop", 1.0, 0.5, True, False, -0.03),
        DocumentFlip("001_mill", 1.0, 0.8, True, False, -0.01),
        DocumentFlip("003_farm", 0.5, 0.6, False, False, 0.01),
    ),
    flipped_leaves=(
        flip("001_mill"),
        flip("002_shop", candidate=None, baseline=outcome(), evidence=""),
        flip("003_farm", better=True),
    ),
    noise=2,
    mcnemar_p=0.5,
    least_p=1e-5,
    draws=100_000,
    exact=False,
    detectable=0.03,
    identical=False,
    signature=Signature((("baseline", "a"), ("candidate", "b"))),
)


def rule(text: str, verdict: Verdict, reason: str = "because", **changes: Any) -> RuleResult:
    return replace(RuleResult(text, verdict, Estimate(0.771), reason), **changes)


PASSED = rule("f1 >= 0.7", Verdict.PASS, "f1 is 0.771", where="harness.toml:20")
FAILED = rule(
    "f1 >= baseline - 0.02",
    Verdict.FAIL,
    "f1 is 4.1 points under rules v1",
    seen=Estimate(-0.041, Interval(-0.061, -0.021, 0.9)),
    where="harness.toml:21",
)
OPEN = rule(
    "lower(f1) >= 0.75",
    Verdict.INCONCLUSIVE,
    "the lower bound is 0.74",
    more_documents=12,
    where="harness.toml:22",
)
FIELD = rule("f1 of buyer >= 0.95", Verdict.FAIL, "it is 0.9", path="buyer", where="harness.toml:23")


def decision(*rules: RuleResult, counts_as: Verdict | None = None, **changes: Any) -> GateDecision:
    """A decision whose verdict follows from its rules."""
    verdicts = {one.verdict for one in rules}
    verdict = next((one for one in (Verdict.FAIL, Verdict.INCONCLUSIVE) if one in verdicts), Verdict.PASS)
    one = GateDecision(
        suite="invoices",
        verdict=verdict,
        counts_as=counts_as or verdict,
        rules=rules,
        candidate=AFTER,
        comparison=COMPARISON,
        signature=Signature((("suite", "invoices"), ("documents", "3f2a"), ("rules", "77aa"))),
        documents=40,
        planned=40,
    )
    return replace(one, **changes)


ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=60)
"""Control characters, lone surrogates and unassigned code points among it."""
_NASTY = st.sampled_from(
    [
        *("@everyone", "#1", "/close", "~label", "$x$", "http://x.example", "[a](b)", "![a](http://b)"),
        *("a|b", "\\|", "``", "`x", "**a**", "<b>", "<!--", "-->", "]]>", "&amp;"),
        *("\r\n::error::x", "%0A", "\u202e", "\x00", "\ud800"),
    ]
)
HOSTILE = st.lists(ANY_TEXT | _NASTY, max_size=4).map("".join)


RULES = st.sampled_from(["f1 >= 0.7", "f1 of parts[].name >= baseline - 0.05", "latency_p95 <= 20"])
"""Rules that a policy can have."""


@st.composite
def hostile_decisions(draw: st.DrawFn, rules: st.SearchStrategy[str] = HOSTILE) -> GateDecision:
    """Decisions in which every text may be anything."""
    text = draw(HOSTILE)
    wrong = outcome(
        path="x", gold_at=draw(HOSTILE), predicted_at=draw(HOSTILE), gold=draw(HOSTILE), predicted=text
    )
    flips = tuple(
        LeafFlip(
            draw(HOSTILE), 0, better, None, wrong, draw(HOSTILE), draw(st.none() | st.just(3)), draw(HOSTILE)
        )
        for better in draw(st.lists(st.booleans(), max_size=3))
    )
    comparison = replace(
        COMPARISON,
        flipped_leaves=flips,
        fields=(difference("f1", draw(HOSTILE), 0.1, 0.2, 0.01),),
        baseline=replace(BEFORE, label=draw(HOSTILE), run=draw(HOSTILE)),
        remarks=(draw(HOSTILE),),
    )
    results = tuple(
        rule(draw(rules), verdict, draw(HOSTILE), where=draw(HOSTILE))
        for verdict in draw(st.lists(st.sampled_from(Verdict), min_size=1, max_size=3))
    )
    return decision(
        *results,
        suite=draw(HOSTILE),
        comparison=draw(st.none() | st.just(comparison)),
        remarks=(draw(HOSTILE),),
        signature=Signature((("a", draw(HOSTILE)),)),
    )
