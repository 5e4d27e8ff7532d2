"""What every report is made of before anybody prints it: a table of strings."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

Row = tuple[str, ...]


class Holds(StrEnum):
    """What the cells of a column are; it decides how they are aligned, shortened and coloured."""

    TEXT = "text"
    NAME = "name"
    ID = "id"
    PATH = "path"
    VALUE = "value"
    NUMBER = "number"
    VERDICT = "verdict"


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes:
        name: The header.
        holds: What stands in it.
        short: The header where a terminal is too narrow for the name; empty when there is no shorter one.
    """

    name: str
    holds: Holds = Holds.TEXT
    short: str = ""

    @property
    def right(self) -> bool:
        """Whether its cells are aligned to the right: numbers are."""
        return self.holds is Holds.NUMBER


@dataclass(frozen=True, slots=True)
class Table:
    """A table as text, with nothing of how it is drawn. Its strings may be hostile: printing makes them safe.

    Attributes:
        title: What it shows.
        columns: At least one.
        rows: Every row has one cell a column.
        totals: Rows that sum up, below the others.
        notes: Lines below the table.
        strong: Positions of the rows that a reader should see first.
    """

    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    totals: tuple[Row, ...] = ()
    notes: tuple[str, ...] = ()
    strong: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        """Refuse rows that do not fit the columns.

        Raises:
            ValueError: When a row has too few or too many cells.
        """
        for row in (*self.rows, *self.totals):
            if len(row) != len(self.columns):
                raise ValueError(
                    f"{self.title}: the row {row!r} has {len(row)} cells for {len(self.columns)} columns"
                )


def numbers(*names: str) -> tuple[Column, ...]:
    """Columns of numbers, by their names."""
    return tuple(Column(name, Holds.NUMBER) for name in names)
