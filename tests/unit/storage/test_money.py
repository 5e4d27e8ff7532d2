from __future__ import annotations

from decimal import Decimal

import pytest

from harness.records import Attempt
from harness.storage.money import EXACT, spent


def test_attempts_add_up() -> None:
    first = Attempt(None, 1.0, 10, 5, cached_input_tokens=4, reasoning_tokens=3, cost=Decimal("0.10"))
    second = Attempt(None, 1.0, 1, None, cost=Decimal("1E-30"))
    unknown = Attempt(None, 1.0)
    assert spent((first, second, unknown)) == (3, 11, 4, 5, 3, "0.100000000000000000000000000001", 1)
    assert spent((unknown,)) == (1, 0, 0, 0, 0, None, 1)
    assert spent((Attempt(None, 1.0, cost=Decimal(0)),)).cost == "0"


def test_more_digits_than_python_keeps_are_kept() -> None:
    tiny, large = Decimal("1E-90"), Decimal("123456789E+20")
    assert tiny + large == large
    assert EXACT.subtract(EXACT.add(tiny, large), large) == tiny


@pytest.mark.parametrize("cost", ["NaN", "sNaN", "-Infinity", "1E+101", "1E-101", "1." + "1" * 100])
def test_what_nobody_charges_is_refused(cost: str) -> None:
    with pytest.raises(ValueError, match="is no sum of money"):
        spent((Attempt(None, 1.0, cost=Decimal(cost)),))


@pytest.mark.parametrize("name", ["input_tokens", "output_tokens", "cached_input_tokens", "reasoning_tokens"])
def test_more_tokens_than_there_are_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="is no number of tokens"):
        spent((Attempt(None, 1.0, **{name: 2**60}),))  # type: ignore[arg-type]
