"""Version 2: answers apart from responses, several takes, tags, planned documents, and what was spent.

Version 1 was SQLite's alone. Its answers have no key, since it had no cache. Its runs do not say which
documents they were to ask about (`planned` stays NULL), and its responses were all asked for.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

_BATCH = 100

_TABLES = (
    "ALTER TABLE responses RENAME TO responses_1",
    "ALTER TABLE runs ADD COLUMN planned BLOB",
    """CREATE TABLE tags (
        run VARCHAR NOT NULL,
        tag VARCHAR NOT NULL,
        PRIMARY KEY (run, tag),
        FOREIGN KEY(run) REFERENCES runs (id)
    )""",
    "CREATE INDEX tags_by_name ON tags (tag)",
    """CREATE TABLE answers (
        number INTEGER NOT NULL,
        "key" VARCHAR,
        created VARCHAR NOT NULL,
        attempts BLOB NOT NULL,
        PRIMARY KEY (number)
    )""",
    """CREATE TABLE responses (
        run VARCHAR NOT NULL,
        document VARCHAR NOT NULL,
        trial INTEGER NOT NULL,
        take INTEGER NOT NULL,
        source VARCHAR NOT NULL,
        failure VARCHAR,
        answer INTEGER NOT NULL,
        calls INTEGER NOT NULL,
        input_tokens BIGINT NOT NULL,
        cached_input_tokens BIGINT NOT NULL,
        output_tokens BIGINT NOT NULL,
        reasoning_tokens BIGINT NOT NULL,
        cost VARCHAR,
        unpriced INTEGER NOT NULL,
        PRIMARY KEY (run, document, trial, take),
        FOREIGN KEY(run) REFERENCES runs (id),
        FOREIGN KEY(answer) REFERENCES answers (number)
    ) WITHOUT ROWID""",
    """INSERT INTO answers (number, created, attempts)
        SELECT responses_1.number, runs.created, attempts
        FROM responses_1 JOIN runs ON runs.id = run ORDER BY responses_1.number""",
)

_RESPONSES = "SELECT number, run, document, trial, attempts FROM responses_1 ORDER BY run, document, trial"

_INSERT = """INSERT INTO responses VALUES (
    :run, :document, :trial, 0, 'asked', :failure, :answer,
    :calls, :input_tokens, 0, :output_tokens, 0, NULL, :calls
)"""

_END = (
    "DROP TABLE responses_1",
    'CREATE INDEX answers_by_key ON answers ("key")',
    "CREATE INDEX responses_by_answer ON responses (answer)",
)


def upgrade(connection: Connection) -> None:
    """Take the step."""
    for statement in _TABLES:
        connection.exec_driver_sql(statement)
    found = connection.exec_driver_sql(_RESPONSES)
    while rows := found.fetchmany(_BATCH):
        connection.exec_driver_sql(_INSERT, list(_responses(rows)))
    found.close()
    for statement in _END:
        connection.exec_driver_sql(statement)


def _responses(rows: Any) -> Iterator[dict[str, Any]]:
    for number, run, document, trial, data in rows:
        attempts = json.loads(data.decode("utf-8", "surrogatepass"))
        yield {
            "run": run,
            "document": document,
            "trial": trial,
            "failure": attempts[-1]["failure"],
            "answer": number,
            "calls": len(attempts),
            "input_tokens": sum(one["input_tokens"] or 0 for one in attempts),
            "output_tokens": sum(one["output_tokens"] or 0 for one in attempts),
        }
