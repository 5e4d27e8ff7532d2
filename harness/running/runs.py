"""Run systems over a suite, or go on with a run: one stored run for each system and prompt."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack
from dataclasses import dataclass, replace
from decimal import Decimal
from random import Random, SystemRandom
from typing import TYPE_CHECKING

from harness.running.engine.interruption import uninterrupted
from harness.running.moments import now_utc
from harness.running.money.budget import check_priced
from harness.running.money.purse import Purse
from harness.running.planning import plan_resumed, plan_runs
from harness.running.session import Session, Surroundings
from harness.storage import open_store

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Awaitable, Callable, Sequence
    from pathlib import Path
    from typing import Protocol

    from harness.records import Standing
    from harness.running.planning import PlannedRun
    from harness.running.results import RunResult, StoppedRun
    from harness.running.session import Judging
    from harness.storage import Store
    from harness.suites.configuration import Configuration, SuiteConfig, SystemConfig

    class Watch(Protocol):
        """Is told what goes on."""

        def begin(self, totals: Sequence[tuple[str, int]]) -> None:
            """Hear which runs there will be, by label, and how many answers each is to give."""

        def stand(self, label: str, standing: Standing) -> None:
            """Hear how far a run has come."""

        def note(self, text: str) -> None:
            """Hear what a person should know at once."""


@dataclass(frozen=True, slots=True)
class Options:
    """How runs are made, beside what is asked.

    Attributes:
        max_cost: US dollars that all runs of the command may cost together; `None` for no ceiling. What a run
            that is gone on with has cost already counts.
        record: A file to write every answer to as well.
        replay: A file that answers in the place of the systems.
        clock: Gives the time of day.
        random: Makes the ids of runs, and jitter.
        sleep: Waits for seconds.
        watch: Is told what goes on.
        judging: Hears every score, and may stop a run; see `harness.running.engine.early_stop`.
    """

    max_cost: Decimal | None = None
    record: Path | None = None
    replay: Path | None = None
    clock: Callable[[], dt.datetime] = now_utc
    random: Random | None = None
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep
    watch: Watch | None = None
    judging: Judging | None = None


def run_systems(
    configuration: Configuration,
    suite: SuiteConfig,
    systems: Sequence[SystemConfig],
    *,
    prompts: Sequence[str] = (),
    trials: int = 1,
    limit: int | None = None,
    leave_out: Sequence[str] = (),
    options: Options | None = None,
) -> list[RunResult | StoppedRun]:
    """Put the documents of a suite to systems, one system after the other, and score what they answer.

    Everything is checked before the first question. Every answer is in the store before it is looked at. An
    answer that fails is counted; it ends nothing. An answer that any run has had to the same question is used
    again.

    Args:
        configuration: Names the store and the folder that the schema is imported from.
        suite: What is asked about.
        systems: Who is asked, in order.
        prompts: Versions of the suite's prompt, each a run; none for the one that the suite names.
        trials: How often each document is put to each system.
        limit: Only the first so many documents.
        leave_out: Ids of documents not to ask about.
        options: Everything else.

    Returns:
        One result a run, in order; a system that could not be asked any more has a `StoppedRun`.

    Raises:
        HarnessError: Before anything is asked, for whatever is wrong with the suite, a prompt or a system;
            while asking, when the store fails.
        Interrupted: When the user stops it. The run that was going on is stored as interrupted, with every
            answer that had come in.
    """
    planned = plan_runs(
        configuration, suite, systems, prompts=prompts, trials=trials, limit=limit, leave_out=leave_out
    )
    with open_store(configuration.store) as store:
        return _make(store, planned, Purse((options or Options()).max_cost), options or Options())


def resume_run(
    configuration: Configuration,
    reference: str,
    *,
    retry_failed: bool = False,
    concurrency: int | None = None,
    options: Options | None = None,
) -> RunResult | StoppedRun:
    """Go on with a stored run: ask what has no answer, and score everything.

    The result is that of a run that never stopped.

    Args:
        configuration: Names the store, and has the run's suite.
        reference: The run's id, the beginning of it, a tag, or `latest`.
        retry_failed: Ask again for what failed, too.
        concurrency: Calls in flight at most, in the place of what the configuration says.
        options: Everything else.

    Raises:
        UsageError: When there is no such run, it is going on elsewhere, or what it asks has changed.
        HarnessError, Interrupted: As `run_systems`.
    """
    options = options or Options()
    with open_store(configuration.store) as store:
        plan = plan_resumed(configuration, store, reference, retry_failed=retry_failed)
        if concurrency is not None:
            limits = replace(plan.config.limits, concurrency=concurrency)
            plan = replace(plan, config=replace(plan.config, limits=limits))
        return _make(store, [plan], Purse(options.max_cost, _spent(store, plan)), options)[0]


def _make(
    store: Store, planned: Sequence[PlannedRun], purse: Purse, options: Options
) -> list[RunResult | StoppedRun]:
    check_priced({one.label: one.pricing for one in planned}, options.max_cost)
    watch = options.watch
    with ExitStack() as stack:
        recorder = recording = None
        if options.record is not None or options.replay is not None:
            # A command that records and replays nothing need not load this.
            from harness.running.recordings.cassettes import Recorder, Recording

            if options.replay is not None:
                recording = stack.enter_context(Recording(options.replay))
            if options.record is not None:
                recorder = stack.enter_context(Recorder(options.record))
        totals = [(one.label, len(one.suite.asked) * one.trials) for one in planned]
        session = Session(
            Surroundings(
                store=store,
                purse=purse,
                clock=options.clock,
                random=options.random or SystemRandom(),
                sleep=options.sleep,
                begin=(lambda: watch.begin(totals)) if watch is not None else _unheard,
                watch=watch.stand if watch is not None else _unheard,
                note=watch.note if watch is not None else _unheard,
                heard=watch is not None,
                recorder=recorder,
                recording=recording,
                judging=options.judging,
            )
        )
        try:
            # It returns nothing: asyncio spells out the result of what it ran when it lets go of Ctrl-C.
            asyncio.run(session.run_all(planned))
        except (KeyboardInterrupt, asyncio.CancelledError):
            with uninterrupted():
                store.close()
            raise session.interruption() from None
        return session.results


def _spent(store: Store, plan: PlannedRun) -> Decimal:
    return Decimal(0) if plan.run is None else store.spending(plan.run.id).cost


def _unheard(*_: object) -> None:
    """Nobody listens."""
