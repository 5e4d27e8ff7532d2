"""Objects in which no key stands twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from harness.records import Json


class DuplicateKeyError(ValueError):
    """A key stands twice in one object.

    Args:
        key: The key.
    """

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def members_once(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    """The members of an object; an `object_pairs_hook` for `json`.

    Raises:
        DuplicateKeyError: With the first key that stands there again.

    >>> members_once([("a", 1), ("b", 2)])
    {'a': 1, 'b': 2}
    """
    members = dict(pairs)
    if len(members) < len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise DuplicateKeyError(key)
            seen.add(key)
    return members
