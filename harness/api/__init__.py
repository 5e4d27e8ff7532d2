"""Score predictions from a notebook, a test or a program: no store, no configuration, no files.

>>> from pydantic import BaseModel
>>> class Person(BaseModel):
...     name: str
...     born: int | None = None
>>> result = score(Person, {"name": "Ada", "born": 1815}, {"name": "Ada", "born": 1816})
>>> result.f1
0.5
>>> [(outcome.path, str(outcome.kind)) for outcome in result.outcomes()]
[('name', 'correct'), ('born', 'incorrect')]
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.api.evaluation import Evaluation
from harness.api.inputs import Failure, aligned, gold_value, prediction
from harness.schema.compile import compile_model
from harness.scoring.evaluation import Evaluation as Sums
from harness.scoring.scorer import Scorer

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pydantic import BaseModel

    Given = BaseModel | Mapping[Any, Any] | Sequence[Any] | None

__all__ = ["Evaluation", "Failure", "score"]


def score(
    model: type[BaseModel],
    gold: Given,
    predicted: Given | Failure,
    *,
    text: str | Sequence[str | None] | Mapping[str, str | None] | None = None,
) -> Evaluation:
    """Score predicted records against gold.

    One record, or many: two lists of the same length, or two mappings by id. A mapping is one record as soon as
    one of its keys is a field of the model, or one of its values is no record. A list is always many records.

    Args:
        model: Any Pydantic model, with or without marks of `harness.marks`.
        gold: Instances of the model or JSON-like values. JSON-like gold may hold `{"$any": […]}`,
            `{"$optional": …}` and `{"$unlabelled": true}`; a required field may be left out.
        predicted: The same without annotations, or a `Failure`. In a mapping, an id of gold that is left out
            counts as not answered.
        text: The documents, in the shape of gold, to look for quotes in; `None` leaves grounding out.

    Raises:
        SchemaError: When the model cannot be scored.
        GoldError: When gold does not fit the model; names the record and the field path.
        UsageError: When the two sides have different shapes, lengths or ids.
    """
    plan = compile_model(model)
    scorer = Scorer(plan)
    records = aligned(plan, gold, predicted, text)
    values = {one.id: gold_value(plan, model, one, alone=len(records) == 1) for one in records}
    predictions = {one.id: prediction(one) for one in records}
    scores = tuple(scorer.score(values[one.id], predictions[one.id], one.text) for one in records)
    return Evaluation(Sums(plan, scores), scorer, values, predictions)
