"""`Date`: compared at the granularity that gold states."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from harness.scoring.comparators.base import Malformed
from harness.scoring.comparators.equality import equal_pairs
from harness.scoring.comparators.values import type_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from harness.scoring.comparators.base import Prepared

_EDTF = re.compile(
    r"(?P<year>\d{4}|XXXX)(?:-(?P<month>\d{2}|XX)(?:-(?P<day>\d{2}|XX))?)?(?:[T ](?P<time>\d{2}:\d{2}.*))?",
    re.ASCII,
)
NO_OFFSET = 1e6
"""The offset of a time that states none; no real one is so large."""

LONGEST_DATE = 40
"""A longer string is no date."""

_LEAP_YEAR = 2000
_OFFSET = 4
_LEVELS = {"year": 1, "month": 2, "day": 3, "stated": 5}


class Moment(NamedTuple):
    """A partial date; `None` where nothing is stated.

    Attributes:
        year: The year.
        month: 1 to 12.
        day: 1 to 31.
        second: Seconds of the day, with fractions.
        offset: Seconds east of UTC; `NO_OFFSET` for a time that states none.
    """

    year: int | None
    month: int | None = None
    day: int | None = None
    second: float | None = None
    offset: float | None = None


@dataclass(frozen=True, slots=True)
class DateComparator:
    """Right when the prediction agrees in every part that gold states; it may state more.

    Not symmetric: gold `2022-08` is met by `2022-08-25`, and gold `2022-08-25` is not met by `2022-08`.

    Attributes:
        granularity: The finest part that is looked at: `"year"`, `"month"`, `"day"` or `"stated"` for all.
        timed: Whether the leaf is a point in time, for which a bare date is midnight.
        cutting: Whether a date may be prepared as less or more than it says.
    """

    granularity: str = "stated"
    timed: bool = False
    exact: bool = False
    dear: bool = False
    symmetric: bool = False
    right_from: float = 1.0
    cutting: bool = field(init=False)

    def __post_init__(self) -> None:
        """Know once whether dates are prepared as they are."""
        object.__setattr__(self, "cutting", self.timed or self.granularity != "stated")

    def prepare(self, raw: object) -> Prepared:
        """A `Moment`, cut to the granularity. A string that is no such date is malformed."""
        if isinstance(raw, str):
            moment = read_edtf(raw) if len(raw) <= LONGEST_DATE else None
            if moment is None and (not raw or raw.isspace()):
                return None
        elif isinstance(raw, dt.date):
            moment = read_edtf(raw.isoformat())
        else:
            return Malformed(f"{type_name(raw)} where a date belongs")
        if moment is None:
            return Malformed(f"{text_of(raw)!r} is no EDTF date")
        if not self.cutting:
            return moment
        if self.timed:
            moment = in_utc(moment)
        if self.timed and moment.day is not None and moment.second is None:
            moment = moment._replace(second=0.0, offset=NO_OFFSET)
        kept = _LEVELS[self.granularity]
        cut = Moment(*(part if at < kept else None for at, part in enumerate(moment)))  # type: ignore[arg-type] # in their order
        return cut if any(part is not None for part in cut) else None

    def similarity(self, gold: Any, predicted: Any) -> float:
        """1 when the prediction agrees in all that gold states, else 0. Two points in time are one instant."""
        for part, given in zip(gold, predicted):  # noqa: B905 - of one length; this is asked for every pair
            if part is not None and part != given:
                instants = gold.offset is not None and is_instant(gold) and is_instant(predicted)
                return 1.0 if instants and in_utc(gold) == in_utc(predicted) else 0.0
        return 1.0

    def near(self, gold: Sequence[Any], predicted: Sequence[Any]) -> bytes:
        """Those that agree in the parts that every date of gold states."""
        columns = list(zip(*filter(None, gold), strict=True))
        parts = [at for at, column in enumerate(columns) if None not in column]
        if columns and not {None, NO_OFFSET}.issuperset(columns[_OFFSET]):
            # An instant is met by the same one elsewhere on earth, where it may be another day.
            parts = parts if _OFFSET in parts else []
            gold, predicted = ([moment and in_utc(moment) for moment in side] for side in (gold, predicted))
        if not parts:
            return b"\1" * (len(gold) * len(predicted))
        cut = itemgetter(*parts)
        ours, theirs = (
            list(map(cut, side)) if all(side) else [moment and cut(moment) for moment in side]
            for side in (gold, predicted)
        )
        return equal_pairs(ours, theirs)


def read_edtf(text: str) -> Moment | None:
    """Read a date of ISO 8601-2 (EDTF) in which whole parts may be unknown, or an ISO 8601 point in time.

    Returns:
        `None` when the text is none, or when no calendar has such a day.

    >>> read_edtf("2022-08")
    Moment(year=2022, month=8, day=None, second=None, offset=None)
    >>> read_edtf("XXXX-07-18")
    Moment(year=None, month=7, day=18, second=None, offset=None)
    >>> read_edtf("2022-02-30") is None
    True
    """
    text = text.strip()
    found = _EDTF.fullmatch(text)
    if found is None:
        return None
    if found["time"] is not None:
        return _point(text)
    year, month, day = (_part(found[name]) for name in ("year", "month", "day"))
    if year is None and month is None and day is None:
        return None
    try:
        dt.date(_LEAP_YEAR if year is None else year, 1 if month is None else month, 1 if day is None else day)
    except ValueError:
        return None
    return Moment(year, month, day)


def _part(text: str | None) -> int | None:
    return None if text is None or text.startswith("X") else int(text)


def _point(text: str) -> Moment | None:
    try:
        point = dt.datetime.fromisoformat(text)
    except (ValueError, OverflowError):
        return None
    second = point.hour * 3600 + point.minute * 60 + point.second + point.microsecond / 1e6
    offset = point.utcoffset()
    return Moment(
        point.year, point.month, point.day, second, NO_OFFSET if offset is None else offset.total_seconds()
    )


def is_instant(moment: Moment) -> bool:
    """Whether it is a point in time with an offset, which the whole world reads alike."""
    return moment.offset is not None and moment.offset != NO_OFFSET


def in_utc(moment: Moment) -> Moment:
    """A point in time with an offset as the same one at offset 0; anything else as it is.

    >>> in_utc(read_edtf("2022-08-25T23:00:00-05:00"))
    Moment(year=2022, month=8, day=26, second=14400.0, offset=0.0)
    """
    if not is_instant(moment) or moment.year is None or moment.second is None or moment.offset is None:
        return moment
    day = dt.datetime(moment.year, moment.month or 1, moment.day or 1)
    try:
        point = day + dt.timedelta(seconds=moment.second - moment.offset)
    except OverflowError:
        return moment
    second = (point - point.replace(hour=0, minute=0, second=0, microsecond=0)).total_seconds()
    return Moment(point.year, point.month, point.day, second, 0.0)


def text_of(raw: object) -> str:
    """A value as it may be shown in a message: one line, not long."""
    return " ".join(str(raw).split())[:40]
