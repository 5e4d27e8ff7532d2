"""Laws of the gate: rules print and parse back, and stopping early never changes a verdict."""

from __future__ import annotations

import math

from hypothesis import assume, given
from hypothesis import strategies as st

from harness.paths import EACH_ITEM, EACH_VALUE, Variant, render
from harness.records import Counts, DocumentScore, FactCounts, FailureKind, Verdict
from harness.running.engine.early_stop import expected_of
from harness.schema.compile import compile_model
from harness.scoring.annotations import readings
from harness.scoring.scorer import Scorer
from harness.suites.fitting import misfits
from harness.verdicts.gate.curtailment import Curtailment, Expected
from harness.verdicts.gate.error_costs import Costs, ErrorCosts
from harness.verdicts.gate.rules import METRICS, Bound, Rule, Sort, parse_rule
from tests.scored import extraction
from tests.strategies import Shape, annotated, models, spoilt
from tests.unit.verdicts.gate_cases import decided, judged, policy

NAMES = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
STEPS = st.one_of(
    NAMES,
    st.just(EACH_ITEM),
    st.just(EACH_VALUE),
    st.integers(0, 99),
    st.text(st.characters(exclude_characters="<>", exclude_categories=["Cs"]), min_size=1, max_size=4).map(
        Variant
    ),
)
SHARES = st.floats(0, 1, allow_nan=False)
AMOUNTS = st.floats(0, 1e300, allow_nan=False)


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    """Any rule that can be written."""
    metric = draw(st.sampled_from(sorted(METRICS)))
    measured = METRICS[metric]
    path = ""
    if measured.of_fields and draw(st.booleans()):
        path = render(draw(st.lists(STEPS, min_size=1, max_size=4)))
    limits = SHARES if measured.share else AMOUNTS
    if measured.sort is not Sort.EXPENSE and draw(st.booleans()):
        return Rule(
            metric, path=path, margin=draw(limits.filter(lambda margin: margin < 1 or not measured.share))
        )
    bound = Bound.VALUE
    if measured.sort is not Sort.EXPENSE and draw(st.booleans()):
        bound = Bound.LOWER if measured.more_is_better else Bound.UPPER
    return Rule(metric, draw(limits), path, bound)


@given(rules())
def test_a_rule_reads_back_as_it_prints(rule: Rule) -> None:
    assert parse_rule(str(rule)) == rule
    assert str(parse_rule(str(rule))) == str(rule)


PATHS = ("a", "b[].c", "d")
WEIGHTS = {"a": 2.0, "b[].c": 1.0, "d": 0.1}
_COUNT = st.integers(0, 4)


@st.composite
def scores(draw: st.DrawFn, document: str, trial: int) -> DocumentScore:
    """What any answer may come to."""
    paths = draw(st.lists(st.sampled_from(PATHS), unique=True))
    if draw(st.integers(0, 5)) == 0:
        leaves = {path: Counts(missing=draw(_COUNT)) for path in paths}
        return DocumentScore(
            document, trial, leaves, {"b[]": FactCounts(missing=draw(_COUNT))}, failure=FailureKind.EMPTY
        )
    leaves = {path: Counts(*(draw(_COUNT) for _ in range(5))) for path in paths}
    if draw(st.booleans()):
        leaves = {path: Counts(one.correct, absent=one.absent) for path, one in leaves.items()}
    return DocumentScore(document, trial, leaves, {"b[]": FactCounts(*(draw(_COUNT) for _ in range(4)))})


def most(trials: list[DocumentScore], slack: int) -> Expected:
    """What gold must have had for these answers, at least."""
    leaves = {
        path: slack + max(one.leaves[path].possible if path in one.leaves else 0 for one in trials)
        for path in PATHS
    }
    return Expected(leaves, slack + max(one.facts["b[]"].as_counts().possible for one in trials))


@st.composite
def value_rules(draw: st.DrawFn) -> Rule:
    """A rule that takes part in stopping early, with limits that answers like these come near."""
    metric = draw(st.sampled_from([name for name, one in METRICS.items() if one.sort is not Sort.EXPENSE]))
    path = draw(st.sampled_from(["", *PATHS])) if METRICS[metric].of_fields else ""
    limit = draw(st.one_of(st.sampled_from([0.0, 1 / 3, 0.5, 1.0]), SHARES))
    return Rule(metric, limit if METRICS[metric].share else 20 * limit, path)


