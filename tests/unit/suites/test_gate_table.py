from __future__ import annotations

from pathlib import Path

import pytest

from harness.errors import ConfigError
from harness.records import Verdict
from harness.suites.configuration import load_configuration
from harness.suites.gate_table import EXAMPLE
from harness.verdicts.gate.error_costs import Costs
from harness.verdicts.gate.policy import Policy

SUITE = '[suites.a]\nschema = "schemas.a:A"\ndocuments = "seeds"\ngold = "gold"\n'


def read(folder: Path, text: str) -> Policy | None:
    path = folder / "harness.toml"
    path.write_text(SUITE + text, encoding="utf-8")
    return load_configuration(path).suite().gate


def policy(folder: Path, text: str) -> Policy:
    found = read(folder, "[suites.a.gate]\n" + text)
    assert found is not None
    return found


def test_a_suite_needs_no_gate(tmp_path: Path) -> None:
    assert read(tmp_path, "") is None


def test_reads_everything_with_the_line_of_each_rule(tmp_path: Path) -> None:
    text = """\
baseline = "main" # a tag
rules = [ # these
  "f1 >= 0.80", # "with" ] a comment

  "f1 of a[].b >= baseline - 0.05", "failure_rate <= 0",
]
inconclusive = "fail"
cost = { invented = 5, wrong = 3 }
[suites.a.gate.field_cost."a[].b"]
invented = 10
"""
    found = policy(tmp_path, text)
    assert [(str(one.rule), one.where.rsplit(":")[-1]) for one in found.rules] == [
        ("f1 >= 0.8", "8"),
        ("f1 of a[].b >= baseline - 0.05", "10"),
        ("failure_rate <= 0", "10"),
    ]
    assert (found.baseline, found.inconclusive) == ("main", Verdict.FAIL)
    assert found.costs.everywhere == Costs(invented=5, missed=1, wrong=3)
    assert found.costs.at("a[].b") == Costs(invented=10, missed=1, wrong=3)
    assert found.where.endswith("harness.toml:5")


def test_what_is_left_out(tmp_path: Path) -> None:
    found = policy(tmp_path, 'rules = ["f1 >= 0.8"]\n')
    assert (found.baseline, found.inconclusive) == ("", Verdict.INCONCLUSIVE)
    assert found.costs.everywhere == Costs(1, 1, 1)


def test_the_example_is_one(tmp_path: Path) -> None:
    found = read(tmp_path, EXAMPLE.format(suite="a"))
    assert found is not None
    assert (len(found.rules), found.needs_baseline) == (5, True)


@pytest.mark.parametrize(
    ("text", "line", "words", "hint"),
    [
        ("", 5, 'the gate has no "rules"', "rules ="),
        ("rules = []\n", 6, '"rules" is no list of strings', "rules ="),
        ("rules = [1]\n", 6, '"rules" is no list of strings', "rules ="),
        ('rules = ["f1 >= 0.8",\n"precison >= 0.5"]\n', 7, 'no metric "precison"', "did you mean precision"),
        ('rules = ["f1 >= baseline - 7"]\n', 6, "margin 7 is no share", "0.07"),
        ('rules = ["f1 >= 0.8", "f1>=.80"]\n', 6, "the rule f1 >= 0.8 is there twice", "take one out"),
        ('rule = ["f1 >= 0.8"]\n', 6, 'unknown key "rule" in [suites.a.gate]', 'did you mean "rules"?'),
        ('rules = ["f1 >= 0.8"]\ninconclusive = "maybe"\n', 7, "\"inconclusive\" is 'maybe'", "exit code 5"),
        ('rules = ["f1 >= 0.8"]\nbaseline = 3\n', 7, '"baseline" is a number', "quotes"),
        ('rules = ["f1 >= 0.8"]\ncost = { invented = -1 }\n', 7, '"invented" is -1', "at least 0"),
        (
            'rules = ["f1 >= 0.8"]\ncost = { made_up = 1 }\n',
            7,
            'unknown key "made_up"',
            "invented, missed, wrong",
        ),
        ('rules = ["f1 >= 0.8"]\n[suites.a.gate.field_cost]\n"a..b" = { wrong = 1 }\n', 8, "no field path", ""),
    ],
)
def test_refuses_with_file_and_line(tmp_path: Path, text: str, line: int, words: str, hint: str) -> None:
    with pytest.raises(ConfigError) as caught:
        policy(tmp_path, text)
    assert words in caught.value.seen
    assert hint in caught.value.hint
    assert caught.value.where.endswith(f"harness.toml:{line}")
