"""What each comparator calls right, edge by edge."""

import datetime as dt
import uuid
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import Annotated, Any, Literal

import pytest
from pydantic import AnyUrl

from harness.marks import Choice, Date, Exact, Number, Text
from harness.scoring.comparators import Comparator, Malformed
from tests.scored import comparator_of

NAN, INF = float("nan"), float("inf")


class Colour(Enum):
    RED = "red"
    TWO = 2


def right(comparator: Comparator, gold: Any, predicted: Any) -> bool:
    """Whether a prediction is right; asserts that whatever is alike is near."""
    wanted, given = comparator.prepare(gold), comparator.prepare(predicted)
    assert wanted is not None
    assert given is not None
    if isinstance(wanted, Malformed) or isinstance(given, Malformed):
        return False
    similarity = 1.0 if wanted == given else comparator.similarity(wanted, given)
    assert similarity == 0.0 or comparator.near([wanted], [given]) == b"\1"
    assert 0.0 <= similarity <= 1.0
    if comparator.exact:
        assert similarity in (0.0, 1.0)
    return similarity >= comparator.right_from


def check(annotation: Any, gold: Any, predicted: Any, wanted: bool) -> None:
    assert right(comparator_of(annotation), gold, predicted) is wanted


@pytest.mark.parametrize(
    ("gold", "predicted", "wanted"),
    [
        ("Donbas", "donbas", True),
        ("Donbas", "  DONBAS\n", True),
        ("North  Korea", "north\tkorea", True),
        ("“Donbas”", '"Donbas"', True),
        ("People’s", "people's", True),
        ("people`s", "people's", True),
        ("«a»", '"a"', True),
        ("ﬁne", "fine", True),
        ("Ａ１", "a1", True),
        ("x²", "x2", True),
        ("café", "cafe\u0301", True),
        ("STRASSE", "straße", True),
        ("a\u00a0b", "a b", True),
        ("ΣΑΣ", "σας", True),
        ("café", "cafe", False),
        ("Donbas", "Donbass", False),
        ("Donbas", "Donbas.", False),
        ("ab", "a b", False),
        ("co-op", "coop", False),
        ("3", 3, False),
        ("True", True, False),
        ("a", ["a"], False),
        ("a", {"a": 1}, False),
        ("NaN", NAN, False),
    ],
)
def test_folded_text(gold: Any, predicted: Any, wanted: bool) -> None:
    check(str, gold, predicted, wanted)
    if isinstance(predicted, str):
        check(str, predicted, gold, wanted)


@pytest.mark.parametrize(
    ("annotation", "gold", "predicted", "wanted"),
    [
        (str, "a", "a", True),
        (str, "a", "A", False),
        (str, "a", "a ", False),
        (str, "“", '"', False),
        (str, "é", "e\u0301", False),
        (str, "\ud800", "\ud800", True),
        (str, "1", 1, False),
        (int, 3, 3.0, True),
        (int, 3, "3", True),
        (int, 3, True, False),
        (int, 1, True, False),
        (Decimal, "0.10", 0.1, True),
        (bool, True, True, True),
        (bool, True, 1, False),
        (bool, False, 0, False),
        (bool, True, "true", False),
        (bool, True, "True", False),
        (dt.date, "2022-08-25", "2022-08-25", True),
        (dt.date, "2022-08-25", "2022-8-25", False),
        (dt.date, "2022-08-25", 20220825, False),
        (Literal["a", 1], "a", "a", True),
        (Literal["a", 1], "a", "A", False),
        (Literal["a", 1], 1, 1.0, True),
        (Literal["a", 1], 1, True, False),
        (Literal["a", 1], 1, "1", False),
        (Literal["a", True], True, 1, False),
        (uuid.UUID, "12345678-1234-5678-1234-567812345678", "12345678123456781234567812345678", True),
        (uuid.UUID, "12345678-1234-5678-1234-567812345678", "x", False),
    ],
)
def test_exact(annotation: Any, gold: Any, predicted: Any, wanted: bool) -> None:
    check(Annotated[annotation, Exact()], gold, predicted, wanted)
    check(Annotated[annotation, Exact()], predicted, gold, wanted)


