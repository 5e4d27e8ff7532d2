"""Names for runs."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from random import Random

# Without i, l, o and u: they are misread, or make words.
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


def new_run_id(now: dt.datetime, random: Random) -> str:
    """A run id that sorts by time and can be typed: `20261122-053440-k3f9`.

    Args:
        now: The time, with its zone; the id holds it in UTC, to the second.
        random: Tells apart the runs that begin in one second.

    Raises:
        ValueError: When the time has no zone.

    >>> from random import Random
    >>> new_run_id(dt.datetime(2026, 11, 22, 5, 34, 40, tzinfo=dt.UTC), Random(1))
    '20261122-053440-4vr8'
    """
    if now.utcoffset() is None:
        raise ValueError("the time of a run needs a zone")
    suffix = "".join(random.choices(_ALPHABET, k=4))
    return f"{now.astimezone(dt.UTC):%Y%m%d-%H%M%S}-{suffix}"
