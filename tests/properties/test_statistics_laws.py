"""The laws that every interval, test and adjustment obeys, whatever the counts."""

from dataclasses import replace
from fractions import Fraction
from itertools import combinations, pairwise, product
from math import lcm
from random import Random
from typing import Annotated, Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn
from numpy.typing import NDArray
from pydantic import BaseModel

from harness.marks import Weight
from harness.paths import render
from harness.records import Counts, DocumentScore, FactCounts, FailureKind
from harness.schema import leaves
from harness.schema.compile import compile_model
from harness.scoring.evaluation import Evaluation, weight_at
from harness.scoring.metrics import METRICS
from harness.statistics.contingency import mcnemar
from harness.statistics.families import holm
from harness.statistics.intervals import jackknife, paired_jackknife
from harness.statistics.power import documents_needed, least_detectable, power, trials_needed
from harness.statistics.randomisation import label_swap
from harness.statistics.shares import share_bounds
from harness.statistics.spread import Spread, spread, trial_noise
from harness.statistics.trials import flip_rate, pass_hat_k
from harness.verdicts.measures import field_measure, headline_measure, together
from harness.verdicts.sums import Layout, RunSums, paths_in, run_sums, trial_rows

Floats = NDArray[np.float64]


class Fact(BaseModel):
    name: Annotated[str, Weight(3)]
    size: Annotated[int | None, Weight(0.1)] = None


class Sheet(BaseModel):
    title: str | None = None
    facts: list[Fact] = []


PLAN = compile_model(Sheet)
ORDER = tuple(render(leaf.path) for leaf in leaves(PLAN.root))
LAYOUT = Layout.of(ORDER, {path: weight_at(PLAN.root, path) for path in ORDER})
ALL = together(headline_measure(LAYOUT), field_measure(LAYOUT))
F1 = ALL.at("f1")

_DIGITS = 6 * len(ORDER) + 5


def _score(document: str, trial: int, number: int) -> DocumentScore:
    """A score from the digits of a number to the base 4: small counts, many of them 0."""
    digits = [number >> 2 * place & 3 for place in range(_DIGITS)]
    found = [Counts(*digits[start : start + 6]) for start in range(0, 6 * len(ORDER), 6)]
    leaves = {path: counts for path, counts in zip(ORDER, found, strict=True) if any(counts)}
    facts = {"facts": FactCounts(*digits[-5:-1])} if any(digits[-5:-1]) else {}
    return DocumentScore(
        document, trial, leaves, facts, failure=FailureKind.REFUSED if digits[-1] == 3 else None
    )


def scores(document: str, trial: int) -> st.SearchStrategy[DocumentScore]:
    numbers = st.integers(0, 4**_DIGITS - 1)
    # Half of the digits 0 in the second, so that there are documents with nothing to say.
    sparse = st.builds(lambda one, other: one & other, numbers, numbers)
    return (numbers | sparse).map(lambda number: _score(document, trial, number))


@st.composite
def runs(
    draw: DrawFn, documents: tuple[int, int] = (1, 8), trials: tuple[int, int] = (1, 3), equal: bool = False
) -> list[DocumentScore]:
    n, k = draw(st.integers(*documents)), draw(st.integers(*trials))
    found = []
    for number in range(n):
        found += [
            draw(scores(f"d{number}", trial)) for trial in range(k if equal else draw(st.integers(*trials)))
        ]
    return found


@st.composite
def pairs(
    draw: DrawFn, documents: tuple[int, int] = (1, 8), trials: tuple[int, int] = (1, 3)
) -> tuple[RunSums, RunSums]:
    """Two runs over the same documents, some of them the same in both."""
    baseline = draw(runs(documents, trials))
    ids = sorted({score.document for score in baseline})
    candidate = []
    for document in ids:
        if draw(st.booleans()):
            candidate += [score for score in baseline if score.document == document]
        else:
            candidate += [draw(scores(document, trial)) for trial in range(draw(st.integers(*trials)))]
    return run_sums(baseline, LAYOUT), run_sums(candidate, LAYOUT)


def none_as_nan(values: Any) -> Floats:
    return np.array([np.nan if value is None else value for value in values])


def same(one: Any, other: Any) -> bool:
    return bool(np.allclose(one, other, rtol=1e-9, atol=1e-12, equal_nan=True))


