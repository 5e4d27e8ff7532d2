"""Where the runs are kept: `[store] path`, unless the environment says otherwise."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from harness.errors import ConfigError
from harness.suites.places import nearest_line, place

if TYPE_CHECKING:
    from harness.suites.toml_table import Table

VARIABLE = "HARNESS_STORE"
"""The environment variable that names a store: the path of a file, or the URL of a database."""
DEFAULT_PATH = ".harness/runs.sqlite"

_HINT = (
    f"a file is no place for a password: put the address of a database into the environment variable {VARIABLE}"
)


def store_address(table: Table) -> str:
    """The absolute path of a file, or the URL of a database.

    A path of the configuration begins at its folder, one of the environment at the current folder.

    Args:
        table: `[store]`; empty when the file has none.

    Raises:
        ConfigError: When the table has another key than `path`, or gives a URL.
    """
    if "url" in table.values:
        raise ConfigError("[store] takes no url", where=_place(table, "url"), hint=_HINT)
    table.refuse_unknown(("path",))
    written = table.text("path", DEFAULT_PATH)
    if "://" in written:
        raise ConfigError("the path of the store is a URL", where=_place(table, "path"), hint=_HINT)
    chosen = os.environ.get(VARIABLE, "")
    if not chosen:
        return str(table.path.parent / written)
    return chosen if "://" in chosen else str(Path(chosen).absolute())


def _place(table: Table, key: str) -> str:
    return place(table.path, nearest_line(table.lines, (*table.keys, key)))
