"""A gate's decision for a person at a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.records import Verdict
from harness.reporting.figures import NOT_DEFINED, number_of
from harness.reporting.gate.wording import why
from harness.reporting.tables import Column, Holds, Table
from harness.verdicts.comparison.sentence import sentence
from harness.verdicts.gate.reasons import figure, limit_of
from harness.verdicts.gate.rules import parse_rule

if TYPE_CHECKING:
    from collections.abc import Sequence

    from harness.records import GateDecision, RuleResult

_MOST_NAMED = 3


def gate_sentence(decision: GateDecision) -> str:
    """The decision in one line: `FAIL: 1 of 4 rules fails: f1 >= 0.8`."""
    verdict = decision.verdict
    rules = number_of(len(decision.rules), "rule")
    if verdict is Verdict.PASS:
        held = "the rule holds" if len(decision.rules) == 1 else f"all {rules} hold"
        return f"PASS: {held}"
    chosen = [one.rule for one in decision.rules if one.verdict is verdict]
    if verdict is Verdict.FAIL:
        says = "fails" if len(chosen) == 1 else "fail"
        return f"FAIL: {len(chosen)} of {rules} {says}: {_named(chosen)}"
    says = "is not settled" if len(chosen) == 1 else "are not settled"
    counted = ""
    if decision.counts_as is not verdict:
        counted = f"; this policy counts that as {decision.counts_as.upper()}"
    return f"INCONCLUSIVE: {len(chosen)} of {rules} {says}: {_named(chosen)}{counted}"


def gate_table(decision: GateDecision) -> Table:
    """A row a rule: its verdict, the rule, what was seen, and why."""
    rows = tuple((one.verdict.upper(), one.rule, seen_text(one), _sentence_of(one)) for one in decision.rules)
    columns = (
        Column("verdict", Holds.VERDICT),
        Column("rule"),
        Column("seen", Holds.NUMBER),
        Column("why"),
    )
    title = f"Gate of {decision.suite}: {decision.candidate.label}, run {decision.candidate.run}"
    return Table(title, columns, rows, notes=tuple(_notes(decision)))


def seen_text(result: RuleResult) -> str:
    """What was measured, with its bounds: a difference has a sign."""
    value, interval = result.seen.value, result.seen.interval
    if value is None:
        return NOT_DEFINED
    rule = parse_rule(result.rule)
    signed = rule.margin is not None
    limit = limit_of(rule)
    text = figure(rule, value, beside=limit, signed=signed)
    if interval is None:
        return text
    low, high = (figure(rule, end, beside=limit, signed=signed) for end in (interval.low, interval.high))
    return f"{text} ({low} to {high})"


def _sentence_of(result: RuleResult) -> str:
    text = why(result)
    return text[:1].upper() + text[1:]


def _named(rules: Sequence[str]) -> str:
    more = f" and {len(rules) - _MOST_NAMED} more" if len(rules) > _MOST_NAMED else ""
    return ", ".join(rules[:_MOST_NAMED]) + more


def _notes(decision: GateDecision) -> list[str]:
    trials = decision.candidate.stability.trials
    extent = number_of(decision.documents, "document")
    if decision.documents < decision.planned:
        extent = f"{decision.documents} of {number_of(decision.planned, 'document')}"
    each = f", {number_of(trials, 'trial')} each" if decision.documents else ""
    notes = [f"Judged on {extent}{each}."]
    if any(one.seen.interval is not None for one in decision.rules):
        notes.append(
            "In brackets: the one-sided 95 % bounds, which rules on bounds and on the baseline look at."
        )
    if decision.comparison is not None:
        before = decision.comparison.baseline
        notes.append(f"Baseline: {before.label}, run {before.run}. Compared: {sentence(decision.comparison)}.")
    return [*notes, *decision.remarks]
