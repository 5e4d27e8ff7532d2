"""Which mark fits which type, and which comparison an unmarked type gets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from harness.errors import SchemaError
from harness.marks import (
    Choice,
    Comparison,
    Date,
    Evidence,
    Exact,
    Folded,
    Mark,
    Number,
    Records,
    Text,
    Ungraded,
    Weight,
)
from harness.paths import Path, render
from harness.schema.plan import LeafType, Role

_FITS: dict[type[Comparison], frozenset[LeafType]] = {
    Exact: frozenset(LeafType) - {LeafType.EITHER},
    Folded: frozenset({LeafType.STRING}),
    Number: frozenset({LeafType.INTEGER, LeafType.NUMBER, LeafType.DECIMAL}),
    Date: frozenset({LeafType.STRING, LeafType.DATE, LeafType.DATETIME}),
    Text: frozenset({LeafType.STRING}),
    Choice: frozenset({LeafType.STRING, LeafType.MEMBER}),
}
_DEFAULTS: dict[LeafType, Comparison] = {
    LeafType.STRING: Folded(),
    LeafType.BOOLEAN: Exact(),
    LeafType.INTEGER: Number(),
    LeafType.NUMBER: Number(),
    LeafType.DECIMAL: Number(),
    LeafType.DATE: Date(),
    LeafType.DATETIME: Date(),
    LeafType.MEMBER: Choice(),
    LeafType.CANONICAL: Exact(),
}
_COMPARISONS = (Exact, Folded, Number, Date, Text, Choice)
_MARKS = (*_COMPARISONS, Records, Evidence, Weight, Ungraded)


LIGHTEST, HEAVIEST = 2.0**-10, 1e6
"""Bounds of a field's weight, within which sums of weights are exact."""


@dataclass(frozen=True, slots=True)
class Marked:
    """The marks of one field, at most one of a kind."""

    comparison: Comparison | None = None
    records: Records | None = None
    weight: float = 1.0
    ungraded: bool = False
    evidence: bool = False

    @property
    def role(self) -> Role:
        """What the marks make of a leaf."""
        return Role.EVIDENCE if self.evidence else Role.UNGRADED if self.ungraded else Role.GRADED


def marked(metadata: Sequence[object], path: Path, outer: Marked) -> Marked:
    """Join the marks in `Annotated` metadata to those of the enclosing annotation of the same field.

    Raises:
        SchemaError: When a mark is a class instead of an instance, has a wrong parameter, or stands twice.
    """
    found: dict[str, Mark] = {}
    for entry in metadata:
        if isinstance(entry, type) and issubclass(entry, _MARKS):
            raise SchemaError(
                f"{entry.__name__} is a class here", where=render(path), hint=f"write {entry.__name__}(…)"
            )
        if not isinstance(entry, _MARKS):
            continue
        problem = entry.problem()
        if problem is not None:
            raise SchemaError(f"{type(entry).__name__}: {problem}", where=render(path))
        slot = "comparison" if isinstance(entry, _COMPARISONS) else type(entry).__name__.lower()
        if slot in found or (slot in {"comparison", "records"} and getattr(outer, slot) is not None):
            raise SchemaError(
                f"a second mark for the same thing: {type(entry).__name__}",
                where=render(path),
                hint="a field has one comparator, one Records, one Weight; take one away",
            )
        found[slot] = entry
    beside = [type(mark).__name__ for slot, mark in found.items() if slot not in ("evidence", "ungraded")]
    if "evidence" in found and beside:
        raise SchemaError(
            f"{beside[0]} stands beside Evidence, which is not compared",
            where=render(path),
            hint="take one away",
        )
    comparison, records, weight = found.get("comparison"), found.get("records"), found.get("weight")
    factor = outer.weight * (weight.value if isinstance(weight, Weight) else 1.0)
    if not LIGHTEST <= factor <= HEAVIEST:
        raise SchemaError(
            f"the weights multiply to {factor:g}",
            where=render(path),
            hint=f"together with its parents' it is between {LIGHTEST:g} and {HEAVIEST:g}",
        )
    return Marked(
        comparison=comparison if isinstance(comparison, _COMPARISONS) else outer.comparison,
        records=records if isinstance(records, Records) else outer.records,
        weight=factor,
        ungraded=outer.ungraded or "ungraded" in found,
        evidence=outer.evidence or "evidence" in found,
    )


def comparison_for(
    leaf_type: LeafType, mark: Comparison | None, type_name: str, path: Path
) -> tuple[Comparison, str]:
    """The comparison of a leaf, and why it has that one.

    Raises:
        SchemaError: When the mark does not fit the type.
    """
    if mark is None:
        return _DEFAULTS[leaf_type], f"type {type_name}"
    if leaf_type not in _FITS[type(mark)]:
        fitting = ", ".join(sorted(one.__name__ for one, types in _FITS.items() if leaf_type in types))
        raise SchemaError(
            f"{type(mark).__name__} does not fit the type {type_name}",
            where=render(path),
            hint=f"marks that fit it: {fitting}",
        )
    if isinstance(mark, Choice) and mark.spellings and leaf_type is LeafType.MEMBER:
        raise SchemaError(
            f"Choice with spellings does not fit {type_name}, whose members are fixed",
            where=render(path),
            hint="write Choice() here, or make the field a str",
        )
    return mark, "marked"


def refuse_marks(marks: Marked, path: Path, what: str, *, records: bool = False) -> None:
    """Refuse the marks that say nothing about a model, a list or a dict.

    Args:
        marks: The marks of the field.
        path: Where it stands.
        what: What it is, for the message.
        records: Whether `Records` is welcome here.

    Raises:
        SchemaError: When there is such a mark.
    """
    if marks.comparison is not None:
        name = type(marks.comparison).__name__
        raise SchemaError(f"{name} compares a scalar, and this is {what}", where=render(path))
    if marks.records is not None and not records:
        raise SchemaError(
            f"Records pairs the items of a list of models, and this is {what}", where=render(path)
        )
    if marks.evidence:
        raise SchemaError(f"Evidence marks a str or a list of str, and this is {what}", where=render(path))
