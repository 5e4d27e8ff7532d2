"""Find the JSON in an answer that is written for people."""

from __future__ import annotations

import json
import re

_BLOCK = re.compile(r"```[\w-]*[ \t]*\n(.*?)```", re.DOTALL)


def json_in(text: str) -> str:
    """The JSON value that an answer holds, as it stands there; the whole text when no JSON is found.

    The last code block that is JSON wins, because an answer that quotes the document does so before it
    answers. Without one: everything from the first to the last brace or bracket.
    """
    for block in reversed(_BLOCK.findall(text)):
        if _is_json(block):
            return str(block).strip()
    starts = [at for at in (text.find("{"), text.find("[")) if at >= 0]
    end = max(text.rfind("}"), text.rfind("]"))
    if starts and end > min(starts):
        span = text[min(starts) : end + 1]
        if _is_json(span):
            return span
        if text.find("{") >= 0 and _is_json(span := text[text.find("{") : text.rfind("}") + 1]):
            return span
    return text


def _is_json(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict | list)
    except (ValueError, RecursionError):
        return False
