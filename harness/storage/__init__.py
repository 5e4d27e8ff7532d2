"""What was answered and when: runs, raw responses and scores, in SQLite or PostgreSQL.

Importing this package imports no database library; `open_store` does.
"""

from __future__ import annotations

from harness.storage.addresses import is_url, store_exists, store_name, without_password
from harness.storage.base import CacheStats, Kept, RunRecord, RunStatus, Spending, Store, StoredScores
from harness.storage.opening import open_store
from harness.storage.run_ids import new_run_id

__all__ = [
    "CacheStats",
    "Kept",
    "RunRecord",
    "RunStatus",
    "Spending",
    "Store",
    "StoredScores",
    "is_url",
    "new_run_id",
    "open_store",
    "store_exists",
    "store_name",
    "without_password",
]
