from __future__ import annotations

from harness.reporting.plain import plain_text
from harness.reporting.tables import Column, Holds, Table, numbers

TABLE = Table(
    "Fields",
    (Column("field", Holds.PATH), *numbers("gold", "F1"), Column("run")),
    (("title", "5", "0.889", "r1"), ("parts[].name", "10", "n/a", "")),
    totals=(("all", "15", "0.500", "r1"),),
    notes=("A note.",),
)


def test_columns_are_aligned_and_no_line_ends_in_space() -> None:
    assert plain_text(TABLE) == (
        "Fields\n"
        "field         gold     F1  run\n"
        "title            5  0.889  r1\n"
        "parts[].name    10    n/a  -\n"
        "all             15  0.500  r1\n"
        "\n"
        "A note.\n"
    )


def test_wide_characters_count_two() -> None:
    table = Table("t", (Column("a"), Column("b")), (("東京", "x"), ("abc", "y")))
    assert plain_text(table).splitlines()[2:] == ["東京  x", "abc   y"]


def test_nothing_is_wrapped_or_cut_however_long() -> None:
    path = "deep[]." * 100 + "end"
    lines = plain_text(Table("t", (Column("p", Holds.PATH), *numbers("n")), ((path, "1"),))).splitlines()
    assert lines[2] == f"{path}  1"


def test_every_string_of_a_table_is_made_safe() -> None:
    evil = "a\x1b[2J\nb\u202e\ud800"
    table = Table(evil, (Column(evil),), ((evil,),), totals=((evil,),), notes=(evil,))
    text = plain_text(table)
    assert text.splitlines() == [r"a\x1b[2J\nb\u202e\ud800"] * 4 + ["", r"a\x1b[2J\nb\u202e\ud800"]


def test_an_encoding_without_the_characters_keeps_the_columns_aligned() -> None:
    table = Table("t", (Column("a"), Column("b")), (("é", "x"), ("long", "y")))
    text = plain_text(table, "ascii")
    assert text.encode("ascii")
    assert text.splitlines()[2:] == [r"\xe9  x", "long  y"]


def test_no_rows_print_the_header_alone() -> None:
    assert plain_text(Table("t", (Column("a"), *numbers("b")), ())) == "t\na  b\n"
