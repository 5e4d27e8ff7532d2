"""A gate's decision as Markdown: what a reviewer reads in a pull request.

Everything that comes from documents, models and labels stands in code spans, so that it pings nobody, links
nowhere and gives no orders; see `markdown_text`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from harness.records import Verdict
from harness.reporting.comparison.markdown import difference_cells
from harness.reporting.comparison.tables import metric_name
from harness.reporting.figures import duration, number_of
from harness.reporting.gate.tables import seen_text
from harness.reporting.gate.wording import LONGEST_TEXT, extent, flip_text, flips_of, headline, why
from harness.reporting.markdown_text import code, prose, row, table
from harness.reporting.spending import spent
from harness.verdicts.comparison.sentence import sentence
from harness.verdicts.comparison.wording import shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from harness.records import Comparison, Difference, Expense, GateDecision, LeafFlip, RuleResult, Side

COMMENT_LIMIT = 60_000
"""Bytes. GitHub refuses a comment of more than 65,536 characters."""
MOST_FLIPS = 40
MOST_FIELDS = 8
_FIRST = ("precision", "recall", "exactly_right", "fact_f1", "over_generation")
"""The metrics that a reviewer sees without unfolding anything."""
_MOST_RULES = 100
_ROUNDING = 1e-12
_MOST_REMARKS = 20
_SIGNS = {Verdict.PASS: "✅", Verdict.FAIL: "❌", Verdict.INCONCLUSIVE: "⚠️"}


def gate_markdown(decision: GateDecision) -> str:
    """The decision as a comment: verdict, rules, before and after, the fields that moved most, what flipped.

    Its first line is one that no reader sees, `<!-- harness gate SUITE SYSTEM -->`: by it a program finds what
    it wrote before. What does not fit into a comment is left out, and how much that is, is said.
    """
    return bounded_markdown(decision, COMMENT_LIMIT, MOST_FLIPS)


def bounded_markdown(decision: GateDecision, limit: int, most_flips: int) -> str:
    """The same, of at most `limit` bytes: flipped leaves go first, then lines from the end.

    Args:
        decision: The decision.
        limit: Bytes of UTF-8, at least 1,000.
        most_flips: How many flipped leaves are listed at most.
    """
    while most_flips and _size(text := _text(decision, most_flips)) > limit:
        most_flips = min(most_flips - 1, most_flips * limit // _size(text))
    text = _text(decision, most_flips)
    if _size(text) <= limit:
        return text
    lines, size = [], len(_CUT.encode())
    for line in text.splitlines(keepends=True):
        size += _size(line)
        if size > limit:
            break
        lines.append(line)
    return "".join(lines) + _CUT


_CUT = "\n_The rest did not fit here._\n"


def marker(decision: GateDecision) -> str:
    """The line by which a later comment on this suite and system finds this one."""
    names = (decision.suite, decision.candidate.signature.get("system") or "")
    plain = (re.sub(r"[^A-Za-z0-9_.]+", "-", name)[:100].strip("-") for name in names)
    return f"<!-- {' '.join(['harness gate', *filter(None, plain)])} -->"


def _text(decision: GateDecision, most_flips: int) -> str:
    return "\n".join(_lines(decision, most_flips)) + "\n"


def _lines(decision: GateDecision, most_flips: int) -> Iterator[str]:
    yield marker(decision)
    yield f"### {_SIGNS[decision.counts_as]} {prose(headline(decision).rstrip('.'))}"
    yield ""
    yield from _rules(decision.rules)
    if decision.comparison is None:
        yield ""
        yield f"{_side(decision.candidate)} over {extent(decision)}. No baseline."
    else:
        yield from _before_and_after(decision, decision.comparison)
        yield from _flips(decision, decision.comparison, most_flips)
    remarks = [*decision.remarks, *(decision.comparison.remarks if decision.comparison else ())]
    if remarks:
        yield ""
        yield from (f"- {prose(remark, LONGEST_TEXT)}" for remark in remarks[:_MOST_REMARKS])
    yield ""
    yield "<details><summary>What this depends on</summary>"
    yield ""
    yield code(str(decision.signature), 2_000)
    yield ""
    yield "</details>"


def _rules(rules: Sequence[RuleResult]) -> Iterator[str]:
    rows = [
        row([f"{_SIGNS[one.verdict]} {one.verdict}", code(one.rule), seen_text(one), prose(why(one))])
        for one in rules[:_MOST_RULES]
    ]
    yield from table(" | rule | seen: | why", rows)
    if len(rules) > len(rows):
        yield ""
        yield f"{len(rules) - len(rows)} more rules are not listed."


def _before_and_after(decision: GateDecision, comparison: Comparison) -> Iterator[str]:
    before, after = comparison.baseline, comparison.candidate
    yield ""
    yield f"**{prose(sentence(comparison).strip(), LONGEST_TEXT)}.**"
    yield ""
    yield f"**Before** {_side(before)}, **after** {_side(after)}, over {extent(decision)}."
    yield ""
    first = [_compared(one) for one in comparison.metrics if one.metric in _FIRST]
    others = [_compared(one) for one in comparison.metrics if one.metric not in _FIRST]
    figures = [_compared(comparison.headline, strong=True), *first]
    yield from table(_COLUMNS, [*figures, *_expenses(before.expense, after.expense)])
    if others:
        yield ""
        yield "<details><summary>Other metrics</summary>"
        yield ""
        yield from table(_COLUMNS, others)
        yield ""
        yield "</details>"
    moved = _moved(comparison.fields)
    if moved:
        yield ""
        fields = number_of(len(comparison.fields), "field")
        yield f"**Fields that moved most** (F1; {len(moved)} of {fields} moved)"
        yield ""
        yield from table(f"field | documents: {_COLUMNS}", map(_field, moved[:MOST_FIELDS]))
    if any(shown(one) for one in (comparison.headline, *comparison.metrics, *moved)):
        yield ""
        yield "**Bold**: more than chance explains (p ≤ 0.05 and an interval without 0)."


def _side(side: Side) -> str:
    instrument = ", a test instrument that has seen gold" if side.instrument else ""
    return f"{code(side.label)} (run {code(side.run)}{instrument})"


_COLUMNS = " | before: | after: | points: | 95 % interval: | p:"


def _compared(one: Difference, *, strong: bool = False) -> str:
    label = prose(metric_name(one.metric))
    return row([f"**{label}**" if strong else label, *difference_cells(one)])


def _field(one: Difference) -> str:
    noisy = " (also between trials)" if one.noisy else ""
    return row([f"{code(one.path)}{noisy}", str(one.documents), *difference_cells(one)])


def _moved(fields: Sequence[Difference]) -> list[Difference]:
    """What changed, beyond chance first, then by how much."""
    moved = [one for one in fields if abs(one.difference.value or 0.0) > _ROUNDING]
    return sorted(moved, key=lambda one: (not shown(one), -abs(one.difference.value or 0.0)))


def _expenses(before: Expense, after: Expense) -> Iterator[str]:
    def failed(expense: Expense) -> str:
        return str(sum(count for _, count in expense.failures))

    def half(expense: Expense) -> str:
        return f"{duration(expense.latency_p50)}, {duration(expense.latency_p95)}"

    pairs = [("failures", failed(before), failed(after))]
    if any(one.cost or one.unpriced for one in (before, after)):
        pairs.append(("cost", spent(before.cost, before.unpriced), spent(after.cost, after.unpriced)))
    if any(one.latency_p50 is not None for one in (before, after)):
        pairs.append(("latency p50, p95", half(before), half(after)))
    yield from (row([*pair, "", "", ""]) for pair in pairs)


def _flips(decision: GateDecision, comparison: Comparison, most: int) -> Iterator[str]:
    flips = flips_of(decision)
    lost = sum(not one.better for one in flips)
    if flips:
        yield ""
        yield f"<details><summary>{_leaves(lost)} lost, {len(flips) - lost} gained</summary>"
        yield ""
        rows = [_flip(one) for one in flips[:most]]
        if rows:
            yield from table(" | document | at | gold | before | after | evidence | stated in", rows)
            yield ""
        if len(flips) > most:
            yield f"{len(flips) - most} more: `harness compare --all` lists them."
            yield ""
        yield "</details>"
    if comparison.noise:
        yield ""
        yield f"{_leaves(comparison.noise)} changed between trials of one system as well and count as noise."


def _flip(flip: LeafFlip) -> str:
    text = flip_text(flip)
    parts = (text.document, text.at, text.gold, text.before, text.after, text.evidence, text.stated)
    return row(["gained" if flip.better else "lost", *map(code, parts)])


def _leaves(count: int) -> str:
    return f"{count} {'leaf' if count == 1 else 'leaves'}"


def _size(text: str) -> int:
    return len(text.encode())
