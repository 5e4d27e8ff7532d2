from __future__ import annotations

import io
import re
from collections.abc import Callable

import pytest
from rich.console import Console

from harness.reporting.tables import Column, Holds, Table, numbers
from harness.reporting.terminal import draws, open_console, print_lines, print_table, print_tables

Terminal = Callable[[int], Console]
EVIL = "a\x1b[2J[bold]b[/bold]\u202e\ud800\x9b:smile:"
SAFE = r"a\x1b[2J[bold]b[/bold]\u202e\ud800\x9b:smile:"
SMALL = Table(
    "Leaderboard",
    (Column("#", Holds.NUMBER), Column("system", Holds.NAME), *numbers("macro F1")),
    (("1", "rules", "0.500"), ("2", "null", "n/a")),
    totals=(("", "all", "0.250"),),
    notes=("A note.",),
    strong=frozenset({0}),
)


def written(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def bare(console: Console) -> list[str]:
    """The lines without colours, and without the spaces that fill them up."""
    return [line.rstrip() for line in re.sub(r"\x1b\[[0-9;]*m", "", written(console)).splitlines()]


def test_a_pipe_gets_plain_text_of_one_width_whatever_the_console_thinks(piped: Console) -> None:
    path = "p" * 300
    print_table(Table("t", (Column("p", Holds.PATH), *numbers("n")), ((path, "1"),), notes=("n " * 90,)), piped)
    assert written(piped).splitlines() == ["t", f"{'p':300}  n", f"{path}  1", "", "n " * 90]


def test_a_small_table_on_a_terminal(terminal: Terminal) -> None:
    console = terminal(60)
    print_table(SMALL, console)
    assert bare(console) == [
        "Leaderboard",
        "#  system  macro F1",
        "───────────────────",
        "1  rules      0.500",
        "2  null         n/a",
        "───────────────────",
        "   all        0.250",
        "",
        "A note.",
    ]
    assert "\x1b[1m" in written(console)


def test_a_narrow_terminal_stacks_the_words_of_a_header(terminal: Terminal) -> None:
    console = terminal(17)
    print_table(SMALL, console)
    assert bare(console)[1:5] == ["           macro", "#  system     F1", "─" * 16, "1  rules   0.500"]


def test_no_number_is_cut_on_a_terminal_of_any_width(terminal: Terminal) -> None:
    table = Table(
        "t", (Column("p", Holds.PATH), *numbers("a", "b", "c")), (("p" * 50, "1234567", "0.125", "9"),)
    )
    for width in (1, 5, 10, 20, 40):
        console = terminal(width)
        print_table(table, console)
        text = "\n".join(bare(console))
        assert "1234567 0.125 9" in text
        assert text.count("p") == 51
        assert "…" not in text


def test_long_values_go_below_their_path_where_columns_do_not_fit(terminal: Terminal) -> None:
    table = Table(
        "d1",
        (
            Column("at", Holds.PATH),
            Column("outcome", Holds.VERDICT),
            Column("gold", Holds.VALUE),
            Column("reason"),
        ),
        (
            ("deployments[2].workers.minimum", "incorrect", '"200 builders"', "differs"),
            ("title", "missing", "", "x"),
        ),
    )
    tight = terminal(30)
    print_table(table, tight)
    assert bare(tight)[3:5] == ['  gold "200 builders"', "  reason differs"]
    console = terminal(42)
    print_table(table, console)
    assert bare(console) == [
        "d1",
        "deployments[2].workers.minimum   incorrect",
        '  gold "200 builders"   reason differs',
        "title   missing",
        "  reason x",
    ]
    assert "\x1b[31mincorrect" in written(console)


def test_no_color_keeps_the_boxes_and_drops_the_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    console = Console(file=io.StringIO(), force_terminal=True, width=60)
    print_table(Table("t", (Column("outcome", Holds.VERDICT),), (("incorrect",),)), console)
    assert "─" in written(console)
    assert not re.search(r"\x1b\[[0-9;]*3[0-7]m", written(console))


def test_a_dumb_terminal_gets_plain_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "dumb")
    console = Console(file=io.StringIO(), force_terminal=True)
    print_table(SMALL, console)
    assert written(console).splitlines()[1:3] == ["#  system  macro F1", "1  rules      0.500"]


@pytest.mark.parametrize("width", [30, 200])
def test_hostile_text_reaches_no_terminal(terminal: Terminal, width: int) -> None:
    columns = (Column(EVIL, Holds.PATH), Column("b", Holds.VALUE), Column("c", Holds.VERDICT))
    table = Table(EVIL, columns, ((EVIL, EVIL, EVIL),), totals=((EVIL,) * 3,), notes=(EVIL,))
    console = terminal(width)
    print_table(table, console)
    print_lines(EVIL, console)
    joined = re.sub(r"\s", "", "".join(bare(console)))
    assert "\x1b" not in joined
    assert not {"\u202e", "\ud800", "\x9b"} & set(joined)
    assert joined.count(SAFE) >= (8 if width == 200 else 2)


@pytest.mark.parametrize("on_terminal", [False, True])
def test_an_ascii_stream_is_never_a_crash(terminal: Terminal, on_terminal: bool) -> None:
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    console = terminal(80)
    console = Console(file=stream, force_terminal=on_terminal, width=80)
    print_table(Table("té", (Column("naïve…"),), (("東京",),), totals=(("é",),), notes=("ü",)), console)
    print_lines("ß", console, style="red")
    stream.flush()
    raw = stream.buffer
    assert isinstance(raw, io.BytesIO)
    assert rb"\u6771\u4eac" in raw.getvalue()
    assert rb"\xdf" in raw.getvalue()


def test_tables_have_an_empty_line_between_them(piped: Console) -> None:
    table = Table("t", (Column("a"),), (("x",),))
    print_tables([table, table], piped)
    assert written(piped) == "t\na\nx\n\nt\na\nx\n"


def test_lines_keep_their_ends_and_are_wrapped_only_on_a_terminal(piped: Console, terminal: Terminal) -> None:
    text = "error: " + "word " * 30 + "\n  hint\x1b"
    print_lines(text, piped, style="red")
    assert written(piped).splitlines() == ["error: " + "word " * 30, r"  hint\x1b"]
    console = terminal(40)
    print_lines(text, console, style="red")
    assert max(map(len, bare(console))) <= 40
    assert "\x1b[31m" in written(console)


def test_a_console_follows_the_stream_it_is_given(capsys: pytest.CaptureFixture[str]) -> None:
    open_console().out("out")
    open_console(stderr=True).out("err")
    own = io.StringIO()
    open_console(file=own).out("[bold]:smile:")
    captured = capsys.readouterr()
    assert (captured.out, captured.err, own.getvalue()) == ("out\n", "err\n", "[bold]:smile:\n")


def test_a_console_of_somebody_who_asks_for_colour_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    piped = open_console(file=io.StringIO())
    monkeypatch.setenv("FORCE_COLOR", "1")
    own = io.StringIO()
    console = open_console(file=own)
    assert draws(console)
    assert not draws(piped)
    console.print("[bold]:smile:")
    assert own.getvalue() == "[bold]:smile:\n"


def test_a_stream_that_was_closed_before_the_program_began_takes_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("sys.stderr", None)
    print_lines("unheard", open_console(stderr=True))