@pytest.mark.parametrize(
    ("mark", "gold", "predicted", "wanted"),
    [
        (Number(), 3, 3.0, True),
        (Number(), 3, "3", True),
        (Number(), 3, " 3 ", True),
        (Number(), 3, "3.0", True),
        (Number(), 3, "3e0", True),
        (Number(), 3, "+3", True),
        (Number(), 0, -0.0, True),
        (Number(), 0.1, "0.10", True),
        (Number(), 0.1, Decimal("0.1"), True),
        (Number(), "0.3", 0.1 + 0.2, False),
        (Number(), 1, True, False),
        (Number(), 0, False, False),
        (Number(), 5, -5, False),
        (Number(), 3, 4, False),
        (Number(), 3, "three", False),
        (Number(), 1000, "1,000", False),
        (Number(), 1000, "1_000", False),
        (Number(), 3, "٣", False),
        (Number(), 3, "3 000", False),
        (Number(), 3, "0x3", False),
        (Number(), 3, [3], False),
        (Number(), 3, {"value": 3}, False),
        (Number(), NAN, NAN, False),
        (Number(), INF, INF, False),
        (Number(), "Infinity", INF, False),
        (Number(), "NaN", "NaN", False),
        (Number(), 10**300, 1e300, False),
        (Number(), 2**53, 2**53 + 1, False),
        (Number(), 10**30, 10**30 + 1, False),
        (Number(), "1e400", 10**400, False),
        (Number(abs_tol=0.1), 1.0, 1.1, True),
        (Number(abs_tol=0.1), 1.1, 1.0, True),
        (Number(abs_tol=0.1), 1.0, "1.1000000001", False),
        (Number(abs_tol=0.1), 1.0, 1.1 + 2**-52, False),
        (Number(abs_tol=0.3), 0.1, 0.4, True),
        (Number(abs_tol=1), 3, 4, True),
        (Number(abs_tol=1), 3, 4.01, False),
        (Number(abs_tol=1), 10**30, 10**30 + 1, True),
        (Number(abs_tol=1), 10**30, 10**30 + 2, False),
        (Number(abs_tol=1), 0, True, False),
        (Number(abs_tol=1), 3, NAN, False),
        (Number(rel_tol=0.1), 100, 110, True),
        (Number(rel_tol=0.1), 100, 90, True),
        (Number(rel_tol=0.1), 110, 100, True),
        (Number(rel_tol=0.1), 90, 100, False),
        (Number(rel_tol=0.1), 100, 110.0000001, False),
        (Number(rel_tol=0.1), -100, -110, True),
        (Number(rel_tol=0.1), 100, -100, False),
        (Number(rel_tol=0.5), 0, 1e-300, False),
        (Number(rel_tol=0.1), 10**30, 11 * 10**29, True),
        (Number(rel_tol=0.1), 10**30, 11 * 10**29 + 1, False),
        (Number(rel_tol=0.1), 10**30 + 1, 10**30 + 1 + 10**29 + 1, False),
        (Number(abs_tol=5, rel_tol=0.01), 100, 105, True),
        (Number(abs_tol=5, rel_tol=0.01), 1000, 1010, True),
        (Number(abs_tol=5, rel_tol=0.01), 1000, 1011, False),
    ],
)
def test_numbers(mark: Number, gold: Any, predicted: Any, wanted: bool) -> None:
    annotations: list[Any] = [Decimal]
    if not (isinstance(gold, int) and gold >= 2**53):
        annotations.append(float)
    if isinstance(gold, int):
        annotations.append(int)
    for annotation in annotations:
        check(Annotated[annotation, mark], gold, predicted, wanted)


def test_numbers_are_compared_exactly_on_a_grid_around_the_edge() -> None:
    for abs_tol, rel_tol in ((0.1, 0.0), (0.0, 0.1), (0.25, 0.03), (0.0, 1 / 3)):
        comparator = comparator_of(Annotated[Decimal, Number(abs_tol, rel_tol)])
        for gold in ("1", "0.7", "-3.3", "1e-9", "123456789.123456789", "1000000000000000000000000000001"):
            wanted = Fraction(gold)
            edge = max(Fraction(repr(abs_tol)), Fraction(repr(rel_tol)) * abs(wanted))
            for nudge in (Fraction(0), Fraction(1, 10**20), -Fraction(1, 10**20), Fraction(1), Fraction(-1)):
                exact = wanted + edge + nudge
                text = format(_decimal(exact), "f")
                if len(text) > 60 or Fraction(text) != exact:
                    continue
                assert right(comparator, gold, text) is (abs(exact - wanted) <= edge), (gold, text)


