from __future__ import annotations

import asyncio
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.errors import ConfigError, CostCeilingReached
from harness.records import Price
from harness.running.money.budget import ASSUMED_ANSWER, INPUT_MARGIN, Budget, check_priced
from harness.running.money.prices import free, price_of
from harness.running.money.purse import Purse, Reservation

OWN = {"a/b": Price(Decimal(1), Decimal(10))}
PRICED, UNPRICED = price_of("a/b", OWN), price_of("a/c", OWN)


def amounts(*values: Decimal | None) -> tuple[float | None, ...]:
    return tuple(None if value is None else float(value) for value in values)


async def settle_all() -> None:
    """Let every task go on until it waits again."""
    for _ in range(10):
        await asyncio.sleep(0)


def test_no_ceiling_grants_everything_and_still_counts() -> None:
    async def scenario() -> Purse:
        purse = Purse(None, Decimal(3))
        budget = Budget(UNPRICED, purse)
        for cost in (Decimal(100), Decimal(1), None):
            budget.settle(await budget.reserve(10**9), cost)
        return purse

    purse = asyncio.run(scenario())
    assert amounts(purse.spent, purse.presumed, purse.reserved, purse.left) == (104, 0, 0, None)


def test_a_call_that_could_pass_the_ceiling_is_refused_before_it_begins() -> None:
    async def scenario() -> None:
        purse = Purse(Decimal(5), Decimal(1))
        purse.settle(await purse.reserve(Decimal(4)), Decimal("3.99"))
        with pytest.raises(CostCeilingReached, match=r"up to \$0\.0101, and \$4\.99 of \$5\.00 is spent"):
            await purse.reserve(Decimal("0.0101"))
        assert purse.closed
        with pytest.raises(CostCeilingReached):
            await purse.reserve(Decimal("0.001"))
        # What costs nothing goes on.
        purse.settle(await purse.reserve(Decimal(0)), Decimal(0))

    asyncio.run(scenario())


def test_near_the_ceiling_a_call_waits_for_what_others_give_back() -> None:
    async def scenario() -> None:
        purse = Purse(Decimal(10))
        first = await purse.reserve(Decimal(8))
        second = asyncio.create_task(purse.reserve(Decimal(5)))
        third = asyncio.create_task(purse.reserve(Decimal(1)))
        await settle_all()
        # The third would fit, and does not overtake.
        assert not second.done()
        assert not third.done()
        purse.settle(first, Decimal(2))
        reservations = [await second, await third]
        assert amounts(purse.spent, purse.reserved) == (2, 6)
        for reservation in reservations:
            purse.settle(reservation, Decimal(1))
        assert amounts(purse.spent, purse.reserved) == (4, 0)
        assert not purse.closed

    asyncio.run(scenario())


def test_those_who_wait_are_refused_when_nothing_was_given_back() -> None:
    async def scenario() -> None:
        purse = Purse(Decimal(10))
        first = await purse.reserve(Decimal(8))
        waiting = [asyncio.create_task(purse.reserve(Decimal(3))) for _ in range(3)]
        await settle_all()
        purse.settle(first, Decimal(8))
        results = await asyncio.gather(*waiting, return_exceptions=True)
        assert [type(result) for result in results] == [CostCeilingReached] * 3
        assert purse.spent == 8

    asyncio.run(scenario())


def test_a_call_of_unknown_cost_keeps_what_it_reserved() -> None:
    async def scenario() -> None:
        purse = Purse(Decimal(10))
        purse.settle(await purse.reserve(Decimal(6)), None)
        assert amounts(purse.spent, purse.presumed, purse.left) == (0, 6, 4)
        with pytest.raises(CostCeilingReached, match=r"is spent, and up to \$6\.00 by calls of unknown cost"):
            await purse.reserve(Decimal(5))

    asyncio.run(scenario())


def test_settling_twice_changes_nothing() -> None:
    async def scenario() -> None:
        purse = Purse(Decimal(10))
        reservation = await purse.reserve(Decimal(6))
        purse.settle(reservation, Decimal(1))
        purse.settle(reservation, Decimal(1))
        assert amounts(purse.spent, purse.reserved) == (1, 0)

    asyncio.run(scenario())


def test_a_dearer_call_than_thought_stops_what_comes_after() -> None:
    async def scenario() -> None:
        purse = Purse(Decimal(10))
        purse.settle(await purse.reserve(Decimal(6)), Decimal(11))
        assert purse.left == -1
        with pytest.raises(CostCeilingReached):
            await purse.reserve(Decimal("0.01"))

    asyncio.run(scenario())