@given(runs(equal=True))
def test_the_measure_of_the_sums_is_the_evaluation(found: list[DocumentScore]) -> None:
    evaluation = Evaluation(PLAN, tuple(found))
    layout = Layout.of(paths_in(ORDER, found), dict(zip(ORDER, LAYOUT.weights, strict=True)))
    assert layout.paths == tuple(evaluation.fields)
    measure, total = headline_measure(layout), run_sums(found, layout).sums.sum(axis=0)
    assert measure.names == tuple(evaluation.headline())
    assert same(measure(total), none_as_nan(evaluation.headline().values()))
    for name, metric in METRICS.items():
        fields = field_measure(layout, name)
        assert fields.names == tuple(evaluation.fields)
        assert same(fields(total), none_as_nan(metric(counts) for counts in evaluation.fields.values()))


@given(runs())
def test_trials_are_averaged_inside_the_document_first(found: list[DocumentScore]) -> None:
    """As if each document had as many trials as the others, those it has being repeated."""
    by_document: dict[str, list[DocumentScore]] = {}
    for score in found:
        by_document.setdefault(score.document, []).append(score)
    most = lcm(*map(len, by_document.values()))
    repeated = [
        replace(score, trial=number)
        for trials in by_document.values()
        for number, score in enumerate(trials * (most // len(trials)))
    ]
    assert same(
        headline_measure(LAYOUT)(run_sums(found, LAYOUT).sums.sum(axis=0)),
        none_as_nan(Evaluation(PLAN, tuple(repeated)).headline().values()),
    )


@given(runs(), st.randoms(use_true_random=False))
def test_the_order_of_scores_changes_nothing(found: list[DocumentScore], random: Random) -> None:
    mixed = list(found)
    random.shuffle(mixed)
    one, other = run_sums(found, LAYOUT), run_sums(mixed, LAYOUT)
    assert one.documents == other.documents
    assert np.array_equal(one.sums, other.sums)
    assert np.array_equal(one.trials, other.trials)
    assert np.array_equal(one.right, other.right)
    assert np.array_equal(trial_rows(found, LAYOUT).rows, trial_rows(mixed, LAYOUT).rows)


@given(pairs(), st.randoms(use_true_random=False))
def test_the_order_of_documents_changes_nothing(pair: tuple[RunSums, RunSums], random: Random) -> None:
    was, now = pair
    order = list(range(len(was.documents)))
    random.shuffle(order)
    there, mixed = label_swap(was.sums, now.sums, ALL), label_swap(was.sums[order], now.sums[order], ALL)
    assert np.array_equal(there.p, mixed.p, equal_nan=True)
    one, other = (paired_jackknife(was.sums[o], now.sums[o], ALL) for o in (range(len(order)), order))
    assert same(one.values, other.values)
    assert same(one.errors, other.errors)
    assert np.array_equal(one.documents, other.documents)


@given(runs())
def test_a_run_against_itself(found: list[DocumentScore]) -> None:
    sums = run_sums(found, LAYOUT).sums
    defined = ~np.isnan(ALL(sums.sum(axis=0)))
    swapped = label_swap(sums, sums, ALL)
    assert (swapped.draws, swapped.exact) == (1, True)
    assert (swapped.p[defined] == 1).all()
    assert np.isnan(swapped.p[~defined]).all()
    difference = paired_jackknife(sums, sums, ALL)
    assert (difference.values[defined] == 0).all()
    assert np.nan_to_num(difference.errors).max(initial=0) == 0


@given(pairs())
def test_changing_places_negates_the_difference_and_keeps_p(pair: tuple[RunSums, RunSums]) -> None:
    was, now = (run.sums for run in pair)
    there, back = label_swap(was, now, ALL), label_swap(now, was, ALL)
    assert np.array_equal(there.p, back.p, equal_nan=True)
    one, other = paired_jackknife(was, now, ALL), paired_jackknife(now, was, ALL)
    assert np.array_equal(one.values, -other.values, equal_nan=True)
    assert same(one.errors, other.errors)
    for side in (0, 1):
        assert same(one.bounds()[side], -other.bounds()[1 - side])


@given(pairs(), st.integers(1, 50))
def test_p_lies_between_the_least_and_one(pair: tuple[RunSums, RunSums], draws: int) -> None:
    was, now = (run.sums for run in pair)
    for swaps in (None, [np.random.default_rng(draws).integers(2, size=(draws, len(was)), dtype=bool)]):
        found = label_swap(was, now, ALL, swaps=swaps)
        p = found.p[~np.isnan(found.p)]
        assert ((p >= found.least_p) & (p <= 1)).all()


@given(pairs(documents=(1, 5)))
def test_p_is_what_counting_every_swap_gives(pair: tuple[RunSums, RunSums]) -> None:
    """With whole fractions, so that ties are ties."""
    was, now = (run.sums for run in pair)
    f1, path = field_measure(LAYOUT), LAYOUT.paths[0]
    at = [LAYOUT.outcome(name).start for name in ("correct", "incorrect", "missing", "spurious")]
    rows = [
        [tuple(Fraction(round(side[at[i]] * 6), 6) for i in range(4)) for side in both]
        for both in zip(was, now, strict=True)
    ]

    def difference(swaps: tuple[bool, ...]) -> Fraction | None:
        found = []
        for side in (0, 1):
            total = [sum(row[side ^ swap][i] for row, swap in zip(rows, swaps, strict=True)) for i in range(4)]
            whole = 2 * total[0] + 2 * total[1] + total[2] + total[3]
            if not whole:
                return None
            found.append(Fraction(2 * total[0]) / whole)
        return found[1] - found[0]

    seen = difference((False,) * len(rows))
    p = label_swap(was, now, f1).p[f1.at(path)]
    if seen is None:
        assert np.isnan(p)
    else:
        ways = [difference(swaps) for swaps in product((False, True), repeat=len(rows))]
        assert p == sum(way is None or abs(way) >= abs(seen) for way in ways) / len(ways)


@given(pairs(), st.integers(1, 12), st.integers(0, 2**32))
def test_documents_that_do_not_differ_say_nothing(pair: tuple[RunSums, RunSums], more: int, seed: int) -> None:
    was, now = (run.sums for run in pair)
    alike = was[np.random.default_rng(seed).integers(len(was), size=more)]
    one = label_swap(was, now, field_measure(LAYOUT))
    other = label_swap(np.vstack([was, 0 * alike]), np.vstack([now, 0 * alike]), field_measure(LAYOUT))
    assert np.array_equal(one.p, other.p, equal_nan=True)
    every = label_swap(was, now, ALL)
    assert every.draws == label_swap(np.vstack([was, alike]), np.vstack([now, alike]), ALL).draws


@given(runs(documents=(2, 8)), st.integers(2, 9))
def test_scaling_every_count_changes_nothing(found: list[DocumentScore], factor: int) -> None:
    sums, measure = run_sums(found, LAYOUT).sums, headline_measure(LAYOUT)
    one, other = jackknife(sums, measure), jackknife(sums * factor, measure)
    assert same(one.values, other.values)
    assert same(one.errors, other.errors)
    assert np.array_equal(one.documents, other.documents)


@given(runs(documents=(1, 12)), st.floats(0.5, 0.999))
def test_intervals_contain_the_value(found: list[DocumentScore], level: float) -> None:
    for shares in (True, False):
        one = jackknife(run_sums(found, LAYOUT).sums, ALL, shares=shares)
        known = ~np.isnan(one.bounds()[0])
        assert (one.documents[known] >= 5).all()
        for low, high in (one.bounds(level), one.one_sided(level)):
            assert (low[known] <= one.values[known] + 1e-12).all()
            assert (one.values[known] - 1e-12 <= high[known]).all()
        low, high = one.bounds(level)
        wider_low, wider_high = one.bounds(0.9995)
        assert ((wider_low <= low + 1e-12) & (high <= wider_high + 1e-12))[known].all()


@given(runs(documents=(2, 8)))
def test_the_jackknife_leaves_out_one_document_at_a_time(found: list[DocumentScore]) -> None:
    run = run_sums(found, LAYOUT)
    measure = field_measure(LAYOUT)
    one = jackknife(run.sums, measure)
    for number in range(len(LAYOUT.paths)):
        mine = [i for i, row in enumerate(run.sums) if not np.isnan(measure(row)[number])]
        n = len(mine)
        assert one.documents[number] == n
        without = [measure(np.delete(run.sums, i, axis=0).sum(axis=0).round(9))[number] for i in mine]
        if n > 1 and not np.isnan(without).any():
            error = ((n - 1) / n * ((np.array(without) - np.mean(without)) ** 2).sum()) ** 0.5
            assert one.errors[number] == pytest.approx(error, abs=1e-9)
            moved = one.influences[mine, number]
            assert moved.var(ddof=1) / n == pytest.approx(error**2, abs=1e-9)
        else:
            assert np.isnan(one.errors[number])


@given(st.lists(st.floats(0, 1) | st.just(np.nan), max_size=12), st.randoms(use_true_random=False))
def test_adjusted_is_no_smaller_and_keeps_the_order(raw: list[float], random: Random) -> None:
    adjusted = holm(raw)
    asked = [(p, q) for p, q in zip(raw, adjusted, strict=True) if p == p]
    assert all(p <= q <= 1 for p, q in asked)
    assert all(q <= other_q for (p, q), (other_p, other_q) in product(asked, repeat=2) if p <= other_p)
    assert np.isnan(adjusted).sum() == len(raw) - len(asked)
    order = list(range(len(raw)))
    random.shuffle(order)
    assert np.array_equal(holm([raw[i] for i in order]), adjusted[order], equal_nan=True)
    ranked = sorted(p for p, _ in asked)
    for p, q in asked:
        mine = [min(1, (len(ranked) - i) * other) for i, other in enumerate(ranked) if other <= p]
        assert q == pytest.approx(max(mine))


@given(st.integers(0, 9), st.integers(0, 9))
def test_mcnemar_is_the_swap_of_right_and_wrong(lost: int, gained: int) -> None:
    assume(lost + gained <= 16)
    was = np.array([[1.0]] * lost + [[0.0]] * gained + [[1.0]])
    now = np.array([[0.0]] * lost + [[1.0]] * gained + [[1.0]])
    assert mcnemar(lost, gained) == mcnemar(gained, lost)
    assert label_swap(was, now, lambda sums: sums).p.item() == pytest.approx(mcnemar(lost, gained), rel=1e-12)


@given(st.floats(0, 1), st.floats(0, 0.5), st.integers(5, 500), st.floats(0.1, 4))
def test_a_share_lies_in_its_interval(share: float, error: float, documents: int, reach: float) -> None:
    def bounds(value: float) -> tuple[float, float]:
        arrays = (np.array([float(one)]) for one in (value, error, documents, reach))
        low, high = share_bounds(*arrays)
        return low.item(), high.item()

    low, high = bounds(share)
    assert 0 <= low <= share <= high <= 1
    assert bounds(1 - share) == pytest.approx((1 - high, 1 - low), abs=1e-9)


@given(st.lists(st.lists(st.booleans(), min_size=1, max_size=5), min_size=1, max_size=6))
def test_trials_that_agree(answers: list[list[bool]]) -> None:
    right, trials = [sum(one) for one in answers], [len(one) for one in answers]
    found = pass_hat_k(right, trials)
    assert len(found) == min(trials)
    for k, share in enumerate(found, start=1):
        chosen = [[all(some) for some in combinations(one, k)] for one in answers]
        assert share == pytest.approx(np.mean([np.mean(ways) for ways in chosen]))
    assert all(more <= fewer + 1e-12 for fewer, more in pairwise(found))
    twos = [[one != other for one, other in combinations(some, 2)] for some in answers if len(some) > 1]
    rate = flip_rate(right, trials)
    assert rate == (pytest.approx(np.mean([np.mean(ways) for ways in twos])) if twos else None)


@given(runs(documents=(2, 8), trials=(2, 4), equal=True))
def test_the_two_parts_of_the_variance_make_the_whole(found: list[DocumentScore]) -> None:
    run, rows = run_sums(found, LAYOUT), trial_rows(found, LAYOUT)
    one = jackknife(run.sums, ALL)
    noise = trial_noise(rows.rows, rows.document, ALL)
    exactly_right = ALL.at("exactly_right")
    parts = spread(one, exactly_right, noise)
    assert parts is not None
    assert parts.trials is not None
    whole = one.influences[:, exactly_right].var(ddof=1)
    assert parts.at(int(run.trials[0])) == pytest.approx(max(whole, parts.trials / run.trials[0]), abs=1e-9)
    assert parts.at(1) >= parts.at(2) >= parts.documents >= 0


@given(st.floats(1e-6, 1), st.integers(6, 3000), st.floats(0.5, 0.99))
def test_what_can_be_detected_is_detected_that_often(variance: float, documents: int, often: float) -> None:
    least = least_detectable(variance, documents, often)
    assert least is not None
    assert power(variance, documents, least) == pytest.approx(often, abs=1e-6)
    more = least_detectable(variance, documents + 1, often)
    assert more is not None
    assert more < least


@given(st.floats(1e-6, 1), st.floats(0.01, 1))
def test_the_documents_needed_are_enough_and_no_more(variance: float, difference: float) -> None:
    needed = documents_needed(variance, difference)
    assert needed is not None
    assert power(variance, needed, difference) >= 0.8 - 1e-6
    assert power(variance, needed - 1, difference) < 0.8 + 1e-6


@given(st.floats(0, 0.1), st.floats(1e-6, 0.1), st.integers(6, 200), st.floats(0.01, 0.3))
def test_trials_take_away_only_their_part(
    between: float, within: float, documents: int, difference: float
) -> None:
    parts = Spread(between, within)
    needed = trials_needed(parts, documents, difference)
    if needed is None:
        assert between > 0
        assert power(between, documents, difference) < 0.8 + 1e-3
    else:
        assert power(parts.at(needed), documents, difference) >= 0.8 - 1e-3
        assert needed == 1 or power(parts.at(needed - 1), documents, difference) < 0.8 + 1e-3
