from __future__ import annotations

from dataclasses import replace

import pytest

from harness.records import Comparison, Counts, Estimate, Interval
from harness.verdicts.comparison.comparing import compare
from harness.verdicts.comparison.ranking import rank
from harness.verdicts.comparison.sentence import ranking_sentence, sentence
from harness.verdicts.comparison.wording import shown
from tests.unit.verdicts.entrants import PLAN, entrant, row

GOOD, BAD = Counts(3, 0, 1), Counts(1, 2, 1)


def compared(ours: list[Counts], theirs: list[Counts]) -> Comparison:
    return compare(PLAN, entrant("gpt v2", row(*ours)), entrant("gpt v3", row(*theirs)))


def test_better_and_worse_give_the_size_of_the_difference() -> None:
    better = compared([BAD] * 9 + [GOOD], [GOOD] * 10)
    difference = replace(better.headline.difference, value=0.041, interval=Interval(0.012, 0.07))
    better = replace(better, documents=40, headline=replace(better.headline, difference=difference))
    assert (
        sentence(better)
        == "gpt v3 is 4.1 points of F1 better than gpt v2 (95 % interval 1.2 to 7.0, 40 documents)"
    )
    worse = replace(difference, value=-0.041, interval=Interval(-0.07, -0.012))
    said = sentence(replace(better, headline=replace(better.headline, difference=worse)))
    assert said == "gpt v3 is 4.1 points of F1 worse than gpt v2 (95 % interval 1.2 to 7.0, 40 documents)"


def test_few_documents_can_show_nothing() -> None:
    said = sentence(compared([BAD] * 5, [GOOD] * 5))
    assert said == (
        "can't tell: gpt v3 is 57.1 points of F1 above gpt v2, and 5 documents can't show any difference "
        "(least p 0.062)"
    )
    assert "and 1 document can't show any difference (least p 1)" in sentence(compared([BAD], [GOOD]))


def test_what_may_be_chance_comes_with_what_would_not_be() -> None:
    ours = [BAD, GOOD, BAD, GOOD, BAD, *[GOOD] * 15]
    theirs = [GOOD, BAD, GOOD, BAD, GOOD, *[GOOD] * 15]
    said = sentence(compared(ours, theirs))
    assert said.startswith(
        "can't tell: gpt v3 is 2.9 points of F1 above gpt v2, which may be chance (95 % interval -"
    )
    assert "p = 1, 20 documents); 20 documents show a difference of " in said
    assert said.endswith(" points four times out of five")


def test_fewer_than_twenty_documents_promise_nothing() -> None:
    found = compared([BAD, GOOD, BAD, GOOD, BAD, *[GOOD] * 14], [GOOD, BAD, GOOD, BAD, GOOD, *[GOOD] * 14])
    assert found.detectable is not None
    assert sentence(found).endswith(", p = 1, 19 documents)")


def test_few_draws_are_not_blamed_on_the_documents() -> None:
    found = compared([BAD] * 40, [GOOD] * 40)
    few = replace(found, exact=False, draws=10, least_p=1 / 11)
    headline = replace(found.headline, p=1 / 11)
    assert sentence(replace(few, headline=headline)).endswith(
        "above gpt v2, and 10 draws can't show any difference (least p 0.091); ask for more with --draws"
    )
    one = replace(few, headline=headline, draws=1, least_p=0.5)
    assert "and 1 draw can't show any difference (least p 0.50)" in sentence(one)


def test_many_documents_have_separators() -> None:
    found = replace(compared([BAD] * 6, [BAD] * 6), documents=2627)
    assert "in every one of 2,627 documents" in sentence(found)


