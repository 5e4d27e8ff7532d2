"""The engine against a server that fails by plan: every document is accounted for exactly once."""

from __future__ import annotations

import collections
from collections.abc import Sequence
from pathlib import Path

import pytest

from harness.records import FailureKind
from harness.running.results import RunResult, StoppedRun
from harness.storage import RunStatus
from tests.servers.asked_suite import name_of, write_suite
from tests.servers.asking import billed, finished, kept, run
from tests.servers.faults import PASSING, Fault, Plan, evenly
from tests.servers.model_server import ModelServer
from tests.servers.processes import server_process
from tests.servers.request_log import Entry, read_log

RETRIES, RE_ASKED = 3, 2
LIMITS = (f"retries = {RETRIES}", "call_timeout = 20", "concurrency = 1")
MORE = (f"max_retries = {RE_ASKED}",)
REPEATED, ASKED_AGAIN = 1 + RETRIES, 1 + RE_ASKED
TROUBLED = name_of(2)


def troubled(*faults: Fault) -> ModelServer:
    """A server that has this trouble with the second document, and none with others."""
    return ModelServer(Plan(scripts={TROUBLED: faults}, longest_wait=0.001))


@pytest.mark.parametrize(
    ("fault", "kind", "attempts"),
    [
        (Fault.SLOW_DOWN, FailureKind.RATE_LIMITED, REPEATED),
        (Fault.SLOW_DOWN_SILENTLY, FailureKind.RATE_LIMITED, REPEATED),
        (Fault.BROKEN, FailureKind.ERROR, REPEATED),
        (Fault.OVERLOADED, FailureKind.ERROR, REPEATED),
        (Fault.DROPPED, FailureKind.ERROR, REPEATED),
        (Fault.HALF, FailureKind.ERROR, REPEATED),
        (Fault.HTML, FailureKind.ERROR, REPEATED),
        (Fault.ERROR_IN_200, FailureKind.ERROR, REPEATED),
        (Fault.NOT_JSON, FailureKind.UNPARSABLE, ASKED_AGAIN),
        (Fault.WRONG_TYPE, FailureKind.INVALID, ASKED_AGAIN),
        (Fault.NO_CHOICES, FailureKind.EMPTY, REPEATED),
        (Fault.REFUSAL, FailureKind.REFUSED, 1),
        (Fault.LENGTH, FailureKind.TRUNCATED, 1),
        (Fault.HUGE, FailureKind.OVERSIZED, 1),
        (Fault.TWICE, None, 1),
        (Fault.NO_USAGE, None, 1),
        (Fault.TOO_LONG, FailureKind.ERROR, 1),
    ],
)
def test_a_fault_that_stays(tmp_path: Path, fault: Fault, kind: FailureKind | None, attempts: int) -> None:
    with troubled(fault) as server:
        configuration = write_suite(tmp_path / "suite", 3, server.base_url, limits=LIMITS, more=MORE)
        result = finished(configuration)
        entries = [entry for entry in server.entries if entry.document == TROUBLED]
    store = kept(configuration)
    before, response, after = store.responses
    assert (response.document, response.failure) == (TROUBLED, kind)
    assert len(response.attempts) == len(entries) == attempts
    assert {attempt.failure for attempt in response.attempts} == {kind}
    assert all(attempt.detail for attempt in response.attempts) or kind is None
    assert before.failure is after.failure is None
    assert result.evaluation.failures == ({} if kind is None else {kind: 1})
    assert result.evaluation.documents == 3
    assert store.spending.calls == len(server.entries)
    assert store.spending.cost == billed(read(server.entries))
    for attempt, entry in zip(response.attempts, entries, strict=True):
        told = (attempt.input_tokens, attempt.output_tokens)
        known = entry.usage if entry.fault is not Fault.HUGE else None
        assert told == ((None, None) if known is None else (known.input, known.output))


def read(entries: Sequence[Entry]) -> list[Entry]:
    """Those whose answers are read to their end, where usage stands."""
    return [entry for entry in entries if entry.fault is not Fault.HUGE]


@pytest.mark.parametrize("fault", [Fault.NO_USAGE, Fault.HUGE, Fault.HALF, Fault.DROPPED])
def test_a_cost_that_nobody_knows_is_not_counted_as_nothing(tmp_path: Path, fault: Fault) -> None:
    with troubled(fault, Fault.NONE) as server:
        configuration = write_suite(tmp_path / "suite", 2, server.base_url, limits=LIMITS)
        result = finished(configuration)
        bill = billed(read(server.entries))
    assert result.spending.unpriced == 1
    assert result.spending.cost == bill


@pytest.mark.parametrize(
    "fault", [*PASSING, Fault.HTML, Fault.ERROR_IN_200, Fault.NOT_JSON, Fault.WRONG_TYPE, Fault.NO_CHOICES]
)
def test_a_fault_that_passes(tmp_path: Path, fault: Fault) -> None:
    with troubled(fault, Fault.NONE) as server:
        configuration = write_suite(tmp_path / "suite", 3, server.base_url, limits=LIMITS, more=MORE)
        result = finished(configuration)
    store = kept(configuration)
    failed, answered = store.responses[1].attempts
    assert failed.failure is not None
    assert answered.failure is None
    assert not result.evaluation.failures
    assert result.evaluation.documents == 3
    assert store.spending.cost == billed(server.entries)


