"""Lead a store from the version of an earlier harness to today's, one numbered step after the other.

A step is written once and never changed: it says in its own statements what its version looked like, and takes
nothing from `harness.storage.tables`, which goes on to change.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.storage.migrations import to_2

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

STEPS: dict[int, Callable[[Connection], None]] = {2: to_2.upgrade}
"""The version that a step leads to, and the step."""


def upgrade(connection: Connection, version: int) -> None:
    """Take the steps behind a version, inside the transaction of the connection.

    Args:
        connection: To a store that nobody else can change until the transaction ends.
        version: That of the store, at least 1.
    """
    for target in sorted(STEPS):
        if target > version:
            STEPS[target](connection)
