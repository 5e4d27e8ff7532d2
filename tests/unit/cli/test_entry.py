import argparse
from collections.abc import Callable

import pytest

from harness.cli import main, runs_list
from harness.errors import Interrupted, StoreError


def raising(error: BaseException) -> Callable[[argparse.Namespace], int]:
    def run(arguments: argparse.Namespace) -> int:
        raise error

    return run


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> Callable[[BaseException], int]:
    def call(error: BaseException) -> int:
        monkeypatch.setattr(runs_list, "run", raising(error))
        return main(["runs"])

    return call


def test_a_defect_is_told_in_a_line_that_asks_for_a_report(
    failing: Callable[[BaseException], int], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HARNESS_TRACEBACK", raising=False)
    assert failing(ZeroDivisionError("division by zero")) == 4
    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines() == [
        "error: the harness failed, and should not have: ZeroDivisionError: division by zero",
        "  please report this line, with what HARNESS_TRACEBACK=1 prints when you run the command again",
    ]


def test_the_traceback_of_a_defect_is_printed_when_it_is_asked_for(
    failing: Callable[[BaseException], int], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HARNESS_TRACEBACK", "1")
    assert failing(ZeroDivisionError("division by zero")) == 4
    err = capsys.readouterr().err
    assert err.startswith("Traceback (most recent call last):")
    assert "error: the harness failed" in err


@pytest.mark.parametrize(
    ("error", "code", "text"),
    [
        (
            StoreError("the store is locked", where="runs.sqlite"),
            4,
            "error: runs.sqlite: the store is locked\n",
        ),
        (Interrupted("run x was interrupted", hint="go on"), 130, "error: run x was interrupted\n  go on\n"),
        (KeyboardInterrupt(), 130, "error: interrupted\n"),
        (OSError(28, "No space left on device", "/full"), 4, "error: /full: No space left on device\n"),
        (SystemExit(0), 4, "error: the harness failed, and should not have: SystemExit: 0\n"),
    ],
)
def test_each_error_has_its_exit_code_and_no_traceback(
    failing: Callable[[BaseException], int],
    capsys: pytest.CaptureFixture[str],
    error: BaseException,
    code: int,
    text: str,
) -> None:
    assert failing(error) == code
    err = capsys.readouterr().err
    assert err.startswith(text)
    assert "Traceback" not in err


def test_a_message_cannot_steer_the_terminal(
    failing: Callable[[BaseException], int], capsys: pytest.CaptureFixture[str]
) -> None:
    failing(StoreError("a\x1b[31mb", where="\x07"))
    assert capsys.readouterr().err == "error: \\x07: a\\x1b[31mb\n"


@pytest.mark.parametrize("words", [[], ["gold"], ["schema"]])
def test_without_a_command_help_is_printed_as_for_wrong_usage(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("usage: harness")


@pytest.mark.parametrize("words", [["--help"], ["run", "--help"], ["gold", "check", "-h"], ["--version"]])
def test_help_and_version_pass(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 0
    assert "harness" in capsys.readouterr().out
