"""Score and compile in one call, for tests."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from operator import attrgetter
from typing import Any

import pytest
from pydantic import BaseModel, create_model

from harness.records import (
    Counts,
    DocumentScore,
    Extraction,
    ExtractionFailure,
    FailureKind,
    Outcome,
    OutcomeKind,
)
from harness.schema import Leaf, Node, Plan, Record
from harness.schema.compile import compile_model
from harness.scoring import sieve
from harness.scoring.comparators import Comparator, comparator_for
from harness.scoring.loops import COMPILED, INTERPRETED
from harness.scoring.scorer import Scorer

KINDS = tuple(OutcomeKind)
LOOPS = tuple(loops for loops in (INTERPRETED, COMPILED) if loops is not None)
BY_NAME = attrgetter("name")


def made(name: str = "M", **fields: Any) -> Any:
    """A model of that name, with a type and a default for each field; untyped, so that it can be an item."""
    return create_model(name, **fields)


def model_of(annotation: Any) -> type[BaseModel]:
    """A model with the one optional-to-give field `v`."""
    model: type[BaseModel] = made(v=(annotation, None))
    return model


def node_of(annotation: Any) -> Node:
    """The compiled node of a field of that type."""
    root = compile_model(model_of(annotation)).root
    assert isinstance(root, Record)
    return root.fields[0].node


def leaf_of(annotation: Any) -> Leaf:
    node = node_of(annotation)
    assert isinstance(node, Leaf)
    return node


def comparator_of(annotation: Any) -> Comparator:
    return comparator_for(leaf_of(annotation))


def extraction(value: Any) -> Extraction:
    return Extraction("d", 0, value)


def score(model: type[BaseModel] | Plan, gold: Any, predicted: Any, text: str | None = None) -> DocumentScore:
    """Score one prediction; a `FailureKind` stands for a failure of that kind."""
    scorer = Scorer(model if isinstance(model, Plan) else compile_model(model))
    if isinstance(predicted, FailureKind):
        return scorer.score(gold, ExtractionFailure("d", 0, predicted), text)
    return scorer.score(gold, extraction(predicted), text)


def total(model: type[BaseModel] | Plan, gold: Any, predicted: Any) -> Counts:
    return score(model, gold, predicted).total


def explain(model: type[BaseModel] | Plan, gold: Any, predicted: Any) -> tuple[Outcome, ...]:
    return Scorer(model if isinstance(model, Plan) else compile_model(model)).explain(
        gold, extraction(predicted)
    )


def told(model: type[BaseModel] | Plan, gold: Any, predicted: Any) -> dict[str, str]:
    """Path to the kinds of its outcomes, joined: `{"v": "correct"}`."""
    kinds: dict[str, list[str]] = {}
    for outcome in explain(model, gold, predicted):
        kinds.setdefault(outcome.path, []).append(outcome.kind.value)
    return {path: " ".join(sorted(found)) for path, found in kinds.items()}


def counted(outcomes: tuple[Outcome, ...]) -> dict[str, Counts]:
    """The counts that outcomes add up to."""
    found: dict[str, Counter[OutcomeKind]] = {}
    for outcome in outcomes:
        found.setdefault(outcome.path, Counter())[outcome.kind] += 1
    return {path: Counts(*(kinds[kind] for kind in KINDS)) for path, kinds in found.items()}


@contextmanager
def long_lists_from(pairs: int) -> Iterator[None]:
    """Compare every pair of lists of up to so many pairs, of longer ones those that a sieve lets through."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(sieve, "FEW", pairs)
        yield