@given(st.data(), st.integers(1, 7), st.integers(1, 3), st.integers(0, 1))
def test_what_is_decided_early_is_what_all_answers_say(
    data: st.DataObject, documents: int, trials: int, slack: int
) -> None:
    answers = {
        f"d{at}": [data.draw(scores(f"d{at}", trial)) for trial in range(trials)] for at in range(documents)
    }
    costs = ErrorCosts(Costs(2, 1, 0.5), {"d": Costs(0, 3, 7)})
    stated = data.draw(st.lists(value_rules(), min_size=1, max_size=4, unique_by=str))
    everything = [one for some in answers.values() for one in some]
    whole = decided(policy(*map(str, stated), costs=costs), everything, weights=WEIGHTS)
    says = {one.rule: one.verdict for one in whole.rules}

    curtailment = Curtailment(
        {name: most(some, slack) for name, some in answers.items()}, trials, WEIGHTS.__getitem__, costs
    )
    for one in data.draw(st.permutations(everything)):
        curtailment.add(one)
        for rule in stated:
            early = curtailment.decided(rule)
            assert early is None or early is says[str(rule)], (str(rule), curtailment.reach(rule))
        verdict = curtailment.verdict(stated)
        assert verdict is None or verdict is whole.verdict
    assert curtailment.left == 0


@given(st.data(), st.integers(1, 6))
def test_the_reach_only_shrinks_and_ends_at_the_value(data: st.DataObject, documents: int) -> None:
    answers = [data.draw(scores(f"d{at}", 0)) for at in range(documents)]
    rule = data.draw(value_rules())
    curtailment = Curtailment(
        {one.document: most([one], 0) for one in answers}, 1, WEIGHTS.__getitem__, ErrorCosts()
    )
    low, high = -math.inf, math.inf
    for one in answers:
        curtailment.add(one)
        reach = curtailment.reach(rule)
        if reach is not None:
            assert reach[0] <= reach[1] + 1e-9
            assert reach[0] >= low - 1e-9
            assert reach[1] <= high + 1e-9
            low, high = reach
    (result,) = decided(policy(str(rule)), answers, weights=WEIGHTS).rules
    if result.seen.value is None:
        assert curtailment.reach(rule) is None
    else:
        assert curtailment.reach(rule) is not None
        assert math.isclose(low, result.seen.value, abs_tol=1e-9)
        assert math.isclose(high, result.seen.value, abs_tol=1e-9)


@given(st.data(), st.integers(1, 12))
def test_the_order_of_scores_changes_no_result(data: st.DataObject, documents: int) -> None:
    answers = [data.draw(scores(f"d{at}", 0)) for at in range(documents)]
    before = [data.draw(scores(f"d{at}", 0)) for at in range(documents)]
    shuffled, earlier = data.draw(st.permutations(answers)), data.draw(st.permutations(before))
    for rule in ("lower(f1) >= 0.5", "f1 >= baseline - 0.1", "upper(error_cost) <= 5"):
        assert judged(rule, answers, before) == judged(rule, shuffled, earlier)


@given(st.data(), st.integers(1, 12), SHARES.filter(lambda margin: margin < 1))
def test_a_run_against_itself_passes_with_any_margin(
    data: st.DataObject, documents: int, margin: float
) -> None:
    answers = [data.draw(scores(f"d{at}", 0)) for at in range(documents)]
    for metric in ("f1", "exactly_right", "macro_f1", "document_f1", "fact_f1"):
        rule = str(Rule(metric, margin=margin))
        assert judged(rule, answers, answers).verdict is Verdict.PASS


@given(st.data(), st.integers(5, 12))
def test_both_directions_of_a_difference_never_fail_together(data: st.DataObject, documents: int) -> None:
    ours = [data.draw(scores(f"d{at}", 0)) for at in range(documents)]
    theirs = [data.draw(scores(f"d{at}", 0)) for at in range(documents)]
    verdicts = {judged("f1 >= baseline - 0.05", *both).verdict for both in ((ours, theirs), (theirs, ours))}
    assert verdicts != {Verdict.FAIL}


@given(st.data(), models())
def test_no_answer_has_more_right_than_gold_lets_it(data: st.DataObject, shape: Shape) -> None:
    """What stopping early rests on; with alternatives, optional facts and places that nobody labelled."""
    scorer = Scorer(compile_model(shape.annotation))
    gold = data.draw(annotated(data.draw(shape.values), shape.values))
    assume(
        not any(misfits(scorer.plan, shape.annotation, gold))
    )  # such gold is refused before anything is asked
    expected = expected_of(scorer, gold)
    predicted = data.draw(st.one_of(st.sampled_from([*readings(gold)]), spoilt(data.draw(shape.values))))
    found = scorer.score(gold, extraction(predicted))
    if expected.known:
        for path, counts in found.leaves.items():
            assert counts.possible <= expected.leaves.get(path, 0), path
        assert sum(facts.as_counts().possible for facts in found.facts.values()) <= expected.facts
