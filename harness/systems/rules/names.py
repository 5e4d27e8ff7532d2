"""Capitalised names in a sentence, and what stands in quotation marks."""

from __future__ import annotations

import re
from dataclasses import dataclass

from harness.systems.rules.words import STOP, TOKEN, word_set

_JOINED = re.compile(r"\W?\w+ and [A-Z]")
_OPENERS = (*".!?:“\"‘'\n\r", "")
_INNER = word_set("of the for de von van al")
_QUOTED = re.compile(r"“([^“”]{2,1500})”|\"([^\"]{2,1500})\"|(?<!\w)[‘']([^‘’'\n]{8,400})[’'](?!\w)")


@dataclass(frozen=True, slots=True)
class Name:
    """A capitalised run of words.

    Attributes:
        start: Where it starts.
        end: Where it ends, a possessive ending left out.
        text: The words.
    """

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """How a document writes its words, to tell a name from a word that only opens a sentence.

    Attributes:
        ordinary: The words that it writes in lower case.
        opening: The words, in lower case, that it capitalises only at the start of a sentence.
    """

    ordinary: frozenset[str] = frozenset()
    opening: frozenset[str] = frozenset()

    @classmethod
    def of(cls, text: str) -> Vocabulary:
        """The vocabulary of a text."""
        ordinary, inside, opening = set(), set(), set()
        for token in TOKEN.finditer(text):
            word = token[0]
            if word.islower():
                ordinary.add(word)
            elif text[max(0, token.start() - 3) : token.start()].rstrip(" ")[-1:] in _OPENERS:
                opening.add(word.lower())
            else:
                inside.add(word.lower())
        return cls(frozenset(ordinary), frozenset(opening - inside))


def find_names(text: str, tokens: list[re.Match[str]], vocabulary: Vocabulary) -> list[Name]:
    """Every capitalised run of a sentence with these words."""
    names = _runs(text, tokens, vocabulary)
    if (
        names
        and names[0].start <= 1
        and names[0].text.lower() in vocabulary.opening
        and not _JOINED.match(text)
    ):
        del names[0]
    return names


def _runs(text: str, tokens: list[re.Match[str]], vocabulary: Vocabulary) -> list[Name]:
    names: list[Name] = []
    run: list[re.Match[str]] = []
    for index, token in enumerate(tokens):
        word = token[0]
        if not run and word.islower():
            continue
        adjacent = bool(run) and text[run[-1].end() : token.start()] in _gaps(run[-1][0])
        if word[0].isupper() and not _is_ordinary(word, text, token.start(), vocabulary.ordinary):
            if run and (not adjacent or _ends_possessive(run[-1][0])):
                names.append(_name(run, text))
                run = []
            run.append(token)
        elif run and adjacent and word in _INNER and _continues(tokens, index, text):
            run.append(token)
        elif run:
            names.append(_name(run, text))
            run = []
    if run:
        names.append(_name(run, text))
    return names


def _gaps(word: str) -> tuple[str, ...]:
    """What may stand between a word of a name and the next: an initial has a full stop."""
    return (" ", "  ", ". ") if len(word) == 1 else (" ", "  ")


def _is_ordinary(word: str, text: str, start: int, ordinary: frozenset[str]) -> bool:
    """Whether a capital letter is only that of a sentence's or a quotation's first word."""
    lowered = word.lower()
    if lowered in STOP and word != word.upper():
        return True
    before = text[max(0, start - 4) : start].rstrip()
    return (not before or before[-1] in "“\".:?!‘'") and lowered in ordinary


def _continues(tokens: list[re.Match[str]], index: int, text: str) -> bool:
    following = tokens[index + 1 : index + 3]
    if following and following[0][0] in _INNER:
        following = following[1:]
    return (
        bool(following)
        and following[0][0][0].isupper()
        and "," not in text[tokens[index].end() : following[0].start()]
    )


def _ends_possessive(word: str) -> bool:
    return word.endswith(("'s", "’s"))


def _name(run: list[re.Match[str]], text: str) -> Name:
    start, end = run[0].start(), run[-1].end()
    if _ends_possessive(run[-1][0]):
        end -= 2
    return Name(start, end, text[start:end])


def find_quotes(text: str) -> list[str]:
    """What stands in quotation marks, without them, closing commas left out."""
    return [next(group for group in match.groups() if group).rstrip(",") for match in _QUOTED.finditer(text)]
