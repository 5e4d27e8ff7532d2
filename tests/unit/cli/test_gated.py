from __future__ import annotations

from pathlib import Path

import pytest

from harness.cli import main
from harness.reporting.gate import markdown, tables
from tests.unit.running.gate.test_gating import SIX, gate, run
from tests.unit.running.suites_on_disk import make_suite


@pytest.mark.parametrize("broken", ["gate_table", "seen_text"])
def test_every_report_is_made_before_any_is_printed_or_written(
    broken: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    configuration = make_suite(tmp_path, SIX, extra=gate("f1 >= 0.5", baseline="main.jsonl"))
    run(configuration, "perfect")

    def fails(*_: object) -> None:
        raise ZeroDivisionError

    for place in (tables, markdown):
        monkeypatch.setattr(place, broken, fails, raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("HARNESS_TRACEBACK", raising=False)
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary.md"))
    before = sorted(tmp_path.iterdir())
    words = ["gate", "latest", "--junit", "gate.xml", "--markdown", "gate.md", "--github", "--update-baseline"]
    assert main(words) == 4
    assert capsys.readouterr().out == ""
    assert sorted(tmp_path.iterdir()) == before
