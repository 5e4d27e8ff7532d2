from __future__ import annotations

from harness.reporting.facts import fact_table
from harness.reporting.plain import plain_text
from harness.scoring.evaluation import Evaluation


def test_every_list_of_facts(mixed: Evaluation) -> None:
    assert plain_text(fact_table(mixed)) == (
        "Facts\n"
        "facts      right  wrong  missing  spurious      P      R     F1\n"
        "parts          1      1        0         2  0.250  0.500  0.333\n"
        "all facts      1      1        0         2  0.250  0.500  0.333\n"
        "\n"
        "right: paired with gold, and all of it right. wrong: paired, with a mistake in it.\n"
    )


def test_no_facts(empty: Evaluation) -> None:
    table = fact_table(empty)
    assert table.rows == ()
    assert table.totals == (("all facts", "0", "0", "0", "0", "n/a", "n/a", "n/a"),)
    assert table.notes == ("Nothing stands in a list of models.",)
