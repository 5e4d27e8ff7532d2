"""The numbers that a text states, in figures or in words."""

from __future__ import annotations

import re
from decimal import Decimal

_UNITS = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
    sixteen seventeen eighteen nineteen"""
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_SMALL: dict[str, Decimal] = {
    **{word: Decimal(number) for number, word in enumerate(_UNITS.split())},
    **{word: Decimal(10 * number) for number, word in enumerate(_TENS.split(), start=2)},
    "a": Decimal(1),
    "an": Decimal(1),
    "dozen": Decimal(12),
    "half": Decimal("0.5"),
    "once": Decimal(1),
    "twice": Decimal(2),
}
_SCALES = {
    "hundred": 100,
    "thousand": 1_000,
    "k": 1_000,
    "million": 1_000_000,
    "m": 1_000_000,
    "mln": 1_000_000,
    "billion": 1_000_000_000,
    "bn": 1_000_000_000,
    "trillion": 1_000_000_000_000,
}
_NAMES = _SCALES.keys() | _SMALL.keys()
_FIGURE = re.compile(r"\d+(?:[,\u0020\u00a0\u202f’']\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?")
_TOKEN = re.compile(rf"{_FIGURE.pattern}|[^\W\d_]+|[-–—]")
_SEPARATORS = re.compile(r"[,\s’']")
_BETWEEN = {"to", "or", "and", "-", "–", "—"}
_LONGEST_FIGURE = 40


def numbers_in(text: str) -> frozenset[Decimal]:
    """Every number that a text states; in a range of figures the first takes the scale of the second too.

    >>> sorted(map(int, numbers_in("2 to 3 million, or forty-five hundred")))
    [2, 3, 40, 45, 4500, 2000000, 3000000]
    """
    words = [_singular(word) for word in _TOKEN.findall(text.casefold())]
    found: set[Decimal] = set()
    waiting: list[Decimal] = []
    at = 0
    while at < len(words):
        readings, at = _number_at(words, at)
        if not readings:
            if words[at] not in _BETWEEN:
                waiting = []
            at += 1
            continue
        found.update(readings)
        scale = readings[-1] / readings[0] if readings[0] else Decimal(1)
        if scale > 1:
            found.update(value * scale for value in waiting)
        waiting = [readings[0]] if scale == 1 else []
    return frozenset(found)


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and word[:-1] in _NAMES else word


def _number_at(words: list[str], at: int) -> tuple[list[Decimal], int]:
    """What the number that begins at a word may be, growing as words are taken in; none when there is none."""
    first = _plain(words[at])
    if first is None:
        return [], at
    readings = [first]
    done, group = Decimal(0), first
    at += 1
    while at < len(words):
        word = words[at]
        if word in _SCALES:
            group *= _SCALES[word]
            if _SCALES[word] > 100:
                done, group = done + group, Decimal(0)
        elif word in ("and", "-") and at + 1 < len(words) and _continues(words[at + 1], group, done):
            at += 1
            continue
        elif _continues(word, group, done):
            group += _SMALL[word]
        else:
            break
        readings.append(done + group)
        at += 1
    return readings, at


def _continues(word: str, group: Decimal, done: Decimal) -> bool:
    """Whether a number word goes on with a number: "five" after "forty", "four hundred" or "six thousand"."""
    if word not in _SMALL or word in ("a", "an", "half", "once", "twice", "dozen"):
        return False
    value = _SMALL[word]
    if group == 0:
        return done > 0
    return (group % 100 == 0 and value < 100) or (group % 10 == 0 and group % 100 >= 20 and value < 10)


def _plain(word: str) -> Decimal | None:
    if word in _SMALL:
        return _SMALL[word]
    is_figure = word[0].isdecimal() and len(word) <= _LONGEST_FIGURE
    return Decimal(_SEPARATORS.sub("", word)) if is_figure else None
