from __future__ import annotations

import pytest

from harness.records import Comparison, Counts, Difference, DocumentScore, FailureKind
from harness.scoring.evaluation import Evaluation
from harness.verdicts.comparison.comparing import compare
from tests.unit.verdicts.entrants import PLAN, entrant, one, right, row

GOOD, BAD = Counts(3, 0, 1), Counts(1, 2, 1)


def compared(
    ours: list[DocumentScore], theirs: list[DocumentScore], *, seed: int = 1, draws: int = 1_000
) -> Comparison:
    return compare(PLAN, entrant("old", ours), entrant("new", theirs), seed=seed, draws=draws)


def field(comparison: Comparison, path: str) -> Difference:
    return next(found for found in comparison.fields if found.path == path)


def test_every_headline_metric_is_that_of_the_evaluation() -> None:
    ours, theirs = row(*[BAD] * 6), row(*[GOOD] * 5, Counts(0, 0, 2, 3, 1))
    found = compared(ours, theirs)
    every = (found.headline, *found.metrics)
    wanted = Evaluation(PLAN, tuple(theirs)).headline()
    assert [one.metric for one in every] == list(wanted)
    for difference in every:
        value = wanted[difference.metric]
        assert difference.candidate.value == (None if value is None else pytest.approx(value))


def test_a_difference_that_every_document_shows() -> None:
    found = compared(row(*[BAD] * 10), row(*[GOOD] * 9, Counts(4)))
    assert found.headline.difference.value == pytest.approx(62 / 71 - 20 / 70)
    assert found.headline.p == pytest.approx(2 / 2**10)
    assert found.headline.adjusted_p is None
    interval = found.headline.difference.interval
    assert interval is not None
    assert interval.low > 0
    assert (found.exact, found.draws, found.least_p) == (True, 2**10, 2 / 2**10)
    assert found.identical is False
    assert found.detectable is not None


def test_the_metrics_are_one_family_and_the_fields_another() -> None:
    ours = [one(f"d{at}", a=BAD, b=BAD) for at in range(8)]
    theirs = [one(f"d{at}", a=GOOD, b=GOOD) for at in range(8)]
    found = compared(ours, theirs)
    raw = 2 / 2**8
    assert field(found, "a").p == raw
    # Two fields are asked about; those that nothing reached have no place in the family.
    assert [field(found, path).adjusted_p for path in ("a", "b")] == [2 * raw, 2 * raw]
    asked = [one for one in found.metrics if one.p is not None]
    assert min(one.adjusted_p or 0 for one in asked) == pytest.approx(len(asked) * raw)


def test_a_field_absent_from_every_document_is_not_defined() -> None:
    found = compared(row(*[BAD] * 6), row(*[GOOD] * 6))
    absent = field(found, "parts[].name")
    assert (absent.baseline.value, absent.candidate.value, absent.difference.value) == (None, None, None)
    assert (absent.p, absent.adjusted_p, absent.documents) == (None, None, 0)


def test_fields_are_the_graded_ones_of_the_schema_and_what_only_data_reached() -> None:
    ours = [one("d0", note=Counts(ungraded=1), odd=Counts(spurious=1), b=GOOD)]
    found = compared(ours, [one("d0", b=BAD)])
    assert [one.path for one in found.fields] == ["a", "b", "parts[].name", "parts[].amount", "odd"]


def test_identical_runs() -> None:
    found = compared(row(*[BAD] * 6), row(*[BAD] * 6))
    assert found.identical is True
    assert found.headline.difference.value == 0
    assert found.headline.p == 1
    assert found.mcnemar_p == 1
    assert found.flipped_documents == ()
    assert {one.p for one in found.metrics} <= {1, None}


def test_fewer_than_five_documents_have_no_interval() -> None:
    found = compared(row(*[BAD] * 4), row(*[GOOD] * 4))
    assert found.headline.difference.interval is None
    assert found.headline.baseline.interval is None
    assert found.least_p == 2 / 2**4
    assert found.detectable is None


def test_one_document() -> None:
    found = compared(row(BAD), row(GOOD))
    assert found.documents == 1
    assert found.headline.p == 1
    assert found.least_p == 1
    assert found.headline.difference.value == pytest.approx(4 / 7)


def test_all_failures() -> None:
    failed = [one(f"d{at:02}", failure=FailureKind.REFUSED, a=Counts(missing=4)) for at in range(6)]
    found = compared(failed, row(*[GOOD] * 6))
    assert found.headline.baseline.value == 0
    assert found.headline.p == 2 / 2**6
    assert compared(failed, failed).identical


def test_nothing_in_gold_and_nothing_predicted_is_not_defined() -> None:
    found = compared(row(*[Counts(absent=1)] * 6), row(*[Counts(absent=1)] * 6))
    assert found.headline.difference.value is None
    assert found.headline.p is None
    assert found.detectable is None


def test_documents_that_flip_are_listed_worst_first() -> None:
    ours = row(Counts(2), Counts(2), Counts(1, 1), Counts(1, 1), Counts(5))
    theirs = row(Counts(1, 1), Counts(0, 2), Counts(2), Counts(1, 1), Counts(5))
    found = compared(ours, theirs)
    assert [one.document for one in found.flipped_documents] == ["d01", "d00", "d02"]
    worst, _, gained = found.flipped_documents
    assert (worst.baseline, worst.candidate) == (1.0, 0.0)
    assert (worst.was_right, worst.is_right) == (True, False)
    assert (gained.was_right, gained.is_right) == (False, True)
    assert worst.change == pytest.approx(-2 / 13)
    assert gained.change == pytest.approx(1 / 13)
    assert found.mcnemar_p == 1.0


