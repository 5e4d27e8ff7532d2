"""The kinds of leaves, added up."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.records import Counts
from harness.scoring.kinds import ABSENT, CORRECT, INCORRECT, KINDS, MISSING, NOTHING, SILENT, SPURIOUS, counted


@pytest.mark.parametrize("times", [1, 2])
def test_a_leaf_of_which_there_is_nothing_to_say_counts_nothing(times: int) -> None:
    found = counted([(SILENT, ABSENT)] * times)
    assert found[0] is NOTHING
    assert found[1] == Counts(absent=times)


def test_each_leaf_has_its_own_counts() -> None:
    rows = [(CORRECT, MISSING), (INCORRECT, MISSING), (SPURIOUS, SILENT)]
    assert counted(rows) == [Counts(correct=1, incorrect=1, spurious=1), Counts(missing=2)]


@given(st.integers(1, 5).flatmap(lambda n: st.lists(st.tuples(*[st.integers(-1, 5)] * n), min_size=1)))
def test_the_counts_are_how_often_each_kind_stands_in_a_column(rows: list[tuple[int, ...]]) -> None:
    for column, counts in zip(zip(*rows, strict=True), counted(rows), strict=True):
        assert counts == Counts(*(Counter(column)[kind] for kind in range(len(KINDS))))


def test_a_hundred_thousand_rows_run_over_no_lane() -> None:
    assert counted([(CORRECT, MISSING)] * 100_000) == [Counts(correct=100_000), Counts(missing=100_000)]
