import pytest

from harness.cli.gold_report import report_as_json, report_text
from harness.suites.checking import GoldProblem, GoldReport, UnsupportedValue

PROBLEM = GoldProblem(where="a.yaml:3", path="lines[0].item", seen="two\nlines", hint="repair it")
OF_THE_FILE = GoldProblem(where="b.yaml", path="", seen="no label")


def report(*problems: GoldProblem, unsupported: int = 0) -> GoldReport:
    values = tuple(
        UnsupportedValue(where=f"a.yaml:{n}", path="total", value=str(n)) for n in range(unsupported)
    )
    return GoldReport(files=1, facts=2, leaves=3, problems=problems, unsupported=values)


def test_a_good_set_is_one_line() -> None:
    assert report_text(report(), whole=False) == "1 label file, 2 facts, 3 values: no problem"


def test_a_problem_is_a_line_with_its_place_and_what_to_do_below() -> None:
    assert report_text(report(PROBLEM, OF_THE_FILE), whole=False).splitlines() == [
        "a.yaml:3: lines[0].item: two lines",
        "  repair it",
        "b.yaml: no label",
        "",
        "1 label file, 2 facts, 3 values: 2 problems",
    ]


@pytest.mark.parametrize(("count", "whole", "shown"), [(20, False, 20), (21, False, 20), (21, True, 21)])
def test_values_to_look_at_are_listed_up_to_twenty(count: int, whole: bool, shown: int) -> None:
    text = report_text(report(unsupported=count), whole=whole)
    assert text.count("  a.yaml:") == shown
    assert (f"and {count - shown} more; --verbose" in text) is (count > shown)
    assert text.endswith("no problem")


def test_json_has_everything() -> None:
    value = report_as_json(report(PROBLEM, unsupported=30))
    assert list(value["problems"]) == [
        {"where": "a.yaml:3", "path": "lines[0].item", "seen": "two\nlines", "hint": "repair it"}
    ]
    assert len(value["unsupported"]) == 30
