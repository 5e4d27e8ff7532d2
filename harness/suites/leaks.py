"""Guard against leaks: a prompt must not show a model the documents that it is then asked about.

Texts are compared by their words, without case, punctuation and white space, in runs of five. Two texts on one
subject by different hands share a few words in a hundred in such runs; a copy shares nearly all of them, and a
copy in which every tenth word was changed still most.

- An example leaks when half of the words of the document, or half of the example's, are shared: either may
  be a part of the other.
- The prompt's own words leak when they hold a passage of 20 words of a document: instructions have no
  reason to quote that much.
- A run that stands in many of the documents (a twentieth of them, and at least four) is furniture: the frame of
  a page, the wording of a form. It is left out, so that invoices of one layout are told by what they state.
- A document that is an example, word for word, leaks whatever else holds.
"""

from __future__ import annotations

import math
import re
import unicodedata
from array import array
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from harness.suites.places import quoted

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence, Set

    from harness.records import Document, Prompt

T = TypeVar("T")

RUN = 5
"""How many words in a row are compared at once."""
SHARE = 0.5
"""The share of shared words from which an example leaks."""
PASSAGE = 20
"""The words in a row from which the prompt's own text leaks."""
LOOK = 0.1
"""Documents that share less than this, furniture included, are not looked at again."""
LEAST_WORDS = 10
"""Fewer words than these, furniture left out, are only compared as a whole."""
FURNITURE_SHARE, FURNITURE_LEAST = 0.05, 4
"""In what share of the documents, and at least how many, a run has to stand to be furniture."""

_FOLDED = bytes(ord(chr(code).lower()) if chr(code).isalnum() else ord(" ") for code in range(128)) + bytes(
    range(128, 256)
)
_INSTEAD = {
    **dict.fromkeys((mark.encode() for mark in "‘’‚“”„‹›«»–—―•·¿¡、。"), b" "),
    **dict.fromkeys((mark.encode() for mark in "\ufeff\u200b\u200c\u200d\u2060\u00ad"), b""),
}
"""What stands for punctuation and for unseen characters beyond ASCII, in UTF-8."""
_ODD = re.compile(rb"[\xc2\xe2\xe3\xef][\x80-\xbf]{1,2}")
# Chinese and Japanese write no blanks between words.
_SIGN = r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]"  # large to compile: `re` does so on use, and keeps it
_SIGN_LEADS = bytes((*range(0xE3, 0xEA), 0xEF))
_SHOWN_WORDS = 12


@dataclass(frozen=True, slots=True)
class Leak:
    """A document that a prompt shows.

    Attributes:
        document: The document's id.
        example: The example that shows it, by its name; empty when the prompt's own words do.
        share: Which share of its words is shown, furniture left out, 0 to 1; or of the example's, where that is
            more.
        same: Whether example and document are the same, word for word.
        passage: The beginning of the longest run that is shared, in folded words.
    """

    document: str
    example: str
    share: float
    same: bool
    passage: str

    def __str__(self) -> str:
        if self.same:
            return f"the example {quoted(self.example)} is the document {quoted(self.document)}"
        such = quoted(self.passage, 100)
        if self.example:
            pair = f"the example {quoted(self.example)} is nearly the document {quoted(self.document)}"
            return f"{pair} ({self.share:.0%} of the words are the same, such as {such})"
        return f"its text quotes the document {quoted(self.document)} ({such})"


def leaks(prompt: Prompt, documents: Iterable[Document]) -> tuple[Leak, ...]:
    """The documents that a prompt shows, exactly or nearly; see the module's docstring for what counts.

    Each document is read once and, unless it shares much with the prompt, not kept.

    Args:
        prompt: The prompt with its worked examples.
        documents: Those that it is to be asked about, and no others.
    """
    sources, index = _sources(prompt)
    if not sources:
        return ()
    spread: Counter[int] = Counter()
    suspects: list[_Suspect] = []
    known = index.numbers.get
    # A passage of the prompt's own words has so many runs that one begins at a multiple of their number.
    step = 1 if prompt.quoted else PASSAGE - RUN + 1
    read = 0
    for document in documents:
        read += 1
        words = words_of(document.text)
        near: list[_Source] = []
        hits: list[int] = []
        if index.meets(words, step):
            hits = [known(run, 0) for run in runs_of(words)]
            met = frozenset(hits)
            spread.update(met)
            near = [source for source in sources if source.worth_a_look(len(words), hits, met)]
        same = [source for source in sources if source.name and source.words == words]
        if near or same:
            suspects.append(_Suspect(document.id, len(words), array("I", hits), near, same))
    often = max(FURNITURE_LEAST, math.ceil(FURNITURE_SHARE * read))
    furniture = frozenset(run for run, times in spread.items() if run and times >= often)
    return tuple(leak for suspect in suspects for leak in _judged(suspect, furniture, index))


class _Index:
    """Numbers, from 1, for the runs of words of the prompt; 0 is a run that it does not have."""

    def __init__(self) -> None:
        self.numbers: dict[tuple[bytes, ...], int] = {}
        self._runs: list[tuple[bytes, ...]] = [()]

    def number(self, run: tuple[bytes, ...]) -> int:
        known = self.numbers.setdefault(run, len(self._runs))
        if known == len(self._runs):
            self._runs.append(run)
        return known

    def meets(self, words: list[bytes], step: int) -> bool:
        """Whether the prompt has one of a document's runs; looks at those that begin at multiples of `step`."""
        if step == 1:
            return not self.numbers.keys().isdisjoint(runs_of(words))
        return any(tuple(words[at : at + RUN]) in self.numbers for at in range(0, len(words), step))

    def passage(self, runs: Sequence[int]) -> str:
        """The beginning of the words that consecutive runs cover."""
        shown = [self._runs[run] for run in runs[: _SHOWN_WORDS - RUN + 1]]
        return _printed([*shown[0], *(run[-1] for run in shown[1:])]) if shown else ""


