from __future__ import annotations

import pytest

from harness.records import Counts, FailureKind, Stability
from harness.verdicts.comparison.stability import stability_of
from tests.unit.verdicts.entrants import one

RIGHT, WRONG = Counts(1), Counts(0, 1)


def test_trials_that_agree_and_trials_that_do_not() -> None:
    scores = [one("x", trial, a=RIGHT) for trial in range(3)]
    scores += [one("y", trial, a=RIGHT if trial else WRONG) for trial in range(3)]
    found = stability_of(scores)
    assert (found.trials, found.right_in_all) == (3, 0.5)
    assert found.pass_k == pytest.approx((5 / 6, 4 / 6, 1 / 2))
    assert found.flip_rate == pytest.approx(1 / 3)


def test_one_trial_has_no_flip_rate() -> None:
    found = stability_of([one("x", a=RIGHT), one("y", a=RIGHT, failure=FailureKind.EMPTY)])
    assert found == Stability(1, 0.5, (0.5,), None)


def test_no_score() -> None:
    assert stability_of([]) == Stability(0, None)
