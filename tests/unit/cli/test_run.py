from pathlib import Path

import pytest

from harness.cli import main, run_request
from harness.records import FailureKind
from tests.unit.cli.test_run_results import answer, result

CONFIGURATION = """
[suites.one]
schema = "nowhere:Model"
documents = "."
gold = "."

[systems.first]
kind = "null"

[systems.second]
kind = "null"
"""


@pytest.fixture
def configuration(tmp_path: Path) -> str:
    (tmp_path / "a.txt").write_text("words")
    path = tmp_path / "harness.toml"
    path.write_text(CONFIGURATION)
    return str(path)


def test_a_system_without_an_answer_ends_the_command_with_4_after_the_leaderboard(
    configuration: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    results = [result("first", answer("a")), result("second", answer("a", FailureKind.ERROR))]
    monkeypatch.setattr(run_request, "run_systems", lambda *_, **__: results)
    assert main(["run", "--config", configuration]) == 4
    out, err = capsys.readouterr()
    assert out.startswith("Leaderboard\n")
    assert err.startswith("error: no answer of second could be used\n")


def test_what_is_asked_for_reaches_the_run(
    configuration: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    calls = []

    def run_systems(_configuration: object, suite: object, systems: object, **settings: object) -> list[object]:
        calls.append((suite, systems, settings))
        return [result("second", answer("a"))]

    monkeypatch.setattr(run_request, "run_systems", run_systems)
    options = {"--trials": "3", "--concurrency": "2", "--limit": "1", "--config": configuration}
    words = [word for option in options.items() for word in option]
    assert main(["run", "--system", "second", "second", "--json", *words]) == 0
    ((suite, systems, settings),) = calls
    assert getattr(suite, "name", None) == "one"
    assert isinstance(systems, tuple)
    assert [system.name for system in systems] == ["second"]
    assert [system.limits.concurrency for system in systems] == [2]
    assert {name: settings[name] for name in ("trials", "limit")} == {"trials": 3, "limit": 1}
    assert '"system": "second"' in capsys.readouterr().out


def test_no_system(configuration: str, capsys: pytest.CaptureFixture[str]) -> None:
    path = Path(configuration)
    path.write_text(CONFIGURATION.partition("[systems")[0])
    assert main(["run", "--config", configuration]) == 2
    assert "no system is defined" in capsys.readouterr().err
