"""Put the file of a run into a store."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain, zip_longest
from typing import TYPE_CHECKING, Any

from harness.errors import StoreError
from harness.storage.portable import run_records, without_this_machine
from harness.storage.portable_reading import RunFile

if TYPE_CHECKING:
    from pathlib import Path

    from harness.storage.base import RunRecord
    from harness.storage.sql import SqlStore

_NAMES = {
    "run": "the run itself",
    "planned": "the documents",
    "response": "the responses",
    "scored_by": "the scores",
    "score": "the scores",
}
_END: tuple[str, Any] = ("", None)


def import_run(store: SqlStore, path: Path) -> tuple[RunRecord, bool]:
    """Put the run of a file into a store, as a whole or not at all.

    Returns:
        The run as it is in the store, and whether it is new there. A run that is there already, with the same
        answers and scores, stays as it is; its tags may differ.

    Raises:
        StoreError: When the file cannot be read, is cut short or is none of a run; when the store has another
            run of that id, or the same one with other answers or scores; when the store cannot be written.
    """
    file = RunFile(path)
    run = file.run()
    there = store.find(run.id)
    if there is None:
        store.restore(run, file)
        return run, True
    ours = run_records(store, replace(without_this_machine(there), tags=()))
    theirs = chain([("run", replace(run, tags=()))], file.records())
    different: list[str] = []
    for one, other in zip_longest(ours, theirs, fillvalue=_END):
        if one != other and not different:
            different.append(_NAMES[one[0] or other[0]])
    if different:
        raise StoreError(
            f"the store has a run {run.id} already, in which {different[0]} differ from the file's",
            where=str(path),
            hint="nothing was changed: delete that run first, or import the file into another store",
        )
    return there, False
