"""One command's runs, past their checks: begin or reopen each, ask, score, write down how it ended."""

from __future__ import annotations

import asyncio
import time
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

from harness.errors import CostCeilingReached, HarnessError, Interrupted, StoreError, VerdictSettled
from harness.records import Standing
from harness.running.engine.asking import Asking
from harness.running.engine.exchange import Line
from harness.running.engine.extraction import extraction_of
from harness.running.engine.interruption import uninterrupted
from harness.running.engine.pace import Pace
from harness.running.engine.stopping import stopping_on_signals
from harness.running.moments import timestamp
from harness.running.money.budget import Budget
from harness.running.money.charges import most_answered
from harness.running.money.forecast import forecast
from harness.running.planning import signature_of
from harness.running.results import RunResult, StoppedRun
from harness.running.signature import rescored
from harness.scoring.evaluation import Evaluation
from harness.storage import RunRecord, RunStatus, new_run_id

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Awaitable, Callable, Iterator, Sequence
    from random import Random

    from harness.records import DocumentScore
    from harness.running.money.purse import Purse
    from harness.running.planning import PlannedRun
    from harness.running.recordings.cassettes import Recorder, Recording
    from harness.running.suite import ReadySuite
    from harness.storage import Store

    Judging = Callable[[ReadySuite, int], Callable[[DocumentScore], HarnessError | None]]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What runs touch beside their systems.

    Attributes:
        store: Keeps the answers.
        purse: The money of the whole command.
        clock: Gives the time of day.
        random: Makes the ids of runs, and jitter.
        sleep: Waits for seconds.
        begin: Is called once, when the first run is in the store.
        watch: Is told how far each run has come, by its label.
        note: Is told what a person should hear while it goes on.
        heard: Whether anybody listens to that.
        recorder: Writes the answers down too.
        recording: Answers in the place of the systems.
        judging: Makes, for a run's suite and trials, what hears every score and may say why to stop.
    """

    store: Store
    purse: Purse
    clock: Callable[[], dt.datetime]
    random: Random
    sleep: Callable[[float], Awaitable[object]]
    begin: Callable[[], None]
    watch: Callable[[str, Standing], None]
    note: Callable[[str], None]
    heard: bool = True
    recorder: Recorder | None = None
    recording: Recording | None = None
    judging: Judging | None = None


@dataclass(slots=True)
class Session:
    """The runs of one command.

    Attributes:
        around: What they touch.
        results: One for each run that came to an end, in order.
        current: The run that is going on.
    """

    around: Surroundings
    results: list[RunResult | StoppedRun] = field(default_factory=list)
    current: RunRecord | None = None
    _asking: Asking | None = None

    async def run_all(self, planned: Sequence[PlannedRun]) -> None:
        """Make the runs, one after the other, into `results`. What stops one system leaves the others alone.

        Raises:
            Interrupted: When the user stopped it.
            StoreError: When nothing can be stored.
        """
        async with AsyncExitStack() as stack:
            for one in planned:
                stack.push_async_callback(one.system.close)
            for one in planned:
                self.results.append(await self._run(one))

    async def _run(self, plan: PlannedRun) -> RunResult | StoppedRun:
        first = self.current is None and not self.results
        self._asking = None
        run = self._begin(plan)
        started = time.perf_counter()
        try:
            with stopping_on_signals(self._stop):
                if first:
                    self.around.begin()
                asking = self._asking = self._prepare(plan, run)
                earlier = list(_earlier_scores(self.around.store, run, plan)) if plan.settled else []
                await asking.run()
            scores = sorted([*earlier, *asking.scores], key=lambda score: (score.document, score.trial))
            evaluation = Evaluation(plan.suite.scorer.plan, tuple(scores))
            self.around.store.save_scores(run.id, rescored(run.signature, plan.suite.scored_by), scores)
        except BaseException as error:
            status = _status_after(error)
            with suppress(StoreError), uninterrupted():  # what went wrong first is what the user must hear
                self.around.store.finish_run(run.id, status, timestamp(self.around.clock()), {})
            if isinstance(error, HarnessError) and not isinstance(error, Interrupted | StoreError):
                self.current = None
                return StoppedRun(plan.label, replace(run, status=status), self._told(error, run))
            if isinstance(error, Interrupted):  # what was in flight then has been answered since
                raise self.interruption() from None
            raise
        finished, summary = timestamp(self.around.clock()), evaluation.headline()
        self.around.store.finish_run(run.id, RunStatus.FINISHED, finished, summary)
        self.current = None
        seconds = time.perf_counter() - started
        run = replace(run, status=RunStatus.FINISHED, finished=finished, summary=summary)
        spending = self.around.store.spending(run.id)
        return RunResult(plan.label, run, evaluation, seconds, plan.instrument, spending)

    def _begin(self, plan: PlannedRun) -> RunRecord:
        if plan.run is not None:
            self.around.store.reopen_run(plan.run.id, plan.details)
            self.current = replace(plan.run, status=RunStatus.STARTED, details=plan.details)
            return self.current
        now = self.around.clock()
        run = RunRecord(
            id=new_run_id(now, self.around.random),
            suite=plan.suite.config.name,
            system=plan.config.name,
            status=RunStatus.STARTED,
            created=timestamp(now),
            finished=None,
            trials=plan.trials,
            documents=len(plan.suite.asked),
            signature=signature_of(plan),
            identity=dict(plan.system.identity),
            details=plan.details,
        )
        self.around.store.create_run(run, tuple(plan.suite.asked))
        self.current = run
        return run

    def _prepare(self, plan: PlannedRun, run: RunRecord) -> Asking:
        around = self.around
        pace = Pace(plan.config.limits, around.random, sleep=around.sleep)
        budget = Budget(plan.pricing, around.purse, most_answered=most_answered(plan.config))
        standing = _standing_before(around.store, plan)
        if standing.unpriced:
            budget.presume(standing.unpriced, plan.typical_size)
        around.watch(plan.label, standing)
        if around.heard and plan.may_charge and around.recording is None:
            around.note(forecast(plan, around.store))
        return Asking(
            run.id,
            plan.system,
            plan.suite,
            plan.trials,
            Line(plan.config.name, pace, plan.pricing, budget),
            around.store,
            settled=plan.settled,
            standing=standing,
            recorder=around.recorder,
            recording=around.recording,
            update=partial(around.watch, plan.label) if around.heard else None,
            scored=None if around.judging is None else around.judging(plan.suite, plan.trials),
        )

    def _stop(self) -> None:
        asking = self._asking
        if asking is None:  # the event loop calls this between two steps, and that is made in the first
            return
        in_flight = asking.calls_in_flight
        self.around.note(
            f"stopping: finishing {in_flight} in flight; once more stops now" if in_flight else "stopping"
        )
        asking.stop(self.interruption())

    def _told(self, error: HarnessError, run: RunRecord) -> HarnessError:
        if isinstance(error, CostCeilingReached) and self._asking is not None:
            return self.around.purse.stopped(run.id, self._asking.standing.done, run.documents * run.trials)
        return error

    def interruption(self) -> Interrupted:
        """What to tell the user who stopped it."""
        run = self.current
        if run is None or self._asking is None:
            return Interrupted("interrupted between two runs", hint="`harness runs` lists what is stored")
        return Interrupted(
            f"interrupted with {self._asking.standing.done} of {run.documents * run.trials} answers of "
            f"{run.system}, which are kept",
            where=f"run {run.id}",
            hint=f"`harness run --resume {run.id}` goes on; `harness score {run.id}` scores what there is",
        )


def _status_after(error: BaseException) -> RunStatus:
    on_purpose = KeyboardInterrupt | Interrupted | CostCeilingReached | VerdictSettled
    stopped = isinstance(error, asyncio.CancelledError | on_purpose)
    return RunStatus.INTERRUPTED if stopped else RunStatus.FAILED


def _standing_before(store: Store, plan: PlannedRun) -> Standing:
    """How far a run had come that is gone on with."""
    if plan.run is None:
        return Standing()
    spending = store.spending(plan.run.id)
    failed = sum(
        failure is not None and key in plan.settled for key, failure in store.standing(plan.run.id).items()
    )
    return Standing(
        done=len(plan.settled),
        failed=failed,
        reused=len(plan.settled),
        tokens=spending.input_tokens + spending.output_tokens,
        cost=spending.cost,
        unpriced=spending.unpriced,
    )


def _earlier_scores(store: Store, run: RunRecord, plan: PlannedRun) -> Iterator[DocumentScore]:
    for response in store.responses(run.id):
        if (response.document, response.trial) in plan.settled:
            gold = plan.suite.gold[response.document].facts
            text = plan.suite.document(response.document).text
            yield plan.suite.scorer.score(gold, extraction_of(response), text)
