"""Open the store that an address names."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from harness.storage.addresses import is_url, store_name

if TYPE_CHECKING:
    from harness.storage.sql import SqlStore


def open_store(address: str | Path) -> SqlStore:
    """Open the store at an address: the path of a SQLite file, or the URL of a PostgreSQL database.

    A file is made, with its folder, when it does not exist; a folder made here gets a `.gitignore` that keeps
    its content out of a repository. Tables are made in an empty database, and those of an older harness are
    upgraded. Close the store, or use it in a `with` statement.

    Raises:
        StoreError: When the store cannot be opened or made, is none, or was made by a newer version.
    """
    # Imported on use: a command that opens no store should not pay for a database library.
    from harness.storage.sql import SqlStore

    if is_url(address):
        from harness.storage.postgres import open_postgres

        return SqlStore(open_postgres(str(address)))
    from harness.storage.sqlite import open_sqlite

    return SqlStore(open_sqlite(Path(address).absolute(), store_name(address)))
