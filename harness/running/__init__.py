"""Put documents to systems, keep what they answer, and score it.

Importing this package imports no client of a model, no database library and no terminal library.
"""

from __future__ import annotations

from harness.running.extraction import extraction_of
from harness.running.files import FileScore, explain_files, score_files
from harness.running.moments import now_utc
from harness.running.rescoring import ScoredRun, explain, score_run
from harness.running.results import RunResult, StoppedRun
from harness.running.runs import Options, resume_run, run_systems

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
