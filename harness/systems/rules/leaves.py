"""One string field in one sentence."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from harness.systems.rules.dates import FoundDate
from harness.systems.rules.names import Name
from harness.systems.rules.quantities import Quantity
from harness.systems.rules.reading import Reading, Sentence
from harness.systems.rules.senses import Sense, asks_for_speech, examples_of, matches, sense_of
from harness.systems.rules.shapes import Shape
from harness.systems.rules.speech import Speaker
from harness.systems.rules.words import find_phrase, name_stems, stem

_TERM = re.compile(r"\b(?:by when|deadline|due|until|expir\w+)\b", re.IGNORECASE)
_MOST_NAMES = 4
_ACTING = re.compile(r"\bact(?:s|ors?|ing)?\b")
_INTO = re.compile(r"\b(?:in|to|into|at|across|near)\s+(?:the\s+)?$")
_APPOSITION = re.compile(
    r"^,? (?:an?|the|its|their)? ?(?P<role>[a-z][\w -]{2,60}?) (?:at|of|for|in|with) (?:the )?(?=[A-Z])"
)


@dataclass(frozen=True, slots=True)
class Scope:
    """Where values are looked for.

    Attributes:
        reading: The document.
        sentence: The sentence, or the clause that the item is about.
        whole: The sentence around the clause; the same when there is no clause.
        quantity: The number that the object is about.
        speaker: Who speaks in the whole sentence.
        cue: The stems of the member that the item is about.
    """

    reading: Reading
    sentence: Sentence
    whole: Sentence
    quantity: Quantity | None = None
    speaker: Speaker | None = None
    cue: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class StringField:
    """A string field, with what its schema says of it worked out once."""

    shape: Shape
    sense: Sense
    examples: tuple[str, ...]
    wants_term: bool
    by: frozenset[str]
    for_speech: bool

    @classmethod
    def of(cls, shape: Shape) -> StringField:
        """Work out what a field is after."""
        words = shape.name.lower().split("_")
        by = name_stems("_".join(words[:-1])) if len(words) > 1 and words[-1] == "by" else frozenset()
        return cls(
            shape,
            sense_of(shape),
            tuple(examples_of(shape)),
            _TERM.search(f"{shape.name.replace('_', ' ')} {shape.about}") is not None,
            by,
            asks_for_speech(shape),
        )

    def find(self, scope: Scope) -> str | None:
        """The field's value in a scope, fit for its schema; `None` when nothing speaks for one."""
        finder = _FINDERS.get(self.sense)
        value = finder(self, scope) if finder else None
        if value is None and self.sense is not Sense.PLACE:
            value = self._example(scope.sentence)
        if value is None and self.sense in (Sense.TEXT, Sense.CODE):
            value = self._by_pattern(scope.sentence.text)
        return self.fitting(value)

    def fitting(self, value: str | None) -> str | None:
        """The value if the schema's pattern and lengths allow it, else `None`."""
        if value is None:
            return None
        value = value.strip()
        shortest, longest, pattern = (self.shape.rule(key) for key in ("minLength", "maxLength", "pattern"))
        if not value or (isinstance(shortest, int) and len(value) < shortest):
            return None
        if isinstance(longest, int) and len(value) > longest:
            return None
        return value if not isinstance(pattern, str) or matches(pattern, value) else None

    def written(self, date: FoundDate) -> str | None:
        """A date in the form that the schema asks for; `None` when it is not precise enough for it."""
        wanted = self.shape.rule("format")
        if wanted == "date-time":
            return f"{date.edtf()}T00:00:00Z" if date.is_whole else None
        if wanted == "date":
            return date.edtf() if date.is_whole else None
        return self.fitting(date.edtf())

    def _example(self, sentence: Sentence) -> str | None:
        """An example of the description that stands in the sentence, with the capitalised words before it."""
        for example in self.examples:
            tail = " ".join(example.split()[-2:]) if len(example.split()) > 2 else example
            span = find_phrase(sentence.text, tail)
            if span is not None and sentence.text[span[0]].isupper() == tail[0].isupper():
                for name in sentence.names:
                    if name.start <= span[0] and span[1] <= name.end and tail != example:
                        return sentence.text[name.start : span[1]]
                return sentence.text[span[0] : span[1]]
        return None

    def _by_pattern(self, text: str) -> str | None:
        pattern = self.shape.rule("pattern")
        if not isinstance(pattern, str):
            return None
        words = (word.strip(".,;:()[]\"'“”") for word in text.split()[:400])
        return next((word for word in words if word and matches(pattern, word)), None)


