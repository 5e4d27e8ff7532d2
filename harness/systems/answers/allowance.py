"""What the headers of an answer say about a provider's limits."""

from __future__ import annotations

import math
import re
import time
from collections.abc import Iterable, Mapping

from harness.systems.base import Allowance

_PART = re.compile(r"(\d+(?:\.\d+)?)(ms|us|µs|ns|s|m|h|d)")
_SECONDS = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_FIELDS = ("requests", "tokens")


def allowance_of(headers: Iterable[tuple[str, str]]) -> Allowance | None:
    """What is left until when, as OpenAI's and Anthropic's headers say it; `None` when they say nothing.

    Args:
        headers: Names and values; the case of names does not matter.
    """
    found: dict[str, str] = {}
    for name, value in headers:
        lowered = name.lower()
        if "ratelimit-" in lowered:
            found[lowered.partition("ratelimit-")[2]] = value
    if not found:
        return None
    said: dict[str, float | int | None] = {}
    for what in _FIELDS:
        said[what] = _count(found.get(f"remaining-{what}") or found.get(f"{what}-remaining"))
        said[f"{what}_reset"] = _wait(found.get(f"reset-{what}") or found.get(f"{what}-reset"))
    if all(value is None for value in said.values()):
        return None
    return Allowance(**said)  # type: ignore[arg-type] # counts are whole, waits are not


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds that a provider asks to wait: `retry-after-ms`, or `retry-after` in seconds or as a date.

    `None` when it does not say, or says what is no time. A date that is past means now.
    """
    milliseconds = _number(headers.get("retry-after-ms"))
    if milliseconds is not None:
        return milliseconds / 1000
    return _wait(headers.get("retry-after"))


def _wait(text: str | None) -> float | None:
    """Seconds: `12`, `1.5s`, `6m0s`, `20ms`, a date of HTTP or of ISO 8601."""
    if text is None:
        return None
    text = text.strip()
    number = _number(text)
    if number is not None:
        return number
    parts = _PART.findall(text)
    if parts and "".join(amount + unit for amount, unit in parts) == text:
        return sum(float(amount) * _SECONDS[unit] for amount, unit in parts)
    moment = _moment(text)
    return None if moment is None else max(0.0, moment - time.time())


def _moment(text: str) -> float | None:
    import datetime as dt
    from email.utils import parsedate_to_datetime

    for read in (parsedate_to_datetime, dt.datetime.fromisoformat):
        try:
            moment = read(text)
            return (moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)).timestamp()
        except (ValueError, TypeError, OverflowError):
            continue
    return None


def _number(text: str | None) -> float | None:
    try:
        number = float(text) if text is not None else math.nan
    except ValueError:
        return None
    return number if math.isfinite(number) and number >= 0 else None


def _count(text: str | None) -> int | None:
    number = _number(text)
    return None if number is None else int(number)
