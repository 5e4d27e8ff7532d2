"""Runs of the real engine against the server, inside the test's process."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from harness.records import Response
from harness.running import run_systems
from harness.running.results import RunResult, StoppedRun
from harness.running.runs import Options
from harness.storage import Spending, open_store
from harness.suites.configuration import Configuration, load_configuration
from tests.servers.request_log import Entry

PRICES = (Decimal("0.25"), Decimal("0.025"), Decimal(2))
"""What `asked_suite` writes: US dollars for a million tokens asked, asked and cached, answered."""
LONGEST_WAIT = 0.002


async def briefly(seconds: float) -> None:
    """A back-off that a test can wait for."""
    await asyncio.sleep(min(seconds, LONGEST_WAIT))


@dataclass(frozen=True)
class Kept:
    """What the store has of a run."""

    responses: list[Response]
    takes: list[Response]
    spending: Spending


def run(configuration: Path) -> RunResult | StoppedRun:
    """Run the system `mock` over the only suite."""
    loaded = load_configuration(configuration)
    (result,) = run_systems(loaded, loaded.suite(), [loaded.system("mock")], options=Options(sleep=briefly))
    return result


def finished(configuration: Path) -> RunResult:
    """The same, of a run that is not stopped on the way."""
    result = run(configuration)
    assert isinstance(result, RunResult), result.error
    return result


def kept(configuration: Path | Configuration, run_id: str = "latest") -> Kept:
    """What is in the store."""
    if isinstance(configuration, Path):
        configuration = load_configuration(configuration)
    with open_store(configuration.store) as store:
        run_id = store.run(run_id).id
        takes = [response for _, response in store.takes(run_id)]
        return Kept(list(store.responses(run_id)), takes, store.spending(run_id))


def billed(entries: Sequence[Entry]) -> Decimal:
    """What the server would charge for what it sent, where it said so: US dollars."""
    asked, cached, answered = PRICES
    return sum(
        (
            (used.input - used.cached) * asked + used.cached * cached + used.output * answered
            for used in (entry.usage for entry in entries)
            if used is not None
        ),
        Decimal(0),
    ) / Decimal(1_000_000)