@pytest.mark.parametrize("granted", [False, True])
def test_who_is_cut_off_while_waiting_leaves_nothing_reserved(granted: bool) -> None:
    async def scenario() -> None:
        purse = Purse(Decimal(10))
        first = await purse.reserve(Decimal(8))
        cut, other = (asyncio.create_task(purse.reserve(Decimal(amount))) for amount in (9, 2))
        await settle_all()
        if granted:
            purse.settle(first, Decimal(0))
        cut.cancel()
        with pytest.raises(asyncio.CancelledError):
            await cut
        purse.settle(await other, Decimal(1))
        purse.settle(first, Decimal(0))
        assert amounts(purse.spent, purse.reserved) == (1, 0)
        assert not purse.closed

    asyncio.run(scenario())


def test_the_most_of_a_call_is_bounded_by_the_parameter() -> None:
    budget = Budget(PRICED, Purse(Decimal(1)), most_answered=100)
    assert budget.at_most(50) == (INPUT_MARGIN * 50 + 100 * 10) / Decimal(1_000_000)


def test_without_one_it_is_assumed_and_then_twice_the_dearest() -> None:
    async def scenario() -> None:
        budget = Budget(PRICED, Purse(Decimal(100)))
        assert budget.at_most(0) == ASSUMED_ANSWER * 10 / Decimal(1_000_000)
        budget.settle(await budget.reserve(0), Decimal(3))
        budget.settle(await budget.reserve(0), Decimal(2))
        budget.settle(await budget.reserve(0), None)
        assert budget.at_most(0) == 6

    asyncio.run(scenario())


def test_calls_of_unknown_cost_of_an_earlier_part_count() -> None:
    purse = Purse(Decimal(10))
    budget = Budget(PRICED, purse, most_answered=100_000)
    budget.presume(2, 500_000)
    assert amounts(purse.presumed, purse.left) == (4, 6)


def test_a_ceiling_over_an_unknown_price_is_refused_at_once() -> None:
    check_priced({"mine": PRICED, "rules": free(), "other": UNPRICED}, None)
    check_priced({"mine": PRICED, "rules": free()}, Decimal(5))
    with pytest.raises(ConfigError) as refused:
        check_priced({"mine": PRICED, "other": UNPRICED}, Decimal(5))
    message = str(refused.value)
    assert message.startswith("system other: the price of a/c is not known, so no ceiling of $5.00 can be held")
    assert '[prices."a/c"]' in message


def test_the_end_says_what_was_spent_and_how_to_go_on() -> None:
    purse = Purse(Decimal(5), Decimal("4.9"))
    error = purse.stopped("2026-x", 98, 200)
    assert error.exit_code == 4
    assert str(error) == (
        "run 2026-x: stopped before the ceiling: $4.90 of $5.00 is spent; 98 of 200 answered\n"
        "  go on with a higher ceiling: harness run --resume 2026-x --max-cost MORE\n"
        "  at this rate, all 200 answers cost about $10.00"
    )
    nothing = str(Purse(Decimal("0.01")).stopped("r", 0, 200))
    assert "max_completion_tokens" in nothing


CENTS = st.integers(0, 500).map(lambda cents: Decimal(cents) / 100)


@given(
    ceiling=CENTS,
    spent=CENTS,
    calls=st.lists(st.tuples(CENTS, st.none() | st.floats(0, 1), st.booleans(), st.booleans()), max_size=30),
)
def test_spending_never_passes_the_ceiling(
    ceiling: Decimal, spent: Decimal, calls: list[tuple[Decimal, float | None, bool, bool]]
) -> None:
    """Calls of any size, that cost any part of it or nobody knows what, and end in any order or are cut off."""

    async def scenario() -> None:
        purse = Purse(ceiling, min(spent, ceiling))
        refused = asyncio.Event()
        open_calls: list[tuple[Reservation, float | None]] = []

        def check() -> None:
            assert purse.spent + purse.presumed + purse.reserved <= ceiling
            assert purse.reserved == sum(one.most for one, _ in open_calls if not one.settled)

        async def begin(most: Decimal, part: float | None) -> None:
            try:
                reservation = await purse.reserve(most)
            except CostCeilingReached:
                assert not purse.reserved
                refused.set()
                return
            open_calls.append((reservation, part))

        def end(position: int) -> None:
            reservation, part = open_calls.pop(position)
            cost = None if part is None else (reservation.most * Decimal(part)).quantize(Decimal("0.0001"))
            purse.settle(reservation, None if cost is None else min(cost, reservation.most))

        tasks = []
        for most, part, newest, cut in calls:
            tasks.append(asyncio.create_task(begin(most, part)))
            await settle_all()
            if cut:
                tasks[-1].cancel()
                await settle_all()
            check()
            if newest and open_calls:
                end(-1)
                await settle_all()
                check()
        while open_calls:
            end(0)
            await settle_all()
            check()
        assert all(task.done() for task in tasks)
        await asyncio.gather(*tasks, return_exceptions=True)

    asyncio.run(scenario())
