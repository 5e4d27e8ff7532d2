"""Dates in a sentence, as precise as it is, and written as a field asks for them."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<month>January|February|March|April|May|June|July|August|September|October|November|December"
    r"|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec)\b\.?)"
)
_YEAR = r"(?P<year>(?:1[6-9]|20)\d\d)\b"
_DAY = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?\b"
_BEFORE = r"\b(?:[Ii]n|[Ss]ince|[Uu]ntil|[Bb]y|[Oo]f|[Dd]uring|[Ll]ast|[Ff]rom|[Bb]efore|[Aa]fter)\s+"
_FORMS = tuple(
    re.compile(form)
    for form in (
        r"\b(?P<year>(?:1[6-9]|20)\d\d)-(?P<number>[01]\d)(?:-(?P<day>[0-3]\d))?\b",
        rf"\b(?P<day>[0-3]?\d)[./](?P<number>[01]?\d)[./]{_YEAR}",
        rf"\b{_MONTH}\s+{_DAY}(?:,?\s+{_YEAR})?",
        rf"\b{_DAY}\s+(?:of\s+)?{_MONTH}\b(?:,?\s+{_YEAR})?",
        rf"\b{_MONTH},?\s+{_YEAR}",
        rf"{_BEFORE}{_MONTH}\b",
        rf"{_BEFORE}{_YEAR}",
    )
)
_HINT = re.compile(r"\d{4}|\d[./]\d|" + "|".join(month.capitalize() for month in _MONTHS))
_DEADLINE = re.compile(
    r"(?:\bby|\buntil|\bbefore|\bdeadline\b|\bdue\b|\bexpir\w*)(?:\W+\w+){0,6}\W*$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date of a text.

    Attributes:
        start: Where it starts.
        end: Where it ends.
        year: The year; `None` when the text doesn't say.
        month: The month; `None` likewise.
        day: The day; `None` likewise.
        is_deadline: Whether the words before it make it the end of a term.
    """

    start: int
    end: int
    year: int | None
    month: int | None
    day: int | None
    is_deadline: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether year, month and day are known."""
        return None not in (self.year, self.month, self.day)

    def completed(self, head: FoundDate | None) -> FoundDate:
        """With the year taken from the document's own date: the last such day on or before it."""
        if self.year is not None or head is None or head.year is None or self.month is None:
            return self
        later = (self.month, self.day or 1) > (head.month or 12, head.day or 31)
        year = head.year - 1 if later else head.year
        return FoundDate(self.start, self.end, year, self.month, self.day, self.is_deadline)

    def edtf(self) -> str:
        """As ISO 8601-2: `2022-08-25`, `2022-08`, `2022`, `XXXX-07-18`."""
        written = "XXXX" if self.year is None else f"{self.year:04d}"
        if self.month is not None:
            written += f"-{self.month:02d}"
            if self.day is not None:
                written += f"-{self.day:02d}"
        return written


def find_dates(text: str) -> list[FoundDate]:
    """Every date of a text in its order. A bare month or year needs a word such as "in" before it."""
    if _HINT.search(text) is None:
        return []
    found: list[FoundDate] = []
    for form in _FORMS:
        for match in form.finditer(text):
            date = _date(match, text)
            if date is not None and all(date.end <= other.start or date.start >= other.end for other in found):
                found.append(date)
    return sorted(found, key=lambda date: date.start)


def _date(match: re.Match[str], text: str) -> FoundDate | None:
    groups = match.groupdict()
    start = min(match.start(group) for group, value in groups.items() if value is not None)
    month = int(groups["number"]) if groups.get("number") else None
    if groups.get("month"):
        month = _MONTHS.index(groups["month"][:3].lower()) + 1
    year = int(groups["year"]) if groups.get("year") else None
    day = int(groups["day"]) if groups.get("day") else None
    if month is not None and not _exists(year, month, day):
        return None
    is_deadline = _DEADLINE.search(text[max(0, start - 60) : start]) is not None
    return FoundDate(start, match.end(), year, month, day, is_deadline)


def _exists(year: int | None, month: int, day: int | None) -> bool:
    try:
        dt.date(2000 if year is None else year, month, 1 if day is None else day)
    except ValueError:
        return False
    return True
