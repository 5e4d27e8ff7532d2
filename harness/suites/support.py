"""Which values of gold no quote of their fact supports, for a person to look at.

Looking is lenient, because the list is read by a person: folded text, figures or number words, month names.
What translates words into a code (an enum, a literal, a boolean) is not looked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import TYPE_CHECKING

from harness import schema
from harness.marks import Choice, Date, Number, Text
from harness.schema import Leaf, LeafType, Listing, Node, Record, Role, Union
from harness.scoring.annotations import annotation
from harness.scoring.comparators.date import read_edtf
from harness.scoring.comparators.folding import fold
from harness.suites.annotated_paths import alternatives, variant_of
from harness.suites.quantities import numbers_in

if TYPE_CHECKING:
    from harness.records import Json
    from harness.schema import Plan
    from harness.suites.places import KeyPath

_MONTHS = "january february march april may june july august september october november december"
_NOT_LOOKED_FOR = (LeafType.MEMBER, LeafType.BOOLEAN)
_NUMBERS = (LeafType.INTEGER, LeafType.NUMBER, LeafType.DECIMAL)
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Unsupported:
    """A value that no quote of its fact supports.

    Attributes:
        path: Where it stands, annotations included.
        value: The value.
    """

    path: KeyPath
    value: Json


def unsupported(plan: Plan, facts: Json, text: str) -> list[Unsupported]:
    """The graded values whose fact has a place for quotes, and whose quotes do not show them.

    Without quotes, none is shown. Of alternatives, it is enough that one is. A year may stand anywhere in the
    document, since dates are completed from the document's own.

    Args:
        plan: The compiled schema.
        facts: Gold's value, its annotations well formed.
        text: The document.
    """
    return _look(plan.root, facts, (), None, text)


@dataclass(frozen=True, slots=True)
class _Quotes:
    """The quotes of a fact, folded."""

    texts: tuple[str, ...]
    words: frozenset[str]
    numbers: frozenset[Decimal]


@lru_cache(maxsize=16)
def _quotes(quotes: tuple[str, ...]) -> _Quotes:
    folded = tuple(map(fold, quotes))
    words = frozenset(word for quote in folded for word in _WORD.findall(quote))
    return _Quotes(folded, words, frozenset().union(*map(numbers_in, quotes)))


def _look(node: Node, value: Json, path: KeyPath, quotes: _Quotes | None, text: str) -> list[Unsupported]:
    if annotation(value) is not None:
        return _alternatives(node, value, path, quotes, text)
    if value is None or isinstance(node, Leaf):
        return _leaf(node, value, path, quotes, text) if isinstance(node, Leaf) else []
    if isinstance(node, Union):
        return _look(variant_of(node, value), value, path, quotes, text)
    inner: Iterable[tuple[Node, str | int, Json]] = ()
    if isinstance(node, Listing) and isinstance(value, list):
        inner = [(node.item, at, item) for at, item in enumerate(value)]
    elif isinstance(node, Record) and isinstance(value, Mapping):
        nodes = {key: entry.node for entry in node.fields for key in entry.keys}
        if any(_is_evidence(one) for one in nodes.values()):
            own = tuple(
                quote for key, one in nodes.items() if _is_evidence(one) for quote in _texts(value.get(key))
            )
            quotes = _quotes(own)
        inner = [(nodes[key], key, one) for key, one in value.items() if key in nodes]
    elif isinstance(node, schema.Mapping) and isinstance(value, Mapping):
        inner = [(node.value, key, one) for key, one in value.items()]
    return [found for one, key, item in inner for found in _look(one, item, (*path, key), quotes, text)]


def _alternatives(
    node: Node, value: Json, path: KeyPath, quotes: _Quotes | None, text: str
) -> list[Unsupported]:
    first: list[Unsupported] = []
    options = alternatives(value)
    if options and options[0][1] is None:  # the best reading claims nothing
        return []
    for at, option in options:
        if option is None:
            continue
        found = _look(node, option, (*path, *at), quotes, text)
        if not found:
            return []
        first = first or found
    return first


def _leaf(leaf: Leaf, value: Json, path: KeyPath, quotes: _Quotes | None, text: str) -> list[Unsupported]:
    graded = leaf.role is Role.GRADED and leaf.type not in _NOT_LOOKED_FOR
    blank = value is None or isinstance(value, bool | list | Mapping) or value == ""
    if quotes is None or not graded or blank or _shown(leaf, value, quotes, text):
        return []
    return [Unsupported(path, value)]


def _shown(leaf: Leaf, value: Json, quotes: _Quotes, text: str) -> bool:
    if leaf.type in _NUMBERS or isinstance(value, int | float):
        return _number_shown(leaf, value, quotes)
    if isinstance(leaf.comparison, Date):
        return _date_shown(str(value), quotes, text)
    if isinstance(leaf.comparison, Choice):
        return any(_stands(spelling, quotes) for spelling in _spellings(leaf.comparison, fold(str(value))))
    folded = fold(str(value))
    in_words = isinstance(leaf.comparison, Text) and quotes.words >= set(_WORD.findall(folded))
    return in_words or _stands(folded, quotes)


def _stands(folded: str, quotes: _Quotes) -> bool:
    """Whether a folded text stands in a quote as whole words; "Russia" stands in "Russians" too."""
    found = re.compile(rf"(?<!\w){re.escape(folded)}(?:an?s?|ns?|s)?(?!\w)")
    return any(found.search(quote) for quote in quotes.texts)


def _spellings(choice: Choice, folded: str) -> set[str]:
    found = {folded}
    for name, others in dict(choice.spellings).items():
        group = {fold(one) for one in (name, *others)}
        if folded in group:
            found |= group
    return found


def _number_shown(leaf: Leaf, value: Json, quotes: _Quotes) -> bool:
    try:
        wanted = Decimal(str(value))
    except InvalidOperation:
        return False
    mark = leaf.comparison
    tolerance = Decimal(0)
    if isinstance(mark, Number):
        tolerance = max(Decimal(repr(mark.abs_tol)), Decimal(repr(mark.rel_tol)) * abs(wanted))
    return any(abs(wanted - number) <= tolerance for number in quotes.numbers)


def _date_shown(value: str, quotes: _Quotes, text: str) -> bool:
    moment = read_edtf(value)
    if moment is None:
        return False
    year = moment.year is None or Decimal(moment.year) in quotes.numbers or str(moment.year) in text
    month = moment.month is None or _month_shown(moment.month, quotes)
    day = moment.day is None or _day_shown(moment.day, quotes)
    return year and month and day


def _month_shown(month: int, quotes: _Quotes) -> bool:
    name = _MONTHS.split()[month - 1]
    return bool(quotes.words & {name, name[:3], name[:4]}) or Decimal(month) in quotes.numbers


def _day_shown(day: int, quotes: _Quotes) -> bool:
    return Decimal(day) in quotes.numbers or bool(
        quotes.words & {f"{day}{suffix}" for suffix in ("st", "nd", "rd", "th")}
    )


def _is_evidence(node: Node) -> bool:
    return isinstance(node, Leaf | Listing) and node.role is Role.EVIDENCE


def _texts(value: Json) -> list[str]:
    """Every quote in the value of an evidence field, those in alternatives too."""
    if annotation(value) is not None:
        return [quote for _, option in alternatives(value) for quote in _texts(option)]
    if isinstance(value, list):
        return [quote for item in value for quote in _texts(item)]
    return [value] if isinstance(value, str) else []
