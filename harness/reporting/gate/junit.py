"""A gate's decision as JUnit XML, which Jenkins, GitLab and most other servers show as tests.

Elements and attributes are those of the Jenkins xUnit plugin's schema `junit-10.xsd`; GitLab reads a part of
them. GitLab shows the text of a `<failure>` and not its `message`, Jenkins shows both: so the text begins with
the reason again. Rules have no running time of their own, and none is invented.

What an INCONCLUSIVE rule is follows from what it means for the release, so that the page never shows another
colour than the exit code:

- the policy lets it pass: `<skipped>`. The build stays green, and nothing claims that the rule held.
- the policy counts it as a failure: `<failure>`.
- the policy says nothing (exit code 5): `<error>`. Jenkins and GitLab count it as not passed, and GitLab tells
  errors from failures: that there is no verdict is another thing than a broken rule.
"""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

from harness.records import Verdict
from harness.reporting.gate.wording import LONGEST_TEXT, counts_as, flip_lines, flips_of, headline, why
from harness.reporting.visible import shortened, visible
from harness.verdicts.comparison.sentence import sentence

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

    from harness.records import GateDecision, RuleResult

MOST_FLIPS = 50
"""So many flipped leaves are told in the text of one rule; the rest are counted."""
_SETTLED = {Verdict.PASS: "", Verdict.FAIL: "failure"}
_NOT_SETTLED = {Verdict.PASS: "skipped", Verdict.FAIL: "failure", Verdict.INCONCLUSIVE: "error"}


def junit_xml(decision: GateDecision) -> str:
    """The decision as an XML document: one test case a rule.

    Text that XML 1.0 cannot hold is written as escapes. Two rules that read alike get a number, because servers
    know a test by its name.
    """
    from xml.etree.ElementTree import Element, SubElement, indent, tostring

    name = f"harness.gate.{shortened(decision.suite, LONGEST_TEXT)}"
    kinds = [_kind(decision, one) for one in decision.rules]
    counts = {
        "tests": str(len(kinds)),
        "failures": str(kinds.count("failure")),
        "errors": str(kinds.count("error")),
    }
    root = Element("testsuites", {"name": "harness gate", **counts})
    suite = SubElement(root, "testsuite", {"name": name, **counts, "skipped": str(kinds.count("skipped"))})
    properties = SubElement(suite, "properties")
    for key, value in _properties(decision):
        SubElement(properties, "property", {"name": key, "value": visible(value)})
    for result, kind, title in zip(decision.rules, kinds, _names(decision), strict=True):
        case = SubElement(suite, "testcase", {"classname": name, "name": title})
        if kind:
            case.append(_told(decision, result, kind))
    indent(root)
    # A text of our own stands before the tree, for `tostring` would name the encoding of this machine.
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(root, encoding="unicode")}\n'


def _kind(decision: GateDecision, result: RuleResult) -> str:
    """The element that says how a rule went; empty for one that passed."""
    meaning = counts_as(decision, result)
    return _NOT_SETTLED[meaning] if result.verdict is Verdict.INCONCLUSIVE else _SETTLED[meaning]


def _names(decision: GateDecision) -> Iterator[str]:
    seen: set[str] = set()
    for result in decision.rules:
        name = title = shortened(result.rule, LONGEST_TEXT)
        for number in count(2):
            if title not in seen:
                break
            title = f"{name} ({number})"
        seen.add(title)
        yield title


def _told(decision: GateDecision, result: RuleResult, kind: str) -> Element:
    from xml.etree.ElementTree import Element

    reason = why(result)
    told = Element(kind, {"type": str(result.verdict), "message": reason})
    lines = [f"{reason.rstrip('.')}."]
    if result.where:
        lines.append(f"Stated in {visible(result.where)}.")
    if flips := flips_of(decision, result.path):
        lines += ["", *flip_lines(flips, MOST_FLIPS)]
    told.text = "\n".join(lines)
    return told


def _properties(decision: GateDecision) -> Iterator[tuple[str, str]]:
    yield "decision", headline(decision)
    yield "verdict", decision.verdict
    yield "counts_as", decision.counts_as
    yield "candidate", decision.candidate.label
    yield "candidate_run", decision.candidate.run
    if decision.comparison is not None:
        yield "comparison", shortened(sentence(decision.comparison), LONGEST_TEXT)
        yield "baseline", decision.comparison.baseline.label
        yield "baseline_run", decision.comparison.baseline.run
    yield "documents", str(decision.documents)
    yield "planned", str(decision.planned)
    for remark in decision.remarks:
        yield "remark", shortened(remark, LONGEST_TEXT)
    yield "signature", str(decision.signature)
