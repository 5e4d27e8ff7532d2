from decimal import Decimal

import pytest

from harness.systems.rules.dates import find_dates
from harness.systems.rules.quantities import Quantity, find_quantities


def only(text: str) -> Quantity:
    (quantity,) = find_quantities(text, find_dates(text))
    return quantity


@pytest.mark.parametrize(
    ("text", "low", "high", "wording"),
    [
        ("about 4,000 workers", 4000, 4000, "about 4,000"),
        ("over 50,000 people", 50000, None, "over 50,000"),
        ("up to 18 hours a day", None, 18, "up to 18"),
        ("$200 million to $500 million a year", 200_000_000, 500_000_000, "$200 million to $500 million"),
        ("between 2 and 3 million", 2, 3_000_000, "2 and 3 million"),
        ("a thousand specialists", 1000, 1000, "a thousand"),
        ("two hundred thousand men", 200_000, 200_000, "two hundred thousand"),
        ("some seven tilers", 7, 7, "some seven"),
        ("2.5 percent", "2.5", "2.5", "2.5"),
    ],
)
def test_a_number_has_sides_and_a_wording(text: str, low: object, high: object, wording: str) -> None:
    found = only(text)
    assert found.low == (None if low is None else Decimal(str(low)))
    assert found.high == (None if high is None else Decimal(str(high)))
    assert text[found.start : found.end] == wording


@pytest.mark.parametrize(
    ("text", "currency"),
    [("$800", "USD"), ("800 euros", "EUR"), ("300 USD", "USD"), ("GBP 4", "GBP"), ("800 people", None)],
)
def test_money_has_a_currency(text: str, currency: str | None) -> None:
    assert only(text).currency == currency


@pytest.mark.parametrize(
    "text", ["COVID-19", "on 2 March 2020", "v1.2.3", "10:30", "a man", "one of them", "U2"]
)
def test_these_are_no_quantities(text: str) -> None:
    assert find_quantities(text, find_dates(text)) == []


def test_a_numbered_thing_is_a_label() -> None:
    assert only("Council Resolution 2375, which").is_label
    assert not only("about 2,375 workers").is_label
