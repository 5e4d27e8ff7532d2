import pytest

from harness.systems.rules.dates import find_dates


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("25.08.2022 Author: A", ["2022-08-25"]),
        ("on 2024-02-29.", ["2024-02-29"]),
        ("on 2023-02-29.", []),
        ("On June 17, the head", ["XXXX-06-17"]),
        ("in December 2017, when", ["2017-12"]),
        ("in 2024, as indicated", ["2024"]),
        ("the only country in July, apart", ["XXXX-07"]),
        ("They may go. May is a month.", []),
        ("March 3rd, 1999 and 4 April 2001", ["1999-03-03", "2001-04-04"]),
        ("Resolution 2375 and 2000 workers", []),
        ("August 45", []),
        ("", []),
    ],
)
def test_dates_are_as_precise_as_the_text(text: str, dates: list[str]) -> None:
    assert [date.edtf() for date in find_dates(text)] == dates


def test_the_year_comes_from_the_documents_own_date() -> None:
    (head,) = find_dates("25.08.2022")
    june, september = find_dates("on June 17 and on September 2")
    assert june.completed(head).edtf() == "2022-06-17"
    assert september.completed(head).edtf() == "2021-09-02"
    assert june.completed(None).edtf() == "XXXX-06-17"


def test_a_term_is_told_from_a_date() -> None:
    assert [date.is_deadline for date in find_dates("return home by the end of December 2019")] == [True]
    assert [date.is_deadline for date in find_dates("adopted in December 2017")] == [False]
