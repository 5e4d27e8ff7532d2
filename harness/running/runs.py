"""Run systems over a suite: one stored run a system."""

from __future__ import annotations

import asyncio
import datetime as dt
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field, replace
from random import Random, SystemRandom
from typing import TYPE_CHECKING

from harness.errors import Interrupted, StoreError, UsageError
from harness.records import ExtractionFailure, Request
from harness.running.engine import ask
from harness.running.extraction import extraction_of
from harness.running.interruption import uninterrupted
from harness.running.signature import run_signature
from harness.running.suite import ready
from harness.scoring.evaluation import Evaluation
from harness.storage import RunRecord, RunStatus, new_run_id, open_store
from harness.systems import SystemSpec, Task, build

if TYPE_CHECKING:
    from harness.records import DocumentScore, Response
    from harness.running.suite import ReadySuite
    from harness.storage import Store
    from harness.suites.configuration import Configuration, SuiteConfig, SystemConfig
    from harness.systems import System

INSTRUMENT = "noisy-gold"
"""The kind that has seen gold."""


@dataclass(frozen=True)
class RunResult:
    """One finished run.

    Attributes:
        run: As it is in the store.
        evaluation: What its answers came to.
        seconds: How long it took.
        instrument: Whether the system is a test instrument that answers with gold.
    """

    run: RunRecord
    evaluation: Evaluation
    seconds: float
    instrument: bool


def now_utc() -> dt.datetime:
    """The time, in UTC."""
    return dt.datetime.now(dt.UTC)


