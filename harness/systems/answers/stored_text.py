"""Text that any store takes: every string can be written as UTF-8."""

from __future__ import annotations

import re

_SURROGATE = re.compile("[\ud800-\udfff]")


def storable(text: str) -> str:
    r"""The text with each lone surrogate written as `\udXXX`.

    Inside a JSON string that is the same character as an escape, so that nothing of an answer is lost.
    """
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def sendable(text: str) -> str:
    """The text with each lone surrogate as U+FFFD; the length stays. JSON over HTTP is UTF-8."""
    return _SURROGATE.sub("\ufffd", text)
