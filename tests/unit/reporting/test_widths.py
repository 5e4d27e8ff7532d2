from __future__ import annotations

import pytest

from harness.reporting.tables import Column, Holds, Table
from harness.reporting.widths import fitted

TABLE = Table(
    "t",
    (
        Column("path", Holds.PATH),
        Column("predicted", Holds.NUMBER, "pred"),
        Column("docs right", Holds.NUMBER),
        Column("reason", Holds.TEXT),
    ),
    (("deployments[].workers.minimum", "5", "12345", "its item has no counterpart at all"),),
)


@pytest.mark.parametrize("room", [200, 90, 85, 80, 70, 60, 50, 40, 10])
def test_numbers_stay_whole_and_the_table_fits_as_long_as_it_can(room: int) -> None:
    layout = fitted(TABLE, room, "utf-8")
    assert layout.widths[1] >= 4
    assert layout.widths[2] >= 5
    assert layout.width <= max(room, 16 + 4 + 5 + 12 + 3)


def test_room_is_used_before_anything_is_shortened() -> None:
    roomy = fitted(TABLE, 200, "utf-8")
    assert (roomy.headers[1], roomy.padding, roomy.widths) == ("predicted", 1, (29, 9, 10, 34))
    stacked = fitted(TABLE, roomy.width - 1, "utf-8")
    assert (stacked.headers[1], stacked.padding, stacked.widths) == ("predicted", 1, (29, 9, 5, 34))
    tight = fitted(TABLE, 75, "utf-8")
    assert (tight.headers[1], tight.padding, tight.widths) == ("pred", 0, (29, 4, 5, 34))


def test_words_give_way_before_paths() -> None:
    words = fitted(TABLE, 60, "utf-8")
    assert (words.widths, words.folds) == ((29, 4, 5, 19), False)
    paths = fitted(TABLE, 45, "utf-8")
    assert (paths.widths, paths.folds) == ((21, 4, 5, 12), True)


def test_an_escape_of_a_poor_encoding_is_measured_as_it_prints() -> None:
    table = Table("t", (Column("n", Holds.NUMBER),), (("é",),))
    assert fitted(table, 80, "ascii").widths == (4,)


def test_no_rows_are_as_wide_as_their_header() -> None:
    assert fitted(Table("t", (Column("system"),), ()), 80, "utf-8").widths == (6,)
