"""The tables of a store.

Whatever a model, a document or a user may have written is kept as encoded bytes (`harness.storage.encoding`),
because neither SQLite nor PostgreSQL takes every Python string as text. Columns that are searched or sorted by
are text or numbers; text sorts by code point in every database.

An answer is stored once, and responses refer to it: a run whose answers came from the cache adds no bytes of
theirs. What a run spent stands in its responses, so that it is added up without reading an answer.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
)

VERSION = 2
"""Of these tables; a store carries it. `harness.storage.migrations` leads here from every earlier one."""

_NAME = String().with_variant(String(collation="C"), "postgresql")
_NUMBER = BigInteger().with_variant(Integer(), "sqlite")  # what SQLite counts up itself is an INTEGER

metadata = MetaData()

runs = Table(
    "runs",
    metadata,
    Column("number", _NUMBER, primary_key=True),  # the order of adding, which decides between runs of equal age
    Column("id", _NAME, nullable=False, unique=True),
    Column("suite", _NAME, nullable=False),
    Column("system", _NAME, nullable=False),
    Column("status", _NAME, nullable=False),
    Column("created", _NAME, nullable=False),
    Column("finished", _NAME),
    Column("trials", Integer, nullable=False),
    Column("documents", Integer, nullable=False),
    Column("signature", LargeBinary, nullable=False),
    Column("identity", LargeBinary, nullable=False),
    Column("details", LargeBinary, nullable=False),
    Column("summary", LargeBinary, nullable=False),
    Column("planned", LargeBinary),  # the last, and read on its own: it grows with the documents
)

tags = Table(
    "tags",
    metadata,
    Column("run", ForeignKey("runs.id"), primary_key=True),
    Column("tag", _NAME, primary_key=True),
    Index("tags_by_name", "tag"),
)

answers = Table(
    "answers",
    metadata,
    Column(
        "number", _NUMBER, primary_key=True
    ),  # the order of storing: of equal keys, the first is the cache's
    Column("key", _NAME),  # only where there is no failure
    Column("created", _NAME, nullable=False),
    Column("attempts", LargeBinary, nullable=False),
    Index("answers_by_key", "key"),
)

responses = Table(
    "responses",
    metadata,
    Column("run", ForeignKey("runs.id"), primary_key=True),
    Column("document", _NAME, primary_key=True),
    Column("trial", Integer, primary_key=True, autoincrement=False),
    Column("take", Integer, primary_key=True, autoincrement=False),
    Column("source", _NAME, nullable=False),
    Column("failure", _NAME),
    Column("answer", ForeignKey("answers.number"), nullable=False),
    Column("calls", Integer, nullable=False),
    Column("input_tokens", BigInteger, nullable=False),
    Column("cached_input_tokens", BigInteger, nullable=False),
    Column("output_tokens", BigInteger, nullable=False),
    Column("reasoning_tokens", BigInteger, nullable=False),
    Column("cost", _NAME),  # an exact decimal as text: SQLite's numbers are floats, which do not add up
    Column("unpriced", Integer, nullable=False),
    Index("responses_by_answer", "answer"),
    sqlite_with_rowid=False,  # rows are small, and always looked for by the primary key
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
    Column("number", _NUMBER, primary_key=True),
    Column("run", ForeignKey("score_sets.run", ondelete="CASCADE"), nullable=False),
    Column("document", _NAME, nullable=False),
    Column("trial", Integer, nullable=False),
    Column("score", LargeBinary, nullable=False),
    UniqueConstraint("run", "document", "trial"),
)
