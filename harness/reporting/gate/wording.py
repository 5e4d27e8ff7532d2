"""A gate's decision in plain words: what JUnit, GitHub, pytest and the Markdown report say alike."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.records import Verdict
from harness.reporting.comparison.flips import by_worst_document, flip_place, gold_text, predicted_text
from harness.reporting.figures import number_of
from harness.reporting.visible import shortened, visible
from harness.verdicts.comparison.sentence import sentence

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from harness.records import GateDecision, LeafFlip, RuleResult

LONGEST_TEXT = 500
"""A reason or a remark is cut there."""
LONGEST_NAME = 120
"""A document, a path or a quote is cut there."""

_PREDICATES = {Verdict.PASS: "passes", Verdict.FAIL: "fails", Verdict.INCONCLUSIVE: "is inconclusive"}
_COUNTED = {
    Verdict.PASS: "the policy lets that pass",
    Verdict.FAIL: "the policy counts that as a failure",
    Verdict.INCONCLUSIVE: "the policy does not say what that means",
}


def headline(decision: GateDecision) -> str:
    """The decision in one sentence: `The gate of invoices fails: 1 of 3 rules fails.`."""
    subject = f"The gate of {shortened(decision.suite, LONGEST_NAME)} {_PREDICATES[decision.verdict]}"
    counted = Counter(one.verdict for one in decision.rules)
    failed, left = counted[Verdict.FAIL], counted[Verdict.INCONCLUSIVE]
    rules = number_of(len(decision.rules), "rule")
    if decision.verdict is Verdict.PASS:
        return f"{subject}: {'the rule holds' if len(decision.rules) == 1 else f'all {rules} hold'}."
    not_settled = f"{'is' if left == 1 else 'are'} not settled"
    if decision.verdict is Verdict.INCONCLUSIVE:
        return f"{subject}: {left} of {rules} {not_settled}; {_COUNTED[decision.counts_as]}."
    fails = f"{failed} of {rules} {'fails' if failed == 1 else 'fail'}"
    return f"{subject}: {fails}{f', {left} {not_settled}' if left else ''}."


def extent(decision: GateDecision) -> str:
    """How many documents were judged: `40 documents`, or `12 of 40 documents` when asking stopped early."""
    planned = number_of(decision.planned, "document")
    return planned if decision.documents >= decision.planned else f"{decision.documents} of {planned}"


def lacking(result: RuleResult) -> str:
    """What would settle an inconclusive rule; empty when that is not known, or nothing would."""
    needed = []
    if result.more_documents:
        documents = "document" if result.more_documents == 1 else "documents"
        needed.append(f"{result.more_documents:,} more {documents} like these")
    if result.more_trials:
        needed.append(f"{number_of(result.more_trials, 'more trial')} of each document")
    return f"{' or '.join(needed)} would settle it" if needed else ""


def why(result: RuleResult) -> str:
    """The reason of a rule's verdict, with what would settle it, on one line."""
    reason = shortened(result.reason, LONGEST_TEXT)
    needed = lacking(result)
    return f"{reason.rstrip('.')}; {needed}" if needed else reason


def counts_as(decision: GateDecision, result: RuleResult) -> Verdict:
    """What one rule means for the release: its verdict, or what the policy makes of an INCONCLUSIVE one."""
    if result.verdict is not Verdict.INCONCLUSIVE:
        return result.verdict
    if decision.verdict is Verdict.INCONCLUSIVE:
        return decision.counts_as
    # Another rule fails, and so does the release; the signature has what the policy would have said.
    said = decision.signature.get("inconclusive") or ""
    return Verdict(said) if said in tuple(Verdict) else Verdict.INCONCLUSIVE


def flips_of(decision: GateDecision, path: str = "") -> tuple[LeafFlip, ...]:
    """The flipped leaves that a rule is about: the lost ones first, those of the worst document before others.

    Args:
        decision: The decision.
        path: Only this field; empty for all of them.
    """
    comparison = decision.comparison
    if comparison is None:
        return ()
    return tuple(one for one in by_worst_document(comparison) if path in ("", one.path))


@dataclass(frozen=True, slots=True)
class FlipText:
    """A flipped leaf as a person reads it; every part is one visible line.

    Attributes:
        document: The document's id.
        at: Where the leaf stands.
        gold: Gold's value, or how it is absent.
        before: What the baseline said.
        after: What the candidate said.
        evidence: The quote behind gold; empty for none.
        stated: `gold/001.yaml:12`; empty when not known.
    """

    document: str
    at: str
    gold: str
    before: str
    after: str
    evidence: str
    stated: str


def flip_text(flip: LeafFlip) -> FlipText:
    """A flipped leaf in words."""
    label = shortened(flip.label, 2 * LONGEST_NAME)
    return FlipText(
        document=shortened(flip.document, LONGEST_NAME),
        at=shortened(flip_place(flip), LONGEST_NAME),
        gold=gold_text(flip),
        before=predicted_text(flip.baseline),
        after=predicted_text(flip.candidate),
        evidence=shortened(flip.evidence, LONGEST_NAME),
        stated=label if flip.line is None or not label else f"{label}:{flip.line}",
    )


def flip_lines(flips: Sequence[LeafFlip], most: int) -> Iterator[str]:
    """Two lines a flipped leaf, then how many there are beyond `most`."""
    for heading, better in (("Lost", False), ("Gained", True)):
        group = [one for one in flips if one.better is better]
        shown = [one for one in flips[:most] if one.better is better]
        if not group:
            continue
        yield f"{heading}: {len(group)} {'leaf' if len(group) == 1 else 'leaves'}"
        for flip in shown:
            text = flip_text(flip)
            stated = f" ({text.stated})" if text.stated else ""
            yield f"  {text.document} {text.at}{stated}"
            evidence = f', evidence: "{text.evidence}"' if text.evidence else ""
            yield f"    gold {text.gold}, before {text.before}, after {text.after}{evidence}"
        if len(shown) < len(group):
            yield f"  ({len(group) - len(shown)} more)"


def rule_report(decision: GateDecision, result: RuleResult, most_flips: int = 20) -> str:
    """A rule's reason, the leaves that flipped in what it is about, and the whole gate in a sentence."""
    flips = flips_of(decision, result.path)
    lines = ["", *flip_lines(flips, most_flips)] if flips else []
    return "\n".join([_reason(result), *lines, "", headline(decision)])


def gate_report(decision: GateDecision, most_flips: int = 20) -> str:
    """The whole decision as plain text, for a test's failure or a log."""
    return "\n".join(_report(decision, most_flips))


def _report(decision: GateDecision, most_flips: int) -> Iterable[str]:
    candidate = decision.candidate
    yield headline(decision)
    if decision.comparison is not None:
        yield f"{shortened(sentence(decision.comparison), LONGEST_TEXT)}."
    label, run = shortened(candidate.label, LONGEST_NAME), shortened(candidate.run, LONGEST_NAME)
    yield f"{label} (run {run}), {extent(decision)}"
    yield ""
    for one in decision.rules:
        yield from _rule_lines(one)
    if decision.comparison is not None and (flips := flips_of(decision)):
        yield ""
        yield from flip_lines(flips, most_flips)
    for remark in decision.remarks:
        yield ""
        yield shortened(remark, LONGEST_TEXT)


def _rule_lines(result: RuleResult) -> Iterator[str]:
    yield f"{result.verdict.upper()}: {shortened(result.rule, LONGEST_TEXT)}"
    yield f"  {_reason(result)}"


def _reason(result: RuleResult) -> str:
    return f"{why(result)}{f' ({visible(result.where)})' if result.where else ''}"
