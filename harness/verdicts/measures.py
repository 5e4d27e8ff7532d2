"""The metrics of `harness.scoring` over many sums at once.

Each is a part over a whole, and both add up: of leaves, of facts, of documents. Macro F1 alone is a mean of
such.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.verdicts.sums import FACTS, OUTCOMES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from harness.statistics.arrays import Floats
    from harness.verdicts.sums import Layout

    Step = Callable[[Floats], Floats]

HEADLINE = (
    "f1",
    "precision",
    "recall",
    "macro_f1",
    "document_f1",
    "exactly_right",
    "fact_f1",
    "fact_precision",
    "fact_recall",
    "edit_accuracy",
    "over_generation",
    "under_generation",
    "null_specificity",
)
"""The metrics over the whole suite, as `Evaluation.headline()` names them."""

SHARES: Mapping[str, tuple[Mapping[str, int], Mapping[str, int]]] = {
    "precision": ({"correct": 1}, {"correct": 1, "incorrect": 1, "spurious": 1}),
    "recall": ({"correct": 1}, {"correct": 1, "incorrect": 1, "missing": 1}),
    "f1": ({"correct": 2}, {"correct": 2, "incorrect": 2, "missing": 1, "spurious": 1}),
    "edit_accuracy": ({"correct": 1}, {"correct": 1, "incorrect": 1, "missing": 1, "spurious": 1}),
    "over_generation": ({"spurious": 1}, {"correct": 1, "incorrect": 1, "spurious": 1}),
    "under_generation": ({"missing": 1}, {"correct": 1, "incorrect": 1, "missing": 1}),
    "null_specificity": ({"absent": 1}, {"absent": 1, "spurious": 1}),
}
"""The metrics of `harness.scoring.metrics.METRICS`: how often each outcome is in the part, and in the whole."""

_OF_DOCUMENTS = {
    "document_f1": ("f1", "defined"),
    "exactly_right": ("right", "documents"),
    "failure_rate": ("failed", "documents"),
}


@dataclass(frozen=True, slots=True)
class NamedMeasure:
    """A measure whose metrics have names.

    Attributes:
        names: One a metric: names of metrics, or field paths.
        compute: From sums of columns (…, columns) to metrics (…, metrics).
    """

    names: tuple[str, ...]
    compute: Step

    def __call__(self, sums: Floats, /) -> Floats:
        """The metrics, NaN where 0/0."""
        import numpy as np

        with np.errstate(divide="ignore", invalid="ignore"):
            return self.compute(sums)

    def at(self, name: str) -> int:
        """Which metric has that name: the first, where a field is called like a metric.

        Raises:
            ValueError: None has.
        """
        if name not in self.names:
            raise ValueError(f"There is no metric {name} among {', '.join(self.names)}")
        return self.names.index(name)


@dataclass(frozen=True, slots=True)
class TwoStepMeasure(NamedMeasure):
    """A measure that first adds and weighs columns: done once a document, it need not be done again a draw.

    Attributes:
        condense: The first step, from (…, columns) to (…, fewer). The sum of its results is the result of the
            sum.
        finish: The second, from there to (…, metrics).
        width: How many columns the first step leaves.
    """

    condense: Step
    finish: Step
    width: int


def headline_measure(layout: Layout, names: Sequence[str] = HEADLINE) -> TwoStepMeasure:
    """The metrics over the whole suite.

    Args:
        layout: Which column is what.
        names: Which of `HEADLINE`, or `failure_rate`.

    Raises:
        KeyError: There is no such metric.
    """
    import numpy as np

    for name in names:
        if name not in HEADLINE and name not in _OF_DOCUMENTS:
            raise KeyError(name)
    weights = np.array(layout.weights)
    shares = [name for name in names if name != "macro_f1"]
    fields = field_measure(layout) if len(shares) < len(names) else None
    order = [shares.index(name) if name in shares else len(shares) for name in names]

    def condense(sums: Floats) -> Floats:
        columns = [_side(layout, sums, weights, name, side)[..., None] for side in (0, 1) for name in shares]
        return np.concatenate([*columns, *([fields.condense(sums)] if fields else [])], axis=-1)

    def finish(sums: Floats) -> Floats:
        found = _quotient(sums[..., : 2 * len(shares)])
        if fields:
            by_field = fields.finish(sums[..., 2 * len(shares) :])
            defined = ~np.isnan(by_field)
            macro = np.where(defined, by_field, 0.0).sum(axis=-1) / defined.sum(axis=-1)
            found = np.concatenate([found, macro[..., None]], axis=-1)
        return found[..., order]

    return _two_steps(tuple(names), condense, finish, 2 * len(shares) + (fields.width if fields else 0))


def field_measure(layout: Layout, metric: str = "f1") -> TwoStepMeasure:
    """One metric of every field path.

    Args:
        layout: Which column is what.
        metric: A name of `harness.scoring.metrics.METRICS`.

    Raises:
        KeyError: There is no such metric.
    """
    import numpy as np

    sides = SHARES[metric]

    def condense(sums: Floats) -> Floats:
        return np.concatenate(
            [_added({name: sums[..., layout.outcome(name)] for name in OUTCOMES}, side) for side in sides],
            axis=-1,
        )

    return _two_steps(layout.paths, condense, _quotient, 2 * len(layout.paths))


def failure_measure(layout: Layout) -> TwoStepMeasure:
    """`failure_rate`: the share of documents without an extraction, the trials of a document averaged first."""
    return headline_measure(layout, ("failure_rate",))


def together(*measures: TwoStepMeasure) -> TwoStepMeasure:
    """Several measures as one, so that they are asked of the same swaps."""
    import numpy as np

    ends = np.cumsum([measure.width for measure in measures])

    def condense(sums: Floats) -> Floats:
        return np.concatenate([measure.condense(sums) for measure in measures], axis=-1)

    def finish(sums: Floats) -> Floats:
        parts = np.split(sums, ends[:-1], axis=-1)
        return np.concatenate(
            [measure.finish(part) for measure, part in zip(measures, parts, strict=True)], axis=-1
        )

    names = tuple(name for measure in measures for name in measure.names)
    return _two_steps(names, condense, finish, int(ends[-1]))


def _two_steps(names: tuple[str, ...], condense: Step, finish: Step, width: int) -> TwoStepMeasure:
    def quietly(sums: Floats) -> Floats:
        import numpy as np

        with np.errstate(divide="ignore", invalid="ignore"):
            return finish(sums)

    return TwoStepMeasure(names, lambda sums: finish(condense(sums)), condense, quietly, width)


def _side(layout: Layout, sums: Floats, weights: Floats, name: str, side: int) -> Floats:
    """The part (0) or the whole (1) of a metric over the whole suite."""
    if name in _OF_DOCUMENTS:
        column: Floats = sums[..., layout.document(_OF_DOCUMENTS[name][side])]
        return column
    if name.startswith("fact_"):
        return _added(
            {one: sums[..., layout.fact(one)] for one in FACTS}, SHARES[name.removeprefix("fact_")][side]
        )
    weighted: Floats = (
        _added({one: sums[..., layout.outcome(one)] for one in OUTCOMES}, SHARES[name][side]) @ weights
    )
    return weighted


def _added(counts: Mapping[str, Floats], times: Mapping[str, int]) -> Floats:
    import numpy as np

    return sum((counts[name] * number for name, number in times.items()), start=np.zeros(()))


def _quotient(sums: Floats) -> Floats:
    """The first half of the columns over the second."""
    middle = sums.shape[-1] // 2
    return sums[..., :middle] / sums[..., middle:]
