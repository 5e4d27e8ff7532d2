from __future__ import annotations

import datetime as dt
import re
from random import Random

import pytest

from harness.storage import new_run_id

SEEDED = Random(1)  # noqa: S311 - names, not secrets
NOW = dt.datetime(2026, 11, 22, 5, 34, 40, 999_999, tzinfo=dt.UTC)


def test_an_id_holds_the_time_in_utc() -> None:
    for now in (NOW, NOW.astimezone(dt.timezone(dt.timedelta(hours=9)))):
        assert re.fullmatch(r"20261122-053440-[0-9a-z]{4}", new_run_id(now, SEEDED))


def test_ids_sort_by_time_and_differ_within_a_second() -> None:
    ids = [new_run_id(NOW + dt.timedelta(seconds=second), SEEDED) for second in range(100)]
    assert ids == sorted(ids)
    assert len({new_run_id(NOW, SEEDED) for _ in range(50)}) > 45


def test_refuses_a_time_without_a_zone() -> None:
    with pytest.raises(ValueError, match="zone"):
        new_run_id(NOW.replace(tzinfo=None), SEEDED)