def _decimal(value: Fraction) -> Decimal:
    from decimal import Context

    context = Context(prec=80)
    return context.divide(Decimal(value.numerator), Decimal(value.denominator))


@pytest.mark.parametrize(
    ("gold", "predicted", "wanted"),
    [
        ("2022-08-25", "2022-08-25", True),
        ("2022-08", "2022-08-25", True),
        ("2022", "2022-08-25", True),
        ("2022", "2022-08", True),
        ("2022-08-25", "2022-08", False),
        ("2022-08-25", "2022", False),
        ("2022-08", "2022", False),
        ("2022-08", "2022-09-25", False),
        ("2022-08-25", "2022-08-26", False),
        ("XXXX-07-18", "XXXX-07-18", True),
        ("XXXX-07-18", "2022-07-18", True),
        ("2022-07-18", "XXXX-07-18", False),
        ("XXXX-07", "2022-07-18", True),
        ("XXXX-07", "2022-08-18", False),
        ("XXXX-07", "2022", False),
        ("2022", "XXXX-07", False),
        ("2022-XX-18", "2022-07-18", True),
        ("2022-XX", "2022", True),
        ("2022", "2022-XX-XX", True),
        ("2022-08-25", " 2022-08-25 ", True),
        ("2022-08-25", "2022-08-25T10:00:00Z", True),
        ("2022-08-25T10:00:00Z", "2022-08-25", False),
        ("2022-08-25T10:00:00Z", "2022-08-25T12:00:00+02:00", True),
        ("2022-08-25T10:00:00Z", "2022-08-25 10:00:00Z", True),
        ("2022-08-25T10:00:00Z", "2022-08-25T10:00:00", False),
        ("2022-08-25", dt.date(2022, 8, 25), True),
        (dt.date(2022, 8, 25), "2022-08-25", True),
        ("2022-08-25", "25.08.2022", False),
        ("2022-08-25", "August 25, 2022", False),
        ("2022-08-25", "2022-8-25", False),
        ("2022", 2022, False),
        ("2022-08-25", True, False),
        ("2022-08-25", [2022, 8, 25], False),
        ("2022-08", "XXXX-XX-XX", False),
        ("XXXX-02-29", "2024-02-29", True),
    ],
)
def test_dates(gold: Any, predicted: Any, wanted: bool) -> None:
    check(Annotated[str, Date()], gold, predicted, wanted)


@pytest.mark.parametrize(
    "value",
    [
        "XXXX-XX-XX", "XXXX", "2022-13", "2022-00", "2022-02-30", "2023-02-29", "XXXX-02-30", "0000-01-01",
        "2022-", "2022-08-25T25:00", "2022-08-25T", "20220825", "2022/08/25", "yesterday", "٢٠٢٢",
        "22", "2022-XX-31T1", "+2022", "-2022", "2022-08-25/2022-08-26", 2022, 2022.0, True, [], {}, NAN,
    ],
)  # fmt: skip
def test_what_is_no_date_is_malformed_and_equals_nothing(value: Any) -> None:
    comparator = comparator_of(Annotated[str, Date()])
    assert isinstance(comparator.prepare(value), Malformed)
    assert not right(comparator, "2022-08-25", value)
    assert not right(comparator, value, value)


@pytest.mark.parametrize(
    ("granularity", "gold", "predicted", "wanted"),
    [
        ("month", "2022-08-25", "2022-08", True),
        ("month", "2022-08-25", "2022-08-01", True),
        ("month", "2022-08-25", "2022-09-25", False),
        ("month", "2022-08-25", "2022", False),
        ("month", "2022", "2022-09-25", True),
        ("year", "2022-08-25", "2022", True),
        ("year", "2022-08-25", "2022-01-01", True),
        ("year", "2022-08-25", "2023", False),
        ("day", "2022-08-25T10:00:00Z", "2022-08-25", True),
        ("day", "2022-08-25T10:00:00Z", "2022-08-25T11:00:00Z", True),
        ("day", "2022-08-25", "2022-08", False),
    ],
)
def test_coarser_dates(granularity: str, gold: Any, predicted: Any, wanted: bool) -> None:
    check(Annotated[str, Date(granularity)], gold, predicted, wanted)


