from __future__ import annotations

import math

import pytest

from harness.reporting.figures import duration, number_of, part, score


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "n/a"),
        (math.nan, "n/a"),
        (math.inf, "n/a"),
        (0.0, "0.000"),
        (-0.0, "0.000"),
        (1.0, "1.000"),
        (0.5, "0.500"),
        (2 / 3, "0.667"),
        (0.99999, "0.999"),
        (0.00001, "0.001"),
    ],
)
def test_only_a_perfect_score_prints_as_one_and_only_nothing_as_zero(value: float | None, text: str) -> None:
    assert score(value) == text


@pytest.mark.parametrize(
    ("share", "whole", "text"),
    [(None, 0, "0/0"), (1.0, 1, "1/1"), (3 / 7, 7, "3/7"), (0.3, 5, "1.5/5"), (1 / 9, 3, "0.3/3")],
)
def test_a_share_is_a_count_of_the_whole(share: float | None, whole: int, text: str) -> None:
    assert part(share, whole) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (None, "n/a"),
        (0.0, "0.0s"),
        (59.94, "59.9s"),
        (59.96, "1m00s"),
        (3599.4, "59m59s"),
        (3600, "1h00m"),
        (90_000, "25h00m"),
    ],
)
def test_durations_never_show_sixty_of_anything(seconds: float | None, text: str) -> None:
    assert duration(seconds) == text


def test_one_has_no_plural() -> None:
    assert [number_of(count, "document") for count in (0, 1, 2)] == ["0 documents", "1 document", "2 documents"]
