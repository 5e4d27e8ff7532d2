"""The runs of a store: adding, ending and finding them."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, insert, select, update

from harness.errors import UsageError
from harness.storage.base import RunStatus
from harness.storage.encoding import encode
from harness.storage.rows import check_names, decoding, encoding, is_name, run_record, run_row
from harness.storage.tables import runs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import ColumnElement

    from harness.errors import StoreError
    from harness.storage.base import RunRecord
    from harness.storage.database import Database

_LISTED = 10
_COMPARED = 1000


@dataclass(frozen=True, slots=True)
class RunTable:
    """The runs in a database."""

    database: Database

    def add(self, run: RunRecord) -> None:
        """Add a run.

        Raises:
            StoreError: When its id is taken, or it cannot be written.
        """
        where = self.database.where
        check_names(where, run.id, run.suite, run.system, run.created, run.finished or "")
        with encoding(where):
            row = run_row(run)

        def taken() -> StoreError:
            return self.database.error(
                f"the run {run.id} is in the store already", "give the new run another id"
            )

        with self.database.writing(taken) as connection:
            connection.execute(insert(runs), row)

    def finish(
        self, run_id: str, status: RunStatus, finished: str, summary: Mapping[str, float | None]
    ) -> None:
        """Say how a run ended.

        Raises:
            StoreError: When there is no such run, or it cannot be written.
        """
        check_names(self.database.where, run_id, finished)
        with encoding(self.database.where):
            figures = encode(dict(summary))
        change = (
            update(runs)
            .where(runs.c.id == run_id)
            .values(status=RunStatus(status).value, finished=finished, summary=figures)
        )
        with self.database.writing(lambda: self.unknown(run_id)) as connection:
            if connection.execute(change).rowcount == 0:
                raise self.unknown(run_id)

    def newest(self, *conditions: ColumnElement[bool], limit: int | None = None) -> tuple[RunRecord, ...]:
        """The runs that meet the conditions, newest first; of equal age, the one added last comes first."""
        order = (runs.c.created.desc(), runs.c.number.desc())
        query = select(runs).where(*conditions).order_by(*order).limit(limit)
        with self.database.reading() as connection:
            rows = connection.execute(query).mappings().all()
        with decoding(self.database.where):
            return tuple(run_record(row) for row in rows)

    def find(self, reference: str) -> RunRecord:
        """The run that an id, the beginning of one, or `"latest"` names.

        Raises:
            UsageError: When there is none, or more than one.
        """
        matches: tuple[RunRecord, ...] = ()
        if reference == "latest":
            matches = self.newest(limit=1)
        elif reference and is_name(reference):
            begins = func.substr(runs.c.id, 1, len(reference)) == reference
            matches = self.newest(runs.c.id == reference) or self.newest(begins)
        if len(matches) == 1:
            return matches[0]
        if matches:
            listed = ", ".join(run.id for run in matches[:_LISTED])
            more = f" and {len(matches) - _LISTED} more" if len(matches) > _LISTED else ""
            raise UsageError(
                f"{len(matches)} runs begin with {reference!r}",
                where=self.database.where,
                hint=f"write more of one of these: {listed}{more}",
            )
        raise self._no_match(reference)

    def require(self, run_id: str) -> None:
        """Check that a run is in the store.

        Raises:
            StoreError: When it is not.
        """
        if not self.has(run_id):
            raise self.unknown(run_id)

    def has(self, run_id: str) -> bool:
        """Whether a run is in the store."""
        if not is_name(run_id):
            return False
        with self.database.reading() as connection:
            return connection.execute(select(runs.c.number).where(runs.c.id == run_id)).first() is not None

    def unknown(self, run_id: str) -> StoreError:
        """The error for a run that is not in the store."""
        return self.database.error(f"there is no run {run_id!a} in the store", "`harness runs` lists the runs")

    def _no_match(self, reference: str) -> UsageError:
        where = self.database.where
        known = [run.id for run in self.newest(limit=_COMPARED)]
        if not known:
            return UsageError("the store holds no run", where=where, hint="make one with `harness run`")
        near = difflib.get_close_matches(reference, known, cutoff=0.5)
        hint = f"did you mean {' or '.join(near)}?" if near else f"the latest is {known[0]};"
        return UsageError(
            f"no run has the id {reference!a}", where=where, hint=f"{hint} `harness runs` lists all"
        )
