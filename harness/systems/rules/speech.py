"""Who speaks in a sentence."""

from __future__ import annotations

import re
from dataclasses import dataclass

from harness.systems.rules.names import Name
from harness.systems.rules.words import STOP, word_set

_SPEECH = word_set(
    """said says say told tells tell stated states added adds wrote writes claimed claims announced announces
    argued argues warned warns explained explains noted notes stressed stresses recounted recounts insisted
    insists believed believes believe doubt confirmed confirms informed suggested suggests suggest described
    describes describe replied replies asked asks reported pointed"""
)
_AUXILIARY = word_set(
    "has have had also later recently previously once already then repeatedly is are was were often"
)
_TITLES = word_set(
    """minister ambassador president director head chief secretary professor representative chairman chairwoman
    governor mayor senator general colonel spokesman spokeswoman spokesperson king queen pope judge doctor
    officer leader dr mr mrs ms prof sir ceo commissioner deputy prime vice foreign envoy"""
)
_PRONOUNS = word_set("he she they it who that this which i we you")
_APPOSED = re.compile(r",\s(?:an?|the|[A-Z]).*,\s*$", re.DOTALL)
_INITIALS = re.compile(r"(?:\b[A-Z]\.\s?)+[A-Z][\w’'-]+$")
_ACRONYM = re.compile(r"[A-Z]{2,}\s(?=[A-Z][a-z]\S*\s[A-Z])")


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who speaks in a sentence.

    Attributes:
        start: Where the name starts.
        end: Where it ends.
        text: The name without titles, or a description such as "many experts".
        title: The title words before the name; empty when there are none.
        is_name: Whether it is a name, not a description.
    """

    start: int
    end: int
    text: str
    title: str = ""
    is_name: bool = True


def find_speaker(text: str, tokens: list[re.Match[str]], names: list[Name]) -> Speaker | None:
    """The one who speaks: the name or the short description beside a verb of speech. `None` without one."""
    attributed = re.search(r"\b[Aa]ccording to (?:the )?", text)
    if attributed is not None:
        for name in names:
            if name.start == attributed.end():
                return _person(name)
    for index, token in enumerate(tokens):
        if token[0] in _SPEECH:
            found = _beside(text, tokens, index, names)
            if found is not None:
                return found
    return None


def _beside(text: str, tokens: list[re.Match[str]], index: int, names: list[Name]) -> Speaker | None:
    verb = tokens[index]
    left = index
    while left and tokens[left - 1][0].lower() in _AUXILIARY:
        left -= 1
    boundary = tokens[left].start()
    before = [name for name in names if name.end <= boundary]
    gap = text[before[-1].end : boundary].strip() if before else ""
    if before and gap == "":
        return _person(before[-1])
    if before and _APPOSED.match(text[before[0].end : boundary]) and not text[: before[0].start].strip():
        return _person(before[0])
    described = _described(tokens[:left], text)
    if described is not None:
        return described
    for name in names:
        if text[verb.end() : name.start] in (" ", " the ") and re.match(r"[,.;”\"]|$", text[name.end :]):
            return _person(name)
    return None


def _described(subject: list[re.Match[str]], text: str) -> Speaker | None:
    """A plural description that opens the sentence, such as "Many experts" or "Civilian experts"."""
    if not 1 <= len(subject) <= 3 or text[: subject[0].start()].strip(" “\"‘'"):
        return None
    last = subject[-1][0].lower()
    if not last.endswith("s") or last in STOP or any(word[0].lower() in _PRONOUNS for word in subject):
        return None
    start, end = subject[0].start(), subject[-1].end()
    return Speaker(start, end, text[start:end], is_name=False)


def _person(name: Name) -> Speaker:
    """The name without what stands before it in the same run: titles, an organisation, an acronym."""
    initials = _INITIALS.search(name.text)
    acronym = _ACRONYM.match(name.text)
    if initials is not None:
        return Speaker(name.start + initials.start(), name.end, initials[0])
    if acronym is not None:
        return Speaker(name.start + acronym.end(), name.end, name.text[acronym.end() :])
    words = name.text.split()
    titles = [index for index, word in enumerate(words[:-1]) if word.lower().rstrip(".") in _TITLES]
    if not titles:
        return Speaker(name.start, name.end, name.text)
    cut, first = titles[-1] + 1, titles[0]
    plain = " ".join(words[cut:])
    return Speaker(name.end - len(plain), name.end, plain, " ".join(words[first:cut]))