def test_a_document_is_right_when_every_trial_is() -> None:
    ours = [one("d", trial, a=Counts(1)) for trial in range(2)]
    theirs = [one("d", 0, a=Counts(1)), one("d", 1, a=Counts(0, 1))]
    (flip,) = compared(ours, theirs).flipped_documents
    assert (flip.was_right, flip.is_right) == (True, False)
    assert (flip.baseline, flip.candidate) == (1.0, 0.5)


def test_one_system_with_one_trial_and_with_three_loses_nothing() -> None:
    once = row(*[Counts(1)] * 9)
    more = [one(score.document, trial, a=Counts(0, 1)) for score in once for trial in (2, 1)]
    for ours, theirs in ((once, [*more, *once]), ([*more, *once], once)):
        found = compared(ours, theirs)
        assert [(flip.was_right, flip.is_right) for flip in found.flipped_documents] == [(True, True)] * 9
        assert found.mcnemar_p == 1


def test_of_other_numbers_of_trials_the_first_of_each_are_compared() -> None:
    ours = [one("d", trial, a=counts) for trial, counts in enumerate((Counts(1), Counts(1)))]
    theirs = [one("d", trial, a=counts) for trial, counts in enumerate((Counts(1), Counts(0, 1), Counts(1)))]
    (flip,) = compared(ours, theirs).flipped_documents
    assert (flip.was_right, flip.is_right) == (True, False)


def test_a_document_that_only_one_run_has_right_at_first_is_listed_whatever_its_mean() -> None:
    ours = [one("d", trial, a=counts) for trial, counts in enumerate((Counts(1), Counts(0, 1)))]
    theirs = [one("d", trial, a=Counts(1) if trial < 2 else Counts(0, 1)) for trial in range(4)]
    (flip,) = compared(ours, theirs).flipped_documents
    assert (flip.was_right, flip.is_right, flip.change) == (False, True, 0)


def test_a_document_that_failed_in_one_run_says_so() -> None:
    ours = [one("d", trial, a=Counts(missing=1)) for trial in range(2)]
    failed = one("d", 1, failure=FailureKind.REFUSED, a=Counts(missing=1))
    (flip,) = compared(ours, [ours[0], failed]).flipped_documents
    assert (flip.baseline, flip.candidate, flip.change) == (0, 0, 0)
    assert (flip.was_failed, flip.is_failed) == (0, 0.5)


def test_a_change_that_trials_make_as_well_is_noisy() -> None:
    steady = [one(f"d{at}", trial, a=Counts(2), b=Counts(2)) for at in range(6) for trial in range(2)]
    shaky = [
        one(f"d{at}", trial, a=Counts(1, 1) if trial else Counts(2), b=Counts(1, 1))
        for at in range(6)
        for trial in range(2)
    ]
    found = compared(steady, shaky)
    assert field(found, "a").noisy is True
    assert field(found, "b").noisy is False
    once = compared(right("d"), right("d"))
    assert once.headline.noisy is None


def test_the_order_of_scores_changes_nothing() -> None:
    ours, theirs = row(BAD, GOOD, BAD, GOOD, GOOD, BAD), row(GOOD, GOOD, BAD, BAD, GOOD, GOOD)
    assert compared(ours, theirs) == compared(ours[::-1], theirs[::-1])


def test_more_documents_than_can_be_enumerated_are_drawn_by_the_seed() -> None:
    ours = row(*[Counts(at % 3, 2) for at in range(20)])
    theirs = row(*[Counts(at % 5 + 1, 1) for at in range(20)])
    found = compared(ours, theirs, seed=7, draws=500)
    assert (found.exact, found.draws) == (False, 500)
    assert found.least_p == pytest.approx(1 / 501)
    assert found == compared(ours, theirs, seed=7, draws=500)
    assert found.signature.get("seed") == "7"
    assert found.signature.get("draws") == "500"


def test_weights_count_in_the_headline() -> None:
    ours = [one("d", a=Counts(1), b=Counts(0, 1))]
    theirs = [one("d", a=Counts(0, 1), b=Counts(1))]
    assert compared(ours, theirs).headline.difference.value == pytest.approx(1 / 3)


@pytest.mark.parametrize("theirs", [right("d0"), right("d0", "d2"), right("d0", "d1", "d2")])
def test_other_documents_are_refused(theirs: list[DocumentScore]) -> None:
    with pytest.raises(ValueError, match="the same documents"):
        compared(right("d0", "d1"), theirs)


def test_no_document_is_refused() -> None:
    with pytest.raises(ValueError, match="the same documents"):
        compared([], [])


def test_progress_is_told() -> None:
    heard: list[tuple[int, int]] = []
    compare(
        PLAN,
        entrant("old", row(*[BAD] * 6)),
        entrant("new", row(*[GOOD] * 6)),
        progress=lambda done, total: heard.append((done, total)),
    )
    assert heard
    assert heard[-1][0] == heard[-1][1]
