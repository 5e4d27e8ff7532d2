"""Write rows of outcomes to a file, a portion in memory at a time, as a whole or not at all."""

from __future__ import annotations

import csv
from itertools import islice
from typing import TYPE_CHECKING

from harness.errors import UsageError
from harness.running.comparison.exporting import OutcomeRow
from harness.storage.whole_file import whole_file

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

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
        whole_file(path, "the table of outcomes", overwrite=overwrite) as part,
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
        whole_file(path, "the table of outcomes", overwrite=overwrite) as part,
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
