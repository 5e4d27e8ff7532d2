"""How the values of each type are prepared: what a JSON value means once the schema has settled its type."""

from __future__ import annotations

import math
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from harness.scoring.comparators.base import Malformed, Prepared
from harness.scoring.comparators.folding import fold

if TYPE_CHECKING:
    from collections.abc import Callable


LONGEST_NUMBER = 300
"""A number written as a string longer than this is malformed: no quantity has 300 digits."""
LONGEST_WHOLE = 1_000
"""The same for a whole number, in bits; within both, every number is a finite `float` too."""


def type_name(raw: object) -> str:
    """The JSON name of a Python value's type, for messages."""
    if isinstance(raw, bool):
        return "boolean"
    if isinstance(raw, int | float | Decimal):
        return "number"
    if isinstance(raw, str):
        return "string"
    if isinstance(raw, dict):
        return "object"
    return "array" if isinstance(raw, list | tuple) else type(raw).__name__


def is_moderate(raw: object) -> bool:
    """Whether a value is a whole number that Python can write out and turn into a float."""
    return isinstance(raw, int) and raw.bit_length() <= LONGEST_WHOLE


def letters(raw: object) -> Prepared:
    """A string as it is; blank is absent."""
    if isinstance(raw, str):
        return raw if raw and not raw.isspace() else None
    return Malformed(f"{type_name(raw)} where a string belongs")


def folded(raw: object) -> Prepared:
    """A string, folded; blank is absent."""
    if isinstance(raw, str):
        return fold(raw) or None
    return Malformed(f"{type_name(raw)} where a string belongs")


def truth(raw: object) -> Prepared:
    """A boolean. Neither 1 nor "true" is one; a blank string is absent."""
    if isinstance(raw, str) and not raw.strip():
        return None
    return raw if isinstance(raw, bool) else Malformed(f"{type_name(raw)} where a boolean belongs")


def number(raw: object) -> Prepared:
    """A number, exactly: an `int` where it is whole, else a `Decimal`. `True` is none; "3" is the number 3.

    >>> number(3.0), number("3"), number(0.1), number("0.10")
    (3, 3, Decimal('0.1'), Decimal('0.10'))
    """
    if isinstance(raw, bool):
        return Malformed("boolean where a number belongs")
    if isinstance(raw, int):
        return raw if is_moderate(raw) else Malformed("a number of absurd length")
    if isinstance(raw, float):
        if not math.isfinite(raw):
            return Malformed("not a finite number")
        return int(raw) if raw.is_integer() else Decimal(repr(raw))
    if isinstance(raw, str):
        return _number_in(raw.strip())
    if isinstance(raw, Decimal):
        return _number_in(str(raw))
    return Malformed(f"{type_name(raw)} where a number belongs")


def whole(raw: object) -> Prepared:
    """A whole number: what the schema's `int` can be. 3.0 and "3" are one, 3.5 is none."""
    value = number(raw)
    return Malformed("a fraction where a whole number belongs") if isinstance(value, Decimal) else value


def real(raw: object) -> Prepared:
    """A number as the floating-point number that the schema's `float` makes of it.

    >>> real(3), real("0.10"), real(0.1)
    (3.0, 0.1, 0.1)
    """
    if type(raw) is float and math.isfinite(raw):
        return raw
    exact = number(raw)
    return float(exact) if isinstance(exact, int | Decimal) else exact


def _number_in(text: str) -> Prepared:
    if not text:
        return None
    # Python reads "1_000" and digits of other scripts as numbers; JSON and Pydantic do not.
    if len(text) > LONGEST_NUMBER or not text.isascii() or "_" in text:
        return Malformed("a string that is no number")
    try:
        value = Decimal(text)
    except InvalidOperation:
        return Malformed("a string that is no number")
    if not value.is_finite() or abs(value.adjusted()) > LONGEST_NUMBER:
        return Malformed("not a finite number")
    return int(value) if value == value.to_integral_value() else value


def member_of(members: tuple[str | int | bool, ...]) -> Callable[[object], Prepared]:
    """A preparer for one of a closed set, to the letter and the type: `True` is not 1, and "1" is not 1."""
    # Only `True` and 1 would be equal as they stand, and strings are hashed fastest.
    mixed = any(not isinstance(member, str) for member in members)
    known = {(type(member), member): (type(member).__name__, member) if mixed else member for member in members}
    strings = {member: known[str, member] for member in members if isinstance(member, str)}

    def member(raw: object) -> Prepared:
        if isinstance(raw, str) and (found := strings.get(raw)) is not None:
            return found
        if isinstance(raw, str) and (not raw or raw.isspace()):
            return None
        if isinstance(raw, float) and raw.is_integer():
            raw = int(raw)
        if isinstance(raw, str | int) and (type(raw), raw) in known:
            return known[type(raw), raw]
        shown = raw if isinstance(raw, str | bool | float) or is_moderate(raw) else type_name(raw)
        return Malformed(f"{str(shown)[:60]!r} is not one of the {len(members)} members")

    return member


def canonical_by(canonical: Callable[[object], object]) -> Callable[[object], Prepared]:
    """A preparer that has Pydantic write the value in its canonical JSON form."""

    def prepare(raw: object) -> Prepared:
        if isinstance(raw, str) and not raw.strip():
            return None
        try:
            return str(canonical(raw))
        except (ValueError, TypeError, OverflowError) as error:
            return Malformed(str(error).splitlines()[0][:120])

    return prepare
