"""The time of day, as runs keep it."""

from __future__ import annotations

import datetime as dt


def now_utc() -> dt.datetime:
    """The time, in UTC."""
    return dt.datetime.now(dt.UTC)


def timestamp(moment: dt.datetime) -> str:
    """A time as runs keep it: UTC, ISO 8601, to the millisecond; sorts by time."""
    return moment.astimezone(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