def test_silence_is_a_time_out_and_is_asked_again(tmp_path: Path) -> None:
    with troubled(Fault.SILENCE) as server:
        limits = ("retries = 1", "call_timeout = 0.3", "concurrency = 1")
        configuration = write_suite(tmp_path / "suite", 2, server.base_url, limits=limits)
        finished(configuration)
        asked = [entry for entry in server.entries if entry.document == TROUBLED]
    store = kept(configuration)
    attempts = store.responses[1].attempts
    assert [attempt.failure for attempt in attempts] == [FailureKind.TIMED_OUT] * 2
    assert "0.3 s" in attempts[0].detail
    assert len(asked) == 2
    assert store.spending.unpriced >= 2, "what was given up may have been billed"


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (Fault.HTML, "a web page came back"),
        (Fault.WRONG_KEY, "Incorrect API key provided"),
        (Fault.NO_MODEL, "The model does not exist"),
        (Fault.BAD_SCHEMA, "Invalid schema for function"),
        (Fault.NO_MONEY, "You exceeded your current quota"),
    ],
)
def test_what_cannot_get_better_stops_the_system_at_once(tmp_path: Path, fault: Fault, words: str) -> None:
    with ModelServer(Plan(shares={fault: 1.0})) as server:
        configuration = write_suite(tmp_path / "suite", 50, server.base_url, limits=LIMITS)
        result = run(configuration)
        asked = len(server.entries)
    assert isinstance(result, StoppedRun)
    assert words in str(result.error)
    assert result.run.status is RunStatus.FAILED
    # One page may be a gateway's hiccup; after a few, and no answer, it is a wrong address.
    assert asked == (3 if fault is Fault.HTML else 1)


@pytest.mark.parametrize("fault", [Fault.REFUSAL, Fault.TOO_LONG])
def test_what_no_document_gets_past(tmp_path: Path, fault: Fault) -> None:
    with ModelServer(Plan(shares={fault: 1.0})) as server:
        configuration = write_suite(tmp_path / "suite", 20, server.base_url, limits=LIMITS)
        result = run(configuration)
        asked = len(server.entries)
    if fault is Fault.TOO_LONG:
        assert isinstance(result, StoppedRun)
        assert "in the same words: 400 This model's maximum context length" in str(result.error)
        assert asked < 10
    else:
        assert isinstance(result, RunResult), "a refusal is an answer"
        assert result.evaluation.failures == {FailureKind.REFUSED: 20}


SHARES = {
    **evenly(
        [
            *PASSING,
            Fault.HTML,
            Fault.ERROR_IN_200,
            Fault.NOT_JSON,
            Fault.WRONG_TYPE,
            Fault.NO_CHOICES,
            Fault.REFUSAL,
            Fault.LENGTH,
            Fault.TWICE,
            Fault.NO_USAGE,
        ],
        0.298,
    ),
    Fault.SILENCE: 0.001,
    Fault.HUGE: 0.001,
}


def test_thousands_of_requests_at_a_fault_rate_of_30_percent(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """1,500 requests; 10,000 with `--hypothesis-profile=thorough`."""
    thorough = request.config.getoption("--hypothesis-profile") == "thorough"
    requests = 10_000 if thorough else 1_500
    documents = int(requests / 1.35)
    limits = ("retries = 12", "call_timeout = 5", "concurrency = 32")
    log = tmp_path / "requests.jsonl"
    # A page of HTML before anything was ever answered would be a wrong address.
    scripts: dict[str, tuple[Fault, ...]] = {name_of(number): (Fault.NONE,) for number in range(1, 9)}
    scripts |= {name_of(20): (Fault.HUGE,), name_of(30): (Fault.SILENCE, Fault.NONE)}
    with server_process(Plan(20221122, SHARES, scripts, longest_wait=0.002), log) as base_url:
        configuration = write_suite(tmp_path / "suite", documents, base_url, limits=limits, more=MORE)
        result = finished(configuration)
        entries = read_log(log)
    store = kept(configuration)
    assert 0.9 * requests < len(entries) < 1.15 * requests
    assert 0.25 < sum(entry.fault is not Fault.NONE for entry in entries) / len(entries) < 0.35

    names = [name_of(number) for number in range(1, documents + 1)]
    assert [response.document for response in store.responses] == names, "each document once"
    assert len(store.takes) == documents
    assert [score.document for score in result.evaluation.scores] == names

    asked = collections.Counter(entry.document for entry in entries)
    assert {response.document: len(response.attempts) for response in store.responses} == dict(asked)
    assert store.spending.calls == len(entries)
    assert store.spending.cost == result.spending.cost == billed(read(entries))
    lasting = {FailureKind.REFUSED, FailureKind.TRUNCATED, FailureKind.OVERSIZED}
    assert lasting <= result.evaluation.failures.keys()
