"""What may be a tag of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

_LONGEST = 100


def check_tags(tags: Iterable[str]) -> None:
    """Refuse what could not be typed in the place of a run's id.

    Raises:
        UsageError: When a tag is empty, too long, begins with `-`, is `latest`, or holds white space or
            characters that cannot be printed.
    """
    for tag in tags:
        if tag == "latest":
            raise UsageError("'latest' cannot be a tag", hint="it always names the newest run")
        if not tag or len(tag) > _LONGEST or tag[0] == "-" or not tag.isprintable() or " " in tag:
            raise UsageError(
                f"{tag[:_LONGEST]!a} cannot be a tag",
                hint=f"a tag has 1 to {_LONGEST} characters, none of them white space, and no hyphen first",
            )
