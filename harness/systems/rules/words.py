"""Words, their stems, and the cues that the words of a schema give."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

TOKEN = re.compile(r"[^\W_]+(?:[.'’-][^\W_]+)*")
"""A word with its inner dots, apostrophes and hyphens."""


def word_set(words: str) -> frozenset[str]:
    """The words of a text as a set."""
    return frozenset(words.split())


STOP = word_set(
    """a an and any are as at be been being but by can did do does for from had has have he her his how i if in
    into is it its itself more most no nor not null of off on one only onto or other our out over she should so
    some such than that the their them then there these they this those through to too under up us was we were
    what when where which while who whom whose will with within without would you your also between each
    both all every just may might must could shall about after against before during per via gives give given
    name names named document documents text field value words word such like means example optional
    something somebody someone thing things first last kind kinds type types list lists item items fact facts
    says say states stated"""
)

_FORMS = {
    "send": "sent", "say": "said", "tell": "told", "meet": "met", "pay": "paid", "sell": "sold",
    "buy": "bought", "give": "gave given", "go": "went gone", "make": "made", "hold": "held", "win": "won",
    "lose": "lost", "find": "found", "lead": "led", "leave": "left", "keep": "kept", "build": "built",
    "begin": "began begun", "write": "wrote written", "spend": "spent", "lend": "lent",
    "take": "took taken", "die": "died dead",
    "person": "people", "beat": "beaten", "deny": "denied denies denial",
}  # fmt: skip
_IRREGULAR = {form: base for base, forms in _FORMS.items() for form in forms.split()}
_ENDINGS = word_set(
    """isations izations isation ization itions ations ition ation ments ising izing ating ment ings ated ates
    ised ized ises izes ance ence ions ing ise ize ate ion ies ied ers ors est er or ed es ly al s y e"""
)
_SUFFIXES = tuple(sorted(_ENDINGS, key=lambda ending: (-len(ending), ending)))
_KEPT = {"ance": 5, "ence": 5}


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """What the forms of an English word share: `recognition`, `recognise`, `recognized` → `recogn`.

    Crude on purpose: it serves to compare the words of a schema with those of a document.
    """
    lowered = word.lower()
    for ending in ("'s", "’s", "'", "’"):
        lowered = lowered.removesuffix(ending)
    if lowered in _IRREGULAR:
        return _IRREGULAR[lowered]
    for suffix in _SUFFIXES:
        if lowered.endswith(suffix) and len(lowered) - len(suffix) >= _KEPT.get(suffix, 4):
            lowered = lowered[: -len(suffix)]
            break
    if len(lowered) > 4 and lowered[-1] == lowered[-2] and lowered[-1] not in "aeiou":
        lowered = lowered[:-1]
    return lowered.rstrip("e") if len(lowered) > 4 else lowered


def words_of(text: str) -> list[str]:
    """The words of a text; a property name counts as text: `dueDate` and `due_date` are two words."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", text.replace("_", " "))
    return TOKEN.findall(spaced)


def stems(text: str) -> frozenset[str]:
    """The stems of every word, stop words left out."""
    return frozenset(stem(word) for word in words_of(text) if word.lower() not in STOP and len(word) > 1)


def name_stems(name: str) -> frozenset[str]:
    """The stems of a name's words; of all of them when each is a stop word."""
    return stems(name) or frozenset(stem(word) for word in words_of(name))


def has_phrase(text: str, phrase: str) -> bool:
    """Whether a phrase stands in a text as whole words, whatever its case."""
    return find_phrase(text, phrase) is not None


def find_phrase(text: str, phrase: str) -> tuple[int, int] | None:
    """Where a phrase stands in a text as whole words, whatever its case; `None` when it doesn't."""
    # Most phrases stand in most sentences nowhere: that is cheap to see.
    if not phrase.strip() or phrase.strip().lower() not in text.lower():
        return None
    found = re.search(rf"(?<!\w){re.escape(phrase.strip())}(?!\w)", text, re.IGNORECASE)
    return found.span() if found else None


def shared(groups: Iterable[frozenset[str]]) -> frozenset[str]:
    """The stems that stand in two groups or more: they tell the groups apart badly."""
    seen: set[str] = set()
    twice: set[str] = set()
    for group in groups:
        twice |= seen & group
        seen |= group
    return frozenset(twice)
