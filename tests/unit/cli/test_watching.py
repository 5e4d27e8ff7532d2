from contextlib import ExitStack

import pytest

from harness.cli.watching import Watcher
from harness.records import Standing


def test_nothing_is_shown_before_it_is_known_what_there_will_be(capsys: pytest.CaptureFixture[str]) -> None:
    with ExitStack() as stack:
        watcher = Watcher(stack, quiet=False)
        watcher.note("too early")
        watcher.stand("rules", Standing(done=1))
        assert capsys.readouterr().err == ""
        watcher.begin([("rules", 2)])
        watcher.note("now")
        watcher.stand("rules", Standing(done=2, failed=1))
    err = capsys.readouterr().err
    assert "rules: 2 to answer" in err
    assert "now" in err
    assert "rules: 2/2 answered, 1 failed" in err


def test_quiet_is_silent(capsys: pytest.CaptureFixture[str]) -> None:
    with ExitStack() as stack:
        watcher = Watcher(stack, quiet=True)
        watcher.begin([("rules", 1)])
        watcher.stand("rules", Standing(done=1))
    assert capsys.readouterr().err == ""
