from __future__ import annotations

import pytest

from harness.reporting.tables import Column, Holds, Table, numbers


@pytest.mark.parametrize("row", [("a",), ("a", "b", "c")])
def test_a_row_has_one_cell_a_column(row: tuple[str, ...]) -> None:
    columns = (Column("x"), *numbers("y"))
    with pytest.raises(ValueError, match="cells for 2 columns"):
        Table("t", columns, (row,))
    with pytest.raises(ValueError, match="cells for 2 columns"):
        Table("t", columns, (), totals=(row,))


def test_only_numbers_stand_to_the_right() -> None:
    assert [holds for holds in Holds if Column("x", holds).right] == [Holds.NUMBER]
