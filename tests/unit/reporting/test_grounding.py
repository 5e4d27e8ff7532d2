from __future__ import annotations

import pytest

from harness.records import GroundingCounts
from harness.reporting.grounding import grounding_table, readings
from harness.reporting.plain import plain_text
from harness.scoring.evaluation import Evaluation


def test_quotes_against_verdicts(mixed: Evaluation) -> None:
    assert plain_text(grounding_table(mixed)) == (
        "Grounding\n"
        "quote     found                   right  wrong  values\n"
        "exact     letter for letter           3      1       4\n"
        "nearly    with small differences      0      0       0\n"
        "invented  not in the document         0      2       2\n"
        "none      nothing is quoted           0      1       1\n"
        "all       -                           3      4       7\n"
        "\n"
        "grounded: 3 of 7 (0.429)\n"
        "real quote that does not support: 1 of 7 (0.143)\n"
        "invented quote: 2 of 7 (0.286)\n"
        "no quote: 1 of 7 (0.143)\n"
    )


@pytest.mark.parametrize(
    ("field", "reading"),
    [
        ("right_exact", "grounded"),
        ("right_fuzzy", "grounded"),
        ("right_invented", "invented quote"),
        ("right_none", "no quote"),
        ("wrong_exact", "real quote that does not support"),
        ("wrong_fuzzy", "real quote that does not support"),
        ("wrong_invented", "invented quote"),
        ("wrong_none", "no quote"),
    ],
)
def test_each_count_has_one_reading(field: str, reading: str) -> None:
    found = readings(GroundingCounts(**{field: 7}))
    assert {name: count for name, count in found.items() if count} == {reading: 7}


def test_no_quotes_at_all(empty: Evaluation) -> None:
    table = grounding_table(empty)
    assert table.totals == (("all", "", "0", "0", "0"),)
    assert len(table.notes) == 1
