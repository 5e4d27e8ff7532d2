"""What a string field is after, by its name, its description and its format."""

from __future__ import annotations

import re
from enum import Enum, auto

from harness.systems.rules.shapes import Shape
from harness.systems.rules.words import words_of


class Sense(Enum):
    """The sorts of text that the stub can look for."""

    EVIDENCE = auto()
    QUOTE = auto()
    WORDING = auto()
    DATE = auto()
    CURRENCY = auto()
    HEADLINE = auto()
    HEAD = auto()
    ROLE = auto()
    ORGANISATION = auto()
    PERSON = auto()
    PLACE = auto()
    CODE = auto()
    TEXT = auto()


_BY_NAME: tuple[tuple[Sense, str], ...] = (
    (Sense.EVIDENCE, "evidence verbatim"),
    (Sense.QUOTE, "quote quotation"),
    (Sense.CURRENCY, "currency"),
    (Sense.HEADLINE, "title headline"),
    (Sense.DATE, "date when day deadline"),
    (Sense.ROLE, "role position profession occupation job"),
    (Sense.ORGANISATION, "organisation organization company institution employer vendor supplier affiliation"),
    (Sense.PERSON, "speaker author authors writer person people name names by"),
    (Sense.PLACE, "place location country city where"),
)
_BY_ABOUT: tuple[tuple[Sense, str], ...] = (
    (Sense.EVIDENCE, "verbatim"),
    (Sense.QUOTE, "quotation"),
    (Sense.CURRENCY, "4217"),
    (Sense.HEADLINE, "headline"),
    (Sense.HEAD, "head beginning"),
    (Sense.DATE, "date"),
    (Sense.PERSON, "person people who"),
    (Sense.PLACE, "country city place where states"),
    (Sense.ORGANISATION, "organisation organization company"),
    (Sense.CODE, "digits identifier number code"),
)
_SPEAKING = frozenset(
    ["speaker", "speaks", "says", "said", "say", "reported", "told", "claims", "claimed", "source"]
)
_EXAMPLES = re.compile(r"\b(?:such as|for example|e\.g\.|like)\s+([^.;]{1,200})")
_QUOTED = re.compile(r"(?<!\w)['‘“\"]([^'’”\"]{1,80})['’”\"]")
_CAPITALISED = re.compile(r"[A-Z][\w.-]*(?: [A-Z][\w.-]*)*")


def sense_of(shape: Shape) -> Sense:
    """The sort of text that a field asks for; `TEXT` when nothing says so."""
    if shape.rule("format") in ("date", "date-time"):
        return Sense.DATE
    pattern = shape.rule("pattern")
    if isinstance(pattern, str) and matches(pattern, "2022-08-25") and not matches(pattern, "x"):
        return Sense.DATE
    name = {word.lower() for word in words_of(shape.name)}
    about = [word.lower() for word in words_of(re.split(r"[.;]", shape.about, maxsplit=1)[0])]
    if "words" in about and {"number", "amount", "quantity"} & set(about):
        return Sense.WORDING
    for sense, words in _BY_NAME:
        if name & set(words.split()):
            return sense
    for sense, words in _BY_ABOUT:
        if sense is Sense.PLACE and not all(example[:1].isupper() for example in examples_of(shape)):
            continue
        if set(about) & set(words.split()):
            return sense
    return Sense.TEXT


def asks_for_speech(shape: Shape) -> bool:
    """Whether a field asks for one who says something."""
    return bool(_SPEAKING & {word.lower() for word in words_of(f"{shape.name} {shape.about}")})


def examples_of(shape: Shape) -> list[str]:
    """The example values that a description gives: quoted ones, or capitalised ones after "such as"."""
    found = _EXAMPLES.search(shape.about)
    if found is None:
        return []
    quoted = _QUOTED.findall(found[1])
    return quoted or _CAPITALISED.findall(found[1])


def matches(pattern: str, text: str) -> bool:
    """Whether a schema's pattern is found in a short text; one that Python cannot read matches nothing."""
    try:
        return len(text) <= 1_000 and re.search(pattern, text) is not None
    except re.error:
        return False