@pytest.mark.parametrize(
    ("p", "interval", "says"),
    [
        (
            0.01,
            Interval(-0.1, 0.5),
            "and the test and the interval do not agree on whether that is chance (95 % ",
        ),
        (
            0.2,
            Interval(0.1, 0.5),
            "and the test and the interval do not agree on whether that is chance (95 % ",
        ),
        (0.2, Interval(-0.1, 0.5), "which may be chance (95 % interval -10.0 to 50.0, p = 0.20, 8 documents)"),
        (0.2, None, "which may be chance (no interval, p = 0.20, 8 documents)"),
        (0.01, None, "which no interval backs (no interval, p = 0.010, 8 documents)"),
    ],
)
def test_a_test_and_an_interval_that_disagree(p: float, interval: Interval | None, says: str) -> None:
    found = compared([BAD] * 7 + [GOOD], [GOOD] * 7 + [BAD])
    headline = replace(found.headline, p=p, difference=Estimate(0.3, interval))
    said = sentence(replace(found, headline=headline, detectable=None))
    assert said.startswith(f"can't tell: gpt v3 is 30.0 points of F1 above gpt v2, {says}")


def test_the_same_f1_of_other_counts() -> None:
    said = sentence(compared([BAD, GOOD] * 4, [GOOD, BAD] * 4))
    assert said.startswith("can't tell: gpt v3 and gpt v2 have the same F1, which may be chance")


def test_identical_runs_have_a_sentence_of_their_own() -> None:
    found = compared([GOOD] * 6, [GOOD] * 6)
    assert sentence(found) == (
        "no difference: gpt v3 and gpt v2 have the same counts in every one of 6 documents (p = 1)"
    )
    assert "in the one document (p = 1)" in sentence(compared([GOOD], [GOOD]))
    itself = replace(found, candidate=found.baseline)
    assert sentence(itself) == "no difference: both are the run run-gpt v2 (p = 1)"


def test_an_undefined_f1_names_the_run() -> None:
    found = compared([Counts(absent=1)] * 6, [Counts(spurious=1)] * 6)
    assert sentence(found) == (
        "can't tell: F1 is not defined for gpt v2: there is nothing to find, and nothing was predicted"
    )


@pytest.mark.parametrize(
    ("p", "low", "high", "says"),
    [
        (0.05, 0.01, 0.2, 1),
        (0.05, -0.2, -0.01, -1),
        (0.051, 0.01, 0.2, 0),
        (0.01, 0.0, 0.2, 0),
        (0.01, -0.1, 0.2, 0),
        (None, 0.01, 0.2, 0),
    ],
)
def test_a_difference_is_shown_by_p_and_interval_together(
    p: float | None, low: float, high: float, says: int
) -> None:
    headline = compared([BAD] * 6, [GOOD] * 6).headline
    found = replace(headline, p=p, difference=Estimate((low + high) / 2, Interval(low, high)))
    assert shown(found) == says
    assert shown(replace(found, metric="over_generation")) == -says
    assert shown(replace(found, difference=Estimate(0.1))) == 0
    assert shown(replace(found, p=0.0, adjusted_p=1.0)) == 0


def test_the_sentence_of_a_leaderboard() -> None:
    names = ("x", "y", "z")
    even = rank(PLAN, [entrant(name, row(*[GOOD] * 6)) for name in names])
    assert ranking_sentence(even) == "can't tell which is best: x, y and z cannot be told apart"
    best = rank(
        PLAN,
        [entrant("x", row(*[Counts(4)] * 12)), *(entrant(name, row(*[BAD] * 11, GOOD)) for name in ("y", "z"))],
    )
    assert ranking_sentence(best) == "x is best: it is shown better than each of the 2 others"
    shared = rank(
        PLAN,
        [entrant("z", row(*[BAD] * 11, GOOD)), *(entrant(name, row(*[Counts(4)] * 12)) for name in ("x", "y"))],
    )
    assert ranking_sentence(shared) == "can't tell which is best: x and y share the first rank"
    many = rank(PLAN, [entrant(f"s{at}", row(*[GOOD] * 6)) for at in range(6)])
    assert ranking_sentence(many) == "can't tell which is best: s0, s1, s2, s3 and 2 more cannot be told apart"
    nothing = rank(PLAN, [entrant(name, row(Counts(absent=1))) for name in names])
    assert ranking_sentence(nothing) == "can't tell: no system has a rank"
    alone = rank(PLAN, [entrant("x", row(GOOD)), entrant("gold", row(GOOD), instrument=True)])
    assert ranking_sentence(alone) == "only x has a rank"
