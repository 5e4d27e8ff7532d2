"""Where a store is: the path of a SQLite file, or the URL of a PostgreSQL database."""

from __future__ import annotations

from pathlib import Path

from harness.errors import StoreError

_POSTGRES = ("postgresql+psycopg", "postgresql", "postgres")


def is_url(address: str | Path) -> bool:
    """Whether an address is that of a database server; otherwise it is the path of a file."""
    return isinstance(address, str) and "://" in address


def store_name(address: str | Path) -> str:
    """The store as errors and reports name it: relative to the current folder where it can be, no password."""
    if not is_url(address):
        try:
            return str(Path(address).relative_to(Path.cwd()))
        except (ValueError, OSError):  # OSError: the current folder was removed
            return str(address)
    return without_password(address)


def without_password(address: str | Path) -> str:
    """An address as a program is told it: a path as it is, a URL without password and settings.

    >>> without_password("postgresql+psycopg://me:secret@db.example:5432/runs?sslmode=require")
    'postgresql+psycopg://me@db.example:5432/runs'
    """
    if not is_url(address):
        return str(address)
    scheme, _, rest = str(address).partition("://")
    # A password that is not escaped may hold any of : / ? and @; a query may hold one too.
    login, at, place = rest.rpartition("@")
    return f"{scheme}://{login.partition(':')[0]}{at}{place.partition('?')[0]}"


def postgres_url(address: str) -> str:
    """The URL of a PostgreSQL database, with the driver that is used.

    Raises:
        StoreError: When it is the URL of something else.
    """
    scheme, _, rest = address.partition("://")
    if scheme not in _POSTGRES:
        raise StoreError(
            f"a store cannot be kept at {scheme}://",
            where=store_name(address),
            hint=f"give the path of a file, or {_POSTGRES[0]}://USER@HOST/DATABASE",
        )
    return f"{_POSTGRES[0]}://{rest}"


def store_exists(address: str | Path) -> bool:
    """Whether there may be runs at an address; a command that only reads makes no file where there is none.

    A database is always there, or else opening it fails.

    Raises:
        StoreError: When the path leads through a file, as through a folder.
    """
    if is_url(address):
        return True
    path = Path(address)
    try:
        if path.exists():
            return True
        blocking = next((folder for folder in path.parents if folder.exists()), None)
    except OSError as failure:
        raise StoreError(
            f"the store cannot be looked for: {failure.strerror or failure}",
            where=store_name(path),
            hint="make its folder readable, or name another store",
        ) from failure
    if blocking is not None and not blocking.is_dir():
        raise StoreError(
            f"{store_name(blocking)} is a file, not a folder",
            where=store_name(path),
            hint="move it away, or name another store",
        )
    return False