def timestamp(moment: dt.datetime) -> str:
    """A time as runs keep it: UTC, ISO 8601, to the millisecond; sorts by time."""
    return moment.astimezone(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def run_systems(
    configuration: Configuration,
    suite: SuiteConfig,
    systems: Sequence[SystemConfig],
    *,
    trials: int = 1,
    concurrency: int = 8,
    limit: int | None = None,
    clock: Callable[[], dt.datetime] = now_utc,
    random: Random | None = None,
    update: Callable[..., None] | None = None,
) -> list[RunResult]:
    """Put the documents of a suite to systems, one system after the other, and score what they answer.

    Everything is checked before the first question. Every answer is in the store before it is looked at. An
    answer that fails is counted; it ends nothing.

    Args:
        configuration: Names the store and the folder that the schema is imported from.
        suite: What is asked about.
        systems: Who is asked, in order.
        trials: How often each document is put to each system.
        concurrency: How many questions to one system are in flight at most.
        limit: Only the first so many documents.
        clock: Gives the time of day.
        random: Makes the ids of runs.
        update: Told of the progress, as `harness.reporting.Update`.

    Returns:
        One result a system, in the order given.

    Raises:
        SchemaError, GoldError, DocumentError, ConfigError, UsageError: Before anything is asked; see `ready`.
        Interrupted: When the user stops it. The run that was going on is stored as interrupted, with every
            answer that had come in.
        HarnessError: What a system says of its set-up, or the store of itself. The run is stored as failed.
    """
    for name, number in (("trials", trials), ("concurrency", concurrency)):
        if number < 1:
            raise UsageError(f"{name} is {number}", hint="give at least 1")
    if not systems:
        raise UsageError("no system was chosen", hint="name one of harness.toml")
    loaded = ready(configuration, suite, limit=limit)
    task = Task(loaded.model, loaded.prompt, loaded.plain_gold)
    built = [(one, build(SystemSpec(one.name, one.kind, one.parameters), task)) for one in systems]
    with open_store(configuration.store) as store:
        session = _Session(
            configuration, loaded, store, trials, concurrency, limit, clock, random or SystemRandom(), update
        )
        try:
            return asyncio.run(session.run_all(built))
        except KeyboardInterrupt:
            with uninterrupted():
                store.close()
            raise session.interruption() from None


@dataclass(slots=True)
class _Session:
    """One call of `run_systems`, past its checks."""

    configuration: Configuration
    suite: ReadySuite
    store: Store
    trials: int
    concurrency: int
    limit: int | None
    clock: Callable[[], dt.datetime]
    random: Random
    update: Callable[..., None] | None
    current: RunRecord | None = None
    stored: int = 0
    results: list[RunResult] = field(default_factory=list)

    async def run_all(self, built: Sequence[tuple[SystemConfig, System]]) -> list[RunResult]:
        async with AsyncExitStack() as stack:
            for _, system in built:
                stack.push_async_callback(system.close)
            for config, system in built:
                self.results.append(await self.run_one(config, system))
        return self.results

    async def run_one(self, config: SystemConfig, system: System) -> RunResult:
        run = self.begin(config, system)
        started = time.perf_counter()
        try:
            scores = await self.put(run, system)
            evaluation = Evaluation(self.suite.scorer.plan, tuple(scores))
            self.store.save_scores(run.id, run.signature, scores)
        except BaseException as error:
            stopped = isinstance(error, asyncio.CancelledError | KeyboardInterrupt)
            status = RunStatus.INTERRUPTED if stopped else RunStatus.FAILED
            with suppress(StoreError), uninterrupted():  # what went wrong first is what the user must hear
                self.store.finish_run(run.id, status, timestamp(self.clock()), {})
            raise
        finished, summary = timestamp(self.clock()), evaluation.headline()
        self.store.finish_run(run.id, RunStatus.FINISHED, finished, summary)
        self.current = None
        seconds = time.perf_counter() - started
        run = replace(run, status=RunStatus.FINISHED, finished=finished, summary=summary)
        return RunResult(run, evaluation, seconds, config.kind == INSTRUMENT)

    def begin(self, config: SystemConfig, system: System) -> RunRecord:
        now = self.clock()
        signature = run_signature(
            self.suite.scored_by,
            suite=self.suite.config.name,
            prompt=self.suite.prompt,
            system=config.name,
            identity=system.identity,
            trials=self.trials,
        )
        details = {
            "config": str(self.configuration.path),
            "schema": self.suite.config.schema,
            "documents": str(self.suite.config.documents),
            "gold": str(self.suite.config.gold),
        }
        if self.limit is not None:
            details["limit"] = str(self.limit)
        run = RunRecord(
            id=new_run_id(now, self.random),
            suite=self.suite.config.name,
            system=config.name,
            status=RunStatus.STARTED,
            created=timestamp(now),
            finished=None,
            trials=self.trials,
            documents=len(self.suite.paths),
            signature=signature,
            identity=dict(system.identity),
            details=details,
        )
        self.store.create_run(run)
        self.current, self.stored = run, 0
        return run

    async def put(self, run: RunRecord, system: System) -> list[DocumentScore]:
        scores: list[DocumentScore] = []

        def answered(request: Request, response: Response) -> None:
            self.store.append(run.id, response)
            self.stored += 1
            extraction = extraction_of(response)
            label = self.suite.gold[request.document.id]
            scores.append(self.suite.scorer.score(label.facts, extraction, request.document.text))
            self.tell(run.system, failed=int(isinstance(extraction, ExtractionFailure)))

        if self.update is not None:
            self.update(run.system, 0)
        workers = min(self.concurrency, len(self.suite.gold) * self.trials)
        await ask(system, self.requests(), answered, concurrency=workers)
        return sorted(scores, key=lambda score: (score.document, score.trial))

    def requests(self) -> Iterator[Request]:
        for document in self.suite.documents():
            for trial in range(self.trials):
                yield Request(document, trial)

    def tell(self, name: str, failed: int) -> None:
        if self.update is not None:
            self.update(name, 1, failed)

    def interruption(self) -> Interrupted:
        """What to tell the user who stopped it."""
        run = self.current
        if run is None:
            return Interrupted("interrupted between two runs", hint="`harness runs` lists what is stored")
        planned = run.documents * self.trials
        return Interrupted(
            f"interrupted with {self.stored} of {planned} answers of {run.system}, which are kept",
            where=f"run {run.id}",
            hint=f"`harness score {run.id}` scores them; what was not asked counts as not answered",
        )
