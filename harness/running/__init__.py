"""Put documents to systems, keep what they answer, and score it.

Importing this package imports nothing; each name is imported from its file when it is first used, so that a
command loads no more than it needs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from harness.running.engine.extraction import extraction_of
    from harness.running.files import FileScore, explain_files, score_files
    from harness.running.moments import now_utc
    from harness.running.rescoring import ScoredRun, explain, score_run
    from harness.running.results import RunResult, StoppedRun
    from harness.running.runs import Options, resume_run, run_systems

_FILES = {
    "FileScore": "files",
    "Options": "runs",
    "RunResult": "results",
    "ScoredRun": "rescoring",
    "StoppedRun": "results",
    "explain": "rescoring",
    "explain_files": "files",
    "extraction_of": "engine.extraction",
    "now_utc": "moments",
    "resume_run": "runs",
    "run_systems": "runs",
    "score_files": "files",
    "score_run": "rescoring",
}
__all__ = [
    "FileScore",
    "Options",
    "RunResult",
    "ScoredRun",
    "StoppedRun",
    "explain",
    "explain_files",
    "extraction_of",
    "now_utc",
    "resume_run",
    "run_systems",
    "score_files",
    "score_run",
]


def __getattr__(name: str) -> Any:
    """Import what is asked for from its file."""
    if name not in _FILES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_FILES[name]}"), name)
