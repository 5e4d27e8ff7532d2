"""What predictions came to, for a person at a prompt."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from harness.errors import UsageError
from harness.records import ExtractionFailure

if TYPE_CHECKING:
    from collections.abc import Mapping

    from harness.records import Counts, DocumentScore, Extraction, FactCounts, FailureKind, Json, Outcome
    from harness.scoring.evaluation import Evaluation as Sums
    from harness.scoring.scorer import Scorer


class Evaluation:
    """What predictions came to. Prints as a short table; explains every number.

    Attributes:
        sums: The underlying `harness.scoring.evaluation.Evaluation`, for further metrics and reports.
    """

    def __init__(
        self,
        sums: Sums,
        scorer: Scorer,
        gold: Mapping[str, Json],
        predictions: Mapping[str, Extraction | ExtractionFailure],
    ) -> None:
        self.sums = sums
        self._scorer = scorer
        self._gold = gold
        self._predictions = predictions

    @property
    def f1(self) -> float | None:
        """Leaf-level micro F1, the headline; `None` when neither side has a value."""
        return self.sums.f1

    @property
    def precision(self) -> float | None:
        """Leaf-level micro precision; `None` when nothing was predicted."""
        return self.sums.precision

    @property
    def recall(self) -> float | None:
        """Leaf-level micro recall; `None` when gold has no value."""
        return self.sums.recall

    @property
    def macro_f1(self) -> float | None:
        """The mean F1 of the field paths."""
        return self.sums.macro_f1

    @property
    def document_f1(self) -> float | None:
        """The mean F1 of the records."""
        return self.sums.document_f1

    @property
    def exactly_right(self) -> float | None:
        """The share of records without a mistake."""
        return self.sums.exactly_right

    @property
    def fact_f1(self) -> float | None:
        """F1 over facts, the items of lists of models; `None` when there are none."""
        return self.sums.fact_f1

    @property
    def fields(self) -> Mapping[str, Counts]:
        """Field path to its counts, in the order of the schema."""
        return self.sums.fields

    @property
    def facts(self) -> Mapping[str, FactCounts]:
        """Path of a list of models to its facts."""
        return self.sums.facts

    @property
    def counts(self) -> Counts:
        """All leaves together, unweighted."""
        return self.sums.totals

    @property
    def failures(self) -> Mapping[FailureKind, int]:
        """How often each kind of failure happened."""
        return self.sums.failures

    @property
    def scores(self) -> tuple[DocumentScore, ...]:
        """The additive counts of each record, in the order given."""
        return self.sums.scores

    def outcomes(self, id: str | int | None = None) -> tuple[Outcome, ...]:  # noqa: A002 - what users call it
        """Every judged leaf of one record, or of all of them.

        Args:
            id: The record's id, or its position in a list; `None` for all.

        Raises:
            UsageError: When there is no such record; names the near ids.
        """
        names = self._gold if id is None else (self._known(str(id)),)
        return tuple(
            outcome
            for name in names
            for outcome in self._scorer.explain(self._gold[name], self._predictions[name])
        )

    def explain(self, id: str | int | None = None) -> str:  # noqa: A002 - what users call it
        """What cost anything, as a table of plain text: one row a leaf that is incorrect, missing or spurious.

        Args:
            id: As in `outcomes`.

        Raises:
            UsageError: When there is no such record.
        """
        from harness.reporting import outcome_table, plain_text

        names = tuple(self._gold) if id is None else (self._known(str(id)),)
        tables = []
        for name in names:
            title = "Outcomes" if len(self._gold) == 1 else f"Outcomes of {name}"
            prediction = self._predictions[name]
            if isinstance(prediction, ExtractionFailure):
                title += f" ({prediction.kind}{': ' if prediction.detail else ''}{prediction.detail})"
            tables.append(plain_text(outcome_table(self.outcomes(name), only_charged=True, title=title)))
        return "\n".join(tables)

    def __str__(self) -> str:
        from harness.reporting import field_table, plain_text

        return plain_text(field_table(self.sums)).rstrip("\n")

    def __repr__(self) -> str:
        return str(self)

    def _known(self, name: str) -> str:
        if name not in self._gold:
            near = difflib.get_close_matches(name, self._gold, n=3, cutoff=0.4) or list(self._gold)[:3]
            raise UsageError(f"there is no record {name!r}", hint=f"ids: {', '.join(near) or 'none'}")
        return name
