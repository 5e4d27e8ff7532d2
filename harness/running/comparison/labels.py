"""What tables call runs, so that no two of them are called the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from harness.storage import RunRecord

_NOT_OF_THE_SYSTEM = frozenset(("suite", "documents", "gold", "schema", "marks", "system", "metric", "harness"))
_LONGEST = 24
_MOST = 2


def label_of(run: RunRecord) -> str:
    """The system and, where it has one, the prompt's version: `gpt v3`."""
    version = prompt_version(run)
    return run.system if version is None else f"{run.system} {version}"


def prompt_version(run: RunRecord) -> str | None:
    """The version of the run's prompt; `None` for a system's own words, or one that reads none."""
    version = (run.signature.get("prompt") or "none").partition("@")[0]
    return None if version == "none" else version


def distinct_labels(runs: Sequence[RunRecord]) -> tuple[str, ...]:
    """A label for each run.

    Where labels agree, what differs in the runs' signatures tells them apart (`noisy-gold seed=2`), and where
    nothing does, the run's id. A run that is there twice has one label.
    """
    labels = [label_of(run) for run in runs]
    for label in dict.fromkeys(labels):
        same = [position for position, run in enumerate(runs) if label_of(run) == label]
        distinct = {runs[position].id: runs[position] for position in same}
        if len(distinct) < 2:
            continue
        told = {name: _told_apart(list(distinct.values()), run) for name, run in distinct.items()}
        if len(set(told.values())) < len(told):
            told = {name: f"{label} {name}" for name in distinct}
        for position in same:
            labels[position] = told[runs[position].id]
    return tuple(labels)


def _told_apart(same: Sequence[RunRecord], run: RunRecord) -> str:
    entries = [dict(other.signature.entries) for other in same]
    keys = dict.fromkeys(key for found in entries for key in found)
    differing = [
        key for key in keys if key not in _NOT_OF_THE_SYSTEM and len({found.get(key) for found in entries}) > 1
    ]
    own = dict(run.signature.entries)
    said = [f"{key}={own.get(key, 'none')}" for key in differing[:_MOST]]
    short = [text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…" for text in said]
    return " ".join([label_of(run), *short])