def _quote(_: StringField, scope: Scope) -> str | None:
    return max(scope.whole.quotes, key=len, default=None)


def _date(field: StringField, scope: Scope) -> str | None:
    for date in scope.sentence.dates:
        if date.is_deadline == field.wants_term:
            written = field.written(date.completed(scope.reading.date))
            if written is not None:
                return written
    return None


def _wording(_: StringField, scope: Scope) -> str | None:
    quantity = scope.quantity
    return scope.sentence.text[quantity.start : quantity.end] if quantity else None


def _currency(_: StringField, scope: Scope) -> str | None:
    return scope.quantity.currency if scope.quantity else None


def _person(field: StringField, scope: Scope) -> str | None:
    if field.by and not field.for_speech:
        before = _subjects(field.by, scope.sentence)
        return before[0] if len(before) == 1 else None
    if field.for_speech:
        return scope.reading.full_name(scope.speaker) if scope.speaker else None
    return scope.sentence.names[0].text if scope.sentence.names else None


def _role(_: StringField, scope: Scope) -> str | None:
    if scope.speaker is None:
        return None
    if scope.speaker.title:
        return scope.speaker.title
    match = _APPOSITION.match(scope.whole.text[scope.speaker.end :])
    return match["role"] if match else None


def _organisation(_: StringField, scope: Scope) -> str | None:
    if scope.speaker is None:
        return None
    match = _APPOSITION.match(scope.whole.text[scope.speaker.end :])
    if match is None:
        return None
    at = scope.speaker.end + match.end()
    return next((name.text for name in scope.whole.names if name.start <= at < name.end), None)


def _place(_: StringField, scope: Scope) -> str | None:
    for name in scope.sentence.names:
        if _INTO.search(scope.sentence.text[: name.start]) and not _is_date(name, scope.sentence):
            return name.text
    return None


def _code(field: StringField, scope: Scope) -> str | None:
    wanted = name_stems(field.shape.name)
    for quantity in scope.sentence.quantities:
        words = scope.sentence.text[: quantity.figure_at].split()
        if quantity.is_label and words and stem(words[-1]) in wanted:
            return scope.sentence.text[quantity.figure_at : quantity.end]
    return None


_FINDERS: Mapping[Sense, Callable[[StringField, Scope], str | None]] = {
    Sense.QUOTE: _quote,
    Sense.DATE: _date,
    Sense.WORDING: _wording,
    Sense.CURRENCY: _currency,
    Sense.PERSON: _person,
    Sense.ROLE: _role,
    Sense.ORGANISATION: _organisation,
    Sense.PLACE: _place,
    Sense.CODE: _code,
}


def names_for(field: StringField, scope: Scope) -> list[str]:
    """The names that a list field asks for.

    Those of "…_by" are the subjects of that verb. One that asks who acts gets the names before the word that
    settled the item, and one whose description has that very word ("who is recognised") those behind it.
    """
    if field.by:
        return _subjects(field.by, scope.sentence)
    first = re.split(r"[.:;]", field.shape.about, maxsplit=1)[0]
    about = name_stems(first)
    is_actor = _ACTING.search(first) is not None
    text = scope.sentence.text
    cue = next((match for match in re.finditer(r"\w+", text) if stem(match[0]) in scope.cue), None)
    if cue is None or not (is_actor or about & scope.cue):
        return []
    numbered = {quantity.figure_at - 1 for quantity in scope.sentence.quantities if quantity.is_label}
    names = [
        name for name in scope.sentence.names if name.end not in numbered and not _is_date(name, scope.sentence)
    ]
    if is_actor:
        found = [name.text for name in names if name.end <= cue.start()]
    else:
        found = [name.text for name in names if name.start >= cue.end()]
    return list(dict.fromkeys(found))[:_MOST_NAMES]


def _subjects(verb: frozenset[str], sentence: Sentence) -> list[str]:
    """The names joined by commas and "and" that end right before a word of these stems."""
    for match in re.finditer(r"\w+", sentence.text):
        if stem(match[0]) in verb:
            found: list[Name] = []
            edge = match.start()
            for name in reversed([name for name in sentence.names if name.end <= match.start()]):
                if sentence.text[name.end : edge].strip(" ,") not in ("", "and", "also", "has", "have"):
                    break
                found.insert(0, name)
                edge = name.start
            if found:
                return [name.text for name in found]
    return []


def _is_date(name: Name, sentence: Sentence) -> bool:
    return any(date.start < name.end and name.start < date.end for date in sentence.dates)
