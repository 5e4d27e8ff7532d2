"""Stop asking once no answer can change a gate's verdict any more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.errors import VerdictSettled
from harness.records import ExtractionFailure, FailureKind, Verdict
from harness.scoring.annotations import is_unlabelled, options
from harness.scoring.evaluation import weight_at
from harness.verdicts.gate.curtailment import Curtailment, Expected

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from harness.errors import HarnessError
    from harness.records import DocumentScore, Json
    from harness.running.gold import Label
    from harness.running.session import Judging
    from harness.running.suite import ReadySuite
    from harness.scoring.scorer import Scorer
    from harness.verdicts.gate.policy import Policy

_WORDS = {Verdict.FAIL: "the gate fails", Verdict.PASS: "the gate passes"}


class _UnboundedError(Exception):
    """Gold has alternatives of which nobody can say which has most in it."""


def stopping_early(policy: Policy) -> Judging:
    """What a run needs to stop as soon as the policy's verdict cannot change; for `Options.judging`."""

    def begin(suite: ReadySuite, trials: int) -> Callable[[DocumentScore], HarnessError | None]:
        curtailment = curtailment_of(policy, suite.scorer, suite.gold, suite.asked, trials)

        def hear(score: DocumentScore) -> HarnessError | None:
            curtailment.add(score)
            verdict = curtailment.verdict(one.rule for one in policy.rules)
            if verdict is None or not curtailment.left:
                return None
            done = curtailment.planned - curtailment.left
            return VerdictSettled(
                f"after {done:,} of {curtailment.planned:,} answers {_WORDS[verdict]}, whatever the others say"
            )

        return hear

    return begin


def curtailment_of(
    policy: Policy, scorer: Scorer, gold: Mapping[str, Label], documents: Iterable[str], trials: int
) -> Curtailment:
    """What follows how far the rules of a policy are decided, before any answer.

    Args:
        policy: Its costs are used.
        scorer: Scores by the suite's plan.
        gold: Has the label of each document.
        documents: The ids of those that are asked about.
        trials: How many answers each gets.
    """
    weights: dict[str, float] = {}

    def weight(path: str) -> float:
        if path not in weights:
            weights[path] = weight_at(scorer.plan.root, path)
        return weights[path]

    expected = {name: expected_of(scorer, gold[name].facts) for name in documents}
    return Curtailment(expected, trials, weight, policy.costs)


def expected_of(scorer: Scorer, gold: Json) -> Expected:
    """What an answer can have right at most, by this gold.

    Every optional fact and every alternative item of a list is counted, so that it is never too little.
    """
    try:
        fullest = _fullest(gold)
    except _UnboundedError:
        return Expected(known=False)
    missed = scorer.score(fullest, ExtractionFailure("", 0, FailureKind.EMPTY))
    leaves = {path: counts.possible for path, counts in missed.leaves.items() if counts.possible}
    facts = sum(sum(counts) for counts in missed.facts.values())
    return Expected(leaves, facts)


def _fullest(value: Json) -> Json:
    """A plain value with at least as many leaves and facts as any reading of gold."""
    choices = [one for one in options(value) if one is not None and not is_unlabelled(one)]
    if not choices:
        return None
    if len(choices) > 1 and any(isinstance(one, dict | list) for one in choices):
        raise _UnboundedError
    first = choices[0]
    if isinstance(first, dict):
        return {key: _fullest(inner) for key, inner in first.items()}
    return [one for item in first for one in _fullest_items(item)] if isinstance(first, list) else first


def _fullest_items(item: Json) -> list[Json]:
    """An item of a list, or all that it may be, side by side."""
    choices = [one for one in options(item) if one is not None and not is_unlabelled(one)]
    if not any(isinstance(one, dict | list) for one in choices):
        choices = choices[:1]
    return [_fullest(one) for one in choices]
