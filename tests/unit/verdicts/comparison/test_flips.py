from __future__ import annotations

from typing import Any

from harness.records import Extraction, Outcome, OutcomeKind
from harness.scoring.scorer import Scorer
from harness.verdicts.comparison.flips import DocumentFlips, leaf_flips, worst_first
from tests.unit.verdicts.entrants import PLAN

SCORER = Scorer(PLAN)
GOLD: dict[str, Any] = {
    "a": "one",
    "parts": [{"name": "bolt", "amount": 3}, {"name": "nail", "amount": 9}],
}


def answered(gold: Any, *values: Any) -> list[tuple[Outcome, ...]]:
    return [SCORER.explain(gold, Extraction("d", trial, value)) for trial, value in enumerate(values)]


def flipped(ours: Any, theirs: Any, gold: Any = None) -> DocumentFlips:
    """Between lists of trials, or single answers."""
    stated = GOLD if gold is None else gold
    sides = [one if isinstance(one, list) else [one] for one in (ours, theirs)]
    return leaf_flips("d", answered(stated, *sides[0]), answered(stated, *sides[1]))


def told(found: DocumentFlips) -> list[tuple[str, str, str]]:
    """Where, which way, and the candidate's verdict."""
    return [
        (
            next(one.gold_at or one.predicted_at for one in (flip.candidate, flip.baseline) if one),
            "gained" if flip.better else "lost",
            str(flip.candidate.kind if flip.candidate else "nothing"),
        )
        for flip in found.flips
    ]


def test_a_leaf_that_only_one_has_right() -> None:
    found = flipped(GOLD, {**GOLD, "a": "two"})
    assert told(found) == [("a", "lost", "incorrect")]
    (flip,) = found.flips
    assert flip.path == "a"
    assert flip.baseline is not None
    assert flip.baseline.kind is OutcomeKind.CORRECT
    assert told(flipped({**GOLD, "a": None}, GOLD)) == [("a", "gained", "correct")]


def test_both_wrong_is_no_flip() -> None:
    assert flipped({**GOLD, "a": "two"}, {**GOLD, "a": None}) == DocumentFlips((), 0)


def test_the_order_of_a_list_changes_nothing() -> None:
    turned = {**GOLD, "parts": GOLD["parts"][::-1]}
    assert flipped(GOLD, turned) == DocumentFlips((), 0)
    worse = {**turned, "parts": [{"name": "nail", "amount": 8}, {"name": "bolt", "amount": 3}]}
    assert told(flipped(GOLD, worse)) == [("parts[1].amount", "lost", "incorrect")]


def test_a_missing_item_loses_each_of_its_leaves() -> None:
    less = {**GOLD, "parts": GOLD["parts"][:1]}
    assert told(flipped(GOLD, less)) == [
        ("parts[1].name", "lost", "missing"),
        ("parts[1].amount", "lost", "missing"),
    ]


def test_what_only_one_invents_has_flipped() -> None:
    more = {**GOLD, "parts": [*GOLD["parts"], {"name": "tack"}]}
    (lost,) = flipped(GOLD, more).flips
    assert (lost.better, lost.baseline) == (False, None)
    assert lost.candidate is not None
    assert (lost.candidate.kind, lost.candidate.predicted) == (OutcomeKind.SPURIOUS, "tack")
    (gained,) = flipped(more, GOLD).flips
    assert (gained.better, gained.candidate) == (True, None)


def test_as_many_inventions_are_no_flip_and_equal_ones_are_set_off_first() -> None:
    def with_parts(*names: str) -> Any:
        return {**GOLD, "parts": [*GOLD["parts"], *({"name": name} for name in names)]}

    assert flipped(with_parts("tack"), with_parts("hook")).flips == ()
    (lost,) = flipped(with_parts("tack"), with_parts("hook", "tack")).flips
    assert lost.candidate is not None
    assert lost.candidate.predicted == "hook"
    (gained,) = flipped(with_parts("hook", "tack"), with_parts("tack")).flips
    assert gained.baseline is not None
    assert gained.baseline.predicted == "hook"


def test_a_value_where_gold_is_silent() -> None:
    gold: dict[str, Any] = {"a": None, "parts": []}
    (lost,) = flipped({}, {"a": "x"}, gold).flips
    assert (lost.better, lost.path) == (False, "a")
    assert lost.baseline is not None
    assert lost.baseline.kind is OutcomeKind.ABSENT


def test_an_optional_fact_that_is_left_out_costs_nothing() -> None:
    gold = {"parts": [{"$optional": {"name": "bolt", "amount": 3}}]}
    right, wrong = ({"parts": [{"name": "bolt", "amount": amount}]} for amount in (3, 4))
    assert flipped({}, right, gold).flips == ()
    assert told(flipped({}, wrong, gold)) == [("parts[0].amount", "lost", "incorrect")]


def test_either_alternative_is_right() -> None:
    gold = {"parts": [{"$any": [{"name": "bolt"}, {"name": "screw", "amount": 1}]}]}
    one, other = {"parts": [{"name": "bolt"}]}, {"parts": [{"name": "screw", "amount": 1}]}
    assert flipped(one, other, gold).flips == ()


def test_a_leaf_that_changes_between_trials_is_noise() -> None:
    bad = {**GOLD, "a": "two"}
    assert flipped([GOLD, GOLD], [GOLD, bad]) == DocumentFlips((), 1)
    assert flipped([bad, GOLD], [bad, bad]) == DocumentFlips((), 1)
    assert told(flipped([GOLD, GOLD], [bad, bad])) == [("a", "lost", "incorrect")]
    assert told(flipped([GOLD, GOLD, GOLD], bad)) == [("a", "lost", "incorrect")]


def test_an_invention_of_some_trials_is_noise_and_a_steady_one_is_not() -> None:
    tack = {**GOLD, "parts": [*GOLD["parts"], {"name": "tack"}]}
    hook = {**GOLD, "parts": [*GOLD["parts"], {"name": "hook"}]}
    assert flipped([GOLD, GOLD], [GOLD, tack]) == DocumentFlips((), 1)
    found = flipped([GOLD, GOLD], [hook, tack])
    assert len(found.flips) == 1
    assert found.noise == 0


def test_what_gold_does_not_have_comes_last() -> None:
    worse = {"a": "two", "parts": [{"name": "hook", "amount": 7}, *GOLD["parts"]]}
    assert [flip.path for flip in flipped(GOLD, worse).flips] == ["a", "parts[].name", "parts[].amount"]


def test_worst_first_is_what_was_lost_by_document() -> None:
    (lost,) = leaf_flips("b", answered(GOLD, GOLD), answered(GOLD, {**GOLD, "a": "two"})).flips
    (gained,) = leaf_flips("a", answered(GOLD, {**GOLD, "a": "two"}), answered(GOLD, GOLD)).flips
    (other,) = leaf_flips("a", answered(GOLD, GOLD), answered(GOLD, {**GOLD, "a": "two"})).flips
    assert worst_first([gained, lost, other]) == (other, lost, gained)
