"""Score documents: the one place where gold, a prediction and a plan meet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.records import Counts, DocumentScore, Extraction, ExtractionFailure, GroundingCounts
from harness.scoring.binding import bind
from harness.scoring.grounding import Located, Locator
from harness.scoring.judging import INCORRECT, KINDS, SPURIOUS, Judgement, explained, judge
from harness.scoring.reading import Reading, read_gold, read_prediction

if TYPE_CHECKING:
    from collections.abc import Iterable

    from harness.records import Json, Outcome
    from harness.schema import Plan
    from harness.scoring.reading import BranchReading

_CHARGED = range(INCORRECT + 1)


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
        for kind, place, *_ in judgement.verdicts:
            counts = leaves.get(place.path)
            if counts is None:
                counts = leaves[place.path] = [0, 0, 0, 0, 0, 0]
            counts[kind] += 1
        return DocumentScore(
            document=prediction.document,
            trial=prediction.trial,
            leaves={path: Counts(*counts) for path, counts in leaves.items()},
            facts=judgement.fact_counts(),
            grounding=GroundingCounts() if text is None else _grounding(judgement, Locator(text)),
            stray=_stray(predicted),
            failure=prediction.kind if isinstance(prediction, ExtractionFailure) else None,
        )

    def explain(self, gold: Json, prediction: Extraction | ExtractionFailure) -> tuple[Outcome, ...]:
        """Every outcome behind `score`, in the order of the schema and, within a list, of gold."""
        judgement, _ = self._judged(gold, prediction)
        return tuple(explained(verdict) for verdict in judgement.verdicts)

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
        quoting = _quoting(predicted)
        if quoting is None:
            continue
        if id(quoting) not in located:
            located[id(quoting)] = locator.best(quoting.quotes or ())
        wrong = KINDS[kind] is not KINDS[0]
        counts[located[id(quoting)] + (len(Located) if wrong else 0)] += 1
    return GroundingCounts(*counts)


def _quoting(reading: Reading) -> Reading | None:
    """The nearest enclosing record that has a place for evidence."""
    at: Reading | None = reading
    while at is not None and not at.bound.quoting:
        at = at.parent
    return at


def _stray(reading: Reading) -> int:
    """Keys that the schema does not have, at any depth."""
    return reading.stray + sum(_stray(item) for branch in reading.branches for item in _readings(branch))


def _readings(branch: BranchReading) -> Iterable[Reading]:
    """The items of a predicted branch, which have one reading each."""
    if isinstance(branch, list):
        return [item for item in branch if isinstance(item, Reading)]
    if isinstance(branch, dict):
        return [item for item in branch.values() if isinstance(item, Reading)]
    return [branch] if isinstance(branch, Reading) else []
