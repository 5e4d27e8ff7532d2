from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest
from hypothesis import given

from harness.records import GateDecision, RuleResult, Signature, Verdict
from harness.reporting.gate.junit import MOST_FLIPS, junit_xml
from harness.reporting.gate.wording import LONGEST_TEXT
from harness.reporting.visible import shortened
from tests.unit.reporting.decisions import (
    COMPARISON,
    FAILED,
    FIELD,
    OPEN,
    PASSED,
    decision,
    flip,
    hostile_decisions,
    rule,
)

# What the Jenkins xUnit plugin's junit-10.xsd says of the elements that are written:
# its children, the attributes that it must have, those that it may have, and whether it may hold text.
ALLOWED: dict[str, tuple[set[str], set[str], set[str], bool]] = {
    "testsuites": ({"testsuite"}, set(), {"name", "time", "tests", "failures", "errors"}, False),
    "testsuite": (
        {"testsuite", "properties", "testcase", "system-out", "system-err"},
        {"name", "tests", "failures", "errors"},
        {"group", "time", "skipped", "timestamp", "hostname", "id", "package", "file", "log", "url", "version"},
        False,
    ),
    "properties": ({"property"}, set(), set(), False),
    "property": (set(), {"name", "value"}, set(), False),
    "testcase": ({"skipped", "error", "failure"}, {"name"}, {"time", "classname", "group"}, False),
    "skipped": (set(), set(), {"type", "message"}, True),
    "error": (set(), set(), {"type", "message"}, True),
    "failure": (set(), set(), {"type", "message"}, True),
}


def violations(element: Element) -> Iterator[str]:
    children, required, optional, text = ALLOWED[element.tag]
    names = set(element.keys())
    if missing := required - names:
        yield f"{element.tag} lacks {missing}"
    if extra := names - required - optional:
        yield f"{element.tag} has {extra}"
    inside = [element.text, *(child.tail for child in element)]
    if not text and any(one and not one.isspace() for one in inside):
        yield f"{element.tag} holds text"
    for child in element:
        if child.tag not in children:
            yield f"{child.tag} in {element.tag}"
        yield from violations(child)


def read(one: GateDecision) -> Element:
    """The root, as a server that has only the bytes reads it."""
    return ElementTree.fromstring(junit_xml(one).encode())  # noqa: S314 - of our own making


def cases(one: GateDecision) -> list[Element]:
    return list(read(one).iter("testcase"))


def kind(case: Element) -> str:
    return next((child.tag for child in case), "passed")


def test_a_rule_is_a_test_case() -> None:
    one = decision(PASSED, FAILED, OPEN, FIELD)
    assert [(case.get("name"), kind(case)) for case in cases(one)] == [
        ("f1 >= 0.7", "passed"),
        ("f1 >= baseline - 0.02", "failure"),
        ("lower(f1) >= 0.75", "error"),
        ("f1 of buyer >= 0.95", "failure"),
    ]
    assert {case.get("classname") for case in cases(one)} == {"harness.gate.invoices"}
    (suite,) = read(one)
    assert {name: suite.get(name) for name in ("tests", "failures", "errors", "skipped")} == {
        "tests": "4",
        "failures": "2",
        "errors": "1",
        "skipped": "0",
    }


def test_a_failure_says_why_where_and_what_flipped() -> None:
    failure = cases(decision(FAILED))[0][0]
    assert failure.attrib == {"type": "fail", "message": "f1 is 4.1 points under rules v1"}
    assert failure.text == (
        "f1 is 4.1 points under rules v1.\n"
        "Stated in harness.toml:21.\n"
        "\n"
        "Lost: 2 leaves\n"
        "  002_shop items[1].amount (gold/invoices/002_shop.yaml:12)\n"
        "    gold 3, before 8, after (not there)\n"
        "  001_mill items[1].amount (gold/invoices/001_mill.yaml:12)\n"
        '    gold 3, before 3, after 8, evidence: "3 sacks"\n'
        "Gained: 1 leaf\n"
        "  003_farm items[1].amount (gold/invoices/003_farm.yaml:12)\n"
        '    gold 3, before 8, after 3, evidence: "3 sacks"'
    )


