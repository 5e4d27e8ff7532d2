from __future__ import annotations

from harness.reporting.agreement import agreement_table
from harness.reporting.plain import plain_text
from harness.scoring.evaluation import Evaluation


def test_fields_then_facts_then_all(mixed: Evaluation, perfect: Evaluation) -> None:
    assert plain_text(agreement_table(mixed, perfect, ("first", "second"))) == (
        "Agreement of first and second\n"
        "unit  path            first  second  strict F1  lenient F1\n"
        "leaf  title               1       1      1.000       1.000\n"
        "leaf  note                0       0        n/a         n/a\n"
        "leaf  parts[].name        2       4      0.667       1.000\n"
        "leaf  parts[].amount      2       3      0.400       1.000\n"
        "fact  parts               2       4      0.333       1.000\n"
        "leaf  all fields          5       8      0.632       1.000\n"
        "fact  all facts           2       4      0.333       1.000\n"
        "\n"
        "Over 1 document. first stands for gold.\n"
        "The other way round F1 is the same, but for dates and relative tolerances, where gold decides.\n"
        "first and second count the values and facts of each set.\n"
        "strict: the best reading of each label. lenient: alternatives and optional facts count too.\n"
    )


def test_what_only_one_reading_reached_still_has_a_row(empty: Evaluation, mixed: Evaluation) -> None:
    table = agreement_table(empty, mixed, ("a", "b"))
    assert table.rows[0] == ("leaf", "title", "0", "0", "n/a", "1.000")
    assert table.rows[-1] == ("fact", "parts", "0", "0", "n/a", "0.333")


def test_agreement_of_nothing(empty: Evaluation) -> None:
    table = agreement_table(empty, empty, ("a", "b"))
    assert table.rows == ()
    assert [row[2:] for row in table.totals] == [("0", "0", "n/a", "n/a")] * 2
