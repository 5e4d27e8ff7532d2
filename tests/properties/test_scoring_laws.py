"""The laws that every score obeys, whatever the schema, gold and prediction."""

from random import Random
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from harness.records import Counts, DocumentScore, Extraction, FactCounts, FailureKind, Json
from harness.schema import Leaf, Listing, Mapping, Node, Record, Role
from harness.schema.compile import compile_model
from harness.scoring.comparators import Malformed, comparator_for
from harness.scoring.evaluation import Evaluation
from harness.scoring.scorer import Scorer
from tests.scored import counted, extraction
from tests.strategies import Shape, annotated, json_values, models, shuffled, spoilt


@given(st.data(), models())
def test_gold_against_itself_is_perfect(data: st.DataObject, shape: Shape) -> None:
    gold = data.draw(shape.values)
    plan = compile_model(shape.annotation)
    found = Scorer(plan).score(gold, extraction(gold))
    assert found.total[1:4] == (0, 0, 0)
    assert found.exactly_right
    assert found.stray == 0
    assert all(fact[1:] == (0, 0, 0) for fact in found.facts.values())
    assert Evaluation(plan, (found,)).f1 in (1.0, None)


@given(st.data(), models(), st.randoms(use_true_random=False))
def test_the_order_of_a_list_changes_no_number(data: st.DataObject, shape: Shape, random: Random) -> None:
    scorer = Scorer(compile_model(shape.annotation))
    gold = data.draw(annotated(data.draw(shape.values), shape.values))
    predicted = data.draw(spoilt(data.draw(shape.values)))
    text = "Grace Hopper, x"
    found = scorer.score(gold, extraction(predicted), text)
    assert scorer.score(shuffled(gold, random), extraction(shuffled(predicted, random)), text) == found


@given(st.data(), models(symmetric=True))
def test_gold_and_predicted_may_change_places(data: st.DataObject, shape: Shape) -> None:
    scorer = Scorer(compile_model(shape.annotation))
    one = data.draw(spoilt(data.draw(shape.values)).filter(lambda value: "$" not in repr(value)))
    other = data.draw(spoilt(data.draw(shape.values)).filter(lambda value: "$" not in repr(value)))
    there, back = scorer.score(one, extraction(other)), scorer.score(other, extraction(one))
    assert set(there.leaves) == set(back.leaves)
    for path, counts in there.leaves.items():
        mirrored = back.leaves[path]
        assert (counts.correct, counts.incorrect, counts.missing, counts.spurious, counts.absent) == (
            mirrored.correct,
            mirrored.incorrect,
            mirrored.spurious,
            mirrored.missing,
            mirrored.absent,
        )
    for path, facts in there.facts.items():
        mirrored_facts = back.facts[path]
        assert facts == (
            mirrored_facts.right,
            mirrored_facts.wrong,
            mirrored_facts.spurious,
            mirrored_facts.missing,
        )
    ours, theirs = (Evaluation(scorer.plan, (found,)) for found in (there, back))
    assert (ours.precision, ours.recall, ours.f1) == (theirs.recall, theirs.precision, theirs.f1)


@given(st.data(), models())
def test_two_documents_together_are_the_sum_of_each(data: st.DataObject, shape: Shape) -> None:
    plan = compile_model(shape.annotation)
    scorer = Scorer(plan)
    scores: list[DocumentScore] = []
    for document in ("one", "two"):
        gold, predicted = data.draw(shape.values), data.draw(spoilt(data.draw(shape.values)))
        scores.append(scorer.score(gold, Extraction(document, 0, predicted), "Ada"))
    one, two = (Evaluation(plan, (found,)) for found in scores)
    both = Evaluation(plan, tuple(scores))
    assert both.totals == one.totals.plus(two.totals)
    assert both.grounding == one.grounding.plus(two.grounding)
    assert both.stray == one.stray + two.stray
    for path in {*one.fields, *two.fields}:
        assert both.fields[path] == one.fields.get(path, Counts()).plus(two.fields.get(path, Counts()))
    for path in {*one.facts, *two.facts}:
        assert both.facts[path] == one.facts.get(path, FactCounts()).plus(two.facts.get(path, FactCounts()))
    assert both == Evaluation(plan, tuple(scores))
    assert Evaluation(plan, tuple(reversed(scores))).headline() == both.headline()


@given(st.data(), models(unions=False))
def test_a_fact_that_shares_nothing_with_gold_raises_no_score(data: st.DataObject, shape: Shape) -> None:
    plan = compile_model(shape.annotation)
    gold = data.draw(annotated(data.draw(shape.values), shape.values))
    predicted = data.draw(shape.values)
    listed = _lists(plan.root)
    assume(listed)
    name, node = data.draw(st.sampled_from(listed))
    alien = _alien(node.item)
    assume(alien is not None)
    more = {**predicted, name: [*(predicted.get(name) or []), alien]}
    _raises_no_score(plan, gold, predicted, more)


