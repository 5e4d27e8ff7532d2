"""Make untrusted text safe to print: what a terminal would act on, or a reader not see, becomes an escape."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from harness.records import Json

# Python calls these printable, and they show nothing: joiners, fillers, the braille blank, variation selectors.
_UNSEEN = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]")
_COMMAND = re.compile(r"^(\s*):(?=:)|#(?=#\[)")
"""Where CI servers take a line for a command to them: `::error::` at its beginning, `##[error]` anywhere."""
CUT = "…"


def visible(text: str) -> str:
    r"""The text with control, format, zero width, unassigned and surrogate characters as escapes.

    What a CI server would take for a command to it gets an escape as well.

    >>> print(visible("a\x1b[31m\u202e\nb"))
    a\x1b[31m\u202e\nb
    >>> print(visible("::error::x"), visible("std::vector"))
    \x3a:error::x std::vector
    """
    text = _no_command(text)
    if text.isprintable() and not _UNSEEN.search(text):
        return text
    return "".join(map(_shown, text))


def encodable(text: str, encoding: str) -> str:
    r"""The text with escapes for the characters that an encoding does not have.

    >>> print(encodable("naïve …", "ascii"))
    na\xefve \u2026
    """
    return text.encode(encoding, "backslashreplace").decode(encoding)


def width_of(text: str) -> int:
    """How many columns of a terminal visible text takes."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)


def shortened(text: str, limit: int) -> str:
    """Visible text of at most `limit` characters, cut with `…`; an escape is never cut in the middle."""
    kept, length = [], 0
    for character in _no_command(text[: limit + 1]):
        shown = _shown(character)
        kept.append(shown)
        length += len(shown)
    if length <= limit:
        return "".join(kept)
    while kept and length > limit - len(CUT):
        length -= len(kept.pop())
    return "".join(kept) + CUT


def value_text(value: Json, limit: int) -> str:
    """A value on one line: strings in quotes, the rest as JSON writes it, cut with `…`.

    A number is never cut, unless it has thousands of digits.

    >>> value_text({"minimum": 3, "names": ["DPR", None]}, 80), value_text("200 million", 8)
    ('{"minimum": 3, "names": ["DPR", null]}', '"200 mi…')
    """
    if value is None or isinstance(value, bool | int | float | Decimal):
        return _scalar(value)
    kept, length = [], 0
    # Stopping early bounds the depth too: every level writes a character before it goes deeper.
    for piece in _pieces(value, limit):
        kept.append(piece)
        length += len(piece)
        if length > limit:
            break
    return shortened("".join(kept), limit)


def _no_command(text: str) -> str:
    return _COMMAND.sub(lambda found: r"\x23" if found[1] is None else rf"{found[1]}\x3a", text)


def _shown(character: str) -> str:
    if character.isprintable() and not _UNSEEN.match(character):
        return character
    if unicodedata.category(character) == "Zs":
        return character
    return character.encode("unicode_escape").decode("ascii")


def _pieces(value: object, limit: int) -> Iterator[str]:
    if isinstance(value, str):
        yield f'"{value[: limit + 1]}"'
    elif isinstance(value, Mapping):
        yield "{"
        for position, (key, item) in enumerate(value.items()):
            yield from (", " if position else "", f'"{str(key)[: limit + 1]}"', ": ")
            yield from _pieces(item, limit)
        yield "}"
    elif isinstance(value, Sequence):
        yield "["
        for position, item in enumerate(value):
            yield ", " if position else ""
            yield from _pieces(item, limit)
        yield "]"
    else:
        yield _scalar(value)


def _scalar(value: object) -> str:
    if value is None or isinstance(value, bool):
        return "null" if value is None else "true" if value else "false"
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if isinstance(value, int):
        return whole_number(value)
    return str(value)


def whole_number(value: int) -> str:
    """The digits; hexadecimal ones when there are more than Python turns into decimals."""
    try:
        return int.__repr__(value)
    except ValueError:
        return hex(value)
