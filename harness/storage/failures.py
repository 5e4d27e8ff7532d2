"""Say what went wrong in a database in words that a user can act on."""

from __future__ import annotations

import sqlite3
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from harness.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator

_HINTS = (
    ("locked", "another process is writing to it; try again when that is done"),
    ("disk is full", "free space on the disk and resume the run; what was stored is kept"),
    ("No space left", "free space on the server's disk and resume the run; what was stored is kept"),
    ("readonly", "make the file and its folder writable, or name another store"),
    ("read-only", "the server takes no writes just now; ask for one that does"),
    ("unable to open", "make its folder readable and writable, or name another store"),
    ("not a database", "this file is not a store; name another, or move it away to begin a new one"),
    ("malformed", "the file is damaged: restore a copy, or move it away to begin a new one"),
    ("invalid connection option", "check the settings in HARNESS_STORE"),
    ("invalid sslmode", "check the settings in HARNESS_STORE"),
    ("password", "check the user and the password in HARNESS_STORE"),
    ("role ", "check the user in HARNESS_STORE"),
    ("permission denied", "give the user of HARNESS_STORE the right to create and to change tables"),
    ("does not exist", "check the name of the database in HARNESS_STORE, or create it"),
    ("resolve", "check the host in HARNESS_STORE"),
    ("refused", "start the server, or check the host and the port in HARNESS_STORE"),
    ("timeout", "start the server, or check the host and the port in HARNESS_STORE"),
    ("terminat", "the server ended the connection; try again, or resume the run: what was stored is kept"),
    ("closed", "the server ended the connection; try again, or resume the run: what was stored is kept"),
    ("connection", "check that the server of HARNESS_STORE can be reached; what was stored is kept"),
)
_OTHER = "look at the disk and the permissions of the store; what was stored before is kept"


@contextmanager
def translated(where: str, secret: str = "") -> Iterator[None]:
    """Turn what a database raises inside into a `StoreError`.

    The error quotes the database's words only: the statement and its parameters may hold a whole document.

    Args:
        where: The store, as the error names it.
        secret: What the error must not show, if it is in those words.
    """
    try:
        yield
    except SQLAlchemyError as failure:
        original = failure.orig if isinstance(failure, DBAPIError) else failure
        raise store_error(original or failure, where, secret) from failure
    except driver_errors() as failure:
        raise store_error(failure, where, secret) from failure


def driver_errors() -> tuple[type[BaseException], ...]:
    """What the drivers raise that have been imported; past SQLAlchemy, nobody wraps it."""
    psycopg = sys.modules.get("psycopg")
    return (sqlite3.Error,) if psycopg is None else (sqlite3.Error, psycopg.Error)


def store_error(failure: BaseException, where: str, secret: str = "") -> StoreError:
    """What a database said, as an error with a hint.

    Args:
        failure: The driver's.
        where: The store, as the error names it.
        secret: What the error must not show.
    """
    words = " ".join(str(failure).split()) or type(failure).__name__
    if secret:
        words = words.replace(secret, "***")
    hint = next((hint for sign, hint in _HINTS if sign in words), _OTHER)
    return StoreError(f"the store cannot be used: {words}", where=where, hint=hint)
