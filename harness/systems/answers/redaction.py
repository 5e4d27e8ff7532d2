"""Keep keys out of everything that is recorded."""

from __future__ import annotations

import re

_SHORTEST_SECRET = 6
_KEY_LIKE = re.compile(
    r"\b(?:sk|pk|rk|org|proj|gsk|xai|hf|key)[-_][\w*.-]{6,}|\bAIza[\w-]{10,}|\bbearer\s+\S+|(?<=//)[^/\s@]+@",
    re.IGNORECASE,
)


def without_secret(text: str, secret: str) -> str:
    """The text without one secret; dummies of fewer than 6 characters, as local servers take, are none."""
    return text.replace(secret, "[key]") if len(secret) >= _SHORTEST_SECRET and secret in text else text


def without_keys(text: str, secret: str, *, at_most: int) -> str:
    """A provider's or a library's words without the secret and without anything that looks like a key.

    Providers quote keys back, in full or masked; exceptions quote addresses with a user and a password.

    Args:
        text: The words.
        secret: The key that was sent.
        at_most: How many characters are kept.
    """
    # The secret goes first: cut in half, it would not be recognised any more.
    return _KEY_LIKE.sub("[key]", without_secret(text[: 8 * at_most], secret))[:at_most]


def without_user(address: str) -> str:
    """An address without user, password, query and fragment."""
    from urllib.parse import urlsplit, urlunsplit

    parts = urlsplit(address)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))
