"""The simulation behind docs/statistics.md, at a size that takes a moment: the numbers are the seed's."""

from __future__ import annotations

import os
from decimal import Decimal
from pathlib import Path
from statistics import fmean

import numpy as np
import pytest

from benchmarks.error_rates import counting
from benchmarks.error_rates.cells import Often, tried
from benchmarks.error_rates.populations import (
    EVERYTHING,
    RARE,
    equal_labels,
    equal_trials,
    layout,
    rows,
    systems,
    truth,
    worse,
)
from benchmarks.error_rates.published import COUNTS, SYSTEMS, TRIALS, digit, published
from benchmarks.error_rates.stopping import RULES, try_peeking, try_stopping
from benchmarks.error_rates.tables import all_tables
from benchmarks.error_rates.trying import Rate, together, try_pair, try_single
from harness.records import Counts, Expense
from harness.reporting.plain import plain_text
from harness.scoring.metrics import f1
from harness.statistics.intervals import paired_jackknife
from harness.verdicts.gate.error_costs import ErrorCosts
from harness.verdicts.gate.measures import GateSide, difference
from harness.verdicts.gate.rules import parse_rule
from harness.verdicts.measures import field_measure
from harness.verdicts.sums import RunSums

SEED = 20221122
STRICT = {
    "VanillaOpenAI": 0.702,
    "LMFormatEnforcer": 0.279,
    "Instructor": 0.565,
    "Mirascope": 0.557,
    "LlamaIndex": 0.368,
    "Marvin": 0.691,
}
FOLDER = os.environ.get("HARNESS_ORACLES", "")


@pytest.mark.parametrize("system", SYSTEMS)
def test_the_committed_counts_are_those_of_the_published_outputs(system: str) -> None:
    """Micro F1 over all trials with failures as misses, by the source's own outputs."""
    scores = published(system)
    total = Counts()
    for score in scores:
        total = total.plus(score.total)
    assert len(scores) == 100 * TRIALS
    assert round(f1(total) or 0, 3) == STRICT[system]
    assert truth(system, EVERYTHING) == pytest.approx(f1(total))


@pytest.mark.skipif(not FOLDER, reason="HARNESS_ORACLES names no folder with the official data")
def test_the_committed_counts_are_what_the_scorer_counts_today() -> None:
    assert counting.table(Path(FOLDER) / "llm_ner_pydantic_10runs") == COUNTS.read_text("utf-8")


def test_a_count_is_one_character() -> None:
    assert digit(0) + digit(35) == "0z"
    with pytest.raises(IndexError):
        digit(36)


def test_failed_trials_are_kept_apart_from_empty_answers() -> None:
    failed = {system: sum(one.failure is not None for one in published(system)) for system in SYSTEMS}
    assert failed == {
        "VanillaOpenAI": 0,
        "LMFormatEnforcer": 0,
        "Instructor": 2,
        "Mirascope": 11,
        "LlamaIndex": 21,
        "Marvin": 21,
    }


@pytest.mark.parametrize("path", [EVERYTHING, RARE])
def test_the_truth_of_a_population_is_what_many_documents_come_to(path: str) -> None:
    measure = field_measure(layout(path))
    pairs = [*equal_trials(path)[:1], *equal_labels(path)[:1], *systems(path)[:1], *worse(0.05, path)[::5]]
    for population in pairs:
        baseline, candidate = population.draw(np.random.default_rng(1), 10_000)
        found = paired_jackknife(baseline, candidate, measure)
        assert abs(found.values[0] - population.truth) < 4 * found.errors[0], population.name


def test_rows_are_the_trials_of_the_documents() -> None:
    assert rows("Marvin", EVERYTHING).shape == (TRIALS, 100, layout(EVERYTHING).columns)


def test_coverage_of_one_system() -> None:
    found = [try_single(system, EVERYTHING, 10, 60, (SEED, number)) for number, system in enumerate(SYSTEMS)]
    covered = together([one.covered for one in found])
    assert (covered.hits, covered.of) == (341, 360)
    assert together([one.plainly for one in found]).hits < covered.hits


def test_pairs_that_do_not_differ() -> None:
    found = [
        try_pair(population, EVERYTHING, 20, 20, (SEED, number), margins=(0.05,))
        for number, population in enumerate(equal_trials())
    ]
    counted = {
        "covered": together([one.covered for one in found]).hits,
        "significant": together([one.significant for one in found]).hits,
        "said": together([one.said for one in found]).hits,
        "passed": together([one.passed[0.05] for one in found]).hits,
        "failed": together([one.failed[0.05] for one in found]).hits,
    }
    assert counted == {"covered": 117, "significant": 4, "said": 3, "passed": 49, "failed": 0}


def test_pairs_that_differ_are_seen_about_as_often_as_foretold() -> None:
    found = [
        try_pair(population, EVERYTHING, 50, 8, (SEED, number), margins=(0.1,))
        for number, population in enumerate(worse(0.10))
    ]
    said = together([one.said for one in found])
    assert (said.hits, said.of) == (42, 64)
    assert said.share == pytest.approx(fmean(one.foretold for one in found), abs=0.1)


def test_the_gate_looks_at_the_bounds_that_are_tried() -> None:
    ids, ones = tuple(f"{at:02}" for at in range(20)), np.ones(20, dtype=np.int64)
    spent = Expense(20, Decimal(0), 0, 0, 0, None, None)
    sums = worse(0.05)[0].draw(np.random.default_rng(SEED), 20)
    sides = [GateSide(RunSums(layout(EVERYTHING), ids, one, ones, ones), (), spent) for one in sums]
    seen = difference(parse_rule("f1 >= baseline - 0.05"), ErrorCosts(), *sides)
    lower, upper = paired_jackknife(*sums, field_measure(layout(EVERYTHING))).one_sided()
    assert (seen.low, seen.high) == pytest.approx((lower[0], upper[0]))


@pytest.mark.parametrize("rule", RULES)
def test_stopping_early_changes_no_verdict(rule: str) -> None:
    found = try_stopping(rule, 12, 25, (SEED, 12))
    assert found.other.hits == 0
    assert found.other.of == 25
    assert found.asked < 1


def test_peeking_passes_what_looking_once_does_not() -> None:
    once, often = try_peeking(20, 48, (SEED, 20))
    assert once.hits < often.hits


def test_the_tables_print() -> None:
    cell = tried(10, Often(6, 6, 15, 15, 8, 12), SEED)
    stopped = {10: [try_stopping(RULES[0], 10, 2, (SEED,))]}
    text = "\n".join(plain_text(table) for table in all_tables([cell], stopped, (50, Rate(1, 20), Rate(4, 20))))
    assert "Coverage of the 95 % interval" in text
    assert "then passes in 20.0, instead of 5.0." in text


def test_the_error_of_a_rate() -> None:
    assert Rate(5, 100).error == pytest.approx(0.0218, abs=1e-4)
    assert np.isnan(Rate().share)
    assert np.isnan(Rate().error)
