"""Sum up the scores of many documents."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from harness.paths import EACH_ITEM, EACH_VALUE, Variant, parse, render
from harness.records import Counts, DocumentScore, FactCounts, FailureKind, GroundingCounts
from harness.schema import Leaf, Listing, Mapping, Node, Plan, Record, Union, leaves
from harness.scoring import metrics

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping as Leaves

    from harness.scoring.metrics import Weighted


@dataclass(frozen=True)
class Evaluation:
    """What the scores of a run come to.

    Every figure can be worked out again from `scores` and the plan's weights.

    Attributes:
        plan: The compiled schema.
        scores: One a document and trial, in any order.
    """

    plan: Plan
    scores: tuple[DocumentScore, ...]

    @cached_property
    def documents(self) -> int:
        """How many documents."""
        return len({score.document for score in self.scores})

    @cached_property
    def trials(self) -> int:
        """The most trials that any document has."""
        return max(Counter(score.document for score in self.scores).values(), default=0)

    @cached_property
    def fields(self) -> dict[str, Counts]:
        """Field path to its counts, in the order of the schema; paths that only data reached come last."""
        totals: dict[str, Counts] = {}
        for score in self.scores:
            for path, counts in score.leaves.items():
                totals[path] = totals[path].plus(counts) if path in totals else counts
        order = {path: position for position, path in enumerate(self._paths)}
        return dict(sorted(totals.items(), key=lambda field: (order.get(field[0], len(order)), field[0])))

    @cached_property
    def facts(self) -> dict[str, FactCounts]:
        """Path of a list of models to its facts, most frequent first."""
        totals: dict[str, FactCounts] = {}
        for score in self.scores:
            for path, counts in score.facts.items():
                totals[path] = totals[path].plus(counts) if path in totals else counts
        return dict(sorted(totals.items(), key=lambda fact: (-sum(fact[1]), fact[0])))

    @cached_property
    def totals(self) -> Counts:
        """All leaves together, unweighted."""
        return _total(self.fields.values())

    @cached_property
    def weighted(self) -> Weighted:
        """All leaves together, each times its weight: the base of every headline metric."""
        return self._weighted(self.fields)

    @cached_property
    def fact_totals(self) -> Counts:
        """All facts together, a wrong fact being an incorrect one."""
        return _total(counts.as_counts() for counts in self.facts.values())

    @property
    def precision(self) -> float | None:
        """Leaf-level micro precision."""
        return metrics.precision(self.weighted)

    @property
    def recall(self) -> float | None:
        """Leaf-level micro recall."""
        return metrics.recall(self.weighted)

    @property
    def f1(self) -> float | None:
        """Leaf-level micro F1: the headline."""
        return metrics.f1(self.weighted)

    @cached_property
    def macro_f1(self) -> float | None:
        """The mean F1 of the field paths for which it is defined, each counting the same."""
        return metrics.mean(metrics.f1(counts) for counts in self.fields.values())

    @cached_property
    def document_f1(self) -> float | None:
        """The mean F1 of the documents for which it is defined, the trials of a document averaged first."""
        by_document: dict[str, list[float | None]] = {}
        for score in self.scores:
            by_document.setdefault(score.document, []).append(metrics.f1(self._weighted(score.leaves)))
        return metrics.mean(metrics.mean(trials) for trials in by_document.values())

    @cached_property
    def exactly_right(self) -> float | None:
        """The share of documents without a mistake, the trials of a document averaged first."""
        by_document: dict[str, list[float | None]] = {}
        for score in self.scores:
            by_document.setdefault(score.document, []).append(float(score.exactly_right))
        return metrics.mean(metrics.mean(trials) for trials in by_document.values())

    @property
    def fact_f1(self) -> float | None:
        """F1 over facts; `None` when the schema has no list of models or nothing stands in them."""
        return metrics.f1(self.fact_totals)

    @cached_property
    def failures(self) -> dict[FailureKind, int]:
        """How often each kind of failure happened."""
        counted = Counter(score.failure for score in self.scores if score.failure is not None)
        return {kind: counted[kind] for kind in FailureKind if counted[kind]}

    @cached_property
    def grounding(self) -> GroundingCounts:
        """Quotes against verdicts, all documents together."""
        total = GroundingCounts()
        for score in self.scores:
            total = total.plus(score.grounding)
        return total

    @cached_property
    def stray(self) -> int:
        """Predicted keys that the schema does not have."""
        return sum(score.stray for score in self.scores)

    def headline(self) -> dict[str, float | None]:
        """The figures that are always reported, by name."""
        return {
            "f1": self.f1,
            "precision": self.precision,
            "recall": self.recall,
            "macro_f1": self.macro_f1,
            "document_f1": self.document_f1,
            "exactly_right": self.exactly_right,
            "fact_f1": self.fact_f1,
            "fact_precision": metrics.precision(self.fact_totals),
            "fact_recall": metrics.recall(self.fact_totals),
            "edit_accuracy": metrics.edit_accuracy(self.weighted),
            "over_generation": metrics.over_generation(self.weighted),
            "under_generation": metrics.under_generation(self.weighted),
            "null_specificity": metrics.null_specificity(self.weighted),
        }

    @cached_property
    def _paths(self) -> list[str]:
        return [render(leaf.path) for leaf in leaves(self.plan.root)]

    @cached_property
    def _weights(self) -> dict[str, float]:
        return {path: weight_at(self.plan.root, path) for path in self.fields}

    def _weighted(self, fields: Leaves[str, Counts]) -> Weighted:
        return metrics.weighted((counts, self._weights[path]) for path, counts in fields.items())


def weight_at(root: Node, path: str) -> float:
    """The weight of the leaf at a printed path; 1 for a place that is no leaf."""
    node: Node | None = root
    for step in parse(path):
        if isinstance(node, Union) and not isinstance(step, Variant):
            return 1.0
        if isinstance(node, Union):
            node = next((one for one in node.variants if one.path[-1:] == (step,)), None)
        elif isinstance(node, Record):
            node = next((entry.node for entry in node.fields if entry.keys[0] == step), None)
        elif isinstance(node, Listing) and step is EACH_ITEM:
            node = node.item
        elif isinstance(node, Mapping) and step is EACH_VALUE:
            node = node.value
    return node.weight if isinstance(node, Leaf) else 1.0


def _total(counts: Iterable[Counts]) -> Counts:
    total = Counts()
    for one in counts:
        total = total.plus(one)
    return total
