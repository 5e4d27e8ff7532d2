"""What a planned run will roughly cost, told before it begins."""

from __future__ import annotations

import json
from itertools import islice
from typing import TYPE_CHECKING

from harness.records import Request
from harness.running.money.charges import most_answered
from harness.running.money.estimate import Seen, estimate, estimate_line
from harness.storage import RunStatus

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harness.running.planning import PlannedRun
    from harness.storage import Store

_AT_ONCE = 500


def forecast(plan: PlannedRun, store: Store) -> str:
    """One line about what is still to be asked and what that costs.

    Answers of the cache cost nothing; what an answer takes is learnt from the last finished run of the system
    over the suite, and guessed where there is none.
    """
    prompt = 0 if plan.prompt is None else sum(len(message.text) for message in plan.prompt.messages)
    guess = estimate(
        plan.pricing,
        plan.suite.sizes(),
        prompt=prompt,
        schema=len(json.dumps(plan.suite.model.model_json_schema())),
        trials=plan.trials,
        reused=len(plan.settled) + _kept(plan, store),
        seen=_seen(plan, store),
        most_answered=most_answered(plan.config),
    )
    return estimate_line(plan.label, guess)


def _kept(plan: PlannedRun, store: Store) -> int:
    """How many of the open answers the cache has."""
    keys = _open_keys(plan)
    return sum(store.count_cached(batch) for batch in iter(lambda: list(islice(keys, _AT_ONCE)), []))


def _open_keys(plan: PlannedRun) -> Iterator[str]:
    for name in plan.suite.asked:
        document = plan.suite.unread(name)
        for trial in range(plan.trials):
            if (name, trial) not in plan.settled:
                fingerprint = plan.system.fingerprint(Request(document, trial))
                if fingerprint is not None:
                    yield fingerprint.key


def _seen(plan: PlannedRun, store: Store) -> Seen | None:
    for run in store.runs(limit=200):
        same = (run.suite, run.system) == (plan.suite.config.name, plan.config.name)
        if same and run.status is RunStatus.FINISHED:
            spending = store.spending(run.id)
            if spending.calls:
                return Seen(spending.answers, spending.calls, spending.output_tokens)
    return None
