"""Which number of a sentence an object is about, and which side of it a field takes."""

from __future__ import annotations

import math
from decimal import Decimal

from harness.systems.rules.leaves import Scope
from harness.systems.rules.plans import ObjectPlan
from harness.systems.rules.quantities import Quantity
from harness.systems.rules.shapes import Shape
from harness.systems.rules.words import name_stems, stem, words_of

_UNITS = frozenset(
    stem(word)
    for word in [
        "second",
        "minute",
        "hour",
        "day",
        "week",
        "month",
        "year",
        "years",
        "decade",
        "century",
        "percent",
        "time",
        "times",
        "km",
        "kilometre",
        "mile",
        "metre",
        "kg",
        "ton",
        "degree",
    ]
)
_LOW = frozenset(["minimum", "min", "lowest", "low", "least", "from"])
_HIGH = frozenset(["maximum", "max", "highest", "high", "most", "to"])
_SMALLEST_BARE = 20


def choose(plan: ObjectPlan, scope: Scope) -> Quantity | None:
    """The first number that the object can be about.

    That is money for amounts, a number with its unit where units are named, else a count of what its words say.
    """
    for quantity in scope.sentence.quantities:
        if quantity.is_label or (plan.key_stems - scope.cue) & set(quantity.after):
            # Numbers a thing, or measures what another member of the key is about.
            continue
        if plan.is_money:
            if quantity.currency is not None:
                return quantity
        elif plan.units:
            if any(unit <= stems_after(quantity) for unit in plan.units):
                return quantity
        elif _counts(quantity, plan):
            return quantity
    return None


def stems_after(quantity: Quantity) -> frozenset[str]:
    """The stems of the words behind a number; the sign for percent is a word."""
    after = frozenset(quantity.after)
    return after | {"percent"} if quantity.percent else after


def _counts(quantity: Quantity, plan: ObjectPlan) -> bool:
    if quantity.currency is not None or quantity.percent or _UNITS & set(quantity.after[:2]):
        return False
    if plan.counted & set(quantity.after):
        return True
    return not quantity.is_word and quantity.value >= _SMALLEST_BARE


def has_side(shape: Shape) -> bool:
    """Whether a field's name asks for one end of a range."""
    return bool({word.lower() for word in words_of(shape.name)} & (_LOW | _HIGH))


def number_for(shape: Shape, quantity: Quantity) -> int | float | None:
    """The side of a number that a field takes, in the type and within the bounds of its schema."""
    words = {word.lower() for word in words_of(shape.name)}
    if words & _LOW:
        value = quantity.low
    elif words & _HIGH:
        value = quantity.high
    else:
        value = quantity.value
    return None if value is None else fitting_number(shape, value)


def fitting_number(shape: Shape, value: Decimal) -> int | float | None:
    """The number as JSON; `None` when the schema does not allow it."""
    if shape.kind == "union":
        fits = (fitting_number(option, value) for option in shape.options)
        return next((number for number in fits if number is not None), None)
    if shape.kind not in ("integer", "number"):
        return None
    is_whole = value == value.to_integral_value()
    if shape.kind == "integer" and not is_whole:
        return None
    number = int(value) if is_whole else float(value)
    return number if math.isfinite(number) and _within(shape, number) else None


def _within(shape: Shape, number: float) -> bool:
    least, above = shape.rule("minimum"), shape.rule("exclusiveMinimum")
    most, below = shape.rule("maximum"), shape.rule("exclusiveMaximum")
    return not (
        (least is not None and number < least)
        or (most is not None and number > most)
        or (above is not None and number <= above)
        or (below is not None and number >= below)
    )


def nearest(shape: Shape, quantities: list[Quantity], text: str) -> Quantity | None:
    """The number nearest to a word of the field's name; `None` when no word of it is there."""
    wanted = name_stems(shape.name)
    best: tuple[int, Quantity] | None = None
    position = 0
    for word in words_of(text):
        position = text.find(word, position)
        if stem(word) in wanted:
            for quantity in quantities:
                behind = quantity.figure_at - position - len(word)
                distance = behind if behind >= 0 else max(0, position - quantity.end)
                if best is None or distance < best[0]:
                    best = (distance, quantity)
        position += len(word)
    return best[1] if best else None
