"""What a caller may give: one record or many, as models or as JSON."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from harness.errors import GoldError, UsageError
from harness.records import Extraction, ExtractionFailure, FailureKind
from harness.schema import Plan, Record
from harness.scoring.annotations import ANY, OPTIONAL, UNLABELLED

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pydantic import BaseModel

    from harness.records import Json

ONE = "0"
"""The id of a record that is scored alone; records in a list have their positions as ids."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A prediction that is none: the model refused, answered with no JSON, or was cut off.

    It scores as an empty prediction and is counted by its kind.

    Attributes:
        kind: A `harness.records.FailureKind` or its value, such as `"refused"`.
        detail: What happened, in words.
    """

    kind: str = FailureKind.ERROR.value
    detail: str = ""

    def __post_init__(self) -> None:
        """Refuse an unknown kind.

        Raises:
            UsageError: With the kinds that there are.
        """
        kinds = [kind.value for kind in FailureKind]
        if self.kind not in kinds:
            raise UsageError(f"there is no kind of failure {self.kind!r}", hint=f"kinds: {', '.join(kinds)}")


@dataclass(frozen=True, slots=True)
class Given:
    """Both sides of one record, as the caller gave them."""

    id: str
    gold: Any
    predicted: Any
    text: str | None


_LEFT_OUT = Failure(FailureKind.NOT_ANSWERED.value, "there is no prediction")


def aligned(plan: Plan, gold: Any, predicted: Any, text: Any) -> list[Given]:
    """The records of both sides, one to one; see `harness.score`.

    Raises:
        UsageError: When the two sides have different shapes, lengths or ids.
    """
    if _is_list(gold) or _is_list(predicted):
        return _lists(gold, predicted, text)
    if _is_by_id(plan, gold):
        return _by_id(gold, predicted, text)
    if text is not None and not isinstance(text, str):
        raise UsageError(f"the text of one record is a {type(text).__name__}", hint="give it as a string")
    return [Given(ONE, gold, predicted, text)]


def _is_list(value: object) -> bool:
    return isinstance(value, list | tuple)


def _is_by_id(plan: Plan, gold: object) -> bool:
    if not (isinstance(gold, Mapping) and gold and isinstance(plan.root, Record)):
        return False
    fields = {key for entry in plan.root.fields for key in entry.keys} | {ANY, OPTIONAL, UNLABELLED}
    return not fields & gold.keys() and all(_is_record(value) for value in gold.values())


def _is_record(value: object) -> bool:
    from pydantic import BaseModel

    return isinstance(value, Mapping | BaseModel)


def _lists(gold: Any, predicted: Any, text: Any) -> list[Given]:
    if not (_is_list(gold) and _is_list(predicted)):
        raise UsageError(
            "one side is a list and the other is not", hint="give one record each, or two lists of records"
        )
    texts = [None] * len(gold) if text is None else text
    if not _is_list(texts):
        raise UsageError("gold is a list and the text is not", hint="give a list of texts")
    try:
        rows = list(zip(gold, predicted, texts, strict=True))
    except ValueError:
        given = f" and {len(texts)} texts" if text is not None else ""
        raise UsageError(
            f"there are {len(gold)} gold records, {len(predicted)} predictions{given}",
            hint="give one of each; harness.Failure(…) where there is no prediction, or mappings by id",
        ) from None
    return [Given(str(at), *row) for at, row in enumerate(rows)]


def _by_id(gold: Mapping[Any, Any], predicted: Any, text: Any) -> list[Given]:
    for name, side in (("predictions are", predicted), ("text is", {} if text is None else text)):
        if not isinstance(side, Mapping):
            raise UsageError(
                f"gold is a mapping by id and the {name} not", hint="give a mapping with the same ids"
            )
        extra = next((id_ for id_ in side if id_ not in gold), None)
        if extra is not None:
            raise UsageError(f"{extra!r} has no gold", hint=f"ids of gold: {_near(str(extra), gold)}")
    ids = [str(name) for name in gold]
    if len(set(ids)) < len(ids):
        raise UsageError("two ids of gold print alike", hint="use strings")
    return [
        Given(str(name), value, predicted.get(name, _LEFT_OUT), None if text is None else text.get(name))
        for name, value in gold.items()
    ]


def _near(name: str, known: Iterable[Any]) -> str:
    names = [str(one) for one in known]
    return ", ".join(difflib.get_close_matches(name, names, n=3) or names[:3])


def gold_value(plan: Plan, model: type[BaseModel], given: Given, *, alone: bool) -> Json:
    """Gold as JSON, checked against the model; a value that a required field lacks is no mistake.

    Raises:
        GoldError: When it does not fit; names the record, if there are several, and the field path.
    """
    from harness.suites.fitting import misfits

    where = "" if alone else f"gold {given.id!r}"
    if isinstance(given.gold, Failure):
        raise GoldError("gold is a harness.Failure", where=where, hint="only a prediction can fail")
    value = _json(given.gold)
    for misfit in misfits(plan, model, value):
        if not misfit.absent:
            raise misfit.as_error(where)
    return value


def prediction(given: Given) -> Extraction | ExtractionFailure:
    """What was predicted, as the scorer takes it."""
    predicted = given.predicted
    if isinstance(predicted, Failure):
        return ExtractionFailure(given.id, 0, FailureKind(predicted.kind), predicted.detail)
    return Extraction(given.id, 0, _json(predicted))


def _json(value: Any) -> Json:
    """The value as JSON, models and dates inside it too; as it is where it cannot be written."""
    try:
        return _written(value)
    except (ValueError, TypeError, RecursionError):
        return value  # type: ignore[no-any-return] # the scorer says of every leaf what is wrong with it


def _written(value: Any) -> Json:
    """Models under the keys that the plan reads: Pydantic's own dump writes those of serialisation."""
    from pydantic import BaseModel, RootModel
    from pydantic_core import to_jsonable_python

    from harness.schema.compile import keys_of

    if isinstance(value, RootModel):
        return _written(value.root)
    if isinstance(value, BaseModel):
        model = type(value)
        fields = {
            keys_of(name, info, model)[0]: getattr(value, name)
            for name, info in model.model_fields.items()
            if not info.exclude
        }
        return {key: _written(inner) for key, inner in {**fields, **(value.model_extra or {})}.items()}
    if isinstance(value, Mapping):
        return {str(key): _written(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_written(inner) for inner in value]
    plain: Json = to_jsonable_python(value)
    return plain
