from __future__ import annotations

from dataclasses import replace

from harness.records import DocumentFlip, LeafFlip, OutcomeKind, Presence
from harness.reporting.comparison.flips import (
    by_worst_document,
    document_table,
    flip_place,
    gold_text,
    leaf_table,
    predicted_text,
)
from tests.unit.reporting.decisions import COMPARISON, flip, outcome


def test_documents_in_the_order_given_with_what_flipped() -> None:
    table = document_table(COMPARISON, limit=None)
    assert [column.name for column in table.columns] == [
        "document",
        "rules v1",
        "rules v2",
        "points",
        "exactly right",
    ]
    assert table.rows == (
        ("002_shop", "1.000", "0.500", "-3.0", "lost"),
        ("001_mill", "1.000", "0.800", "-1.0", "lost"),
        ("003_farm", "0.500", "0.600", "+1.0", ""),
    )
    assert table.notes[-1] == "37 documents have the same counts in both."


def test_only_so_many_documents_are_listed() -> None:
    table = document_table(COMPARISON, limit=1)
    assert [row[0] for row in table.rows] == ["002_shop"]
    assert "2 more; --all lists them." in table.notes
    assert document_table(COMPARISON, limit=0).rows == ()


def test_of_few_documents_each_is_listed() -> None:
    table = document_table(replace(COMPARISON, documents=4), limit=1)
    assert len(table.rows) == 3
    assert table.notes[-1] == "1 document has the same counts in both."


def test_right_in_both_and_gained() -> None:
    flips = (DocumentFlip("a", None, 1.0, False, True, 0.1), DocumentFlip("b", 1.0, 1.0, True, True, 0.0))
    table = document_table(replace(COMPARISON, flipped_documents=flips), limit=None)
    assert table.rows == (("a", "n/a", "1.000", "+10.0", "gained"), ("b", "1.000", "1.000", "0.0", "in both"))
    wrong = (DocumentFlip("a", 0.5, 0.6, False, False, 0.1),)
    plain = document_table(replace(COMPARISON, flipped_documents=wrong), limit=None)
    assert "exactly right" not in [column.name for column in plain.columns]


def test_documents_that_only_failed_on_one_side_say_so() -> None:
    shares = ((0, 1), (1, 0), (0, 0.5), (1, 0.5), (0.5, 0.5))
    flips = tuple(
        DocumentFlip(f"d{at}", 0.0, 0.0, False, False, 0.0, was_failed=was, is_failed=now)
        for at, (was, now) in enumerate(shares)
    )
    table = document_table(replace(COMPARISON, flipped_documents=flips), limit=None)
    assert table.columns[-1].name == "answer"
    assert [row[-1] for row in table.rows] == ["failed", "answered", "failed more", "failed less", ""]
    assert "answer" not in [column.name for column in document_table(COMPARISON, limit=None).columns]


def test_a_place_of_a_prediction_does_not_look_like_one_of_gold() -> None:
    invented = outcome(gold=None, gold_at="", gold_presence=Presence.LEFT_OUT, kind=OutcomeKind.SPURIOUS)
    gained = LeafFlip("d", 0, better=True, baseline=invented, candidate=None)
    table = leaf_table(replace(COMPARISON, flipped_leaves=(flip("d"), gained)), limit=None)
    assert [row[0] for row in table.rows] == ["items[1].amount", "predicted items[1].amount"]
    assert "predicted: gold has nothing there, and the place is one of the prediction." in table.notes
    assert not any(note.startswith("predicted") for note in leaf_table(COMPARISON, limit=None).notes)


def test_many_documents_have_separators() -> None:
    table = document_table(replace(COMPARISON, documents=1_003, noise=0), limit=None)
    assert table.notes[-1] == "1,000 documents have the same counts in both."


def test_lost_leaves_come_first_those_of_the_worst_document_before_others() -> None:
    assert [(one.better, one.document) for one in by_worst_document(COMPARISON)] == [
        (False, "002_shop"),
        (False, "001_mill"),
        (True, "003_farm"),
    ]
    table = leaf_table(COMPARISON, limit=None)
    assert table.rows == (
        ("items[1].amount", "lost", "002_shop", "3", "8", "(not there)", ""),
        ("items[1].amount", "lost", "001_mill", "3", "3", "8", "3 sacks"),
        ("items[1].amount", "gained", "003_farm", "3", "8", "3", "3 sacks"),
    )
    assert table.notes == (
        "Leaves that only one of both has right: 2 lost, 1 gained.",
        "Set aside as noise: 2 leaves that the trials of one system do not agree on.",
    )


def test_so_many_lost_and_so_many_gained_are_listed() -> None:
    many = tuple(flip(f"d{at}", better=at % 2 == 0) for at in range(10))
    table = leaf_table(replace(COMPARISON, flipped_leaves=many, noise=1), limit=2)
    assert [row[1] for row in table.rows] == ["lost", "lost", "gained", "gained"]
    assert "6 more; --all lists them." in table.notes
    assert "Set aside as noise: 1 leaf that the trials of one system do not agree on." in table.notes


def test_values_and_how_they_are_absent() -> None:
    silent = outcome(
        gold=None,
        gold_at="",
        gold_presence=Presence.LEFT_OUT,
        predicted="x" * 100,
        predicted_at="items[3].amount",
        kind=OutcomeKind.SPURIOUS,
    )
    invented = LeafFlip("d", 0, better=False, baseline=None, candidate=silent)
    assert flip_place(invented) == "predicted items[3].amount"
    assert gold_text(invented) == "(left out)"
    assert predicted_text(silent, 10) == '"xxxxxxxx…'
    assert predicted_text(outcome(predicted=None, predicted_presence=Presence.NULL)) == "(null)"
    empty = LeafFlip("d", 0, better=False, baseline=None, candidate=None)
    assert (flip_place(empty), gold_text(empty), predicted_text(None)) == ("(not there)",) * 3
