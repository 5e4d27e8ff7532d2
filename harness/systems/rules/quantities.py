"""Numbers in a sentence: figures and number words, with their hedge, currency and what follows them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from harness.systems.rules.dates import FoundDate
from harness.systems.rules.words import TOKEN, stem

_SMALL = dict(
    zip(
        [
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
            "twenty",
        ],
        range(1, 21),
        strict=True,
    )
) | {"thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90, "a": 1}
_SCALE = {"hundred": 100, "thousand": 1_000, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_CURRENCY = {
    "$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "₽": "RUB", "₩": "KRW", "₹": "INR",
    "dollar": "USD", "euro": "EUR", "pound": "GBP", "yen": "JPY", "rubl": "RUB", "roubl": "RUB", "yuan": "CNY",
    "franc": "CHF", "won": "KRW",
}  # fmt: skip
_CODE = re.compile(r"(?:USD|EUR|GBP|JPY|RUB|KRW|INR|CNY|CHF|SEK|NOK|DKK|PLN|CAD|AUD)\b")
_NUMBER = re.compile(
    r"(?P<sign>[$€£¥₽₩₹]\s?|\b(?:USD|EUR|GBP|CHF|RUB)\s)?"
    r"(?:(?<![\w.,:/-])(?P<figure>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,15}(?:\.\d{1,6})?)(?![\w-]|[.,/:]\d)"
    rf"|\b(?P<word>{'|'.join(_SMALL)})(?=\s+(?:hundred|thousand|million|billion)\b)"
    rf"|\b(?P<small>{'|'.join(word for word in _SMALL if word not in ('a', 'one'))})\b)"
    r"(?P<scale>(?:\s+(?:hundred|thousand|million|billion|trillion)\b){0,2})",
    re.IGNORECASE,
)
_WORDS = "|".join((*(word for word in _SMALL if word not in ("a", "one")), *_SCALE))
_HINT = re.compile(rf"\d|\b(?:{_WORDS})", re.IGNORECASE)
_HEDGE = re.compile(
    r"(?:\b(?:about|approximately|around|roughly|some|nearly|almost|over|above|more than|at least|no fewer than"
    r"|not less than|up to|at most|as many as|less than|fewer than|under|below|no more than|an estimated)\s+)$",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"^\s*(?:to|or|and|-|–|—)\s*$")
_LOWER = frozenset(["over", "above", "more than", "at least", "no fewer than", "not less than"])
_UPPER = frozenset(
    ["up to", "at most", "as many as", "less than", "fewer than", "under", "below", "no more than"]
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number or a range of a text.

    Attributes:
        start: Where its wording starts, with the hedge.
        end: Where it ends.
        low: The lower number; `None` under a hedge such as "up to".
        high: The higher number; `None` under a hedge such as "over".
        figure_at: Where the first figure starts.
        hedge: The words before it that say how it is meant, in lower case.
        currency: ISO 4217 code, when it is money.
        is_label: Whether it numbers a thing, as in "Resolution 12".
        is_word: Whether it is a small number word.
        after: The stems of the words after it, at most three.
        percent: Whether it is a share of hundred.
    """

    start: int
    end: int
    low: Decimal | None
    high: Decimal | None
    figure_at: int
    hedge: str = ""
    currency: str | None = None
    is_label: bool = False
    is_word: bool = False
    after: tuple[str, ...] = ()
    percent: bool = False

    @property
    def value(self) -> Decimal:
        """The number; the lower one of a range."""
        return self.low if self.low is not None else self.high if self.high is not None else Decimal(0)


def find_quantities(text: str, dates: list[FoundDate]) -> list[Quantity]:
    """Every number of a text that is no part of a date or a name, ranges joined, in its order."""
    if _HINT.search(text) is None:
        return []
    singles = [
        _single(match, text)
        for match in _NUMBER.finditer(text)
        if not any(date.start < match.end() and match.start() < date.end for date in dates)
    ]
    joined: list[Quantity] = []
    for quantity in singles:
        if joined and _BETWEEN.match(text[joined[-1].end : quantity.start]) and _is_range(joined[-1], quantity):
            joined[-1] = _joined(joined[-1], quantity)
        else:
            joined.append(quantity)
    return joined


def _single(match: re.Match[str], text: str) -> Quantity:
    figure, word = match["figure"], (match["word"] or match["small"] or "").lower()
    value = Decimal(figure.replace(",", "")) if figure else Decimal(_SMALL[word])
    for scale in match["scale"].lower().split():
        value *= _SCALE[scale]
    start, end = match.start(), match.end()
    hedge = _HEDGE.search(text[max(0, start - 20) : start])
    words = hedge[0].strip().lower() if hedge else ""
    following = TOKEN.findall(text[end : end + 40])[:3]
    before = text[max(0, start - 30) : start]
    tail = text[end : end + 12].lstrip()
    return Quantity(
        start=start - (len(hedge[0]) if hedge else 0),
        end=end,
        low=None if words in _UPPER else value,
        high=None if words in _LOWER else value,
        figure_at=start,
        hedge=words,
        currency=_currency(match["sign"], following, tail),
        is_label=bool(re.search(r"\b[A-Z]\w+\s(?:[Nn]o\.?\s|#)?$", before))
        and not words
        and "," not in (figure or ""),
        is_word=not figure and not match["scale"],
        after=tuple(stem(word) for word in following),
        percent=tail.startswith(("%", "percent", "per cent")),
    )


def _currency(sign: str | None, following: list[str], tail: str) -> str | None:
    if sign:
        return _CURRENCY.get(sign.strip(), sign.strip())
    if _CODE.match(tail):
        return tail[:3]
    if tail.startswith(tuple("$€£₽₩₹")):
        return _CURRENCY[tail[0]]
    names = [word for word in map(stem, following[:2]) if word in _CURRENCY]
    return _CURRENCY[names[0]] if names else None


def _is_range(low: Quantity, high: Quantity) -> bool:
    same_money = high.currency is None or low.currency in (None, high.currency)
    return same_money and low.low == low.high and high.low == high.high and low.value <= high.value


def _joined(low: Quantity, high: Quantity) -> Quantity:
    return Quantity(
        low.start, high.end, low.low, high.high, low.figure_at, low.hedge, high.currency or low.currency,
        low.is_label, low.is_word and high.is_word, high.after, high.percent,
    )  # fmt: skip
