"""The runs of a store: adding, changing, removing and finding them."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, insert, or_, select, update

from harness.errors import UsageError
from harness.storage.base import RunStatus
from harness.storage.cache import remove_unused
from harness.storage.database import lock_run
from harness.storage.encoding import decode_names, encode, encode_names
from harness.storage.rows import check_names, decoding, encoding, is_name, run_record, run_row
from harness.storage.tables import responses, runs, score_sets, tags
from harness.storage.tags import check_tags

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sqlalchemy import ColumnElement, Connection

    from harness.errors import StoreError
    from harness.storage.base import RunRecord
    from harness.storage.database import Database

_LISTED = 10
_COMPARED = 1000


@dataclass(frozen=True, slots=True)
class RunTable:
    """The runs in a database."""

    database: Database

    def add(self, run: RunRecord, planned: Sequence[str]) -> None:
        """Add a run with its tags and the ids of its documents.

        Raises:
            StoreError: When its id is taken, or it cannot be written.
        """
        with self.database.writing(lambda: self.taken(run.id)) as connection:
            self.insert(connection, run, planned)

    def insert(self, connection: Connection, run: RunRecord, planned: Sequence[str]) -> None:
        """Add a run in a transaction."""
        where = self.database.where
        check_names(where, run.id, run.suite, run.system, run.created, run.finished or "", *planned)
        check_tags(run.tags)
        with encoding(where):
            row = {**run_row(run), "planned": encode_names(planned)}
        connection.execute(insert(runs), row)
        _insert_tags(connection, run.id, run.tags)

    def planned(self, run_id: str) -> tuple[str, ...]:
        """The ids of a run's documents; of a run from before they were kept, those that have a response."""
        query = select(runs.c.planned).where(runs.c.id == run_id)
        answered = select(responses.c.document).where(responses.c.run == run_id).distinct()
        with self.database.reading() as connection, decoding(self.database.where):
            row = connection.execute(query).one_or_none()
            if row is None:
                raise self.unknown(run_id)
            if row.planned is not None:
                return decode_names(row.planned)
            return tuple(connection.execute(answered.order_by(responses.c.document)).scalars())

    def reopen(self, run_id: str, details: Mapping[str, str]) -> None:
        """Say that a run goes on."""
        with encoding(self.database.where):
            changed = encode(dict(details))
        self._change(run_id, status=RunStatus.STARTED.value, finished=None, details=changed)

    def finish(
        self, run_id: str, status: RunStatus, finished: str, summary: Mapping[str, float | None]
    ) -> None:
        """Say how a run ended."""
        check_names(self.database.where, finished)
        with encoding(self.database.where):
            figures = encode(dict(summary))
        self._change(run_id, status=RunStatus(status).value, finished=finished, summary=figures)

    def tag(self, run_id: str, names: Collection[str]) -> None:
        """Give a run these tags in the place of the earlier ones."""
        check_names(self.database.where, run_id)
        check_tags(names)
        with self.database.writing(lambda: self.unknown(run_id)) as connection:
            if not lock_run(connection, run_id):
                raise self.unknown(run_id)
            connection.execute(delete(tags).where(tags.c.run == run_id))
            _insert_tags(connection, run_id, names)

    def move_tag(self, run_id: str, name: str) -> None:
        """Give one run a tag, and take it from every other."""
        check_names(self.database.where, run_id)
        check_tags([name])
        with self.database.writing(lambda: self.unknown(run_id)) as connection:
            if not lock_run(connection, run_id):
                raise self.unknown(run_id)
            connection.execute(delete(tags).where(tags.c.tag == name))
            _insert_tags(connection, run_id, [name])

    def remove(self, run_id: str) -> None:
        """Remove a run and all that belongs to it alone."""
        check_names(self.database.where, run_id)
        with self.database.writing(lambda: self.unknown(run_id)) as connection:
            self.database.lock_removal(connection)
            if not lock_run(connection, run_id):
                raise self.unknown(run_id)
            for table in (responses, score_sets, tags):
                connection.execute(delete(table).where(table.c.run == run_id))
            connection.execute(delete(runs).where(runs.c.id == run_id))
            remove_unused(connection)

    def newest(self, *conditions: ColumnElement[bool], limit: int | None = None) -> tuple[RunRecord, ...]:
        """The runs that meet the conditions, newest first; of equal age, the one added last comes first."""
        columns = [column for column in runs.c if column.name != "planned"]
        order = (runs.c.created.desc(), runs.c.number.desc())
        found = select(*columns).where(*conditions).order_by(*order).limit(limit).subquery()
        query = (
            select(found, tags.c.tag)
            .outerjoin(tags, tags.c.run == found.c.id)
            .order_by(found.c.created.desc(), found.c.number.desc(), tags.c.tag)
        )
        with self.database.reading() as connection:
            rows = connection.execute(query).mappings().all()
        with decoding(self.database.where):
            return tuple(
                run_record(same[0], tuple(row["tag"] for row in same if row["tag"] is not None))
                for same in (list(group) for _, group in groupby(rows, key=lambda row: row["number"]))
            )

    def get(self, run_id: str) -> RunRecord | None:
        """The run with exactly that id; `None` when there is none."""
        found = self.newest(runs.c.id == run_id) if is_name(run_id) else ()
        return found[0] if found else None

    def find(self, reference: str) -> RunRecord:
        """The run that an id, the beginning of one, a tag, or `"latest"` names.

        Raises:
            UsageError: When there is none, or more than one.
        """
        matches: tuple[RunRecord, ...] = ()
        if reference == "latest":
            matches = self.newest(limit=1)
        elif reference and is_name(reference):
            begins = func.substr(runs.c.id, 1, len(reference)) == reference
            tagged = runs.c.id.in_(select(tags.c.run).where(tags.c.tag == reference))
            matches = self.newest(runs.c.id == reference) or self.newest(or_(begins, tagged))
        if len(matches) == 1:
            return matches[0]
        if matches:
            listed = ", ".join(run.id for run in matches[:_LISTED])
            more = f" and {len(matches) - _LISTED} more" if len(matches) > _LISTED else ""
            tagged_so = any(reference in run.tags for run in matches)
            raise UsageError(
                f"{len(matches)} runs {'have the tag' if tagged_so else 'begin with'} {reference!r}",
                where=self.database.where,
                hint=f"write {'the id' if tagged_so else 'more'} of one of these: {listed}{more}",
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

    def taken(self, run_id: str) -> StoreError:
        """The error for a run that is in the store already."""
        return self.database.error(f"the run {run_id} is in the store already", "give the new run another id")

    def _change(self, run_id: str, **columns: object) -> None:
        check_names(self.database.where, run_id)
        with self.database.writing(lambda: self.unknown(run_id)) as connection:
            if connection.execute(update(runs).where(runs.c.id == run_id).values(**columns)).rowcount == 0:
                raise self.unknown(run_id)

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


def _insert_tags(connection: Connection, run_id: str, names: Collection[str]) -> None:
    if names:
        connection.execute(insert(tags), [{"run": run_id, "tag": name} for name in sorted(set(names))])