@given(st.data(), models(unions=False))
def test_taking_away_a_right_fact_raises_no_score(data: st.DataObject, shape: Shape) -> None:
    plan = compile_model(shape.annotation)
    gold = data.draw(shape.values)
    listed = _lists(plan.root)
    assume(listed)
    name, node = data.draw(st.sampled_from(listed))
    alien = _alien(node.item)
    assume(alien is not None)
    gold = {**gold, name: [*(gold.get(name) or []), alien]}
    predicted = data.draw(shape.values)
    whole = {**predicted, name: [*(predicted.get(name) or []), alien]}
    less = {**predicted, name: [*(predicted.get(name) or [])]}
    _raises_no_score(plan, gold, whole, less)


def _raises_no_score(plan: Any, gold: Json, before: Json, after: Json) -> None:
    scorer = Scorer(plan)
    was, now = (Evaluation(plan, (scorer.score(gold, extraction(value)),)) for value in (before, after))
    for metric in ("precision", "recall", "f1", "fact_f1"):
        earlier, later = getattr(was, metric), getattr(now, metric)
        assert later is None or earlier is None or later <= earlier + 1e-12


def _lists(root: Node) -> list[tuple[str, Listing]]:
    """The graded list fields of the root."""
    assert isinstance(root, Record)
    return [
        (entry.keys[0], entry.node)
        for entry in root.fields
        if isinstance(entry.node, Listing) and entry.node.role is Role.GRADED
    ]


_ALIENS: tuple[Any, ...] = ("zzzzzzzzzz qqqqqqqqqq", 987654321, "1789-07-14")


def _alien(node: Node) -> Any:
    """A value that no other value of the type resembles; `None` where the type has too few values."""
    if isinstance(node, Leaf):
        comparator = comparator_for(node)
        fitting = (
            one for one in _ALIENS if not isinstance(comparator.prepare(one), Malformed) and not node.members
        )
        return next(fitting, None)
    if isinstance(node, Record):
        entry = node.fields[0]
        inner = _alien(entry.node)
        return None if inner is None else {entry.keys[0]: inner}
    return None


@given(st.data(), models())
def test_explaining_agrees_with_scoring(data: st.DataObject, shape: Shape) -> None:
    scorer = Scorer(compile_model(shape.annotation))
    gold = data.draw(annotated(data.draw(shape.values), shape.values))
    predicted = data.draw(spoilt(data.draw(shape.values)))
    outcomes = scorer.explain(gold, extraction(predicted))
    assert counted(outcomes) == scorer.score(gold, extraction(predicted)).leaves


@given(st.data(), models(unions=False))
def test_every_present_leaf_is_counted_once(data: st.DataObject, shape: Shape) -> None:
    plan = compile_model(shape.annotation)
    gold = data.draw(spoilt(data.draw(shape.values), 8).filter(lambda value: "$" not in repr(value)))
    predicted = data.draw(spoilt(data.draw(shape.values)) | json_values())
    found = Scorer(plan).score(gold, extraction(predicted)).total
    assert found.possible == _present(plan.root, gold)
    assert found.actual == _present(plan.root, predicted)


@given(st.data(), models(unions=False), st.sampled_from(FailureKind))
def test_a_failure_misses_everything(data: st.DataObject, shape: Shape, kind: FailureKind) -> None:
    from harness.records import ExtractionFailure

    plan = compile_model(shape.annotation)
    gold = data.draw(shape.values)
    found = Scorer(plan).score(gold, ExtractionFailure("d", 3, kind))
    assert (found.failure, found.trial, found.exactly_right) == (kind, 3, False)
    assert found.total.missing == found.total.possible == _present(plan.root, gold)
    assert found.total.actual == 0


def _present(node: Node, value: Any) -> int:
    """How many graded leaves are present; what stands where no such thing belongs is one."""
    if value is None:
        return 0
    if isinstance(node, Leaf):
        return int(node.role is Role.GRADED and comparator_for(node).prepare(value) is not None)
    if isinstance(node, Record):
        if not isinstance(value, dict):
            return int(node.role is Role.GRADED)
        return sum(_present(entry.node, value.get(entry.keys[0])) for entry in node.fields)
    if isinstance(node, Listing):
        if node.role is not Role.GRADED:
            return 0
        if not isinstance(value, list):
            return 1
        return sum(_present(node.item, item) for item in (_distinct(node, value) if node.set_like else value))
    assert isinstance(node, Mapping)
    if not isinstance(value, dict):
        return 1
    return sum(_present(node.value, item) for item in value.values())


def _distinct(node: Listing, items: list[Any]) -> list[Any]:
    assert isinstance(node.item, Leaf)
    comparator = comparator_for(node.item)
    seen, kept = set(), []
    for item in items:
        prepared = None if item is None else comparator.prepare(item)
        wrong = isinstance(prepared, Malformed)
        # Whether two equal wrong values are one is nobody's concern.
        assume(not (wrong and repr(item) in seen))
        if wrong or prepared not in seen:
            seen.add(repr(item) if wrong else prepared)
            kept.append(item)
    return kept
