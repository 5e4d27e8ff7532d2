"""What holds for every comparator and every value."""

from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.scoring.comparators import Malformed
from harness.scoring.comparators.folding import fold
from tests.scored import comparator_of
from tests.strategies import json_values
from tests.unit.scoring.test_comparators import ALL

_VALUES = (
    st.sampled_from(
        [
            1, 1.0, 1.5, "1", "1.05", 2, 10**30, 10**30 + 1, 0.1, 1.1, True, False, "a", "A", "red", "DPR",
            "dnr", "Kyiv", "2022", "2022-08", "2022-08-25", "XXXX-08-25", "2022-08-25T10:00:00Z",
            "2022-08-25T00:00", "construction worker", "construction workers",
            "12345678-1234-5678-1234-567812345678",
        ]
    )
    | json_values(3)
    | st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-5, max_value=5).map(str)
    | st.dates().map(str)
    | st.text("ab “", max_size=12)
)  # fmt: skip


@pytest.mark.parametrize("name", ALL)
@given(
    raw_gold=st.lists(_VALUES, min_size=1, max_size=6), raw_predicted=st.lists(_VALUES, min_size=1, max_size=6)
)
def test_what_is_alike_is_near(name: str, raw_gold: list[Any], raw_predicted: list[Any]) -> None:
    comparator = comparator_of(ALL[name][0])
    gold, predicted = (
        [one for one in map(comparator.prepare, raw) if not isinstance(one, Malformed)]
        for raw in (raw_gold, raw_predicted)
    )
    near = comparator.near(gold, predicted)
    assert len(near) == len(gold) * len(predicted)
    assert set(near) <= {0, 1}
    for at, (one, other) in enumerate(product(gold, predicted)):
        if one is None or other is None:
            assert near[at] or one is not other
            continue
        wanted = 1.0 if one == other else comparator.similarity(one, other)
        assert near[at] or not wanted
        assert 0.0 <= wanted <= 1.0
        assert wanted * 2**20 == int(wanted * 2**20)
        if comparator.exact:
            assert wanted == near[at] == (one == other)
        if comparator.symmetric and one != other:
            assert comparator.similarity(other, one) == wanted


@given(st.text(st.characters(exclude_categories=())))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(st.characters(exclude_categories=()), max_size=8))
def test_folding_forgets_case_and_space(text: str) -> None:
    assert fold(f"  {text}\n") == fold(text)
    assert fold(text.casefold()) == fold(text)
