"""From a schema and a document to a value."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from harness.records import Json
from harness.systems.rules.dates import find_dates
from harness.systems.rules.items import Items, truth
from harness.systems.rules.leaves import Scope, StringField
from harness.systems.rules.numbers import fitting_number, nearest
from harness.systems.rules.opening import labelled, people_of_opening, string_of_opening
from harness.systems.rules.plans import SchemaPlan, is_numeric
from harness.systems.rules.quantities import find_quantities
from harness.systems.rules.reading import Reading
from harness.systems.rules.senses import Sense
from harness.systems.rules.shapes import Shape, compile_shape
from harness.systems.rules.words import find_phrase, name_stems

_MOST_ITEMS = 60
_YES = frozenset({"yes", "true", "y", "1"})
_NO = frozenset({"no", "false", "n", "0"})


class Extractor:
    """Extracts one schema from any number of documents; knows nothing but the schema."""

    def __init__(self, schema: Mapping[str, Any]) -> None:
        self._root = compile_shape(schema)
        self._plan = SchemaPlan(self._root)
        self._items = Items(self._plan)

    def extract(self, text: str) -> Json:
        """The value for a document.

        What is required and not found becomes the least that the schema allows: its first member, zero, an
        empty text. What is optional and not found is left out.
        """
        reading = Reading(text)
        value = self._field(self._root, reading, insist=True)
        return least(self._root) if value is None else value

    def _field(self, shape: Shape, reading: Reading, *, insist: bool) -> Json:
        if shape.kind == "object":
            return self._object(shape, reading, insist=insist)
        if shape.kind == "array":
            return self._list(shape, reading)
        if shape.kind == "union" and not is_numeric(shape):
            found = (self._field(option, reading, insist=False) for option in shape.options)
            return next((value for value in found if value is not None), None)
        return self._leaf(shape, reading, insist=insist)

    def _object(self, shape: Shape, reading: Reading, *, insist: bool) -> Json:
        """An object of the whole document; when nobody insists on it, `None` if a required field stays open."""
        values: dict[str, Json] = {}
        for child in shape.properties:
            value = self._field(child, reading, insist=insist and child.required)
            if value is None and child.required and not child.nullable:
                if not insist:
                    return None
                value = least(child)
            if child.required or value not in (None, [], {}):
                values[child.name] = value
        found = any(value not in (None, [], {}) for value in values.values())
        return values if insist or found else None

    def _list(self, shape: Shape, reading: Reading) -> Json:
        item = shape.items
        if item is None:
            return None
        if item.kind == "object":
            return self._facts(item, reading)
        if item.kind == "string":
            field = self._plan.string(shape)
            return [name for name in people_of_opening(field, reading) if field.fitting(name)]
        return []

    def _facts(self, shape: Shape, reading: Reading) -> Json:
        """The items of all sentences; the same fact told twice is one, with the evidence of both."""
        facts: dict[str, dict[str, Json]] = {}
        speaker = None
        paragraph = -1
        for sentence in reading.sentences:
            own = sentence.speaker
            if own is not None:
                speaker, paragraph = own, sentence.paragraph
            elif sentence.paragraph != paragraph:
                speaker = None
            said = own or (speaker if sentence.quotes else None)
            for item in self._items.in_scope(shape, Scope(reading, sentence, sentence, speaker=said)):
                self._add(shape, item, facts)
            if len(facts) >= _MOST_ITEMS:
                break
        return list(facts.values())

    def _add(self, shape: Shape, item: dict[str, Json], facts: dict[str, dict[str, Json]]) -> None:
        evidence = [
            child.name
            for child in shape.properties
            if child.kind == "array" and child.items and child.items.kind == "string"
            and self._plan.string(child).sense is Sense.EVIDENCE
        ]  # fmt: skip
        plain = {name: value for name, value in item.items() if name not in evidence}
        known = facts.setdefault(json.dumps(plain, sort_keys=True), item)
        for name in evidence:
            quotes = known.get(name)
            added = item.get(name)
            if known is not item and isinstance(quotes, list) and isinstance(added, list):
                quotes.extend(quote for quote in added if quote not in quotes)

    def _leaf(self, shape: Shape, reading: Reading, *, insist: bool) -> Json:
        value = labelled(shape, reading)
        if value is not None:
            read = self._read(shape, value)
            if read is not None:
                return read
        if shape.kind == "string":
            opening = self._plan.string(shape)
            found = opening.fitting(string_of_opening(opening, reading))
            if found is not None:
                return found
        wanted = name_stems(shape.name)
        for sentence in reading.sentences:
            if wanted and wanted <= sentence.stems:
                return self._near(shape, Scope(reading, sentence, sentence, speaker=sentence.speaker))
        return self._first_name(shape, reading) if insist else None

    def _first_name(self, shape: Shape, reading: Reading) -> Json:
        """For a name that the schema insists on: the first name in the document."""
        if shape.kind != "string" or self._plan.string(shape).sense is not Sense.PERSON:
            return None
        names = (name.text for sentence in reading.sentences for name in sentence.names)
        return next((name for name in names if self._plan.string(shape).fitting(name)), None)

    def _near(self, shape: Shape, scope: Scope) -> Json:
        """A leaf in a sentence that has the words of its name."""
        if is_numeric(shape):
            quantity = nearest(shape, scope.sentence.quantities, scope.sentence.text)
            if quantity is not None:
                return fitting_number(shape, quantity.value)
            years = [date.year for date in scope.sentence.dates if date.year is not None]
            return fitting_number(shape, Decimal(years[0])) if years else None
        if shape.kind == "boolean":
            return truth(shape, scope.sentence)
        if shape.kind == "choice":
            return self._read(shape, scope.sentence.text)
        if shape.kind == "string":
            return self._plan.string(shape).find(scope)
        return None

    def _read(self, shape: Shape, value: str) -> Json:
        """A labelled value in the type that the field asks for."""
        if shape.kind == "choice":
            found = [member for member in shape.members if find_phrase(value, str(member))]
            return found[0] if len(found) == 1 else None
        if shape.kind == "boolean":
            word = value.strip(" .").lower()
            return True if word in _YES else False if word in _NO else None
        if is_numeric(shape):
            quantities = find_quantities(value, [])
            return fitting_number(shape, quantities[0].value) if quantities else None
        if shape.kind == "string":
            field: StringField = self._plan.string(shape)
            if field.sense is Sense.DATE:
                dates = find_dates(value)
                return field.written(dates[0]) if dates else None
            return field.fitting(value)
        return None


def least(shape: Shape, *, depth: int = 0) -> Json:
    """The least value that a schema allows, as far as it can be made up."""
    if shape.nullable or depth > 12:
        return None
    if shape.kind == "choice":
        value: Json = shape.members[0]
        return value
    if shape.kind == "object":
        return {child.name: least(child, depth=depth + 1) for child in shape.properties if child.required}
    if shape.kind == "array":
        count = shape.rule("minItems")
        size = count if isinstance(count, int) and 0 < count <= 100 and shape.items else 0
        return [least(shape.items, depth=depth + 1) for _ in range(size)] if shape.items else []
    if shape.kind == "union":
        return least(shape.options[0], depth=depth + 1)
    if shape.kind in ("number", "integer"):
        bounds = [shape.rule(key) for key in ("minimum", "maximum")]
        candidates = [Decimal(0), Decimal(1), *(Decimal(str(bound)) for bound in bounds if bound is not None)]
        return next(
            (number for number in (fitting_number(shape, c) for c in candidates) if number is not None), 0
        )
    if shape.kind == "boolean":
        return False
    if shape.rule("format") in ("date", "date-time"):
        return "1970-01-01" if shape.rule("format") == "date" else "1970-01-01T00:00:00Z"
    shortest = shape.rule("minLength")
    return "-" * shortest if isinstance(shortest, int) and shortest <= 100 else ""
