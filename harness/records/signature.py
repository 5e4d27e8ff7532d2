"""What a number depends on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class Signature:
    """What a number depends on, as ordered `key:value` entries. Prints as one line and parses back.

    >>> signature = Signature((("schema", "3f2a"), ("prompt", "v1")))
    >>> str(signature)
    'schema:3f2a|prompt:v1'
    >>> Signature.parse(str(signature)) == signature
    True
    """

    entries: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        return "|".join(f"{_escape(key)}:{_escape(value)}" for key, value in self.entries)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a printed signature.

        Raises:
            ValueError: When an entry has no colon.
        """
        entries = []
        for entry in text.split("|") if text else ():
            key, colon, value = entry.partition(":")
            if not colon:
                raise ValueError(f"the entry {entry!r} of a signature has no colon")
            entries.append((_unescape(key), _unescape(value)))
        return cls(tuple(entries))

    def get(self, key: str) -> str | None:
        """The value of a key; `None` when there is no such key."""
        return dict(self.entries).get(key)


_ESCAPES = (("%", "%25"), ("|", "%7C"), (":", "%3A"), ("\n", "%0A"), ("\r", "%0D"))


def _escape(text: str) -> str:
    for plain, escaped in _ESCAPES:
        text = text.replace(plain, escaped)
    return text


def _unescape(text: str) -> str:
    for plain, escaped in reversed(_ESCAPES):
        text = text.replace(escaped, plain)
    return text