@dataclass(frozen=True, slots=True)
class _Source:
    """A text of the prompt: its words, its runs in order, and those that count, as a set.

    The prompt's own words have no name.
    """

    name: str
    words: list[bytes]
    runs: list[int]
    telling: Set[int]

    def worth_a_look(self, words: int, hits: list[int], met: Set[int]) -> bool:
        """Whether a document shares enough to be kept until it is known what is furniture."""
        if self.telling.isdisjoint(met):
            return False
        if not self.name:
            return _longest(hits, self.telling)[1] >= PASSAGE
        of_document = sum(run in self.telling for run in hits)
        of_source = sum(run in met for run in self.runs)
        return RUN * of_document >= LOOK * words or RUN * of_source >= LOOK * len(self.words)


@dataclass(frozen=True, slots=True)
class _Suspect:
    """A document that shares much with the prompt; its text is not kept."""

    document: str
    words: int
    hits: array[int]
    near: list[_Source]
    same: list[_Source]


def _sources(prompt: Prompt) -> tuple[list[_Source], _Index]:
    """Every text that the prompt shows. Of its own words, what they quote of its examples does not count."""
    index = _Index()
    examples = [_source(name, text, index) for name, text in prompt.quoted]
    of_examples = frozenset(run for source in examples for run in source.runs)
    own = [
        _source("", message.text, index)
        for at, message in enumerate(prompt.messages)
        if message.role != "user" or at == len(prompt.messages) - 1
    ]
    own = [replace(source, telling=source.telling - of_examples) for source in own]
    return [source for source in (*examples, *own) if source.name or source.telling], index


def _source(name: str, text: str, index: _Index) -> _Source:
    words = words_of(text)
    runs = [index.number(run) for run in runs_of(words)]
    return _Source(name, words, runs, frozenset(runs))


def words_of(text: str) -> list[bytes]:
    """The words of a text in UTF-8, folded; a Chinese or Japanese character is a word."""
    if not text.isascii():
        # Bytes are split much faster than characters are matched; lone surrogates have no bytes of their own.
        data = unicodedata.normalize("NFKC", text).lower().encode("utf-8", "replace")
        if len(data.translate(None, _SIGN_LEADS)) < len(data):
            data = re.sub(_SIGN, r" \g<0> ", data.decode()).encode()
        for mark in set(_ODD.findall(data)) & _INSTEAD.keys():
            data = data.replace(mark, _INSTEAD[mark])
        return data.translate(_FOLDED).split()
    return text.encode().translate(_FOLDED).split()


def _printed(words: Sequence[bytes]) -> str:
    return b" ".join(words).decode("utf-8", "replace")


def runs_of(words: list[T]) -> Iterator[tuple[T, ...]]:
    """Every `RUN` words in a row."""
    return zip(*(words[start:] for start in range(RUN)), strict=False)


def _judged(suspect: _Suspect, furniture: Set[int], index: _Index) -> Iterator[Leak]:
    """The leaks of one document: those of examples, and the longest passage of the prompt's own words."""
    hits = suspect.hits
    longest = ""
    for source in suspect.near:
        start, length = _longest(hits, source.telling - furniture)
        passage = index.passage(hits[start : start + max(0, length - RUN + 1)])
        if not source.name:
            longest = max(longest, passage, key=len) if length >= PASSAGE else longest
        elif source not in suspect.same:
            share = _either_way(suspect, source, furniture)
            if share >= SHARE:
                yield Leak(suspect.document, source.name, share, same=False, passage=passage)
    for source in suspect.same:
        passage = _printed(source.words[:_SHOWN_WORDS])
        yield Leak(suspect.document, source.name, 1.0, same=True, passage=passage)
    if longest:
        texts = frozenset(run for source in suspect.near if not source.name for run in source.telling)
        share = _share(hits, suspect.words, texts, furniture)
        yield Leak(suspect.document, "", share, same=False, passage=longest)


def _either_way(suspect: _Suspect, source: _Source, furniture: Set[int]) -> float:
    of_document = _share(suspect.hits, suspect.words, source.telling, furniture)
    of_source = _share(source.runs, len(source.words), frozenset(suspect.hits), furniture)
    return max(of_document, of_source)


def _share(runs: Sequence[int], words: int, shared: Collection[int], furniture: Set[int]) -> float:
    """The share of a text's words that stand in shared runs, words of furniture left out."""
    marks = bytearray(words)
    for wanted, mark in ((shared, b"s"), (furniture, b"f")):
        for at, run in enumerate(runs):
            if run in wanted:
                marks[at : at + RUN] = mark * RUN
    rest = words - marks.count(b"f")
    return marks.count(b"s") / rest if rest >= LEAST_WORDS else 0.0


def _longest(hits: Sequence[int], wanted: Collection[int]) -> tuple[int, int]:
    """Where the longest passage of wanted runs begins, and how many words it has; 0 when there is none."""
    best = (0, 0)
    begun = 0
    for at, run in enumerate(hits):
        if run not in wanted:
            begun = at + 1
        elif at - begun + RUN > best[1]:
            best = (begun, at - begun + RUN)
    return best
