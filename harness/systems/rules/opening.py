"""What a document says of itself outside its sentences: headline, dateline, byline, labelled lines."""

from __future__ import annotations

import re

from harness.systems.rules.leaves import StringField
from harness.systems.rules.reading import Reading
from harness.systems.rules.senses import Sense
from harness.systems.rules.shapes import Shape
from harness.systems.rules.words import name_stems, stem, stems

_DATELINE = re.compile(
    r"^(?P<place>[A-Z][A-Z]{2,}(?:[ ,.]+[A-Z][\w.]*){0,4})\s*(?:\([^)]{1,40}\)\s*)?[–—-]+\s+\S"
)
_BYLINE = re.compile(r"^[Bb]y\s+(?P<names>[A-Z][\w.'’-]*(?:\s+(?:and\s+)?[A-Z][\w.'’-]*){0,6})\s*$")
_PRESENTED = re.compile(r"(?<!\w)(?P<noun>[a-z]{3,20}) [“\"](?P<name>[A-Z][^“”\"]{1,80})[”\"]")
_HEAD_LINES = 6


def labelled(shape: Shape, reading: Reading) -> str | None:
    """The value of the line whose label has the words of a field's name, such as "Invoice number: 77"."""
    wanted = name_stems(shape.name)
    for label, value in reading.labelled:
        if label and (wanted == label or (wanted <= label and len(label) <= len(wanted) + 1)):
            return value
    return None


def string_of_opening(field: StringField, reading: Reading) -> str | None:
    """A string that the document says of itself; `None` when the field asks for something else."""
    if field.sense is Sense.HEADLINE:
        return reading.title
    if field.sense is Sense.DATE:
        return field.written(reading.date) if reading.date and not field.wants_term else None
    if field.sense is Sense.HEAD:
        return _dateline(reading)
    if field.sense in (Sense.TEXT, Sense.ORGANISATION):
        return _presented(field, reading)
    return None


def people_of_opening(field: StringField, reading: Reading) -> list[str]:
    """The names of a labelled line ("Authors: A, B") or of a line such as "By A and B"."""
    value = labelled(field.shape, reading)
    if value is None and field.sense is Sense.PERSON:
        matches = (_BYLINE.match(line) for line in reading.lines[:_HEAD_LINES])
        value = next((match["names"] for match in matches if match), None)
    return [] if value is None else [part.strip() for part in re.split(r",|;|\band\b", value) if part.strip()]


def _dateline(reading: Reading) -> str | None:
    for line in reading.lines[:_HEAD_LINES]:
        match = _DATELINE.match(line)
        if match:
            return match["place"].strip(" ,")
    return None


def _presented(field: StringField, reading: Reading) -> str | None:
    """A name in quotation marks right behind a noun of the field's description: the magazine “Nature”."""
    nouns = stems(field.shape.about)
    for sentence in reading.sentences:
        for match in _PRESENTED.finditer(sentence.text):
            if stem(match["noun"]) in nouns:
                return match["name"]
    return None
