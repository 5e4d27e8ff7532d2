from __future__ import annotations

from dataclasses import replace

from harness.records import Difference, Estimate, Interval, Signature
from harness.reporting.comparison.as_json import ranking_as_json
from harness.reporting.comparison.markdown import comparison_markdown
from harness.reporting.comparison.ranking import beside_first, ranking_table
from harness.reporting.json_results import json_text
from harness.verdicts.comparison.ranking import Pair, Place, Ranking
from tests.unit.reporting.decisions import AFTER, BEFORE, COMPARISON

BESIDE = Difference("f1", "", Estimate(0.5), Estimate(0.8), Estimate(0.3, Interval(0.2, 0.4)), 40, 0.001, 0.002)
GOLD = replace(BEFORE, label="noisy-gold", run="20260303", instrument=True)
RANKING = Ranking(
    (
        Place(None, GOLD, Estimate(0.9, Interval(0.8, 0.95))),
        Place(1, AFTER, Estimate(0.8)),
        Place(2, BEFORE, Estimate(None)),
    ),
    (Pair(0, 1, BESIDE), Pair(0, 2, BESIDE), Pair(1, 2, replace(BESIDE, adjusted_p=0.4))),
    Signature((("suite", "s"),)),
)


def test_a_leaderboard_says_how_far_each_is_from_the_one_above() -> None:
    table = ranking_table(RANKING)
    assert table.rows == (
        ("", "noisy-gold*", "0.900", "0.800 to 0.950", "", "20260303"),
        ("1", "rules v2", "0.800", "n/a", "0.0020", AFTER.run),
        ("2", "rules v1", "n/a", "n/a", "0.40", BEFORE.run),
    )
    assert table.strong == {1}
    assert "3 pairs (Holm)" in table.notes[1]


def test_the_first_beside_each_other_one() -> None:
    same = replace(COMPARISON, identical=True, headline=replace(COMPARISON.headline, difference=Estimate(None)))
    table = beside_first((COMPARISON, same))
    assert table.title == "Beside rules v1"
    assert table.rows == (
        ("rules v2", "0.771", "-4.1", "-6.1 to -2.1", "0.0030", "worse"),
        ("rules v2", "0.771", "n/a", "n/a", "0.0030", "the same"),
    )


def test_for_programs() -> None:
    found = ranking_as_json(RANKING)
    assert [(place["rank"], place["run"]) for place in found["places"]] == [
        (None, "20260303"),
        (1, AFTER.run),
        (2, BEFORE.run),
    ]
    assert found["pairs"][2]["upper"] == AFTER.run
    assert found["pairs"][2]["verdict"] == "cannot tell"
    assert found["pairs"][0]["verdict"] == "better"
    assert found["signature"] == {"suite": "s"}
    assert json_text(found)


def test_as_markdown() -> None:
    text = comparison_markdown((COMPARISON, COMPARISON), RANKING)
    assert text.startswith("### rules v2 is best: it is shown better than the other\n")
    assert "| 1 | `rules v2` | 0.800 | n/a |" in text
    assert "|  | `noisy-gold*` | 0.900 | 0.800 to 0.950 |" in text
    assert "- rules v2 is 4.1 points of F1 worse than rules v1 " in text
