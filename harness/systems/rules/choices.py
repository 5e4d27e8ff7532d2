"""Which member of a closed set a sentence speaks of."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from harness.systems.rules.reading import Sentence
from harness.systems.rules.words import STOP, find_phrase, shared, stem, words_of

_MODAL = frozenset({"could", "will", "may", "might", "would", "must"})
_STRONG, _WEAK = 4, 1

ENOUGH = 3
"""The points at which a sentence speaks of a member."""
_QUOTED = re.compile(r"'([^']{2,40})'")


@dataclass(frozen=True, slots=True)
class MemberCues:
    """What speaks for one member.

    Attributes:
        member: The member.
        own: The stems of its own words; all of them make it.
        phrases: Words that its description quotes.
        around: The stems of its description's words, those of several members left out.
    """

    member: str
    own: frozenset[str]
    phrases: tuple[str, ...]
    around: frozenset[str]


def cues_of(members: Sequence[str], about: str) -> tuple[MemberCues, ...]:
    """The cues of every member, from its words and from what a description says behind its name.

    Understood are "member: words.", "member ('phrase', 'phrase')" and "'phrase' is member".
    """
    segments = _segments(members, about)
    around = {member: _weak(segments.get(member, "")) - _weak(member) for member in members}
    common = shared(tuple(around.values()))
    quoted = {member: list(_QUOTED.findall(segments.get(member, ""))) for member in members}
    for match in re.finditer(r"'([^']{2,40})' is ", about):
        for member in members:
            if about[match.end() :].startswith(member):
                quoted[member].append(match[1])
    return tuple(
        MemberCues(member, _weak(member) - _MODAL, tuple(quoted[member]), around[member] - common)
        for member in members
    )


def _segments(members: Sequence[str], about: str) -> dict[str, str]:
    starts = []
    for member in members:
        match = re.search(rf"(?<!\w){re.escape(member)}(?::|(?= \())", about)
        if match:
            starts.append((match.start(), match.end(), member))
    starts.sort()
    if not starts:
        return {}
    ends = [start for start, _, _ in starts[1:]] + [len(about)]
    return {member: about[start:end] for (_, start, member), end in zip(starts, ends, strict=True)}


def _weak(text: str) -> frozenset[str]:
    kept = (word for word in words_of(text) if word.lower() not in STOP or word.lower() in _MODAL)
    return frozenset(stem(word) for word in kept if len(word) > 2)


def ranked(cues: Sequence[MemberCues], sentence: Sentence, *, needed: int) -> list[MemberCues]:
    """The members that a sentence speaks of, the likeliest first.

    Args:
        cues: The members.
        sentence: The sentence.
        needed: The least points: the words of the member itself are worth four, one of its description one.
    """
    scored = []
    modal = _modal_before(cues, sentence)
    for order, cue in enumerate(cues):
        points = _STRONG if cue.own and cue.own <= sentence.stems else 0
        points += _STRONG * any(find_phrase(sentence.text, phrase) for phrase in cue.phrases)
        points += _WEAK * len(cue.around & sentence.stems)
        points += (_STRONG + 1) * (modal in cue.around)
        if points >= needed:
            scored.append((-points, order, cue))
    return [cue for _, _, cue in sorted(scored, key=lambda entry: entry[:2])]


def _modal_before(cues: Sequence[MemberCues], sentence: Sentence) -> str | None:
    """The modal verb that stands right before a member's word: what "could be sent" is not sent."""
    if not _MODAL & sentence.stems:
        return None
    own = frozenset().union(*(cue.own for cue in cues))
    words = sentence.stemmed
    for index, word in enumerate(words):
        if word in own:
            for earlier in words[max(0, index - 3) : index]:
                if earlier in _MODAL:
                    return earlier
    return None


def named(cues: Sequence[MemberCues], sentence: Sentence) -> list[MemberCues]:
    """The members whose own words all stand in a sentence."""
    return [cue for cue in cues if cue.own and cue.own <= sentence.stems]


def hedged(cues: Sequence[MemberCues], hedge: str) -> str | None:
    """The member whose quoted phrase is this hedge; for a bare number, the one member that quotes none."""
    if hedge:
        for cue in cues:
            if any(phrase.lower() in hedge for phrase in cue.phrases):
                return cue.member
        return None
    silent = [cue.member for cue in cues if not cue.phrases]
    return silent[0] if len(silent) == 1 and len(cues) > 1 else None
