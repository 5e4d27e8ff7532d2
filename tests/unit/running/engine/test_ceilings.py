from hypothesis import given
from hypothesis import strategies as st

from harness.running.engine.ceilings import MINUTE, Ceiling


def test_no_ceiling_never_waits() -> None:
    ceiling = Ceiling(None)
    for _ in range(100):
        assert ceiling.wait(1_000_000, 0.0) == 0.0
        ceiling.take(1_000_000, 0.0)


def test_an_amount_above_the_ceiling_goes_when_nothing_else_is_in_the_window() -> None:
    ceiling = Ceiling(10)
    assert ceiling.wait(50, 0.0) == 0.0
    ceiling.take(50, 0.0)
    assert ceiling.wait(1, 1.0) == MINUTE - 1.0
    assert ceiling.wait(50, MINUTE) == 0.0


@given(
    most=st.integers(1, 20),
    steps=st.lists(
        st.tuples(st.integers(1, 30), st.integers(0, 120).map(lambda quarters: quarters / 4)), max_size=60
    ),
)
def test_no_minute_holds_more_than_the_ceiling(most: int, steps: list[tuple[int, float]]) -> None:
    ceiling, now, taken = Ceiling(most), 0.0, list[tuple[float, int]]()
    for amount, pause in steps:
        now += pause
        now += ceiling.wait(amount, now)
        assert ceiling.wait(amount, now) == 0
        ceiling.take(amount, now)
        taken.append((now, amount))
    for end, _ in taken:
        window = [amount for began, amount in taken if end - MINUTE < began <= end]
        assert sum(window) <= most or len(window) == 1
