from __future__ import annotations

import json

from harness.reporting.comparison.power import power_as_json, power_table
from harness.reporting.json_results import json_text
from harness.reporting.plain import plain_text
from harness.statistics.spread import Spread
from harness.verdicts.comparison.power import Basis, PowerReport, needed


def report(trials: float | None, *differences: float) -> PowerReport:
    basis = Basis(Spread(0.03, trials), 40, 2 if trials else 1)
    return needed(basis, labels=("v2", "v3"), runs=("r2", "r3"), differences=differences, wanted=0.9)


def test_with_one_trial() -> None:
    assert plain_text(power_table(report(None, 0.01, 0.05))) == (
        "To see it in 90 % of comparisons\n"
        "difference  seen now  documents needed           range\n"
        "   1 point       6 %             3,155  2,118 to 5,200\n"
        "  5 points      43 %               129       87 to 210\n"
        "\n"
        "40 documents leave the spread itself unsure: it may be 0.82 to 1.28 times as large (95 %), or more "
        "where few documents differ much. Hence the ranges.\n"
        "With one trial a document nobody can tell what more trials would help.\n"
    )


def test_with_trials() -> None:
    table = power_table(report(0.02, 0.1))
    assert [column.name for column in table.columns][3:] == [
        *("range", "with 1 trial", "with 2 trials", "with 3 trials", "with 5 trials", "with 10 trials"),
        "trials for 40",
    ]
    assert table.rows == (("10 points", "87 %", "44", "31 to 72", "55", "44", "41", "38", "36", "4"),)


def test_no_number_of_trials_would_do() -> None:
    table = power_table(report(0.02, 0.001))
    assert table.rows[0][-1] == "none"


def test_where_nothing_is_known_no_number_is_made_up() -> None:
    basis = Basis(Spread(0.0, 0.0), 40, 2)
    unknown = needed(basis, labels=("v2", "v3"), runs=("r2", "r3"), differences=(0.05,))
    assert power_table(unknown).rows == (("5 points", "n/a", "n/a", "n/a"),)
    found = json.loads(json_text(power_as_json(unknown)))
    assert found["detectable_difference"] is None
    assert found["rows"] == [
        {"difference": 0.05, "power": None, "documents": None, "with_trials": [], "trials": None}
    ]


def test_json_has_everything_but_the_curves() -> None:
    found = json.loads(json_text(power_as_json(report(0.02, 0.05))))
    assert found["runs"] == ["r2", "r3"]
    assert found["wanted"] == 0.9
    assert found["spread"] == {"documents": 0.03, "trials": 0.02}
    assert found["rows"][0]["difference"] == 0.05
    assert set(found["rows"][0]["documents"]) == {"value", "low", "high"}
    assert 0 < found["detectable_difference"] < 1
    assert "curves" not in found
