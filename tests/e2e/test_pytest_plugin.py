"""The plugin, in pytest runs of its own."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.conftest import Cli, Done, environment

SYSTEM = "noisy-gold"
ONCE = 'def test_it(harness_gate):\n    harness_gate("invoices", system="noisy-gold")\n'


def pytest_run(here: Cli, *words: str, code: int = 0, **env: str) -> Done:
    """Run pytest in the folder; the plugin is there because the harness is installed."""
    ended = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:randomly", "-W", "error", *words],
        cwd=here.folder,
        env=environment(PYTHONDONTWRITEBYTECODE="1", COLUMNS="200", **env),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=240,
        check=False,
    )
    assert ended.returncode == code, f"exit code {ended.returncode}\n{ended.stdout}\n{ended.stderr}"
    return Done(ended.returncode, ended.stdout, ended.stderr)


def with_gate(here: Cli, rules: str, more: str = "") -> Cli:
    path = here.folder / "harness.toml"
    text = path.read_text("utf-8")
    here.write("harness.toml", f"{text}\n[suites.invoices.gate]\nrules = [{rules}]\n{more}\n")
    return here


@pytest.fixture
def passing(starter: Cli) -> Cli:
    """A gate that the system passes."""
    return with_gate(starter, '"f1 >= 0.1", "failure_rate <= 0"')


def runs(here: Cli) -> list[str]:
    return [run["id"] for run in here("runs", "--json").json["runs"]]


def test_a_gate_is_run_once_and_found_again(passing: Cli) -> None:
    passing.write(
        "test_gate.py",
        "import asyncio\n"
        "from harness.records import Verdict\n"
        "\n"
        "def test_decision(harness_gate):\n"
        '    decision = harness_gate("invoices", system="noisy-gold")\n'
        "    assert decision.verdict is Verdict.PASS\n"
        "    assert [one.rule for one in decision.rules] == ['f1 >= 0.1', 'failure_rate <= 0']\n"
        "\n"
        "def test_inside_an_event_loop(harness_gate):\n"
        "    async def main():\n"
        '        return harness_gate(system="noisy-gold", max_cost=1.5)\n'
        "    assert asyncio.run(main()).suite == 'invoices'\n",
    )
    assert "2 passed" in pytest_run(passing).out
    (run,) = runs(passing)
    passing.edit("test_gate.py", "def test_decision", "def test_changed")
    pytest_run(passing, "test_gate.py::test_changed")
    assert runs(passing) == [run]


def test_a_gate_that_fails_fails_the_test_with_what_it_says(starter: Cli) -> None:
    with_gate(starter, '"f1 >= 0.1", "f1 of total >= 0.9"').write("test_gate.py", ONCE)
    out = pytest_run(starter, code=1).out
    assert "The gate of invoices fails: 1 of 2 rules fails.\n" in out
    assert "PASS: f1 >= 0.1\n" in out
    assert re.search(r"FAIL: f1 of total >= 0\.9\n  \S+ is below 0\.9 \(harness\.toml:\d+\)\n", out)
    assert "Traceback" not in out
    assert "fixture.py" not in out


def test_an_inconclusive_gate_is_what_the_policy_says(starter: Cli) -> None:
    text = (with_gate(starter, '"lower(f1) >= 0.2"').folder / "harness.toml").read_text("utf-8")
    starter.write("fail.toml", f'{text}inconclusive = "fail"\n')
    starter.write("pass.toml", f'{text}inconclusive = "pass"\n')
    starter.write(
        "test_gate.py",
        "import pytest\n"
        "@pytest.mark.parametrize('name', ['harness', 'fail', 'pass'])\n"
        "def test_it(harness_gate, name):\n"
        '    assert harness_gate(system="rules", config=f"{name}.toml").verdict == "inconclusive"\n',
    )
    out = pytest_run(starter, "-v", code=1).out
    assert re.findall(r"\[(\w+)\] (PASSED|FAILED) ", out) == [
        ("harness", "FAILED"),
        ("fail", "FAILED"),
        ("pass", "PASSED"),
    ]
    assert "; the policy does not say what that means.\n" in out
    assert "; the policy counts that as a failure.\n" in out


QUESTIONS = {
    '"invoises", system="rules"': 'error: harness.toml: there is no suite "invoises"\n',
    '"invoices", system="rule"': 'error: harness.toml: there is no system "rule"\n',
    "": "3 systems, and none was named\n",
    'system="rules", prompt="v9"': "v9",
    'system="rules", trials=0': "error: trials is 0\n",
    'system="rules", max_cost="much"': "max_cost",
    'config="none.toml"': "error: none.toml: ",
}


def test_a_question_that_makes_no_sense_fails_without_a_traceback(passing: Cli) -> None:
    tests = [f"def test_{at}(harness_gate):\n    harness_gate({words})\n" for at, words in enumerate(QUESTIONS)]
    passing.write("test_gate.py", "\n".join(tests))
    out = pytest_run(passing, code=1).out
    assert f"{len(QUESTIONS)} failed" in out
    assert "another exception occurred" not in out
    for said in QUESTIONS.values():
        assert said in out
    assert "Traceback" not in out
    assert "fixture.py" not in out
    assert not (passing.folder / ".harness").exists()


def test_a_suite_without_a_gate_says_how_to_write_one(starter: Cli) -> None:
    starter.write("test_gate.py", ONCE)
    out = pytest_run(starter, code=1).out
    assert "the suite invoices has no gate\n" in out
    assert "[suites.invoices.gate]\n" in out


def test_each_rule_is_a_test(starter: Cli) -> None:
    with_gate(starter, '"f1 >= 0.1", "lower(f1) >= 0.2", "f1 of total >= 0.9"', 'inconclusive = "pass"')
    words = ("--harness", "invoices", "--harness-system", SYSTEM)
    listed = pytest_run(starter, *words, "--collect-only", "-q").out.splitlines()
    assert listed[:3] == [
        f"harness.toml::invoices({SYSTEM})::f1 >= 0.1",
        f"harness.toml::invoices({SYSTEM})::lower(f1) >= 0.2",
        f"harness.toml::invoices({SYSTEM})::f1 of total >= 0.9",
    ]
    assert not (starter.folder / ".harness").exists()
    out = pytest_run(starter, *words, "-rA", code=1).out
    assert "1 failed, 1 passed, 1 skipped" in out
    assert "inconclusive, and the policy lets that pass: 1 document says anything about it" in out
    assert re.search(
        rf"FAILED harness\.toml::invoices\({SYSTEM}\)::f1 of total >= 0\.9 - Failed: \S+ is below", out
    )
    assert "Traceback" not in out
    assert "1 passed" in pytest_run(starter, listed[0], *words).out
    assert "1 passed, 2 deselected" in pytest_run(starter, *words, "-m", "harness", "-k", "0.1").out
    assert len(runs(starter)) == 1


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--harness", "invoises"], 2, 'there is no suite "invoises"'),
        (["--harness", "invoices"], 2, "3 systems, and none was named"),
        (["--harness", "invoices", "--harness-config", "none.toml"], 4, "none.toml"),
        (["--harness-system", "rules"], 4, "--harness-system and --harness-config go with --harness SUITE"),
    ],
)
def test_options_that_make_no_sense_end_the_session(
    passing: Cli, words: list[str], code: int, said: str
) -> None:
    done = pytest_run(passing, *words, code=code)
    assert said in done.out + done.err
    assert "Traceback" not in done.out + done.err


def test_without_a_configuration_there_is_nothing_to_collect(here: Cli) -> None:
    done = pytest_run(here, "--harness", "invoices", code=4)
    assert "ERROR: error: " in done.err
    assert "there is no harness.toml here or in the folders above\n" in done.err


def test_a_configuration_is_found_from_the_tests_and_from_the_command_line(passing: Cli) -> None:
    inner = passing.folder / "tests" / "inner"
    inner.mkdir(parents=True)
    passing.write("tests/inner/test_gate.py", ONCE)
    outside = Cli(passing.folder.parent)
    pytest_run(outside, str(inner))
    file = str(passing.folder / "harness.toml")
    words = ("--harness", "invoices", "--harness-config", file, "--harness-system", SYSTEM)
    assert "2 passed" in pytest_run(outside, *words, file).out
    assert len(runs(passing)) == 1


def test_workers_share_one_run(passing: Cli, tmp_path: Path) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    passing.write(
        "test_gate.py",
        "import pytest\n"
        "@pytest.mark.parametrize('number', range(4))\n"
        "def test_it(harness_gate, number, record_property):\n"
        '    harness_gate("invoices", system="noisy-gold")\n',
    )
    words = ("--harness", "invoices", "--harness-system", SYSTEM)
    out = pytest_run(passing, "-n", "2", "-v", *words, ".", TMPDIR=str(temporary)).out
    assert "6 passed" in out
    assert "[gw0]" in out
    assert "[gw1]" in out
    assert len(runs(passing)) == 1
    assert [path.name for path in temporary.iterdir() if path.name.startswith("harness-")] == []


def test_workers_share_what_went_wrong(passing: Cli) -> None:
    passing.edit("harness.toml", "seed = 3", "seed = 3\nmode = 7")
    words = ("-n", "2", "--harness", "invoices", "--harness-system", SYSTEM)
    out = pytest_run(passing, *words, code=1).out
    assert "2 errors" in out
    assert "another exception occurred" not in out
    assert len(re.findall(r"^error: harness\.toml:\d+: there is no parameter 'mode'$", out, re.MULTILINE)) == 2
    assert "Traceback" not in out


def test_a_session_that_asks_for_nothing_imports_nothing(starter: Cli) -> None:
    starter.write(
        "conftest.py",
        "import sys\n"
        "from pathlib import Path\n"
        "def pytest_sessionfinish(session):\n"
        "    loaded = sorted(name for name in sys.modules if name.split('.')[0] == 'harness')\n"
        "    where = 'worker' if hasattr(session.config, 'workerinput') else 'main'\n"
        "    Path(f'{where}.txt').write_text(' '.join(loaded))\n",
    )
    starter.write("test_one.py", "def test_one():\n    pass\n")
    for words in ([], ["-n", "1"]):
        pytest_run(starter, *words)
        for path in starter.folder.glob("*.txt"):
            assert path.read_text("utf-8") == "harness harness.pytest_plugin harness.version"
    assert (starter.folder / "worker.txt").exists()
