"""Comparators, one a file, behind one registry: from a leaf of the plan to the comparator that judges it."""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

from harness.errors import SchemaError
from harness.marks import Choice, Comparison, Date, Exact, Folded, Number, Text
from harness.paths import render
from harness.schema import Leaf, LeafType
from harness.scoring.comparators.base import Comparator, Malformed, Prepare, Prepared
from harness.scoring.comparators.choice import ChoiceComparator, canonical_names
from harness.scoring.comparators.date import DateComparator
from harness.scoring.comparators.either import EitherComparator
from harness.scoring.comparators.exact import ExactComparator
from harness.scoring.comparators.number import NumberComparator
from harness.scoring.comparators.text import TextComparator
from harness.scoring.comparators.values import (
    canonical_by,
    folded,
    letters,
    member_of,
    number,
    real,
    truth,
    whole,
)

__all__ = ["Comparator", "Malformed", "Prepare", "Prepared", "comparator_for"]


def comparator_for(leaf: Leaf) -> Comparator:
    """The comparator of a leaf.

    Raises:
        SchemaError: When the parameters contradict each other.
    """
    if leaf.type is LeafType.EITHER:
        return EitherComparator(tuple((_is_of(option.type), comparator_for(option)) for option in leaf.options))
    return _REGISTRY[type(leaf.comparison)](leaf)


_NUMBERS: dict[LeafType, Prepare] = {
    LeafType.INTEGER: whole,
    LeafType.NUMBER: real,
    LeafType.DECIMAL: number,
}


def _exact(leaf: Leaf) -> Comparator:
    preparers: dict[LeafType, Prepare] = {
        LeafType.STRING: letters,
        LeafType.BOOLEAN: truth,
        **_NUMBERS,
        LeafType.DATE: letters,
        LeafType.DATETIME: letters,
    }
    if leaf.type is LeafType.MEMBER:
        return ExactComparator(member_of(leaf.members))
    if leaf.canonical is not None:
        return ExactComparator(canonical_by(leaf.canonical))
    return ExactComparator(preparers[leaf.type])


def _folded(leaf: Leaf) -> Comparator:
    del leaf
    return ExactComparator(folded)


def _number(leaf: Leaf) -> Comparator:
    mark = leaf.comparison
    assert isinstance(mark, Number)  # noqa: S101 - the registry's key
    return NumberComparator(
        _NUMBERS[leaf.type], Fraction(repr(float(mark.abs_tol))), Fraction(repr(float(mark.rel_tol)))
    )


def _date(leaf: Leaf) -> Comparator:
    mark = leaf.comparison
    assert isinstance(mark, Date)  # noqa: S101 - the registry's key
    return DateComparator(mark.granularity, timed=leaf.type is LeafType.DATETIME)


def _text(leaf: Leaf) -> Comparator:
    mark = leaf.comparison
    assert isinstance(mark, Text)  # noqa: S101 - the registry's key
    return TextComparator(mark.min_similarity)


def _choice(leaf: Leaf) -> Comparator:
    mark = leaf.comparison
    assert isinstance(mark, Choice)  # noqa: S101 - the registry's key
    if leaf.type is LeafType.MEMBER:
        return ExactComparator(member_of(leaf.members))
    try:
        return ChoiceComparator(canonical_names(tuple(mark.spellings)))  # type: ignore[arg-type] # the mark froze them
    except ValueError as error:
        raise SchemaError(f"Choice: {error}", where=render(leaf.path)) from error


_REGISTRY: dict[type[Comparison], Callable[[Leaf], Comparator]] = {
    Exact: _exact,
    Folded: _folded,
    Number: _number,
    Date: _date,
    Text: _text,
    Choice: _choice,
}


def _is_of(leaf_type: LeafType) -> Callable[[object], bool]:
    """Whether a JSON value is of a type as it stands, before any reading of strings as numbers or dates."""
    if leaf_type in {LeafType.INTEGER, LeafType.NUMBER, LeafType.DECIMAL}:
        return lambda raw: (
            (isinstance(raw, int) and not isinstance(raw, bool))
            or (isinstance(raw, float | Decimal) and math.isfinite(raw))
        )
    if leaf_type is LeafType.BOOLEAN:
        return lambda raw: isinstance(raw, bool)
    if leaf_type is LeafType.MEMBER:
        return lambda raw: isinstance(raw, str | int)
    return lambda raw: isinstance(raw, str)
