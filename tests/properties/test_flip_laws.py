"""The laws that flipped leaves obey, whatever the schema, gold and predictions."""

from __future__ import annotations

from collections import Counter
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from harness.records import Json, LeafFlip, Outcome
from harness.schema.compile import compile_model
from harness.scoring.scorer import Scorer
from harness.verdicts.comparison.flips import CHARGED, leaf_flips
from tests.scored import extraction
from tests.strategies import Shape, annotated, models, shuffled, spoilt

Case = tuple[Scorer, Json, list[Json], list[Json]]


@st.composite
def cases(draw: st.DrawFn, most: int = 1) -> Case:
    """A scorer, gold, and the answers of two runs in so many trials at most."""
    shape: Shape = draw(models())
    gold = draw(annotated(draw(shape.values), shape.values))
    answers = spoilt(draw(shape.values))
    trials = st.lists(answers, min_size=1, max_size=most)
    return Scorer(compile_model(shape.annotation)), gold, draw(trials), draw(trials)


def judged(scorer: Scorer, gold: Json, answers: list[Json]) -> list[tuple[Outcome, ...]]:
    return [scorer.explain(gold, extraction(answer)) for answer in answers]


def charged(outcomes: tuple[Outcome, ...]) -> Counter[str]:
    return Counter(one.path for one in outcomes if one.kind in CHARGED)


def directions(flips: tuple[LeafFlip, ...]) -> Counter[tuple[str, bool]]:
    return Counter((flip.path, flip.better) for flip in flips)


@given(cases())
def test_what_was_lost_and_gained_is_the_difference_of_the_mistakes(
    case: Case,
) -> None:
    scorer, gold, ours, theirs = case
    before, after = judged(scorer, gold, ours), judged(scorer, gold, theirs)
    found = leaf_flips("d", before, after)
    assert found.noise == 0
    told = directions(found.flips)
    was, now = charged(before[0]), charged(after[0])
    for path in was.keys() | now.keys():
        assert now[path] - was[path] == told[path, False] - told[path, True]
    assert {path for path, _ in told} <= was.keys() | now.keys()


@given(cases(most=3))
def test_changing_places_turns_every_flip_round(case: Case) -> None:
    scorer, gold, ours, theirs = case
    one, other = judged(scorer, gold, ours), judged(scorer, gold, theirs)
    there, back = leaf_flips("d", one, other), leaf_flips("d", other, one)
    assert there.noise == back.noise
    assert directions(there.flips) == Counter(
        {(path, not better): count for (path, better), count in directions(back.flips).items()}
    )


@given(cases(most=3))
def test_a_run_beside_itself_flips_nothing(case: Case) -> None:
    scorer, gold, ours, _ = case
    trials = judged(scorer, gold, ours)
    assert leaf_flips("d", trials, trials).flips == ()
    if len(ours) == 1:
        assert leaf_flips("d", trials, trials).noise == 0


@given(cases(), st.randoms(use_true_random=False))
def test_the_order_of_a_list_changes_no_flip(case: Case, random: Random) -> None:
    scorer, gold, ours, theirs = case
    before = judged(scorer, gold, ours)
    there = leaf_flips("d", before, judged(scorer, gold, theirs))
    again = leaf_flips("d", before, judged(scorer, gold, [shuffled(theirs[0], random)]))
    assert directions(again.flips) == directions(there.flips)