def test_a_rule_of_a_field_has_the_flips_of_that_field() -> None:
    assert "items" not in (cases(decision(FIELD))[0][0].text or "")
    of_items = replace(FIELD, path="items[].amount")
    assert "Lost: 2 leaves" in (cases(decision(of_items))[0][0].text or "")


def test_a_gate_without_a_baseline_has_no_flips() -> None:
    text = cases(decision(FAILED, comparison=None))[0][0].text
    assert text == "f1 is 4.1 points under rules v1.\nStated in harness.toml:21."


def test_many_flips_are_counted() -> None:
    flips = tuple(flip(f"{number:04}") for number in range(MOST_FLIPS + 7))
    one = decision(FAILED, comparison=replace(COMPARISON, flipped_leaves=flips))
    text = cases(one)[0][0].text or ""
    assert text.count("before 3, after 8") == MOST_FLIPS
    assert text.endswith("  (7 more)")


@pytest.mark.parametrize(
    ("rules", "counts_as", "element"),
    [
        ((OPEN,), Verdict.PASS, "skipped"),
        ((OPEN,), Verdict.FAIL, "failure"),
        ((OPEN,), Verdict.INCONCLUSIVE, "error"),
    ],
)
def test_what_is_not_settled_has_the_colour_of_the_exit_code(
    rules: tuple[RuleResult, ...], counts_as: Verdict, element: str
) -> None:
    case = cases(decision(*rules, counts_as=counts_as))[0]
    assert kind(case) == element
    assert case[0].get("type") == "inconclusive"
    assert "12 more documents like these would settle it" in (case[0].text or "")


@pytest.mark.parametrize(
    ("said", "element"),
    [("pass", "skipped"), ("fail", "failure"), ("inconclusive", "error"), (None, "error"), ("odd", "error")],
)
def test_beside_a_rule_that_fails_the_policy_still_says_what_is_not_settled(
    said: str | None, element: str
) -> None:
    signature = Signature(() if said is None else (("inconclusive", said),))
    first, second = cases(decision(OPEN, FAILED, signature=signature))
    assert (kind(first), kind(second)) == (element, "failure")


def test_a_server_tells_rules_that_read_alike_apart() -> None:
    names = [case.get("name") for case in cases(decision(PASSED, PASSED, rule("f1 >= 0.7 (2)", Verdict.PASS)))]
    assert names == ["f1 >= 0.7", "f1 >= 0.7 (2)", "f1 >= 0.7 (2) (2)"]


def test_properties_say_what_was_decided_on() -> None:
    one = decision(PASSED, documents=12, remarks=("One.", "Two."))
    told = [(each.get("name"), each.get("value")) for each in read(one).iter("property")]
    assert ("candidate_run", "20260302-1200-ef01") in told
    assert ("baseline_run", "20260301-1200-abcd") in told
    assert ("signature", "suite:invoices|documents:3f2a|rules:77aa") in told
    assert [value for name, value in told if name == "remark"] == ["One.", "Two."]
    assert ("documents", "12") in told


@given(hostile_decisions())
def test_any_text_is_valid_and_reads_back(one: GateDecision) -> None:
    root = read(one)
    assert list(violations(root)) == []
    found = list(root.iter("testcase"))
    names = [case.get("name") for case in found]
    assert len(set(names)) == len(names)
    assert names[0] == shortened(one.rules[0].rule, LONGEST_TEXT)
    for case, told in zip(found, one.rules, strict=True):
        if kind(case) != "passed":
            assert shortened(told.reason, LONGEST_TEXT).rstrip(".") in (case[0].get("message") or "")
    counted = {name: sum(kind(case) == name for case in found) for name in ("failure", "error", "skipped")}
    (suite,) = root
    assert [suite.get("failures"), suite.get("errors"), suite.get("skipped")] == [*map(str, counted.values())]


def test_the_check_of_the_elements_finds_what_is_wrong() -> None:
    wrong = Element("testsuite", {"name": "x", "tests": "1", "failures": "0", "colour": "red"})
    wrong.append(Element("failure"))
    assert list(violations(wrong)) == [
        "testsuite lacks {'errors'}",
        "testsuite has {'colour'}",
        "failure in testsuite",
    ]
