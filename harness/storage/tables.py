"""The tables of a store.

Whatever a model, a document or a user may have written is kept as encoded bytes (`harness.storage.encoding`),
because neither SQLite nor PostgreSQL takes every Python string as text. Columns that are searched or sorted by
are text or numbers.
"""

from __future__ import annotations

from sqlalchemy import (
    Column,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
)

VERSION = 1
"""Of these tables; a store file carries it."""

metadata = MetaData()

runs = Table(
    "runs",
    metadata,
    Column("number", Integer, primary_key=True),  # the order of adding, which decides between runs of equal age
    Column("id", String, nullable=False, unique=True),
    Column("suite", String, nullable=False),
    Column("system", String, nullable=False),
    Column("status", String, nullable=False),
    Column("created", String, nullable=False),
    Column("finished", String),
    Column("trials", Integer, nullable=False),
    Column("documents", Integer, nullable=False),
    Column("signature", LargeBinary, nullable=False),
    Column("identity", LargeBinary, nullable=False),
    Column("details", LargeBinary, nullable=False),
    Column("summary", LargeBinary, nullable=False),
)

responses = Table(
    "responses",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("run", ForeignKey("runs.id"), nullable=False),
    Column("document", String, nullable=False),
    Column("trial", Integer, nullable=False),
    Column("attempts", LargeBinary, nullable=False),
    UniqueConstraint("run", "document", "trial"),  # and the order in which they are read
)

score_sets = Table(
    "score_sets",
    metadata,
    Column("run", ForeignKey("runs.id"), primary_key=True),
    Column("signature", LargeBinary, nullable=False),
)

scores = Table(
    "scores",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("run", ForeignKey("score_sets.run", ondelete="CASCADE"), nullable=False),
    Column("document", String, nullable=False),
    Column("trial", Integer, nullable=False),
    Column("score", LargeBinary, nullable=False),
    UniqueConstraint("run", "document", "trial"),
)
