"""Folding: the differences between strings that never matter unless a mark says so."""

from __future__ import annotations

import unicodedata

_QUOTES = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛ʼʹ′`´＇", "'"),
        **dict.fromkeys("“”„‟«»″＂", '"'),
        **dict.fromkeys("‹›", "'"),
    }
)


def fold(text: str) -> str:
    r"""Fold compatibility forms (NFKC), case, white space and quotation marks.

    Runs of white space become one space, and none is left at the ends. Folding twice changes nothing.

    >>> fold(" The  “Donbas”\n ")
    'the "donbas"'
    """
    if text.isascii():
        return " ".join(text.replace("`", "'").lower().split())
    # Case folding can leave a form that is not NFKC, and NFKC one that is not case folded (Unicode D146).
    text = text.translate(_QUOTES)
    while (folded := unicodedata.normalize("NFKC", text).casefold().translate(_QUOTES)) != text:
        text = folded
    return " ".join(text.split())
