"""Write a file as a whole or not at all."""

from __future__ import annotations

import os
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from harness.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def whole_file(path: Path, what: str, *, overwrite: bool = False) -> Iterator[Path]:
    """An empty file beside the path, to be written; it takes the path's place when all went well.

    Args:
        path: Where the file is to be.
        what: What it holds, as a message names it.
        overwrite: Whether a file that is there may be replaced.

    Raises:
        StoreError: When the file cannot be written or is there already.
    """
    if path.exists() and not overwrite:
        raise StoreError("the file is there already", where=str(path), hint="name another, or add --force")
    part: Path | None = None
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        os.close(handle)
        part = Path(name)
        yield part
        part.chmod(0o666 & ~_umask())
        part.replace(path)
    except OSError as failure:
        raise StoreError(
            f"{what} cannot be written: {failure.strerror or failure}",
            where=str(path),
            hint="name a file in a folder that can be written to",
        ) from failure
    finally:
        if part is not None:
            with suppress(OSError):
                part.unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
