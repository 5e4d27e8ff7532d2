from __future__ import annotations

import pytest

from harness.errors import GoldError, HarnessError, UsageError
from harness.reporting.errors import error_text


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (UsageError("no run"), "error: no run"),
        (GoldError("no quote", where="a.yaml:3"), "error: a.yaml:3: no quote"),
        (UsageError("no run", hint="harness runs"), "error: no run\n  harness runs"),
        (
            GoldError("two\nlines\n", where="a.yaml:3", hint="do this\nthen that"),
            "error: a.yaml:3: two\n  lines\n  do this\n  then that",
        ),
        (UsageError(""), "error: "),
    ],
)
def test_what_was_seen_where_and_what_to_do(error: HarnessError, text: str) -> None:
    assert error_text(error) == text


def test_a_document_cannot_speak_as_the_harness() -> None:
    evil = "x\x1b[2K\nerror: your disk is full\u202e"
    lines = error_text(GoldError(evil, where=evil, hint=evil)).split("\n")
    assert [line.startswith("error:") for line in lines] == [True, False, False, False]
    assert all(line.isprintable() for line in lines)


def test_a_flood_of_lines_is_counted_instead() -> None:
    lines = error_text(GoldError("\n".join(map(str, range(500))))).split("\n")
    assert len(lines) == 13
    assert lines[-1] == "  (488 more lines)"
