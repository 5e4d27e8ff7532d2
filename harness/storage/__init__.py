"""What was answered and when: runs, raw responses and scores, in SQLite.

Importing this package imports no database library; `open_store` does.
"""

from __future__ import annotations

from harness.storage.base import RunRecord, RunStatus, Store, StoredScores
from harness.storage.opening import open_store
from harness.storage.run_ids import new_run_id

__all__ = ["RunRecord", "RunStatus", "Store", "StoredScores", "new_run_id", "open_store"]
