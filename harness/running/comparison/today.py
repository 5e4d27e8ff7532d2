"""A suite as its files are today, beside runs that were scored before."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from harness.errors import DocumentError, GoldError
from harness.running.gold import load_gold, require_labels
from harness.running.signature import scored_by
from harness.running.suite import compiled
from harness.suites.documents import document_paths, load_document
from harness.suites.gold import load_label
from harness.suites.places import nearest_line

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from pydantic import BaseModel

    from harness.paths import Path as FieldPath
    from harness.running.gold import Label
    from harness.schema import Plan
    from harness.scoring.scorer import Scorer
    from harness.suites.configuration import Configuration, SuiteConfig
    from harness.suites.places import KeyPath

    Lines = Mapping[KeyPath, int]
    """Where each part of a label file stands."""


@dataclass(slots=True)
class SuiteToday:
    """A suite whose schema is compiled, and whose gold and documents are read when they are asked for.

    Attributes:
        config: As it is configured.
        model: Its schema's model.
        scorer: Scores by its plan.
    """

    config: SuiteConfig
    model: type[BaseModel]
    scorer: Scorer
    _gold: dict[str, Label] | None = field(default=None, repr=False)

    @classmethod
    def of(cls, configuration: Configuration, suite: str) -> SuiteToday:
        """The suite of that name.

        Raises:
            UsageError: When the configuration has no such suite.
            SchemaError: When its schema cannot be found or scored.
        """
        config = configuration.suite(suite)
        return cls(config, *compiled(config.schema, str(configuration.root)))

    @property
    def plan(self) -> Plan:
        """The compiled schema."""
        return self.scorer.plan

    def gold(self) -> Mapping[str, Label]:
        """The label of every document.

        Raises:
            GoldError: When a label does not fit the schema.
        """
        if self._gold is None:
            self._gold = load_gold(self.config.gold, self.scorer, self.model)
        return self._gold

    def scored_by(self, documents: Collection[str], *, texts: bool = True) -> dict[str, str]:
        """What scores of these documents depend on today; see `harness.running.signature`.

        Args:
            documents: Their ids.
            texts: Whether to read the documents. Without, the value of `documents` means nothing.

        Raises:
            GoldError: When a label does not fit the schema, or a document has none.
        """
        require_labels(self.gold(), documents, self.config.gold)
        paths = self._paths() if texts else {}
        return scored_by(self.plan, {name: _digest(paths.get(name)) for name in documents}, self.gold())

    def _paths(self) -> dict[str, Path]:
        try:
            return {path.stem: path for path in document_paths(self.config.documents)}
        except DocumentError:
            return {}


def _digest(path: Path | None) -> str:
    try:
        return "gone" if path is None else load_document(path).sha256
    except DocumentError:
        return "unreadable"


def label_lines(label: Label) -> Lines:
    """The line of each part of a label file; of none when the file was changed since it was read."""
    try:
        return load_label(label.path).lines
    except GoldError:
        return {}


def line_of(lines: Lines, at: FieldPath) -> int | None:
    """The line that states a value of the facts, or else the nearest part around it."""
    return nearest_line(lines, ("facts", *(step for step in at if isinstance(step, str | int))))
