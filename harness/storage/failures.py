"""Say what went wrong in a database in words that a user can act on."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from harness.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator

_HINTS = (
    ("locked", "another process is writing to it; try again when that is done"),
    ("full", "free space on the disk and resume the run; what was stored is kept"),
    ("readonly", "make the file and its folder writable, or name another store"),
    ("unable to open", "make its folder readable and writable, or name another store"),
    ("not a database", "this file is not a store; name another, or move it away to begin a new one"),
    ("malformed", "the file is damaged: restore a copy, or move it away to begin a new one"),
)
_OTHER = "look at the disk and the permissions of the folder; what was stored before is kept"


@contextmanager
def translated(where: str) -> Iterator[None]:
    """Turn what a database raises inside into a `StoreError`.

    The error quotes the database's words only: the statement and its parameters may hold a whole document.

    Args:
        where: The store, as the error names it.
    """
    try:
        yield
    except SQLAlchemyError as failure:
        words = str(failure.orig) if isinstance(failure, DBAPIError) else str(failure)
        hint = next((hint for sign, hint in _HINTS if sign in words), _OTHER)
        raise StoreError(f"the store cannot be used: {words}", where=where, hint=hint) from failure
