from decimal import Decimal

import pytest

from harness.suites.quantities import numbers_in


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("about 4,000 workers", {"4000"}),
        ("10 000–15\u00a0000", {"10000", "15000"}),
        ("$200 million to $1.2bn", {"200", "200000000", "1.2", "1200000000"}),
        ("between 5 and 10 thousand", {"5", "5000", "10", "10000"}),
        ("5 men and 10 thousand women", {"5", "10", "10000"}),
        ("18-20 hours", {"18", "20"}),
        ("Twenty-five thousand", {"20", "25", "25000"}),
        ("two hundred and fifty", {"2", "200", "250"}),
        ("a dozen", {"1", "12"}),
        ("three and four", {"3", "4"}),
        ("June 17, 2022", {"17", "2022"}),
        ("Resolution 2375", {"2375"}),
        ("hundreds of millions", set()),
        ("as many as possible", set()),
        ("9" * 5_000, set()),
        ("", set()),
    ],
)
def test_numbers_in_figures_and_words(text: str, numbers: set[str]) -> None:
    assert numbers_in(text) == {Decimal(number) for number in numbers}


@pytest.mark.parametrize(
    ("text", "number"),
    [("three million two hundred thousand and one", 3_200_001), ("one hundred and twenty-three", 123)],
)
def test_long_number_words_are_among_the_readings(text: str, number: int) -> None:
    assert Decimal(number) in numbers_in(text)