@pytest.mark.parametrize(
    ("gold", "predicted", "wanted"),
    [
        ("2022-08-25T00:00:00", "2022-08-25", True),
        ("2022-08-25", "2022-08-25T00:00:00", True),
        ("2022-08-25T10:00:00Z", "2022-08-25T10:00:00+00:00", True),
        ("2022-08-25T10:00:00Z", "2022-08-25T10:00:00.5Z", False),
        ("2022-08-25T10:00", "2022-08-25", False),
        ("2022-08-25T23:30:00-01:00", "2022-08-26T00:30:00Z", True),
        (dt.datetime(2022, 8, 25, 10, tzinfo=dt.UTC), "2022-08-25T10:00:00Z", True),
        ("2022-08", "2022-08-25T10:00", True),
    ],
)
def test_points_in_time(gold: Any, predicted: Any, wanted: bool) -> None:
    check(dt.datetime, gold, predicted, wanted)


@pytest.mark.parametrize(
    ("least", "gold", "predicted", "wanted"),
    [
        (0.8, "abcde", "abcdx", True),
        (0.8, "abcde", "abcxx", False),
        (0.81, "abcde", "abcdx", False),
        (0.8, "Abc de", "abc  dE", True),
        (1.0, "a", "A", True),
        (1.0, "abcdefghij", "abcdefghix", False),
        (0.7, "abcdefghij", "abcdefgxxx", True),
        (0.7, "abcdefghij", "abcdefxxxx", False),
        (0.9, "abcdefghij", "abcdefghix", True),
        (0.6, "abcde", "abcxx", True),
        (0.5, "ab", "ax", True),
        (0.5, "abc", "axx", False),
        (0.4, "aaaaa", "bbbaa", True),
        (0.3, "abcdefghij", "abcxxxxxxx", True),
        (0.1, "abcdefghij", "axxxxxxxxx", True),
        (0.2, "abcde", "axxxx", True),
        (0.25, "abcd", "axxx", True),
        (0.8, "abcde", 5, False),
        (0.8, "abcde", None.__class__, False),
        (0.01, "a", "b", False),
    ],
)
def test_similar_text(least: float, gold: Any, predicted: Any, wanted: bool) -> None:
    check(Annotated[str, Text(least)], gold, predicted, wanted)


def test_every_edge_of_text_is_right() -> None:
    """n of m letters are alike, and `Text(n / m)` asks for exactly that."""
    for length in range(1, 24):
        for wrong in range(1, length):
            gold, predicted = "a" * length, "b" * wrong + "a" * (length - wrong)
            check(Annotated[str, Text((length - wrong) / length)], gold, predicted, True)
            just_above = (length - wrong) / length + 1e-4
            check(Annotated[str, Text(just_above)], gold, predicted, False)


def test_unlike_text_shares_nothing() -> None:
    comparator = comparator_of(Annotated[str, Text(0.8)])
    assert comparator.similarity("abcdefghij", "abcdxxxxxx") == 0.0
    assert comparator.similarity("abcdefghij", "abcdexxxxx") == 0.5


SPELLINGS = {
    "Donetsk People's Republic": ("DPR", "DNR"),
    "Luhansk People’s Republic": ("LPR", "Lugansk"),
    "Kyiv": (),
}


@pytest.mark.parametrize(
    ("gold", "predicted", "wanted"),
    [
        ("DPR", "Donetsk People’s Republic", True),
        ("DPR", "dnr", True),
        ("Donetsk people's  republic", "DPR ", True),
        ("lugansk", "Luhansk People's Republic", True),
        ("DPR", "LPR", False),
        ("Kyiv", "KYIV", True),
        ("Kyiv", "Kiev", False),
        ("Mars", "mars", True),
        ("Mars", "Venus", False),
        ("DPR", "the DPR", False),
        ("DPR", 1, False),
    ],
)
def test_spellings(gold: Any, predicted: Any, wanted: bool) -> None:
    check(Annotated[str, Choice(SPELLINGS)], gold, predicted, wanted)
    check(Annotated[str, Choice(SPELLINGS)], predicted, gold, wanted)


