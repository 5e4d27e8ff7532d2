"""Open the runs that a user names: by a reference of the store, or by the file of an exported run."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from harness.errors import UsageError
from harness.storage import open_store, store_exists, store_name
from harness.suites.places import shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from harness.storage import RunRecord, Store
    from harness.storage.sql import SqlStore
    from harness.suites.configuration import Configuration

_FILE_ENDINGS = (".jsonl", ".jsonl.gz")


@dataclass(frozen=True, slots=True, eq=False)
class OpenRun:
    """A run, and the store that has its answers while it is open.

    Attributes:
        reference: As the user named it.
        run: The run.
        store: Has it.
        from_file: Whether it is from a file, and not from the configuration's store.
    """

    reference: str
    run: RunRecord
    store: Store
    from_file: bool


@contextmanager
def opened_runs(configuration: Configuration, references: Sequence[str]) -> Iterator[tuple[OpenRun, ...]]:
    """Open runs; they can be read until the block ends.

    A reference is a run's id, the beginning of one, a tag or `latest` of the configuration's store, or the file
    of an exported run. What has a folder in it or ends in `.jsonl` or `.jsonl.gz` is a file; anything else is
    one only when the store has no such run.

    Args:
        configuration: Names the store.
        references: What the user named, in order; the same run may be named twice.

    Raises:
        UsageError: When there is no such run or file.
        StoreError: When the store or a file cannot be read, or the file is of a newer format.
    """
    with ExitStack() as stack:
        opening = _Opening(configuration, stack)
        yield tuple(opening.run(reference) for reference in references)


def looks_like_a_file(reference: str) -> bool:
    """Whether a reference can only be meant as the file of an exported run.

    >>> looks_like_a_file("baselines/main.jsonl.gz"), looks_like_a_file("main")
    (True, False)
    """
    return "/" in reference or "\\" in reference or reference.endswith(_FILE_ENDINGS)


@dataclass(slots=True)
class _Opening:
    configuration: Configuration
    stack: ExitStack
    _store: SqlStore | None = None

    def run(self, reference: str) -> OpenRun:
        path = Path(reference)
        if looks_like_a_file(reference):
            if not path.is_file():
                raise UsageError(
                    "there is no such file",
                    where=shown(path),
                    hint="name a file that `harness runs export` wrote, or a stored run",
                )
            return self._of_file(reference, path)
        try:
            store = self._stored()
            return OpenRun(reference, store.run(reference), store, from_file=False)
        except UsageError:
            if path.is_file():
                return self._of_file(reference, path)
            raise

    def _stored(self) -> SqlStore:
        if self._store is None:
            address = self.configuration.store
            if not store_exists(address):
                raise UsageError(
                    "the store holds no run", where=store_name(address), hint="make one with `harness run`"
                )
            self._store = self.stack.enter_context(open_store(address))
        return self._store

    def _of_file(self, reference: str, path: Path) -> OpenRun:
        """A store of its own holds what the file has: every value is checked, and little is in memory."""
        from harness.storage.restoring import import_run

        folder = self.stack.enter_context(tempfile.TemporaryDirectory(prefix="harness-"))
        store = self.stack.enter_context(open_store(Path(folder) / "run.sqlite"))
        run, _ = import_run(store, path)
        return OpenRun(reference, run, store, from_file=True)
