"""Write rows of outcomes to a file, a portion in memory at a time, as a whole or not at all."""

from __future__ import annotations

import csv
import os
import tempfile
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from harness.errors import StoreError, UsageError
from harness.running.comparison.exporting import OutcomeRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pyarrow

ROWS = 20_000
"""Of a row group."""
_INSTALL = "pip install 'extraction-harness[parquet]'"


def require_parquet() -> None:
    """Check that Parquet can be written, before anything else is done.

    Raises:
        UsageError: When pyarrow is not installed.
    """
    try:
        import pyarrow.parquet  # noqa: F401 - to see whether it is there
    except ImportError as failure:
        raise UsageError("pyarrow is not installed, and Parquet needs it", hint=_INSTALL) from failure


def write_parquet(rows: Iterable[OutcomeRow], path: Path, *, overwrite: bool = False) -> int:
    """Write rows as Parquet; returns how many.

    Raises:
        StoreError: When the file cannot be written, or is there already.
        UsageError: When pyarrow is not installed.
    """
    require_parquet()
    import pyarrow
    from pyarrow import parquet

    schema = _schema()
    count = 0
    rows = iter(rows)
    with (
        _whole(path, overwrite=overwrite) as part,
        parquet.ParquetWriter(part, schema, compression="zstd") as file,
    ):
        while portion := list(islice(rows, ROWS)):
            columns = list(zip(*portion, strict=True))
            file.write_table(pyarrow.Table.from_arrays(_arrays(columns, schema), schema=schema))
            count += len(portion)
    return count


def write_csv(rows: Iterable[OutcomeRow], path: Path, *, overwrite: bool = False) -> int:
    """Write rows as CSV in UTF-8, `None` as an empty cell; returns how many.

    Raises:
        StoreError: When the file cannot be written, or is there already.
    """
    count = 0
    with (
        _whole(path, overwrite=overwrite) as part,
        part.open("w", encoding="utf-8", newline="") as file,
    ):
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(OutcomeRow._fields)
        for row in rows:
            writer.writerow(row)
            count += 1
    return count


def _schema() -> pyarrow.Schema:
    import pyarrow

    kinds = {"trial": pyarrow.int32(), "similarity": pyarrow.float64()}
    return pyarrow.schema([(name, kinds.get(name, pyarrow.string())) for name in OutcomeRow._fields])


def _arrays(columns: list[tuple[object, ...]], schema: pyarrow.Schema) -> list[pyarrow.Array]:
    import pyarrow

    return [pyarrow.array(column, field.type) for column, field in zip(columns, schema, strict=True)]


@contextmanager
def _whole(path: Path, *, overwrite: bool) -> Iterator[Path]:
    """A file beside the path, which takes its place when all went well."""
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
            f"the outcomes cannot be written: {failure.strerror or failure}",
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
