"""A run as one file: JSON lines, gzipped when its name ends in `.gz`.

The first line says what it is and its version. Then come the run, the ids of its documents, every take in the
order of document, trial and take, the scores, and a last line that counts them: a file that was cut short has
none. Keys are sorted and nothing depends on when or where it is written, so that the same run always gives the
same bytes, and a run that is kept in a repository changes there line by line.

The keys of the cache are not in it. They would let a file that somebody sends answer what is asked here.
"""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from typing import IO, TYPE_CHECKING, Any, cast

from harness.storage.encoding import attempt_fields, score_fields
from harness.storage.whole_file import whole_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from harness.records import DocumentScore, Response
    from harness.storage.base import RunRecord, Store

FORMAT = "extraction-harness run"
VERSION = 1
_JSON = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"), sort_keys=True)


def export_run(store: Store, run: RunRecord, path: Path, *, overwrite: bool = False) -> int:
    """Write a run to a file, as a whole or not at all.

    Args:
        store: Where the run is.
        run: The run.
        path: The file.
        overwrite: Whether a file that is there may be replaced.

    Returns:
        How many responses it has, every take counted.

    Raises:
        StoreError: When the store cannot be read, or the file cannot be written or is there already.
    """
    count = 0
    with (
        whole_file(path, "the run", overwrite=overwrite) as part,
        part.open("wb") as raw,
        _packed(raw, path) as file,
    ):
        for line in run_lines(store, without_this_machine(run)):
            file.write(line)
            count += line.startswith(b'{"response"')
    return count


def run_lines(store: Store, run: RunRecord) -> Iterator[bytes]:
    """The lines of a run's file, one response in memory at a time."""
    yield _line("format", {"name": FORMAT, "version": VERSION})
    count = {"response": 0, "score": 0}
    for kind, value in run_records(store, run):
        count[kind] = count.get(kind, 0) + 1
        yield _line(kind, _FIELDS[kind](value))
    yield _line("end", {"responses": count["response"], "scores": count["score"]})


def run_records(store: Store, run: RunRecord) -> Iterator[tuple[str, Any]]:
    """What each line between the first and the last is and holds."""
    yield "run", run
    yield "planned", store.planned(run.id)
    for one in store.takes(run.id):
        yield "response", one
    stored = store.scores(run.id)
    if stored is not None:
        yield "scored_by", stored.signature
        for score in stored.scores:
            yield "score", score


_OF_THIS_MACHINE = ("config", "process")
"""Details that mean nothing elsewhere, and need not be told there."""


def without_this_machine(run: RunRecord) -> RunRecord:
    """A run without what is of this machine alone."""
    kept = {key: value for key, value in run.details.items() if key not in _OF_THIS_MACHINE}
    return replace(run, details=kept)


def run_fields(run: RunRecord) -> dict[str, Any]:
    """What is stored of a run itself."""
    return {
        "id": run.id,
        "suite": run.suite,
        "system": run.system,
        "status": run.status.value,
        "created": run.created,
        "finished": run.finished,
        "trials": run.trials,
        "documents": run.documents,
        "signature": list(run.signature.entries),
        "identity": dict(run.identity),
        "details": dict(run.details),
        "summary": dict(run.summary),
        "tags": list(run.tags),
    }


def _response_fields(one: tuple[int, Response]) -> dict[str, Any]:
    take, response = one
    return {
        "document": response.document,
        "trial": response.trial,
        "take": take,
        "source": response.source.value,
        "attempts": [attempt_fields(attempt) for attempt in response.attempts],
    }


def _score_fields(score: DocumentScore) -> dict[str, Any]:
    return {"document": score.document, "trial": score.trial, **score_fields(score)}


_FIELDS: dict[str, Callable[[Any], Any]] = {
    "run": run_fields,
    "planned": list,
    "response": _response_fields,
    "scored_by": lambda signature: list(signature.entries),
    "score": _score_fields,
}


def _line(kind: str, value: Any) -> bytes:
    # Lone surrogates go through as three bytes each, as in the store: an escape would join two of them.
    return _JSON.encode({kind: value}).encode("utf-8", "surrogatepass") + b"\n"


def _packed(raw: IO[bytes], path: Path) -> IO[bytes]:
    if path.suffix != ".gz":
        return raw
    return cast("IO[bytes]", gzip.GzipFile("", "wb", fileobj=raw, mtime=0))  # no name and no time in it
