"""Where a quote stands in its document: letter for letter, nearly, or nowhere."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

from harness.scoring.comparators.folding import fold

if TYPE_CHECKING:
    from collections.abc import Iterable

FUZZY_FROM = 0.9
"""The least similarity of a folded quote to the best passage of its length that counts as found."""
LONGEST_FUZZY = 2_000
"""A folded quote longer than this is looked for as a whole only: nobody misquotes pages."""


class Located(IntEnum):
    """How well a quote is found, best first."""

    EXACT = 0
    FUZZY = 1
    INVENTED = 2
    NONE = 3


class Locator:
    """Finds quotes in one document; each quote is looked for once.

    Args:
        text: The document.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._folded: str | None = None
        self._found: dict[str, Located] = {}

    def best(self, quotes: Iterable[str]) -> Located:
        """How well the best-found of some quotes is found; `NONE` when there is none that says anything."""
        return min((self.locate(quote) for quote in quotes if quote.strip()), default=Located.NONE)

    def locate(self, quote: str) -> Located:
        """How well one quote is found.

        >>> Locator("He said “no”  twice.").locate('He said "no" twice')
        <Located.FUZZY: 1>
        """
        if quote not in self._found:
            self._found[quote] = self._locate(quote)
        return self._found[quote]

    def _locate(self, quote: str) -> Located:
        if quote in self._text:
            return Located.EXACT
        if self._folded is None:
            self._folded = fold(self._text)
        wanted = fold(quote)
        if wanted in self._folded:
            return Located.FUZZY
        if not wanted or len(wanted) > LONGEST_FUZZY or len(wanted) > len(self._folded):
            return Located.INVENTED
        from rapidfuzz.fuzz import partial_ratio

        near = partial_ratio(wanted, self._folded, score_cutoff=FUZZY_FROM * 100)
        return Located.FUZZY if near >= FUZZY_FROM * 100 else Located.INVENTED
