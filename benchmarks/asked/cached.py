"""`python -m benchmarks.asked.cached FOLDER`: answers from one SQLite table, a loop and nothing else.

For each document of a suite: read it, look its answer up by the digest of what would be asked, read the answer
by the schema, write a row for this run. `--fill` puts the answers there first.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sqlite3
from contextlib import closing
from pathlib import Path

from benchmarks.asked.suite import ANSWER, PROMPT, Sheet


def key_of(schema: str, text: str) -> str:
    """The digest of a request."""
    return hashlib.sha256(f"{PROMPT}\0{schema}\0{text}".encode()).hexdigest()


def main() -> None:
    """Fill the table or answer from it."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.asked.cached")
    options.add_argument("folder", type=Path)
    options.add_argument("--fill", action="store_true")
    chosen = options.parse_args()
    schema = json.dumps(Sheet.model_json_schema(), sort_keys=True)
    files = sorted((chosen.folder / "documents").iterdir())
    with closing(sqlite3.connect(chosen.folder / "bare.sqlite", isolation_level=None)) as store:
        store.execute("PRAGMA journal_mode = WAL")
        store.execute("PRAGMA synchronous = NORMAL")
        store.execute("CREATE TABLE IF NOT EXISTS answers (key TEXT PRIMARY KEY, answer TEXT)")
        store.execute("CREATE TABLE IF NOT EXISTS responses (document TEXT, key TEXT)")
        for file in files:
            key = key_of(schema, file.read_text(encoding="utf-8"))
            if chosen.fill:
                store.execute("INSERT INTO answers VALUES (?, ?)", (key, json.dumps(ANSWER)))
                continue
            ((answer,),) = store.execute("SELECT answer FROM answers WHERE key = ?", (key,))
            Sheet.model_validate_json(answer)
            store.execute("INSERT INTO responses VALUES (?, ?)", (file.stem, key))


if __name__ == "__main__":
    main()
