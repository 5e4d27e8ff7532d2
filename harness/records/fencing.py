"""How a document stands inside a message: between tags that its own text cannot end.

Whoever writes a prompt's examples and whoever fills it in for a document do it in the same way.
"""

from __future__ import annotations

import re

OPENING, CLOSING = "<document>\n", "\n</document>"
DOCUMENT = "{{ document }}"
"""Stands in a message that is a template, once, where the fenced document goes. Nothing else is filled in."""

# Bounded white space: a run of blanks after "<" must not cost more than its length.
_TAG = re.compile(r"<(?=\s{0,8}/?\s{0,8}document\b)", re.IGNORECASE)


def fenced(text: str) -> str:
    """The document between its tags. A tag inside the text becomes `&lt;…`, so that it ends nothing early."""
    return f"{OPENING}{_TAG.sub('&lt;', text)}{CLOSING}"


def unfenced(message: str) -> str:
    """The text between the first opening and the last closing tag; the whole message when it has none."""
    start, end = message.find(OPENING), message.rfind(CLOSING)
    return message[start + len(OPENING) : end] if 0 <= start < end else message


def filled(template: str, text: str) -> str:
    r"""A template with the fenced document in its place. Without a place, the template as it is.

    The document is a value: whatever it holds, nothing in it is filled in or run.

    >>> filled("Read: {{ document }}", "1 {{ document }} 2")
    'Read: <document>\n1 {{ document }} 2\n</document>'
    """
    head, place, tail = template.partition(DOCUMENT)
    return f"{head}{fenced(text)}{tail}" if place else template
