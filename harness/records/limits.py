"""How a system may be asked, what that costs, and how far it has come."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Limits:
    """How hard and how long a system may be asked.

    Attributes:
        concurrency: The most calls in flight at once. The engine begins lower and adapts.
        requests_per_minute: The most calls begun in a minute; `None` for no ceiling.
        tokens_per_minute: The most tokens, asked and answered, in a minute; `None` for no ceiling.
        call_timeout: Seconds for one call, from its first byte to its last.
        document_timeout: Seconds for everything that is done for one document in one trial, waiting included.
        retries: How often a call is made again after it failed in a way that passes.
    """

    concurrency: int = 8
    requests_per_minute: int | None = None
    tokens_per_minute: int | None = None
    call_timeout: float = 300.0
    document_timeout: float = 1_800.0
    retries: int = 6


@dataclass(frozen=True, slots=True)
class Price:
    """What a model costs, in US dollars for a million tokens.

    Attributes:
        input: Of tokens asked.
        output: Of tokens answered, reasoning included.
        cached_input: Of asked tokens that the provider had in its cache; `None` for the price of `input`.
    """

    input: Decimal
    output: Decimal
    cached_input: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a system has come in a run.

    Attributes:
        done: Answers there are, failed ones included.
        failed: How many of them are failures.
        reused: How many of them came from the cache, an earlier part of the run, or a recording.
        in_flight: Requests that are being asked now.
        tokens: Tokens asked and answered so far, as the provider reported them.
        cost: US dollars spent so far.
        unpriced: Calls whose cost is not known; they are not in `cost`.
        waiting: Why nothing is sent just now, in a few words; empty while something is.
    """

    done: int = 0
    failed: int = 0
    reused: int = 0
    in_flight: int = 0
    tokens: int = 0
    cost: Decimal = Decimal(0)
    unpriced: int = 0
    waiting: str = ""
