from __future__ import annotations

from collections.abc import Callable
from typing import Any

from harness.records import FailureKind
from harness.reporting.leaderboard import Entry, leaderboard
from harness.reporting.plain import plain_text
from harness.scoring.evaluation import Evaluation

from .conftest import GOLD

Evaluate = Callable[..., Evaluation]
HALF: dict[str, Any] = {"title": "Stock", "parts": [GOLD["parts"][0]]}


def test_three_systems(evaluate: Evaluate, perfect: Evaluation) -> None:
    entries = [
        Entry("null", evaluate(*[{}] * 5), "r1", 0.02),
        Entry("rules", evaluate(HALF, HALF, GOLD, HALF, FailureKind.REFUSED), "r2", 1.3),
        Entry("noisy-gold", perfect, "r3", 75.0, instrument=True),
    ]
    assert plain_text(leaderboard(entries)) == (
        "Leaderboard\n"
        "#  system          F1      P      R  macro F1  doc F1  docs right  facts F1  failed   time  run\n"
        "-  noisy-gold*  1.000  1.000  1.000     1.000   1.000         5/5     1.000       0  1m15s  r3\n"
        "1  rules        0.704  1.000  0.543     0.741   0.636         1/5     0.667       1   1.3s  r2\n"
        "2  null         0.000    n/a  0.000     0.000   0.000         0/5     0.000       0   0.0s  r1\n"
        "\n"
        "Over 5 documents, 1 trial each.\n"
        "F1, P, R: over all leaf values (micro); F1 is the headline. macro F1: mean of the fields'.\n"
        "doc F1: mean of the documents'. docs right: without a mistake. facts F1: over whole facts.\n"
        "rules: 1 refused; a failed answer misses every gold value.\n"
        "* noisy-gold is a test instrument: it answers with gold, spoilt on purpose, and has no rank.\n"
    )


def test_equal_scores_share_a_rank_and_instruments_take_none(evaluate: Evaluate, perfect: Evaluation) -> None:
    half, none = evaluate(*[HALF] * 5), evaluate(*[{}] * 5)
    entries = [
        Entry("d", none),
        Entry("c", half),
        Entry("b", half),
        Entry("tool", perfect, instrument=True),
        Entry("a", perfect),
    ]
    table = leaderboard(entries)
    assert [(row[0], row[1]) for row in table.rows] == [
        ("1", "a"),
        ("", "tool*"),
        ("2", "b"),
        ("2", "c"),
        ("4", "d"),
    ]
    assert table.strong == frozenset({0})


def test_what_nobody_knows_has_no_column(perfect: Evaluation) -> None:
    names = [column.name for column in leaderboard([Entry("a", perfect)]).columns]
    assert names[-1] == "failed"
    assert "time" not in names


def test_an_undefined_score_comes_last_without_a_rank(empty: Evaluation, evaluate: Evaluate) -> None:
    table = leaderboard([Entry("a", empty), Entry("z", evaluate({}))])
    assert [row[:3] for row in table.rows] == [("1", "z", "0.000"), ("", "a", "n/a")]
    assert table.rows[1][7] == "0/0"
    assert "Over 0 documents, 0 trials each or 1 document, 1 trial each." in table.notes
    assert "Not all were scored on the same documents and trials: their figures do not compare." in table.notes


def test_few_documents_are_said_to_be_few(evaluate: Evaluate, perfect: Evaluation) -> None:
    few = leaderboard([Entry("a", evaluate(GOLD))]).notes
    assert "Over 1 document, 1 trial each." in few
    assert "Fewer than 5 documents: the figures say little; read the documents." in few
    assert not any("Fewer than" in note for note in leaderboard([Entry("a", perfect)]).notes)


def test_trials_are_averaged_inside_a_document(evaluate: Evaluate) -> None:
    table = leaderboard([Entry("a", evaluate(GOLD, HALF, GOLD, GOLD, trials=2))])
    assert table.rows[0][7] == "1.5/2"
    assert "Over 2 documents, 2 trials each." in table.notes


def test_no_system_at_all() -> None:
    table = leaderboard([])
    assert table.rows == ()
    assert table.notes == ("No system has been scored.",)
