"""Open the store that a path names."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from harness.storage.base import Store


def open_store(path: Path) -> Store:
    """Open the SQLite file at a path; make it, and its folder, when it does not exist.

    A folder made here gets a `.gitignore` that keeps its content out of a repository. Close the store, or use
    it in a `with` statement.

    Raises:
        StoreError: When the file cannot be opened or made, is not a store, or was made by a newer version.
    """
    # Imported on use: a command that opens no store should not pay for a database library.
    from harness.storage.sql import SqlStore
    from harness.storage.sqlite import open_engine

    return SqlStore(open_engine(path), where=str(path))
