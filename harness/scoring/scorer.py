"""Score documents: the one place where gold, a prediction and a plan meet."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from harness.records import DocumentScore, Extraction, ExtractionFailure, GroundingCounts, OutcomeKind
from harness.scoring.binding import bind
from harness.scoring.explaining import explained
from harness.scoring.grounding import Located, Locator
from harness.scoring.judging import Judgement, judge
from harness.scoring.kinds import CORRECT, INCORRECT, SPURIOUS
from harness.scoring.loops import FASTEST
from harness.scoring.reading import read_gold, read_prediction
from harness.scoring.readings import Reading

if TYPE_CHECKING:
    from harness.records import Json, Outcome
    from harness.schema import Plan
    from harness.scoring.loops import Loops

_LONGEST_DETAIL = 200


class Scorer:
    """Scores documents by one plan.

    Args:
        plan: The compiled schema.
        loops: Who reads and compares plain records; all give the same.

    Raises:
        SchemaError: When a comparator's parameters contradict each other.
    """

    def __init__(self, plan: Plan, loops: Loops = FASTEST) -> None:
        self.plan = plan
        self._bound = bind(plan, loops)

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
        return DocumentScore(
            document=prediction.document,
            trial=prediction.trial,
            leaves=judgement.counts(),
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
        outcomes = tuple(explained(judgement.rows))
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
    for _, kinds, _, predicted in judgement.rows:
        quotes = None if predicted is None else predicted.quotes
        right, wrong = kinds.count(CORRECT), kinds.count(INCORRECT) + kinds.count(SPURIOUS)
        if quotes is not None and (right or wrong):
            if id(quotes) not in located:
                located[id(quotes)] = locator.best(quotes)
            counts[located[id(quotes)]] += right
            counts[located[id(quotes)] + len(Located)] += wrong
    return GroundingCounts(*counts)