@pytest.mark.parametrize(
    ("gold", "predicted", "wanted"),
    [
        ("red", "red", True),
        ("red", "RED", False),
        ("red", "Red ", False),
        (2, 2, True),
        (2, 2.0, True),
        (2, "2", False),
        (2, "TWO", False),
        ("red", 2, False),
        ("red", ["red"], False),
        ("red", "blue", False),
        ("blue", "blue", False),
    ],
)
def test_members(gold: Any, predicted: Any, wanted: bool) -> None:
    check(Colour, gold, predicted, wanted)


@pytest.mark.parametrize(
    ("annotation", "gold", "predicted", "wanted"),
    [
        (int | str, 3, 3.0, True),
        (int | str, 3, "3", False),
        (int | str, "x", "X", True),
        (int | str, "x", 3, False),
        (int | bool, 1, True, False),
        (bool | int, True, True, True),
        (bool | int, True, 1, False),
        (dt.date | str, "2022-08-25", "2022-08-25", True),
        (dt.date | str, "yesterday", "Yesterday", True),
        (Literal["n/a"] | int, "n/a", "n/a", True),
        (Literal["n/a"] | int, 3, "3", True),
        (Literal["n/a"] | int, "n/a", "N/A", False),
        (int | str, 3, [3], False),
        (int | str, 3, True, False),
        (float | bool, 1.5, NAN, False),
        (int | str, 1, 10**400, False),
    ],
)
def test_one_of_several_types(annotation: Any, gold: Any, predicted: Any, wanted: bool) -> None:
    check(annotation, gold, predicted, wanted)


@pytest.mark.parametrize(
    ("annotation", "gold", "predicted", "wanted"),
    [
        (dt.time, "10:00", "10:00:00", True),
        (dt.time, "10:00", "10:01", False),
        (AnyUrl, "http://a.example", "http://a.example/", True),
        (AnyUrl, "http://a.example/x", "http://a.example/X", False),
        (dt.timedelta, "P1D", "PT24H", True),
        (uuid.UUID, "12345678-1234-5678-1234-567812345678", True, False),
        (dt.time, "10:00", {}, False),
    ],
)
def test_types_that_pydantic_writes_as_text(annotation: Any, gold: Any, predicted: Any, wanted: bool) -> None:
    check(annotation, gold, predicted, wanted)


ALL: dict[str, tuple[Any, bool]] = {
    "str": (str, True),
    "exact": (Annotated[str, Exact()], True),
    "text": (Annotated[str, Text()], True),
    "choice": (Annotated[str, Choice(SPELLINGS)], True),
    "int": (int, True),
    "number": (Annotated[float, Number(abs_tol=1)], True),
    "relative": (Annotated[float, Number(rel_tol=0.1)], False),
    "both": (Annotated[Decimal, Number(1, 0.1)], False),
    "bool": (bool, True),
    "date": (dt.date, False),
    "datetime": (dt.datetime, False),
    "written date": (Annotated[str, Date()], False),
    "enum": (Colour, True),
    "literal": (Literal["a", 1], True),
    "uuid": (uuid.UUID, True),
    "either": (int | str, True),
    "either with a date": (dt.date | int, False),
}


@pytest.mark.parametrize("name", ALL)
def test_comparators_say_whether_they_are_symmetric(name: str) -> None:
    annotation, symmetric = ALL[name]
    assert comparator_of(annotation).symmetric is symmetric


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("blank", ["", " ", "\n\t", "\u00a0"])
def test_a_blank_string_is_absent(name: str, blank: str) -> None:
    assert comparator_of(ALL[name][0]).prepare(blank) is None


def test_a_blank_that_is_a_member_is_one() -> None:
    comparator = comparator_of(Literal["", "a"])
    assert comparator.prepare("") == comparator.prepare("")
    assert comparator.prepare("") is not None


@pytest.mark.parametrize("name", ALL)
def test_preparing_never_fails_and_can_be_hashed(name: str) -> None:
    comparator = comparator_of(ALL[name][0])
    for value in (
        [],
        {},
        [1],
        {"a": 1},
        NAN,
        INF,
        10**400,
        -(10**400),
        10**5000,
        "\ud800",
        "x" * 10_000,
        True,
        1,
    ):
        hash(comparator.prepare(value))


def test_two_malformed_values_are_never_equal() -> None:
    comparator = comparator_of(int)
    assert comparator.prepare("x") != comparator.prepare("x")
