"""Score documents: the one place where gold, a prediction and a plan meet."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from harness.records import Counts, DocumentScore, Extraction, ExtractionFailure, GroundingCounts, OutcomeKind
from harness.scoring.binding import bind
from harness.scoring.grounding import Located, Locator
from harness.scoring.judging import INCORRECT, KINDS, SPURIOUS, Judgement, explained, judge
from harness.scoring.reading import read_gold, read_prediction
from harness.scoring.readings import Reading

if TYPE_CHECKING:
    from harness.records import Json, Outcome
    from harness.schema import Plan

_CHARGED = range(INCORRECT + 1)
_LONGEST_DETAIL = 200


class Scorer:
    """Scores documents by one plan.

    Args:
        plan: The compiled schema.

    Raises:
        SchemaError: When a comparator's parameters contradict each other.
    """

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self._bound = bind(plan)

    def score(
        self, gold: Json, prediction: Extraction | ExtractionFailure, text: str | None = None
    ) -> DocumentScore:
        """Score one prediction.

        Args:
            gold: Gold's value, annotations included. `None`: the document has no facts.
            prediction: What was extracted. A failure scores as an empty prediction.
            text: The document, to look for quotes in; `None` leaves grounding out.

        Raises:
            GoldError: When one fact of gold has too many combinations of alternatives.
        """
        judgement, predicted = self._judged(gold, prediction)
        leaves: dict[str, list[int]] = {}
        for kind, place, _, _, _ in judgement.verdicts:
            path = place.path
            if path not in leaves:
                leaves[path] = [0, 0, 0, 0, 0, 0]
            leaves[path][kind] += 1
        return DocumentScore(
            document=prediction.document,
            trial=prediction.trial,
            leaves={path: Counts(*counts) for path, counts in leaves.items()},
            facts=judgement.fact_counts(),
            grounding=GroundingCounts() if text is None else _grounding(judgement, Locator(text)),
            stray=predicted.stray,
            failure=prediction.kind if isinstance(prediction, ExtractionFailure) else None,
        )

    def explain(self, gold: Json, prediction: Extraction | ExtractionFailure) -> tuple[Outcome, ...]:
        """Every outcome behind `score`, in the order of the schema and, within a list, of gold.

        Where there is no extraction, the reason of each missing leaf says why.
        """
        judgement, _ = self._judged(gold, prediction)
        outcomes = tuple(explained(verdict) for verdict in judgement.verdicts)
        if isinstance(prediction, Extraction):
            return outcomes
        detail = " ".join(prediction.detail.split())[:_LONGEST_DETAIL]
        reason = f"no extraction, {prediction.kind}{f': {detail}' if detail else ''}"
        return tuple(
            replace(one, reason=reason) if one.kind is OutcomeKind.MISSING else one for one in outcomes
        )

    def _judged(self, gold: Json, prediction: Extraction | ExtractionFailure) -> tuple[Judgement, Reading]:
        value = prediction.value if isinstance(prediction, Extraction) else None
        predicted = read_prediction(self._bound, value)
        return judge(read_gold(self._bound, gold), predicted), predicted


def _grounding(judgement: Judgement, locator: Locator) -> GroundingCounts:
    """Every charged predicted leaf of a fact with a place for evidence: its quote against its verdict."""
    counts = [0] * len(GroundingCounts._fields)
    located: dict[int, Located] = {}
    for kind, _, _, predicted, _ in judgement.verdicts:
        if predicted is None or kind not in (*_CHARGED, SPURIOUS):
            continue
        quotes = predicted.quotes
        if quotes is None:
            continue
        if id(quotes) not in located:
            located[id(quotes)] = locator.best(quotes)
        wrong = KINDS[kind] is not KINDS[0]
        counts[located[id(quotes)] + (len(Located) if wrong else 0)] += 1
    return GroundingCounts(*counts)
