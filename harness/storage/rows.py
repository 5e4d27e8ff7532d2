"""Records of runs as rows of a table, and back."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from harness.errors import StoreError
from harness.storage.base import RunRecord, RunStatus
from harness.storage.encoding import decode, decode_signature, encode, encode_signature

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy import RowMapping


def run_row(run: RunRecord) -> dict[str, Any]:
    """The columns of a run.

    Raises:
        ValueError: When a figure of the summary is NaN or an infinity.
    """
    return {
        "id": run.id,
        "suite": run.suite,
        "system": run.system,
        "status": RunStatus(run.status).value,
        "created": run.created,
        "finished": run.finished,
        "trials": run.trials,
        "documents": run.documents,
        "signature": encode_signature(run.signature),
        "identity": encode(dict(run.identity)),
        "details": encode(dict(run.details)),
        "summary": encode(dict(run.summary)),
    }


def run_record(row: RowMapping | Mapping[str, Any], tags: tuple[str, ...] = ()) -> RunRecord:
    """The run of a row, with its tags.

    Raises:
        ValueError: When the row is not what `run_row` makes.
    """
    return RunRecord(
        id=row["id"],
        suite=row["suite"],
        system=row["system"],
        status=RunStatus(row["status"]),
        created=row["created"],
        finished=row["finished"],
        trials=row["trials"],
        documents=row["documents"],
        signature=decode_signature(row["signature"]),
        identity=decode(row["identity"]),
        details=decode(row["details"]),
        summary=decode(row["summary"]),
        tags=tags,
    )


def is_name(text: str) -> bool:
    """Whether every database takes this as text: no NUL character and no lone surrogate."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return "\0" not in text


def check_names(where: str, *names: str) -> None:
    """Refuse what cannot be a name.

    Raises:
        StoreError: When a text holds a NUL character or a lone surrogate.
    """
    for name in names:
        if not is_name(name):
            raise StoreError(
                f"{name!a} cannot be a name in a store",
                where=where,
                hint="rename it: a name holds no NUL character and no half of a surrogate pair",
            )


@contextmanager
def encoding(where: str) -> Iterator[None]:
    """Turn the errors of encoding inside into a `StoreError`."""
    try:
        yield
    except (ValueError, TypeError) as failure:
        raise not_encoded(where, failure) from failure


def not_encoded(where: str, failure: ValueError | TypeError) -> StoreError:
    """The error for a record that cannot become bytes."""
    return StoreError(
        f"a record cannot be stored: {failure}",
        where=where,
        hint="this is a mistake of the system under test or of the harness; report it",
    )


@contextmanager
def decoding(where: str) -> Iterator[None]:
    """Turn the errors of decoding inside into a `StoreError`."""
    try:
        yield
    except (ValueError, TypeError, KeyError, AttributeError, ArithmeticError) as failure:
        raise StoreError(
            f"the store holds a record that cannot be read: {failure}",
            where=where,
            hint="the file was changed by something else, or is damaged: restore a copy",
        ) from failure
