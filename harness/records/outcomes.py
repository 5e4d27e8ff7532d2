"""How one leaf was judged."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from harness.records.json_value import Json


class OutcomeKind(StrEnum):
    """The MUC outcomes of one leaf, and `UNGRADED` for what gold or the schema leaves out of the score."""

    CORRECT = "correct"
    INCORRECT = "incorrect"
    MISSING = "missing"
    SPURIOUS = "spurious"
    ABSENT = "absent"
    UNGRADED = "ungraded"


class Presence(StrEnum):
    """How a value is there or not. All but `VALUE` score as absent."""

    VALUE = "value"
    NULL = "null"
    LEFT_OUT = "left out"
    EMPTY = "empty"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One leaf, judged, with everything that explains the judgement.

    Attributes:
        path: The field's path, without list positions: `deployments[].workers.minimum`.
        kind: The verdict.
        gold: Gold's value as written; `None` when absent.
        predicted: The predicted value as given; `None` when absent.
        gold_at: Where gold's value stands: `deployments[2].workers.minimum`. Empty when nowhere.
        predicted_at: The same for the prediction.
        gold_presence: How gold's value is there or not.
        predicted_presence: How the predicted value is there or not.
        similarity: Between 0 and 1; `None` when one side is absent.
        comparator: The comparator with its parameters, as the schema's mark prints.
        reason: Why, in a few words.
    """

    path: str
    kind: OutcomeKind
    gold: Json
    predicted: Json
    gold_at: str
    predicted_at: str
    gold_presence: Presence
    predicted_presence: Presence
    similarity: float | None
    comparator: str
    reason: str
