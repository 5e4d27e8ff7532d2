import pytest

from harness.errors import UsageError
from harness.running.choice import chosen

EVERY = ["a", "b", "c", "d"]


@pytest.mark.parametrize(
    ("limit", "leave_out", "left"),
    [
        (None, [], EVERY),
        (2, [], ["a", "b"]),
        (99, [], EVERY),
        (None, ["b", "b"], ["a", "c", "d"]),
        (1, ["a"], ["b"]),
        (None, EVERY, []),
    ],
)
def test_what_is_left_out_is_left_out_before_the_limit(
    limit: int | None, leave_out: list[str], left: list[str]
) -> None:
    assert chosen(limit=limit, leave_out=leave_out)(EVERY) == left


def test_an_unknown_document_is_refused_with_the_near_ones() -> None:
    with pytest.raises(UsageError, match='no document "004_mil"') as caught:
        chosen(leave_out=["004_mil"])(["004_mill", "005_dam"])
    assert "004_mill" in caught.value.hint


def test_a_limit_of_nothing_is_refused() -> None:
    with pytest.raises(UsageError, match="nothing to ask"):
        chosen(limit=0)
