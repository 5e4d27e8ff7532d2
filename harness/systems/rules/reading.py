"""A document as the stub reads it: title, labelled lines, its own date, and sentences with what is in them."""

from __future__ import annotations

import re
from functools import cached_property

from harness.systems.rules.dates import FoundDate, find_dates
from harness.systems.rules.names import Name, Vocabulary, find_names, find_quotes
from harness.systems.rules.quantities import Quantity, find_quantities
from harness.systems.rules.speech import Speaker, find_speaker
from harness.systems.rules.words import TOKEN, stem, stems

LONGEST_TEXT = 400_000
"""Characters that are read; like a model, the stub has a context window."""

_LONGEST_SENTENCE = 1_500
_MOST_SENTENCES = 4_000
_LONGEST_HEADLINE = 160
_HEAD_LINES = 4
_END = re.compile(r"[.!?…]+[\"”’)\]]*(?=\s|$)")
_ABBREVIATION = re.compile(
    r"(?:\b[A-Z]|\b[A-Z]\.[A-Z]|\b(?:Mr|Mrs|Ms|Dr|St|Prof|Gen|Sen|Rep|Gov|No|vs"
    r"|Inc|Ltd|Co|Jan|Feb|Aug|Sept|Oct|Nov|Dec))\.$"
)
_LABEL = re.compile(
    r"(?:^|[\s|])(?P<label>[A-Za-z][\w-]{0,30}(?: [\w#.-]{1,30}){0,3}?)\s?:\s+(?P<value>\S.{0,200})"
)
_ELLIPSIS = ("...", "…", "[…]")


class Sentence:
    """One sentence, or a clause of one, and what is found in it on demand.

    Attributes:
        text: The sentence, letter for letter.
        paragraph: The number of its line.
        vocabulary: How the document writes its words.
    """

    def __init__(self, text: str, paragraph: int, vocabulary: Vocabulary) -> None:
        self.text = text
        self.paragraph = paragraph
        self.vocabulary = vocabulary

    @cached_property
    def stems(self) -> frozenset[str]:
        """The stems of its words, stop words among them: a schema may ask for them."""
        return frozenset(self.stemmed)

    @cached_property
    def tokens(self) -> list[re.Match[str]]:
        """Its words, with their places."""
        return list(TOKEN.finditer(self.text))

    @cached_property
    def stemmed(self) -> list[str]:
        """The stem of each of its words, in their order."""
        return [stem(token[0]) for token in self.tokens]

    @cached_property
    def dates(self) -> list[FoundDate]:
        """Its dates, as precise as they stand here."""
        return find_dates(self.text)

    @cached_property
    def quantities(self) -> list[Quantity]:
        """Its numbers."""
        return find_quantities(self.text, self.dates)

    @cached_property
    def names(self) -> list[Name]:
        """Its capitalised names."""
        return find_names(self.text, self.tokens, self.vocabulary)

    @cached_property
    def quotes(self) -> list[str]:
        """What stands in quotation marks."""
        return find_quotes(self.text)

    @cached_property
    def speaker(self) -> Speaker | None:
        """Who speaks in it."""
        return find_speaker(self.text, self.tokens, self.names)

    def clauses(self) -> list[Sentence]:
        """Its parts between commas and "and"."""
        parts = re.split(r"[,;]\s+(?:and\s+)?|\s+and\s+", self.text)
        return [Sentence(part.strip(" ."), self.paragraph, self.vocabulary) for part in parts if len(part) > 8]


class Reading:
    """A document, read once.

    Attributes:
        text: What is read of it.
        lines: Its lines with something on them, trimmed.
        title: The first line that looks like a headline and stands before any prose; `None` without one.
        date: The date that stands at its head outside prose; `None` without one.
        labelled: Stems of a label and the value behind it, for lines such as "Author: Ada Lovelace".
        sentences: The sentences of its prose; a page's loose lines and cut-off teasers are none.
    """

    def __init__(self, text: str) -> None:
        self.text = text[:LONGEST_TEXT]
        self.lines = [line for line in map(str.strip, re.split(r"[\r\n]", self.text)) if line]
        self.vocabulary = Vocabulary.of(self.text)
        self.labelled = [pair for line in self.lines[:400] for pair in _labels(line)]
        self.title = self._title()
        self.date = self._date()
        self.sentences = self._sentences()

    @cached_property
    def _fuller(self) -> dict[str, str]:
        """Each word of a speaker's name to the first full name with it."""
        fuller: dict[str, str] = {}
        for sentence in self.sentences:
            speaker = sentence.speaker
            if speaker is not None and speaker.is_name and " " in speaker.text:
                for word in speaker.text.split():
                    fuller.setdefault(word, speaker.text)
        return fuller

    def full_name(self, speaker: Speaker) -> str:
        """The fullest name that the document has for a speaker called by one word; else what is there."""
        return self._fuller.get(speaker.text, speaker.text) if speaker.is_name else speaker.text

    def _title(self) -> str | None:
        for line in self.lines[:_HEAD_LINES]:
            is_prose = line.endswith(".") and not line.endswith(_ELLIPSIS)
            if len(line) > _LONGEST_HEADLINE or is_prose or len(_split(line)) > 1:
                return None
            if not _labels(line) and len(line.split()) > 1 and len(self.lines) > 1 and not line[0].islower():
                return line
        return None

    def _date(self) -> FoundDate | None:
        for line in self.lines[:_HEAD_LINES]:
            if len(line) <= _LONGEST_HEADLINE and not line.endswith("."):
                for date in find_dates(line):
                    if date.is_whole:
                        return date
        return None

    def _sentences(self) -> list[Sentence]:
        prose = [(number, line) for number, line in enumerate(self.lines) if not line.endswith(_ELLIPSIS)]
        punctuated = any(_END.search(line) for _, line in prose)
        found: list[Sentence] = []
        for number, line in prose:
            if line is self.title or (len(line.split()) < 4):
                continue
            found += [
                Sentence(part, number, self.vocabulary)
                for part in _split(line)
                if len(part) <= _LONGEST_SENTENCE
                and (not punctuated or _END.search(part, max(0, len(part) - 6)))
            ]
        return found[:_MOST_SENTENCES]


def _labels(line: str) -> list[tuple[frozenset[str], str]]:
    if len(line) > 300 or line.endswith((".", "”")):
        return []
    match = _LABEL.search(line)
    return [(stems(match["label"]), match["value"].strip())] if match else []


def _split(line: str) -> list[str]:
    """The sentences of a line; none ends after an abbreviation or inside open quotation marks."""
    parts = []
    start = open_quotes = counted = 0
    for end in _END.finditer(line):
        open_quotes += line.count("“", counted, end.end()) - line.count("”", counted, end.end())
        counted = end.end()
        if (open_quotes > 0 and end.end() - start < 600) or _ABBREVIATION.search(
            line, max(start, end.end() - 8), end.end()
        ):
            continue
        parts.append(line[start : end.end()].strip())
        start, open_quotes = end.end(), 0
    parts.append(line[start:].strip())
    return [part for part in parts if part]
