import datetime as dt
from email.utils import format_datetime

import pytest

from harness.systems.answers.allowance import allowance_of, retry_after
from harness.systems.base import Allowance


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("6m0s", 360.0),
        ("1.5s", 1.5),
        ("20ms", 0.02),
        ("1h2m3s", 3723.0),
        ("1m30.5s", 90.5),
        ("2d", 172_800.0),
        ("12", 12.0),
        ("0", 0.0),
        ("1s?", None),
        ("soon", None),
        ("", None),
        ("-3", None),
        ("inf", None),
        ("nan", None),
    ],
)
def test_durations(text: str, seconds: float | None) -> None:
    allowance = allowance_of([("X-RateLimit-Remaining-Requests", "1"), ("x-ratelimit-reset-requests", text)])
    assert allowance is not None
    assert allowance.requests_reset == pytest.approx(seconds) if seconds is not None else True
    assert (allowance.requests_reset is None) is (seconds is None)


def test_what_openai_says() -> None:
    headers = {
        "x-ratelimit-limit-requests": "60",
        "x-ratelimit-remaining-requests": "59",
        "x-ratelimit-reset-requests": "1s",
        "x-ratelimit-remaining-tokens": "149984",
        "x-ratelimit-reset-tokens": "6m0s",
    }
    assert allowance_of(headers.items()) == Allowance(59, 1.0, 149_984, 360.0)


def test_what_anthropic_says() -> None:
    later = dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)
    headers = {
        "anthropic-ratelimit-requests-remaining": "3",
        "anthropic-ratelimit-requests-reset": later.isoformat().replace("+00:00", "Z"),
        "anthropic-ratelimit-tokens-remaining": "10",
        "anthropic-ratelimit-tokens-reset": "2001-01-01T00:00:00Z",
    }
    allowance = allowance_of(headers.items())
    assert allowance is not None
    assert (allowance.requests, allowance.tokens, allowance.tokens_reset) == (3, 10, 0.0)
    assert allowance.requests_reset == pytest.approx(3600, abs=60)


@pytest.mark.parametrize(
    "headers",
    [{}, {"date": "x"}, {"x-ratelimit-limit-requests": "5"}, {"x-ratelimit-remaining-requests": "many"}],
)
def test_nothing_said_is_nothing(headers: dict[str, str]) -> None:
    assert allowance_of(headers.items()) is None


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "7"}, 7.0),
        ({"retry-after": "0.5"}, 0.5),
        ({"retry-after": "20s"}, 20.0),
        ({"retry-after-ms": "250", "retry-after": "9"}, 0.25),
        ({"retry-after-ms": "x", "retry-after": "9"}, 9.0),
        ({"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}, 0.0),
        ({"retry-after": "Wed, 99 Foo"}, None),
        ({"retry-after": "-1"}, None),
        ({"retry-after": "1e999"}, None),
        ({}, None),
    ],
)
def test_retry_after(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(headers) == seconds


def test_retry_after_a_date_to_come() -> None:
    later = dt.datetime.now(dt.UTC) + dt.timedelta(hours=2)
    assert retry_after({"retry-after": format_datetime(later, usegmt=True)}) == pytest.approx(7200, abs=60)
